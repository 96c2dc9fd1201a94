/** Start of image. */
export const soi = Uint8Array.of(0xff, 0xd8)
/** APP14 "Adobe" with transform 0: the three components are red, green, blue as they are. */
const adobeRgb = Uint8Array.of(0xff, 0xee, 0, 14, 0x41, 0x64, 0x6f, 0x62, 0x65, 0, 100, 0, 0, 0, 0, 0)

/**
 * A JPEG block of a TIFF as a file of its own (TIFF Technical Note 2): the tables that all blocks share are put before the block's own data,
 * and blocks of red, green and blue say so, because decoders take three components for YCbCr.
 */
export function wholeJpeg(bytes: Uint8Array, tables: Uint8Array | undefined, isRgb: boolean): Uint8Array {
  const head = jpegHead(tables, isRgb)
  const out = new Uint8Array(head.length + bytes.length - soi.length)
  out.set(head)
  out.set(bytes.subarray(soi.length), head.length)
  return out
}

/** What comes before a block without its first two bytes, which begin every JPEG. */
export function jpegHead(tables: Uint8Array | undefined, isRgb: boolean): Uint8Array {
  const shared = tables && tables.length > 4 ? tables.subarray(soi.length, endsWithEoi(tables) ? -2 : undefined) : new Uint8Array()
  return Uint8Array.of(...soi, ...(isRgb ? adobeRgb : []), ...shared)
}

/** Whether a JPEG stream comes to its end (ITU-T T.81, B.1.1.3). */
export function endsWithEoi(bytes: Uint8Array): boolean {
  return bytes[bytes.length - 2] === 0xff && bytes[bytes.length - 1] === 0xd9
}
