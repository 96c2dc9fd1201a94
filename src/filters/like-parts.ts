import type { LikePart } from './filter.js'

/** Signs of a pattern, of one or more characters; an empty one does not occur. */
export interface LikeSigns {
  readonly many: string
  readonly one: string
  /** What follows it is meant literally. */
  readonly literal: string
}

/** A pattern in its parts, neighbours joined. */
export function likeParts(pattern: string, { many, one, literal }: LikeSigns): readonly LikePart[] {
  const parts: LikePart[] = []
  let word = ''
  const wild = (part: LikePart) => {
    if (word) parts.push(word)
    word = ''
    const last = parts.at(-1)
    const repeats = typeof part === 'object' && part.any === 'many' && typeof last === 'object' && last.any === 'many'
    if (!repeats) parts.push(part)
  }
  for (let at = 0; at < pattern.length; ) {
    const isAt = (sign: string) => sign !== '' && pattern.startsWith(sign, at)
    if (isAt(literal) && at + literal.length < pattern.length) {
      at += literal.length
      const sign = [many, one, literal].find(isAt) ?? String.fromCodePoint(pattern.codePointAt(at)!)
      word += sign
      at += sign.length
    } else if (isAt(many)) {
      wild({ any: 'many' })
      at += many.length
    } else if (isAt(one)) {
      wild({ any: 'one' })
      at += one.length
    } else word += pattern[at++]
  }
  if (word) parts.push(word)
  return parts
}
