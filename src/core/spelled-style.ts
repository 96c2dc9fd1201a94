import { type RasterLook, rasterLook } from '#render/raster-look.js'
import { grayColors, heightColors } from '#render/raster-ramp.js'
import type { ColorEntry, ColorMap, RasterSymbolizer } from '#styles/raster-symbolizer.js'
import { type Style, withSymbolizers } from '#styles/style.js'
import type { Collection, RasterBand, RasterClass } from './atlas.js'

/**
 * A style that says itself what the bands of a raster decide where it is silent: the colours of a palette, the scale of heights, the range of what is in gray,
 * and names of classes. Maps drawn with it look the same; legends and style documents can tell what is drawn. Styles of features are what they are.
 */
export function spelledStyle(style: Style, source: Collection['source']): Style {
  if (source.kind !== 'raster') return style
  const { bands } = source
  const ofBands = spelled.get(bands) ?? new WeakMap<Style, Style>()
  spelled.set(bands, ofBands)
  const known =
    ofBands.get(style) ??
    withSymbolizers(style, symbolizer => (symbolizer.kind === 'raster' ? spelledSymbolizer(symbolizer, bands) : symbolizer))
  ofBands.set(style, known)
  return known
}

// A memo of a pure function: legends are measured for each document of capabilities.
const spelled = new WeakMap<readonly RasterBand[], WeakMap<Style, Style>>()

function spelledSymbolizer(symbolizer: RasterSymbolizer, bands: readonly RasterBand[]): RasterSymbolizer {
  if (symbolizer.encoding) return symbolizer
  const look = rasterLook(bands, symbolizer)
  switch (look.kind) {
    case 'colors':
      return symbolizer
    case 'palette': {
      const colorMap = mapOfClasses(bands[look.band])
      return colorMap ? { ...symbolizer, colorMap } : symbolizer
    }
    case 'values':
      return spelledValues(symbolizer, look, bands[look.band])
    case 'computed':
      return symbolizer.colorMap ? symbolizer : { ...symbolizer, range: look.range }
  }
}

function spelledValues(
  symbolizer: RasterSymbolizer,
  { band: index, scale, range, isShaded }: Extract<RasterLook, { readonly kind: 'values' }>,
  band: RasterBand | undefined,
): RasterSymbolizer {
  const { colorMap, gamma, range: _, ...rest } = symbolizer
  if (!band) return symbolizer
  if (colorMap) return colorMap.kind === 'values' ? { ...symbolizer, colorMap: named(colorMap, band) } : symbolizer
  // shades of a picture, which stand for nothing
  if (scale === 'gray' && band.sampleType === 'uint8' && !symbolizer.range && !band.range && !band.classes) return symbolizer
  const value = { kind: 'band', band: index } as const
  // no colour map is bent
  if (gamma !== undefined && gamma !== 1)
    return scale === 'gray' ? { ...symbolizer, value, isGray: true, range } : { ...symbolizer, value, range }
  const stops = scale === 'heights' ? heightColors(range) : grayColors(range)
  const label = labelOf(band, range)
  const entries = stops.map(({ value, color }): ColorEntry => ({ value, color: `#${hex(color & 0xffffff)}`, label: label(value) }))
  const ramp: ColorMap = { kind: 'ramp', entries }
  return { ...rest, value, colorMap: band.classes ? withNames(ramp, band.classes) : ramp, ...(isShaded && { isShaded }) }
}

/** A ramp of gray with an entry for each class: between its ends it is a straight line, so that it stays the same ramp. */
function withNames({ kind, entries: [first, last] }: ColorMap, classes: readonly RasterClass[]): ColorMap {
  const shade = (value: number) => Math.round((255 * (value - first.value)) / (last.value - first.value || 1))
  const gray = (value: number) => `#${hex(Math.min(255, Math.max(0, shade(value))) * 0x10101)}`
  const named = classes.map(({ value, name }): ColorEntry => ({ value, color: gray(value), label: name ?? String(value) }))
  const ends = [first, last]
    .filter(end => !named.some(({ value }) => value === end.value))
    .map(end => ({ ...end, isUnlisted: true as const }))
  return { kind, entries: [...named, ...ends].sort((a, b) => a.value - b.value) }
}

const hex = (color: number) => color.toString(16).padStart(6, '0')

/** Values as they are measured, no finer than a thousandth of the range, with their unit. */
function labelOf({ scale = 1, offset = 0, unit }: RasterBand, [least, greatest]: readonly [number, number]) {
  const span = Math.abs((greatest - least) * scale)
  const digits = span > 0 ? Math.min(20, Math.max(0, 2 - Math.floor(Math.log10(span)))) : 0
  return (value: number) => `${Number((value * scale + offset).toFixed(digits))}${unit ? ` ${unit}` : ''}`
}

/** What a palette draws. */
function mapOfClasses({ classes = [] }: RasterBand): ColorMap | undefined {
  const entries = classes.flatMap(({ value, color, opacity, name, isUnlisted }): ColorEntry[] =>
    color === undefined
      ? []
      : [{ value, color, ...(opacity !== undefined && { opacity }), ...(isUnlisted ? { isUnlisted } : { label: name ?? String(value) }) }],
  )
  return entries.length > 0 ? { kind: 'values', entries } : undefined
}

/** Exact values with the names that they have in the data, where the style gives them none. */
function named({ kind, entries }: ColorMap, { classes = [] }: RasterBand): ColorMap {
  const names = new Map(classes.map(({ value, name }) => [value, name]))
  return {
    kind,
    entries: entries.map(entry => {
      const label = entry.label ?? names.get(entry.value)
      return label === undefined ? entry : { ...entry, label }
    }),
  }
}
