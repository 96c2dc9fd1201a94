import type { LikePart } from './filter.js'
import { characters, lowerCase } from './texts.js'

/** Null stands for any one character. */
type Piece = readonly (string | null)[]

/** Whether texts are like the pattern; takes time in proportion to text and pattern, whatever they are. */
export function likeMatcher(pattern: readonly LikePart[], ignoresCase = false): (text: string) => boolean {
  const pieces: Piece[] = []
  let piece: (string | null)[] = []
  for (const part of pattern) {
    if (typeof part === 'string') piece.push(...(ignoresCase ? lowerCase(part) : part))
    else if (part.any === 'one') piece.push(null)
    else {
      pieces.push(piece)
      piece = []
    }
  }
  const last = piece
  const [first, ...middle] = pieces
  return text => {
    const chars = characters(ignoresCase ? lowerCase(text) : text)
    if (!first) return chars.length === last.length && isAt(chars, 0, last)
    if (chars.length < first.length + last.length || !isAt(chars, 0, first) || !isAt(chars, chars.length - last.length, last)) return false
    const end = chars.length - last.length
    let at = first.length
    for (const one of middle) {
      // The leftmost place is as good as any: what follows has the most room then.
      while (at + one.length <= end && !isAt(chars, at, one)) at++
      if (at + one.length > end) return false
      at += one.length
    }
    return true
  }
}

function isAt(chars: string | readonly string[], at: number, piece: Piece): boolean {
  for (let i = 0; i < piece.length; i++) if (piece[i] !== null && piece[i] !== chars[at + i]) return false
  return true
}
