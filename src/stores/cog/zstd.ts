import { ZSTDDecoder } from 'zstddec'

/** Compiled once, when the first block needs this module. */
const decoder = new ZSTDDecoder()
await decoder.init()

/** Bytes that one byte can become at most: a block of 128 KB that repeats one value takes 4. */
const greatestRatio = 1 << 15

/** Zstandard, at most `size` bytes. The decoder is told how much to write: left to itself it streams, and never ends when data are damaged. */
export function decodeZstd(bytes: Uint8Array, size: number): Uint8Array {
  return decoder.decode(bytes, Math.min(size, bytes.length * greatestRatio))
}
