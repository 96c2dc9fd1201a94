import { Problem } from '#core/problem.js'
import type { ByteRange } from '../byte-file.js'

/** Throws `invalid-data` where one of `ranges` is not inside a file of `size` bytes. */
export function checkRanges(ranges: readonly ByteRange[], size: number, name: string): void {
  for (const { offset, length } of ranges)
    if (!(offset >= 0 && length >= 0 && offset + length <= size))
      throw new Problem('invalid-data', `"${name}" is cut off: it points beyond its own end (${size} bytes).`)
}
