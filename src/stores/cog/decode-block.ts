import { promisify } from 'node:util'
import { inflate, inflateSync } from 'node:zlib'
import { getDecoder } from 'geotiff'
import { ZSTDDecoder } from 'zstddec'
import { Problem } from '#core/problem.js'
import type { BandsBlock } from './block.js'
import { codecOf, decodeLzw, decodePackBits } from './codecs.js'
import { decodeJpeg, decodeWebp } from './decode-jpeg.js'
import { undoPredictor } from './predictor.js'
import { splitBands } from './split-bands.js'
import type { TiffLayout } from './tiff-layout.js'

const inflateAsync = promisify(inflate)

/** Below this many bytes, decoding costs less than handing the work to another thread. */
const smallBytes = 32 * 1024

/** Decodes the bytes of one block of `height` rows. Output beyond what the layout promises is never allocated. Throws `invalid-data`. */
export async function decodeBlock(bytes: Uint8Array, layout: TiffLayout, height: number): Promise<BandsBlock> {
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
  return { kind: 'bands', width, height, bands: splitBands(undoPredictor(whole, layout, rowBytes), layout, height) }
}

async function decompress(bytes: Uint8Array, layout: TiffLayout, size: number, height: number): Promise<Uint8Array> {
  switch (codecOf(layout.compression)) {
    case 'deflate':
      return inflateBounded(bytes, size)
    case 'lzw':
      return decodeLzw(bytes, size)
    case 'packbits':
      return decodePackBits(bytes, size)
    case 'zstd':
      return unzstd(bytes, size)
    case 'lerc':
      return unlerc(bytes, layout, size, height)
    default:
      return bytes
  }
}

/** Blocks may hold more than they need, padding for example; a bomb ends here. */
const paddingBytes = 64 * 1024

async function inflateBounded(bytes: Uint8Array, size: number): Promise<Uint8Array> {
  const options = { maxOutputLength: size + paddingBytes }
  // A plain view: slicing a Buffer would not copy.
  const { buffer, byteOffset, byteLength } = size < smallBytes ? inflateSync(bytes, options) : await inflateAsync(bytes, options)
  return new Uint8Array(buffer, byteOffset, byteLength)
}

/** The decoder is told how much to write: left to itself it streams, and never ends when the data are damaged. */
async function unzstd(bytes: Uint8Array, size: number): Promise<Uint8Array> {
  const decoder = new ZSTDDecoder()
  await decoder.init()
  return decoder.decode(bytes, size + paddingBytes)
}

async function unlerc(bytes: Uint8Array, layout: TiffLayout, size: number, height: number): Promise<Uint8Array> {
  const blob = layout.lercAdded === 1 ? await inflateBounded(bytes, size) : layout.lercAdded === 2 ? await unzstd(bytes, size) : bytes
  const head = new DataView(blob.buffer, blob.byteOffset, blob.byteLength)
  // "Lerc2 ", version, checksum (from version 3), rows, columns: the size is checked before the decoder allocates it.
  const isLerc2 = new TextDecoder().decode(blob.subarray(0, 6)) === 'Lerc2 '
  const at = isLerc2 && head.byteLength > 30 ? (head.getInt32(6, true) >= 3 ? 14 : 10) : -1
  if (
    at < 0 ||
    head.getInt32(at, true) < height ||
    head.getInt32(at, true) > layout.blockHeight ||
    head.getInt32(at + 4, true) !== layout.blockWidth
  )
    throw new Problem('invalid-data', 'a LERC block has another size than the image says')
  const decoder = await getDecoder(34887, {
    tileWidth: layout.blockWidth,
    tileHeight: height,
    predictor: 1,
    bitsPerSample: layout.bits,
    planarConfiguration: layout.planes > 1 ? 2 : 1,
    LercParameters: [4, 0],
  } as never)
  return new Uint8Array(await decoder.decode(blob.slice().buffer))
}
