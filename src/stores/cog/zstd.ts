import { ZSTDDecoder } from 'zstddec'

/** Compiled once, when the first block needs this module. */
const decoder = new ZSTDDecoder()
await decoder.init()

/** Zstandard, at most `size` bytes. The decoder is told how much to write: left to itself it streams, and never ends when data are damaged. */
export function decodeZstd(bytes: Uint8Array, size: number): Uint8Array {
  return decoder.decode(bytes, size)
}
