import { takeImageMemory } from './image-memory.js'

/** What lies behind a band (see `encodeBand` in `png.kernel.ts`): the Adler-32 of its bytes, how many they are, and the bytes of a pixel. */
const tailBytes = 9
const modulus = 65521
/** Behind the signature, the head of the first chunk, width, height and depth. */
const colorTypeAt = 25
/** An empty chunk of type IEND. */
const end = [0, 0, 0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82]

/** Bytes of a pixel in a file of which this band has been written. */
export function pixelBytesOf(band: Uint8Array): number {
  return band[band.length - 1]
}

/** Whether a file has a palette (W3C PNG, third edition, 11.2.1). */
export function hasPalette(png: Uint8Array): boolean {
  return png[colorTypeAt] === 3
}

/** The file of a picture from all its bands, from top to bottom. */
export function joinPng(bands: readonly Uint8Array[]): Uint8Array {
  const chunks = bands.map(band => band.subarray(0, -tailBytes))
  const sum = sumChunk(bands)
  const png = takeImageMemory(chunks.reduce((length, chunk) => length + chunk.length, sum.length + end.length))
  let at = 0
  for (const part of [...chunks, sum, end]) {
    png.set(part, at)
    at += part.length
  }
  return png
}

/** The last chunk of data: the sum of all bytes, which ends a stream of zlib's form (RFC 1950, 2.2). */
function sumChunk(bands: readonly Uint8Array[]): Uint8Array {
  let [a, b] = [1, 0]
  for (const band of bands) {
    const tail = new DataView(band.buffer, band.byteOffset + band.length - tailBytes)
    const bytes = tail.getUint32(4) % modulus
    b = (b + tail.getUint16(0) + bytes * (a - 1 + modulus)) % modulus
    a = (a + tail.getUint16(2) - 1 + modulus) % modulus
  }
  const chunk = new Uint8Array(16)
  const view = new DataView(chunk.buffer)
  view.setUint32(0, 4)
  view.setUint32(4, 0x49444154)
  view.setUint16(8, b)
  view.setUint16(10, a)
  view.setUint32(12, crcOf(chunk.subarray(4, 12)))
  return chunk
}

/** For a few bytes (W3C PNG, third edition, annex D). */
function crcOf(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let k = 0; k < 8; k++) crc = crc & 1 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1
  }
  return ~crc >>> 0
}
