import { type ColorOf, colorRamp, grayColors, heightColors, mappedColors, tabledRamp } from '#render/raster-ramp.js'
import { changeTones } from '#render/raster-tones.js'
import type { ColorEntry, ColorMap, RasterSymbolizer } from '#styles/raster-symbolizer.js'
import type { Symbolizer } from '#styles/style.js'
import type { LegendRow } from './legend-rows.js'

/** The rows of a raster: one for each colour of its map, or for the ends of its scale, in the colours that the map has. */
export function rasterRows(symbolizer: RasterSymbolizer, title: string): readonly LegendRow[] {
  const { opacity } = symbolizer
  const scale = rasterScale(symbolizer)
  if (!scale || (scale.entries.length === 0 && symbolizer.colorMap?.entries.length !== 0))
    return [{ shape: 'polygon', symbolizers: grays(opacity), text: title }]
  const { kind, entries, colors } = scale
  const values = entries.map(({ value }) => value)
  return entries.map(({ value, color, opacity: own, label = String(value) }, i) => ({
    shape: 'polygon',
    symbolizers:
      kind === 'ramp' ? slices(values, i).map(at => filled(colors(at), opacity)) : [{ kind: 'fill', color, opacity: own * opacity }],
    text: label,
    ...(kind === 'ramp' && { isSeamless: true }),
  }))
}

/** What colours stand for, as legends show it. */
interface RasterScale {
  readonly kind: ColorMap['kind']
  /** `color` and `opacity` as they are on the map. */
  readonly entries: readonly (ColorEntry & { readonly opacity: number })[]
  /** Of the values between the entries of a ramp. */
  readonly colors: ColorOf
}

/**
 * The colour map of a symbolizer, or else the scale of one value over a range that is said: in gray, or heights in their colours; bent by gamma and
 * changed in tone as on the map. Undefined where there is none.
 */
export function rasterScale(symbolizer: RasterSymbolizer): RasterScale | undefined {
  const { colorMap, tones } = symbolizer
  const scale = colorMap
    ? { kind: colorMap.kind, entries: colorMap.entries.filter(({ isUnlisted }) => !isUnlisted), colors: mappedColors(colorMap) }
    : scaleOfBand(symbolizer)
  if (!scale) return undefined
  const shown = tones ? (color: number) => toned(color, tones) : (color: number) => color
  const entries = scale.entries.map(entry => ({ ...entry, color: hex(shown(colorOf(entry))), opacity: entry.opacity ?? 1 }))
  return { kind: scale.kind, entries, colors: value => shown(scale.colors(value)) }
}

const hex = (color: number) => `#${(color & 0xffffff).toString(16).padStart(6, '0')}`

/** 0xAARRGGBB. */
const colorOf = ({ color, opacity = 1 }: ColorEntry) => Math.round(opacity * 255) * 0x1000000 + Number.parseInt(color.slice(1), 16)

const filled = (color: number, opacity: number): Symbolizer => ({
  kind: 'fill',
  color: hex(color),
  opacity: ((color >>> 24) / 255) * opacity,
})

/** As the map changes its colours, which are premultiplied 0xAABBGGRR there. */
function toned(color: number, tones: NonNullable<RasterSymbolizer['tones']>): number {
  const alpha = color >>> 24
  if (alpha === 0) return color
  const swapped = (color: number, times: (channel: number) => number) =>
    ((color & 0xff000000) | (times(color & 0xff) << 16) | (times((color >> 8) & 0xff) << 8) | times((color >> 16) & 0xff)) >>> 0
  const pixel = Uint32Array.of(swapped(color, channel => Math.round((channel * alpha) / 255)))
  changeTones(pixel, tones)
  return swapped(pixel[0], channel => Math.min(255, Math.round((channel * 255) / alpha)))
}

/** Slices of one symbol of a ramp. */
const slicesOfRamp = 8

/** Values of the slices of the i-th entry: from halfway to the entry before to halfway to the one behind. */
function slices(values: readonly number[], i: number): readonly number[] {
  return Array.from({ length: slicesOfRamp }, (_, k) => {
    const at = Math.min(values.length - 1, Math.max(0, i + (k + 0.5) / slicesOfRamp - 0.5))
    const low = Math.floor(at)
    const high = Math.min(values.length - 1, low + 1)
    return values[low] + (at - low) * (values[high] - values[low])
  })
}

/** Of a shaded surface the numbers say nothing. */
function scaleOfBand({ value, isGray, range, gamma }: RasterSymbolizer) {
  const isSurface = value?.kind === 'call' && value.name === 'hillshade'
  if (!value || !(range || isSurface)) return undefined
  const [least, most] = range ?? [0, 255]
  const stops = isGray || value.kind !== 'band' ? grayColors([least, most]) : heightColors([least, most])
  const colors = tabledRamp(colorRamp(stops), [least, most], gamma)
  const entries = stops.map(
    ({ value }): ColorEntry => ({ value, color: hex(colors(value)), label: isSurface ? ' ' : String(Number(value.toPrecision(6))) }),
  )
  return { kind: 'ramp', entries, colors } as const
}

/** A raster without colours of its own: a few shades stand for it. */
const grays = (opacity: number): readonly Symbolizer[] =>
  ['#4a5d3a', '#7d9160', '#b3b58d', '#e3dcc8'].map(color => ({ kind: 'fill', color, opacity }))
