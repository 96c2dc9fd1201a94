import { Problem } from '#core/problem.js'

/** Families of TIFF compression that are read. */
export type Codec = 'none' | 'lzw' | 'jpeg' | 'deflate' | 'packbits' | 'lerc' | 'zstd' | 'webp'

/** The codec behind a TIFF compression number; undefined when it is not one that is read. */
export function codecOf(compression: number): Codec | undefined {
  const codecs: Readonly<Record<number, Codec>> = {
    1: 'none',
    5: 'lzw',
    7: 'jpeg',
    8: 'deflate',
    32946: 'deflate',
    32773: 'packbits',
    34887: 'lerc',
    50000: 'zstd',
    50001: 'webp',
  }
  return codecs[compression]
}

/** TIFF's LZW (TIFF 6.0, section 13): most significant bit first, code width grows one code early. Writes at most `size` bytes. */
export function decodeLzw(bytes: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(size)
  const prefix = new Uint16Array(4096)
  const suffix = new Uint8Array(4096)
  const lengths = new Uint16Array(4096)
  for (let code = 0; code < 256; code++) {
    suffix[code] = code
    lengths[code] = 1
  }
  let filled = 0
  let [next, width, previous] = [258, 9, -1]
  let [buffer, bits, at] = [0, 0, 0]
  while (filled < size) {
    while (bits < width) {
      if (at >= bytes.length) return out.subarray(0, filled)
      buffer = ((buffer << 8) | bytes[at++]) & 0xffffff
      bits += 8
    }
    const code = (buffer >> (bits - width)) & ((1 << width) - 1)
    bits -= width
    if (code === 257) break
    if (code === 256) {
      ;[next, width, previous] = [258, 9, -1]
      continue
    }
    if (code > next || (code === next && previous < 0)) throw new Problem('invalid-data', 'LZW data are damaged.')
    // The string of a code is its suffix, preceded by the string of its prefix; one code may be used before it is known.
    const isNew = code === next
    const source = isNew ? previous : code
    const length = lengths[source]
    let walk = source
    for (let i = length - 1; i >= 0; i--) {
      if (filled + i < size) out[filled + i] = suffix[walk]
      if (i > 0) walk = prefix[walk]
    }
    const firstByte = suffix[walk]
    if (isNew && filled + length < size) out[filled + length] = firstByte
    filled = Math.min(size, filled + length + (isNew ? 1 : 0))
    if (previous >= 0 && next < 4096) {
      prefix[next] = previous
      suffix[next] = firstByte
      lengths[next] = Math.min(0xffff, lengths[previous] + 1)
      next++
      if (next >= (1 << width) - 1 && width < 12) width++
    }
    previous = code
  }
  return out.subarray(0, filled)
}

/** PackBits (TIFF 6.0, section 9). Writes at most `size` bytes. */
export function decodePackBits(bytes: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(size)
  let filled = 0
  let at = 0
  while (at < bytes.length && filled < size) {
    const head = (bytes[at++] << 24) >> 24
    if (head === -128) continue
    const count = Math.min(size - filled, head >= 0 ? head + 1 : 1 - head)
    if (head >= 0) {
      out.set(bytes.subarray(at, at + count), filled)
      at += head + 1
    } else {
      out.fill(bytes[at++] ?? 0, filled, filled + count)
    }
    filled += count
  }
  return out.subarray(0, filled)
}
