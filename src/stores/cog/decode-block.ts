import { Problem } from '#core/problem.js'
import type { BandsBlock } from './block.js'
import { codecOf } from './codecs.js'
import { type DecodedImage, decodeJpeg, decodeWebp } from './decode-jpeg.js'
import { decompress } from './decompress.js'
import { toMachineOrder } from './predictor.js'
import { splitBands } from './split-bands.js'
import type { TiffLayout } from './tiff-layout.js'

/** Decodes the bytes of one block of `height` rows to the bands its layout promises. Output beyond what the layout promises is never allocated. Throws `invalid-data`. */
export async function decodeBlock(bytes: Uint8Array, layout: TiffLayout, height: number): Promise<BandsBlock> {
  const inOrder = layout.isReversed ? bytes.map(reverseBits) : bytes
  if (!layout.isCmyk) return decodeStored(inOrder, layout, height)
  const inks = await decodeStored(inOrder, { ...layout, samples: 4 }, height)
  return { ...inks, bands: rgbOfInks(inks.bands as readonly Uint8Array[]) }
}

async function decodeStored(bytes: Uint8Array, layout: TiffLayout, height: number): Promise<BandsBlock> {
  const { blockWidth: width, bits, samples, planes } = layout
  const bands = samples / planes
  const image = await decodePicture(bytes, layout, bands)
  if (image) {
    if (image.width !== width || image.height < height)
      throw new Problem('invalid-data', `a block is ${image.width} x ${image.height} pixels instead of ${width} x ${height}`)
    return { kind: 'bands', width, height, bands: splitBands(image.samples, layout, height) }
  }
  const rowBytes = Math.ceil((width * bits * bands) / 8)
  const size = rowBytes * height
  const raw = await decompress(bytes, layout, size, height)
  if (raw.length < size) throw new Problem('invalid-data', `a block has ${raw.length} bytes instead of ${size}`)
  const whole = raw.subarray(0, size)
  return { kind: 'bands', width, height, bands: splitBands(toMachineOrder(whole, layout, rowBytes), layout, height) }
}

/** Blocks that are pictures of their own; undefined where the codec knows nothing of pixels. */
async function decodePicture(bytes: Uint8Array, layout: TiffLayout, bands: number): Promise<DecodedImage | undefined> {
  const { blockWidth, blockHeight, bits, jpegTables, photometric } = layout
  const maxPixels = blockWidth * blockHeight
  switch (codecOf(layout.compression)) {
    case 'jpeg':
      return decodeJpeg(bytes, { tables: jpegTables, samples: bands, isRgb: photometric === 2, maxPixels })
    case 'webp':
      return decodeWebp(bytes, bands, maxPixels)
    case 'jxl':
      return (await import('./decode-jxl.js')).decodeJxl(bytes, bands, bits, blockWidth, blockHeight)
    default:
      return undefined
  }
}

/** Red, green and blue of cyan, magenta, yellow and black, as libtiff mixes them. */
function rgbOfInks([cyan, magenta, yellow, black]: readonly Uint8Array[]): Uint8Array[] {
  return [cyan, magenta, yellow].map(ink => ink.map((value, i) => Math.floor(((255 - value) * (255 - black[i])) / 255)))
}

const reverseBits = (byte: number) => ((((byte * 0x0802) & 0x22110) | ((byte * 0x8020) & 0x88440)) * 0x10101) >> 16
