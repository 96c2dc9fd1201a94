import { type TreeContent, treeBuilder, type XmlTree } from '#xml/write-element.js'
import type { ColorEntry, ColorMap, RasterSymbolizer, ValueRange } from '../raster-symbolizer.js'
import { endless } from './read-color-map.js'
import { vendorOption } from './write-value.js'
import { node, numberText, tell, textNode, tree, type Writing } from './writing.js'

/** What is inside a RasterSymbolizer. */
export function rasterNode(writing: Writing, symbolizer: RasterSymbolizer): readonly TreeContent[] {
  const { opacity, bands, value, ranges, colorMap, isShaded, encoding } = symbolizer
  const gray = value?.kind === 'band' ? value.band : undefined
  if (value && gray === undefined) tell(writing, 'values computed from bands')
  if (gray !== undefined && !symbolizer.isGray && !colorMap) tell(writing, 'heights in colours of their own; one band is gray')
  const { brightness, contrast, saturation, gray: by } = symbolizer.tones ?? {}
  if (by && by !== 'lightness') tell(writing, `gray by the ${by} of colours; by their lightness is written`)
  const half = (value: number | undefined, share: (value: number) => number) =>
    value === undefined ? undefined : Number(share(value).toFixed(6))
  if (encoding) tell(writing, 'heights as colours that programs read')
  if (ranges && !bands) tell(writing, 'ranges of bands that are not named')
  const channel = (name: string, band: number, range?: ValueRange) =>
    node(writing, name, node(writing, 'SourceChannelName', String(band + 1)), range && contrastNode(writing, { range }))
  const channels = bands
    ? (['RedChannel', 'GreenChannel', 'BlueChannel'] as const).map((name, i) => channel(name, bands[i], ranges?.[i]))
    : gray !== undefined
      ? [channel('GrayChannel', gray)]
      : []
  return [
    opacity === 1 ? undefined : node(writing, 'Opacity', numberText(opacity)),
    channels.length > 0 ? node(writing, 'ChannelSelection', ...channels) : undefined,
    colorMap && colorMapNode(writing, colorMap),
    // Of what a colour map shows nothing is stretched.
    colorMap ? undefined : contrastNode(writing, symbolizer),
    isShaded ? node(writing, 'ShadedRelief') : undefined,
    vendorOption(
      writing,
      'brightness',
      half(brightness, value => (value + 255) / 510),
    ),
    vendorOption(
      writing,
      'contrast',
      half(contrast, value => Math.sqrt(value) / 2),
    ),
    vendorOption(writing, 'saturation', by ? 0 : half(saturation, value => value / 2)),
  ]
}

type Contrast = Pick<RasterSymbolizer, 'range' | 'percentiles' | 'gamma'>

function contrastNode(writing: Writing, { range, percentiles, gamma }: Contrast): XmlTree | undefined {
  if (!range && !percentiles && gamma === undefined) return undefined
  if (percentiles && (percentiles[0] !== 0 || percentiles[1] !== 100))
    tell(writing, `shares of the values (${percentiles.join(' to ')} %); all values are written`)
  const options = range && [
    vendorOption(writing, 'algorithm', 'StretchToMinimumMaximum'),
    vendorOption(writing, 'minValue', range[0]),
    vendorOption(writing, 'maxValue', range[1]),
  ]
  return node(
    writing,
    'ContrastEnhancement',
    range || percentiles ? node(writing, 'Normalize', options) : undefined,
    textNode(writing, 'GammaValue', gamma === undefined ? undefined : numberText(gamma)),
  )
}

function colorMapNode(writing: Writing, colorMap: ColorMap): XmlTree {
  if (writing.dialect.hasEncoding) return node(writing, 'ColorMap', colorFunction(writing, colorMap))
  if (colorMap.kind !== 'ramp' && !writing.isExtended)
    tell(
      writing,
      `a colour map of ${colorMap.kind}: SLD 1.0.0 knows ramps, only GeoServer's attribute “type” says more. ${wholeValues(colorMap) ? 'A ramp is written that gives whole numbers the same colours' : 'A ramp is written'}`,
    )
  const type = colorMap.kind !== 'ramp' && writing.isExtended ? colorMap.kind : undefined
  const entry = ({ value, color, opacity, label }: ColorEntry) =>
    tree('sld:ColorMapEntry', { color, quantity: String(value), opacity: opacity === undefined ? undefined : numberText(opacity), label })
  return tree('sld:ColorMap', { type }, (type ? colorMap.entries : (wholeValues(colorMap) ?? colorMap.entries)).map(entry))
}

/** Entries of a ramp that colours whole numbers as exact values do: what is beside them shows nothing. Undefined for other values. */
function wholeValues({ kind, entries }: ColorMap): readonly ColorEntry[] | undefined {
  if (kind !== 'values' || !entries.every(({ value }) => Number.isSafeInteger(value))) return undefined
  const known = new Set(entries.map(({ value }) => value))
  const beside = new Set(entries.flatMap(({ value }) => [value - 1, value + 1]).filter(value => !known.has(value)))
  const nothing = [...beside].map((value): ColorEntry => ({ value, color: '#000000', opacity: 0 }))
  return [...entries, ...nothing].sort((a, b) => a.value - b.value)
}

const se = treeBuilder({ se: 'http://www.opengis.net/se' })

/** The functions that SE 1.1.0 has for colour maps (OGC 05-077r4, 11.5.5). */
function colorFunction(writing: Writing, { kind, entries }: ColorMap): XmlTree {
  if (entries.some(({ opacity = 1 }) => opacity !== 1)) tell(writing, 'opacities of colours in a colour map')
  if (entries.some(({ label }) => label)) tell(writing, 'labels of colours in a colour map')
  const lookup = se('se:LookupValue', {}, 'Rasterdata')
  if (kind === 'ramp') {
    const points = entries.map(({ value, color }) => se('se:InterpolationPoint', {}, se('se:Data', {}, value), se('se:Value', {}, color)))
    return se('se:Interpolate', { fallbackValue: '#000000', mode: 'linear', method: 'color' }, lookup, points)
  }
  if (kind === 'values') tell(writing, 'a colour map of exact values; each is written as the interval around it')
  else if (entries.at(-1)!.value !== endless)
    tell(writing, `values from ${entries.at(-1)!.value} on show nothing; the last colour is written for them`)
  const limit = (i: number) => (kind === 'values' ? (entries[i].value + entries[i + 1].value) / 2 : entries[i].value)
  const steps = entries.map(({ color }, i) => [i > 0 ? se('se:Threshold', {}, limit(i - 1)) : undefined, se('se:Value', {}, color)])
  return se('se:Categorize', { fallbackValue: '#000000', threshholdsBelongTo: 'succeeding' }, lookup, steps)
}
