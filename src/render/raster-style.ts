import type { RasterSymbolizer } from '#styles/style.js'
import type { RasterPixels, Samples } from './raster-pixels.js'
import { colorRamp, heightColors, tabledRamp } from './raster-ramp.js'
import { type GroundCell, shadeRelief } from './raster-shade.js'

/** What painting needs to know of a band. */
export interface PaintedBand {
  readonly sampleType: string
  readonly meaning: string
  readonly range?: readonly [number, number]
}

/** Turns samples into colours. */
export interface RasterPainter {
  /** Values are classes: neither averaged nor interpolated. */
  readonly isClassified: boolean
  /** Colours are the samples themselves: red, green and blue of 8 bits, which a store may hand over without painting. */
  readonly isPhotograph: boolean
  /** Writes RGBA with premultiplied alpha (0xAABBGGRR, as bytes R, G, B, A) for every pixel. `cell` is for shading. */
  paint(pixels: RasterPixels, cell: GroundCell, out: Uint32Array): void
}

const ownColors = ['red', 'green', 'blue']

/** Share of a colour that the relief may darken. */
const shadeDepth = 0.45

/**
 * The painter for a raster. Without a symbolizer, or where it leaves things open: photographs as they are, deeper ones stretched over the
 * range of each band, palettes by their colours, heights by a hypsometric scale with light relief, other single bands in gray.
 */
export function rasterPainter(bands: readonly PaintedBand[], symbolizer?: RasterSymbolizer): RasterPainter {
  const shown = bandsShown(bands, symbolizer)
  if (shown.length === 3 && !symbolizer?.colorMap) {
    const tables = shown.map(b => stretchOf(bands[b], symbolizer))
    const isPhotograph = shown.every((band, i) => bands[band].meaning === ownColors[i] && !tables[i])
    return { isClassified: false, isPhotograph, paint: (pixels, _, out) => paintColors(pixels, shown, tables, out) }
  }
  const [band] = shown
  if (bands[band].meaning === 'palette' && !symbolizer?.colorMap)
    return { isClassified: true, isPhotograph: false, paint: (pixels, _, out) => paintPalette(pixels, band, out) }
  const isHeight = bands[band].meaning !== 'palette' && /^(int16|int32|float)/.test(bands[band].sampleType)
  const isShaded = symbolizer?.isShaded ?? (isHeight && !symbolizer?.colorMap)
  const range = symbolizer?.range ?? rangeOf(bands[band])
  const stops = symbolizer?.colorMap?.map(({ value, color }) => ({ value, color: Number.parseInt(color.slice(1), 16) }))
  const ramp = stops && stops.length > 0 ? colorRamp(stops) : tabledRamp(colorRamp(isHeight ? heightColors(range) : grays(range)), range)
  return {
    isClassified: bands[band].meaning === 'palette',
    isPhotograph: false,
    paint(pixels, cell, out) {
      paintRamp(pixels, band, ramp, isShaded ? shadeRelief(pixels, band, cell) : undefined, out)
    },
  }
}

/** Three bands for a colour picture, one otherwise. Infrared is shown only when asked for. */
function bandsShown(bands: readonly PaintedBand[], symbolizer: RasterSymbolizer | undefined): readonly number[] {
  const asked = symbolizer?.bands?.filter(band => band >= 0 && band < bands.length)
  if (asked?.length === 3) return asked[0] === asked[1] && asked[1] === asked[2] ? [asked[0]] : asked
  const named = ownColors.map(meaning => bands.findIndex(band => band.meaning === meaning))
  if (named.every(band => band >= 0)) return named
  const usable = bands.flatMap(({ meaning }, i) => (meaning === 'alpha' ? [] : [i]))
  if (usable.length >= 3 && bands[usable[0]].meaning !== 'palette') return usable.slice(0, 3)
  return [usable[0] ?? 0]
}

interface Stretch {
  readonly least: number
  readonly scale: number
}

/** Undefined: 8-bit shades as they are. */
function stretchOf(band: PaintedBand, symbolizer: RasterSymbolizer | undefined): Stretch | undefined {
  const range = symbolizer?.range ?? band.range
  if (!range) return band.sampleType === 'uint8' ? undefined : stretchOf({ ...band, range: rangeOf(band) }, undefined)
  return { least: range[0], scale: 255 / (range[1] - range[0] || 1) }
}

function rangeOf({ range, sampleType }: PaintedBand): readonly [number, number] {
  return range ?? (sampleType === 'uint8' ? [0, 255] : sampleType === 'uint16' ? [0, 65535] : [0, 1])
}

const grays = ([least, greatest]: readonly [number, number]) => [
  { value: least, color: 0 },
  { value: greatest, color: 0xffffff },
]

/** Hot: photographs go through here. */
function paintColors(
  { bands, mask }: RasterPixels,
  [r, g, b]: readonly number[],
  tables: readonly (Stretch | undefined)[],
  out: Uint32Array,
) {
  const [red, green, blue] = [shades(bands[r], tables[0]), shades(bands[g], tables[1]), shades(bands[b], tables[2])]
  const count = red.length
  for (let i = paintFours(red, green, blue, out); i < count; i++) out[i] = (0xff000000 | (blue[i] << 16) | (green[i] << 8) | red[i]) >>> 0
  if (mask) applyMask(mask, out)
}

type Shades = Uint8Array | Uint8ClampedArray

/** Four pixels at a time, half the time of one by one; returns how many are done: none where the bytes do not lie on whole words. */
function paintFours(red: Shades, green: Shades, blue: Shades, out: Uint32Array): number {
  if ((red.byteOffset | green.byteOffset | blue.byteOffset) & 3) return 0
  const fours = red.length >> 2
  const words = (bytes: Shades) => new Int32Array(bytes.buffer, bytes.byteOffset, fours)
  const [reds, greens, blues] = [words(red), words(green), words(blue)]
  const to = new Int32Array(out.buffer, out.byteOffset, fours * 4)
  const opaque = -0x1000000
  for (let i = 0, at = 0; i < fours; i++, at += 4) {
    const r = reds[i]
    const g = greens[i]
    const b = blues[i]
    to[at] = opaque | ((b & 0xff) << 16) | ((g & 0xff) << 8) | (r & 0xff)
    to[at + 1] = opaque | ((b & 0xff00) << 8) | (g & 0xff00) | ((r >>> 8) & 0xff)
    to[at + 2] = opaque | (b & 0xff0000) | ((g >>> 8) & 0xff00) | ((r >>> 16) & 0xff)
    to[at + 3] = opaque | ((b >>> 8) & 0xff0000) | ((g >>> 16) & 0xff00) | (r >>> 24)
  }
  return fours * 4
}

function shades(samples: Samples, stretch: Stretch | undefined): Shades {
  if (!stretch && samples instanceof Uint8Array) return samples
  const { least, scale } = stretch ?? { least: 0, scale: 1 }
  const out = new Uint8ClampedArray(samples.length)
  for (let i = 0; i < samples.length; i++) out[i] = (samples[i] - least) * scale
  return out
}

function paintPalette({ bands, mask, palette }: RasterPixels, band: number, out: Uint32Array) {
  const samples = bands[band]
  for (let i = 0; i < samples.length; i++) {
    const color = palette?.[samples[i]] ?? 0
    out[i] = (0xff000000 | ((color & 0xff) << 16) | (color & 0xff00) | (color >> 16)) >>> 0
  }
  if (mask) applyMask(mask, out)
}

function paintRamp(
  { bands, mask }: RasterPixels,
  band: number,
  ramp: (value: number) => number,
  light: Float32Array | undefined,
  out: Uint32Array,
) {
  const samples = bands[band]
  for (let i = 0; i < samples.length; i++) {
    const value = samples[i]
    if ((mask && mask[i] === 0) || Number.isNaN(value)) {
      out[i] = 0
      continue
    }
    const color = ramp(value)
    // Level ground keeps its colour; slopes that turn to the light get brighter, as far as white allows.
    const factor = light ? 1 - shadeDepth + (shadeDepth * light[i]) / Math.SQRT1_2 : 1
    const shade = (channel: number) => Math.min(255, channel * factor)
    out[i] = (0xff000000 | (shade(color & 0xff) << 16) | (shade((color >> 8) & 0xff) << 8) | shade(color >> 16)) >>> 0
  }
  if (mask) applyMask(mask, out)
}

/** Multiplies every channel by the mask. */
function applyMask(mask: Uint8Array, out: Uint32Array) {
  for (let i = 0; i < out.length && i < mask.length; i++) {
    const alpha = mask[i]
    if (alpha === 255) continue
    if (alpha === 0) {
      out[i] = 0
      continue
    }
    const color = out[i]
    const times = (channel: number) => Math.round((channel * alpha) / 255)
    out[i] = ((alpha << 24) | (times((color >> 16) & 0xff) << 16) | (times((color >> 8) & 0xff) << 8) | times(color & 0xff)) >>> 0
  }
}
