import type { RasterBand } from '#core/atlas.js'
import type { PixelWindow } from '#core/ports.js'
import type { ColorsBlock } from './block.js'
import { copyColors } from './copy-colors.js'
import { type ColorBands, colorBandsOf, colorsOf, decodeColors, isPlainJpeg } from './decode-colors.js'
import { readMask } from './read-window.js'
import { type BlockDecoder, type BlockPart, eachBlock, eachBlockNow, emptyBands, type WindowReader } from './window-blocks.js'

/**
 * Fills `into` with the pixels of a window (inside the level) of a photograph as it is drawn: RGBA with premultiplied alpha, row by row.
 * False, and nothing done, for what is no photograph of 8 bits. JPEG blocks may differ from `readWindow` by a few of 255.
 */
export async function readColors(
  reader: WindowReader,
  level: number,
  window: PixelWindow,
  into: Uint8Array,
  signal?: AbortSignal,
): Promise<boolean> {
  const { image, mask } = reader.pyramid.levels[level]
  const colors = colorBandsOf(image.layout, reader.bands)
  if (!colors) return false
  const drawing = eachBlock(
    reader,
    image,
    window,
    colorsDecoder(reader, colors, into, window.width),
    part => copyColors(part, into, window.width, reader.cache.memory),
    signal,
  )
  // At once, because masks lie beside their image; `into` is left alone only when both have ended.
  const [drawn, masked] = await Promise.allSettled([drawing, mask && readMask(reader, mask, window, signal)])
  if (drawn.status === 'rejected') throw drawn.reason
  if (masked.status === 'rejected') throw masked.reason
  const stored = masked.value
  const pixels = new Uint32Array(into.buffer, into.byteOffset, window.width * window.height)
  hideNodata(pixels, reader.bands, colors)
  if (stored) for (let i = 0; i < pixels.length; i++) if (stored[i] === 0) pixels[i] = 0
  if (colors.alpha !== undefined) premultiply(into, pixels)
  return true
}

/** `readColors` of blocks that are in memory, of images without mask and alpha; false, and `into` undefined, where there is more to do. */
export function colorsNow(reader: WindowReader, level: number, window: PixelWindow, into: Uint8Array): boolean {
  const { image, mask } = reader.pyramid.levels[level]
  const colors = mask ? undefined : colorBandsOf(image.layout, reader.bands)
  if (!colors || colors.alpha !== undefined) return false
  const use = (part: BlockPart<ColorsBlock>) => copyColors(part, into, window.width, reader.cache.memory)
  if (!eachBlockNow(reader, image, window, colorsName, use)) return false
  hideNodata(new Uint32Array(into.buffer, into.byteOffset, window.width * window.height), reader.bands, colors)
  return true
}

/** Of decoded blocks, in the cache. */
const colorsName = '/colors/'

const colorsDecoder = (
  { bands, jpegToRgba, jpegPartToRgba }: WindowReader,
  colors: ColorBands,
  into: Uint8Array,
  stride: number,
): BlockDecoder<ColorsBlock> => ({
  name: colorsName,
  ...(jpegPartToRgba && {
    decodePart(bytes, layout, height, part) {
      const { jpegTables: tables, photometric, blockWidth: width, blockHeight } = layout
      const jpeg = { bytes, tables, isRgb: photometric === 2, width, heights: [height, blockHeight] } as const
      return isPlainJpeg(layout, colors) && jpegPartToRgba(jpeg, part, into, stride)
    },
  }),
  decode: (bytes, layout, height, room) => decodeColors(bytes, layout, height, colors, room, jpegToRgba),
  empty: (layout, height, room) => colorsOf(emptyBands(layout, height, bands[0].nodata), colors, room),
})

/** Pixels are nothing where every colour that has a nodata value holds it. */
function hideNodata(pixels: Uint32Array, bands: readonly RasterBand[], { red, green, blue }: ColorBands) {
  let [known, wanted] = [0, 0]
  for (const [i, band] of [red, green, blue].entries()) {
    const { nodata } = bands[band]
    if (nodata === undefined || !Number.isInteger(nodata) || nodata < 0 || nodata > 255) continue
    known |= 0xff << (8 * i)
    wanted |= nodata << (8 * i)
  }
  if (known === 0) return
  for (let i = 0; i < pixels.length; i++) if ((pixels[i] & known) === wanted) pixels[i] = 0
}

function premultiply(bytes: Uint8Array, pixels: Uint32Array) {
  for (let i = 0, at = 0; i < pixels.length; i++, at += 4) {
    const alpha = pixels[i] >>> 24
    if (alpha === 255) continue
    bytes[at] = Math.round((bytes[at] * alpha) / 255)
    bytes[at + 1] = Math.round((bytes[at + 1] * alpha) / 255)
    bytes[at + 2] = Math.round((bytes[at + 2] * alpha) / 255)
  }
}
