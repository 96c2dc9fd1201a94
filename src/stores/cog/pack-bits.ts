/** PackBits (TIFF 6.0, section 9). Writes at most `size` bytes. */
export function decodePackBits(bytes: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(Math.min(size, bytes.length * 64))
  let filled = 0
  let at = 0
  while (at < bytes.length && filled < out.length) {
    const head = (bytes[at++] << 24) >> 24
    if (head === -128) continue
    const count = Math.min(out.length - filled, head >= 0 ? head + 1 : 1 - head)
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
