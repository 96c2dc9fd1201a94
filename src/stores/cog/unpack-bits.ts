import type { SampleArray } from '#core/ports.js'

/** Samples that are not whole bytes (most significant bit first, rows of whole bytes) to one array per band. Hot for masks of 1 bit. */
export function unpackBits(bytes: Uint8Array, bits: number, width: number, height: number, bands: readonly SampleArray[]) {
  const rowBytes = Math.ceil((width * bits * bands.length) / 8)
  for (let y = 0; y < height; y++) {
    if (bands.length === 1 && 8 % bits === 0) unpackSmall(bytes, y * rowBytes, bits, bands[0] as Uint8Array, y * width, width)
    else unpackRow(bytes, y * rowBytes, bits, bands, y * width, width)
  }
}

/** A row of 1, 2 or 4 bits. */
function unpackSmall(bytes: Uint8Array, from: number, bits: number, band: Uint8Array, start: number, width: number) {
  const mask = (1 << bits) - 1
  for (let i = start, at = from; i < start + width; at++) {
    const byte = bytes[at]
    for (let shift = 8 - bits; shift >= 0 && i < start + width; shift -= bits) band[i++] = (byte >> shift) & mask
  }
}

/** A row of up to 31 bits; what lies behind the last byte counts as 0. */
function unpackRow(bytes: Uint8Array, from: number, bits: number, bands: readonly SampleArray[], start: number, width: number) {
  const most = 2 ** bits
  for (let x = 0, bit = from * 8; x < width; x++)
    for (let b = 0; b < bands.length; b++, bit += bits) {
      const at = Math.floor(bit / 8)
      const shift = 40 - (bit % 8) - bits
      let word = 0
      for (let i = at; i < at + 5; i++) word = word * 256 + (bytes[i] ?? 0)
      bands[b][start + x] = Math.floor(word / 2 ** shift) % most
    }
}
