import type { RasterBand } from '#core/atlas.js'
import { Problem } from '#core/problem.js'
import type { BandsBlock, ColorsBlock } from './block.js'
import type { BlockRoom } from './block-cache.js'
import { codecOf } from './codecs.js'
import { decodeBlock } from './decode-block.js'
import { jpegSize } from './decode-jpeg.js'
import type { JpegToRgba } from './jpeg-to-rgba.js'
import type { TiffLayout } from './tiff-layout.js'
import { wholeJpeg } from './whole-jpeg.js'

/** Which bands of a photograph are its colours. */
export interface ColorBands {
  readonly red: number
  readonly green: number
  readonly blue: number
  readonly alpha?: number
}

/** The colours of an 8-bit photograph whose pixels lie together; undefined for everything that has to be painted. */
export function colorBandsOf({ planes, sampleType, bits }: TiffLayout, bands: readonly RasterBand[]): ColorBands | undefined {
  if (planes > 1 || sampleType !== 'uint8' || bits !== 8) return undefined
  const at = (meaning: RasterBand['meaning']) => bands.findIndex(band => band.meaning === meaning)
  const [red, green, blue, alpha] = [at('red'), at('green'), at('blue'), at('alpha')]
  if (red < 0 || green < 0 || blue < 0) return undefined
  // a band that is not shown could not say where there is nothing
  if (bands.some(({ meaning, nodata }, i) => nodata !== undefined && meaning !== 'alpha' && ![red, green, blue].includes(i)))
    return undefined
  return { red, green, blue, ...(alpha >= 0 && { alpha }) }
}

/** Whether blocks are JPEGs whose components are the colours. */
export function isPlainJpeg({ samples, isCmyk, compression }: TiffLayout, { red, green, blue }: ColorBands): boolean {
  return codecOf(compression) === 'jpeg' && samples === 3 && !isCmyk && red === 0 && green === 1 && blue === 2
}

/** Decodes the bytes of one block of a photograph to be drawn. Throws `invalid-data` for what is not what the layout promises. */
export async function decodeColors(
  bytes: Uint8Array,
  layout: TiffLayout,
  height: number,
  colors: ColorBands,
  room: BlockRoom,
  jpegToRgba: JpegToRgba,
): Promise<ColorsBlock> {
  if (!isPlainJpeg(layout, colors)) return colorsOf(await decodeBlock(bytes, layout, height), colors, room)
  const size = jpegSize(bytes)
  if (size?.components !== 3 || size.width !== layout.blockWidth || size.height < height || size.height > layout.blockHeight)
    throw new Problem('invalid-data', 'a JPEG block has another size than the image says')
  const rgba = room(size.width * size.height * 4)
  await jpegToRgba(wholeJpeg(bytes, layout.jpegTables, layout.photometric === 2), rgba)
  return { kind: 'colors', width: size.width, height: size.height, rgba }
}

/** Pixels out of bands. */
export function colorsOf({ width, height, bands }: BandsBlock, { red, green, blue, alpha }: ColorBands, room: BlockRoom): ColorsBlock {
  const rgba = room(width * height * 4)
  const [r, g, b, a] = [bands[red], bands[green], bands[blue], alpha === undefined ? undefined : bands[alpha]]
  for (let i = 0, at = 0; i < width * height; i++, at += 4) {
    rgba[at] = r[i]
    rgba[at + 1] = g[i]
    rgba[at + 2] = b[i]
    rgba[at + 3] = a ? a[i] : 255
  }
  return { kind: 'colors', width, height, rgba }
}
