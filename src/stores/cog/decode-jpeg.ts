import { Problem } from '#core/problem.js'
import { wholeJpeg } from './whole-jpeg.js'

/** Samples of a JPEG or WebP block, pixel interleaved. */
export interface DecodedImage {
  readonly width: number
  readonly height: number
  readonly samples: Uint8Array
}

/**
 * Decodes a JPEG block of a TIFF (TIFF Technical Note 2): the shared tables are put before the block's own data. YCbCr becomes RGB.
 * One and three components go through sharp; two and four, which it would take for other things, through geotiff's own decoder.
 */
export async function decodeJpeg(
  bytes: Uint8Array,
  { tables, samples, isRgb, maxPixels }: { tables?: Uint8Array; samples: number; isRgb: boolean; maxPixels: number },
): Promise<DecodedImage> {
  const size = jpegSize(bytes)
  if (!size || size.width * size.height > maxPixels || size.components !== samples)
    throw new Problem('invalid-data', 'a JPEG block has another size than the image says')
  if (samples === 2 || samples >= 4) {
    const { getDecoder } = await import('geotiff')
    const decoder = await getDecoder(7, {
      tileWidth: size.width,
      tileHeight: size.height,
      predictor: 1,
      bitsPerSample: 8,
      planarConfiguration: 1,
      ...(tables && { JPEGTables: tables }),
    } as never)
    const decoded = await decoder.decode(bytes.slice().buffer)
    return { ...size, samples: new Uint8Array(decoded) }
  }
  return decodeWithSharp(wholeJpeg(bytes, tables, isRgb && samples === 3), samples, maxPixels)
}

/** Decodes a WebP block. */
export function decodeWebp(bytes: Uint8Array, samples: number, maxPixels: number): Promise<DecodedImage> {
  return decodeWithSharp(bytes, samples, maxPixels)
}

async function decodeWithSharp(bytes: Uint8Array, samples: number, maxPixels: number): Promise<DecodedImage> {
  const { default: sharp } = await import('sharp')
  let image = sharp(bytes, { failOn: 'error', limitInputPixels: maxPixels })
  if (samples === 1) image = image.toColourspace('b-w')
  if (samples === 4) image = image.ensureAlpha()
  if (samples === 3) image = image.removeAlpha()
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true })
  if (info.channels !== samples) throw new Problem('invalid-data', `a block has ${info.channels} bands instead of ${samples}`)
  return { width: info.width, height: info.height, samples: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) }
}

/** Size and number of components from the frame header (ITU-T T.81, B.2.2). */
export function jpegSize(bytes: Uint8Array): { width: number; height: number; components: number } | undefined {
  let at = 2
  while (at + 9 < bytes.length) {
    if (bytes[at] !== 0xff) return undefined
    const marker = bytes[at + 1]
    if (marker === 0xff) {
      at++
      continue
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc
    if (isFrame)
      return {
        height: (bytes[at + 5] << 8) | bytes[at + 6],
        width: (bytes[at + 7] << 8) | bytes[at + 8],
        components: bytes[at + 9],
      }
    if (marker === 0xda) return undefined
    at += 2 + ((bytes[at + 2] << 8) | bytes[at + 3])
  }
  return undefined
}
