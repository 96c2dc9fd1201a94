import { Problem } from '#core/problem.js'

/** Codes that mean something else than a string. */
const clear = 256
const end = 257
const codes = 4096
/** Bytes that one code of 9 bits or more can stand for: a longer answer is not in the data. */
const greatestRatio = 4096

/**
 * TIFF's LZW (TIFF 6.0, section 13): most significant bit first, code width grows one code early. Writes at most `size` bytes. A string
 * of the table is never stored: it is where it was first written, one byte longer than its predecessor. Hot.
 */
export function decodeLzw(bytes: Uint8Array, size: number): Uint8Array {
  if (bytes[0] === 0 && (bytes[1] & 1) === 1) throw new Problem('invalid-data', 'LZW of before TIFF 5.0 is not read')
  const out = new Uint8Array(Math.min(size, bytes.length * greatestRatio))
  const starts = new Uint32Array(codes)
  const lengths = new Uint32Array(codes)
  const most = out.length
  // Codes are cut out of three bytes, which may reach beyond the end.
  const padded = new Uint8Array(bytes.length + 2)
  padded.set(bytes)
  const lastBit = bytes.length * 8
  let bit = 0
  let filled = 0
  let [next, width] = [end + 1, 9]
  let [previousStart, previousLength] = [0, 0]
  while (filled < most) {
    if (bit + width > lastBit) break
    const at = bit >> 3
    const word = (padded[at] << 16) | (padded[at + 1] << 8) | padded[at + 2]
    const code = (word >> (24 - (bit & 7) - width)) & ((1 << width) - 1)
    bit += width
    if (code === end) break
    if (code === clear) {
      next = end + 1
      width = 9
      previousLength = 0
      continue
    }
    // The string before, and the first byte of this one, which will be written right behind it.
    if (previousLength > 0 && next < codes) {
      starts[next] = previousStart
      lengths[next] = previousLength + 1
      next++
      if (next >= (1 << width) - 1 && width < 12) width++
    }
    previousStart = filled
    if (code < clear) {
      out[filled++] = code
      previousLength = 1
    } else if (code < next) {
      previousLength = lengths[code]
      const last = Math.min(most, filled + previousLength)
      // Forwards, byte by byte: a string may end with its own beginning.
      for (let from = starts[code]; filled < last; ) out[filled++] = out[from++]
    } else throw new Problem('invalid-data', 'LZW data are damaged')
  }
  return out.subarray(0, filled)
}
