import { Problem } from '#core/problem.js'
import { mostBytes } from './vector-format.js'

/** Text that grows: kept as bytes, piece by piece, so that a long document is never one string. */
export interface TextPieces {
  add(text: string): void
  finish(): Uint8Array
}

/** Characters that are turned into bytes at once. */
const pieceLength = 1 << 16

/** `check` is called for every piece of some ten thousand characters; what it throws ends the writing. */
export function openTextPieces(encoding: 'utf8' | 'latin1' = 'utf8', check?: () => void): TextPieces {
  const pieces: Buffer[] = []
  let waiting: string[] = []
  let length = 0
  let bytes = 0
  const flush = () => {
    if (length === 0) return
    check?.()
    const piece = Buffer.from(waiting.join(''), encoding)
    pieces.push(piece)
    bytes += piece.length
    waiting = []
    length = 0
    if (bytes > mostBytes)
      throw new Problem(
        'too-large',
        `The drawing would have more than ${mostBytes} bytes; a smaller area, a larger scale, or image/png would work.`,
      )
  }
  return {
    add(text) {
      waiting.push(text)
      length += text.length
      if (length > pieceLength) flush()
    },
    finish() {
      flush()
      return new Uint8Array(Buffer.concat(pieces))
    },
  }
}
