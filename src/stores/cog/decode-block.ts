import { Problem } from '#core/problem.js'
import type { BandsBlock } from './block.js'
import { codecOf } from './codecs.js'
import { decodeJpeg, decodeWebp } from './decode-jpeg.js'
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
  const codec = codecOf(layout.compression)
  if (codec === 'jpeg' || codec === 'webp') {
    const maxPixels = width * layout.blockHeight
    const image =
      codec === 'jpeg'
        ? await decodeJpeg(bytes, { tables: layout.jpegTables, samples: bands, isRgb: layout.photometric === 2, maxPixels })
        : await decodeWebp(bytes, bands, maxPixels)
    if (image.width !== width || image.height < height)
      throw new Problem('invalid-data', `a block is ${image.width} x ${image.height} pixels instead of ${width} x ${height}`)
    return { kind: 'bands', width, height, bands: splitBands(image.samples, { ...layout, bits: 8 }, height) }
  }
  const rowBytes = Math.ceil((width * bits * bands) / 8)
  const size = rowBytes * height
  const raw = await decompress(bytes, layout, size, height)
  if (raw.length < size) throw new Problem('invalid-data', `a block has ${raw.length} bytes instead of ${size}`)
  const whole = raw.subarray(0, size)
  return { kind: 'bands', width, height, bands: splitBands(toMachineOrder(whole, layout, rowBytes), layout, height) }
}

/** Red, green and blue of cyan, magenta, yellow and black, as libtiff mixes them. */
function rgbOfInks([cyan, magenta, yellow, black]: readonly Uint8Array[]): Uint8Array[] {
  return [cyan, magenta, yellow].map(ink => ink.map((value, i) => Math.floor(((255 - value) * (255 - black[i])) / 255)))
}

const reverseBits = (byte: number) => ((((byte * 0x0802) & 0x22110) | ((byte * 0x8020) & 0x88440)) * 0x10101) >> 16
