import type { StyleSetting } from '#core/publication.js'
import { BandExpressionError, greatestBand, parseBandExpression } from '#styles/band-expression.js'
import { plainStyle } from '#styles/default-style.js'
import type { ColorEntry, ColorMap, RasterSymbolizer, ValueRange } from '#styles/raster-symbolizer.js'
import type { MeaningCheck } from './check-meaning.js'
import type { RawColors, RawRaster, RawRasterStyle } from './raw-config.js'

/** The style that a style of the config means. It has passed `checkRasterStyle`. */
export function resolveRasterStyle({ name, title = name, raster }: RawRasterStyle): StyleSetting {
  return { name, title, style: plainStyle([symbolizerOf(raster)], name) }
}

function symbolizerOf(raw: RawRaster): RasterSymbolizer {
  const { bands, value, range, ranges, percentiles, gamma, shaded, encoding, opacity = 1 } = raw
  const colorMap = colorMapOf(raw)
  return {
    kind: 'raster',
    opacity,
    ...(bands && { bands: bands.map(band => band - 1) as unknown as [number, number, number] }),
    ...(value !== undefined && { value: parseBandExpression(value) }),
    ...(range && { range }),
    ...(ranges && { ranges }),
    ...(percentiles && { percentiles }),
    ...(gamma !== undefined && { gamma }),
    ...(colorMap && { colorMap }),
    ...(shaded !== undefined && { isShaded: shaded }),
    ...(encoding && { encoding }),
  }
}

const mapKinds = ['ramp', 'intervals', 'values'] as const

function colorMapOf(raw: RawRaster): ColorMap | undefined {
  const kind = mapKinds.find(name => raw[name] !== undefined)
  return kind && { kind, entries: raw[kind]!.map(entryOf).sort((a, b) => a.value - b.value) }
}

function entryOf([value, color, label]: RawColors[number]): ColorEntry {
  const opacity = color.length === 9 ? Number.parseInt(color.slice(7), 16) / 255 : undefined
  return { value, color: color.slice(0, 7), ...(opacity !== undefined && { opacity }), ...(label !== undefined && { label }) }
}

/** Faults of a style in the config that its form does not show. */
export function checkRasterStyle(pointer: string, { raster }: RawRasterStyle, fault: MeaningCheck): void {
  const at = `${pointer}/raster`
  const maps = mapKinds.filter(name => raster[name] !== undefined)
  if (maps.length > 1) fault(`${at}/${maps[1]}`, `there is "${maps[0]}" already; one of ramp, intervals and values is enough`)
  if (raster.bands && raster.value !== undefined) fault(`${at}/value`, 'there are "bands" already; either bands or a value is shown')
  if (raster.encoding && (raster.bands || maps.length > 0))
    fault(`${at}/encoding`, 'heights are encoded instead of coloured, so bands and colours have no meaning here')
  for (const [name, range] of [['range', raster.range], ...(raster.ranges ?? []).map((range, i) => [`ranges/${i}`, range])] as [
    string,
    ValueRange?,
  ][])
    if (range && range[0] >= range[1]) fault(`${at}/${name}`, 'the first number is not below the second')
  if (raster.percentiles && raster.percentiles[0] >= raster.percentiles[1])
    fault(`${at}/percentiles`, 'the first number is not below the second')
  if (raster.percentiles && (raster.range ?? raster.ranges)) fault(`${at}/percentiles`, 'there is a range already')
  if (raster.value === undefined) return
  try {
    const value = parseBandExpression(raster.value)
    if (raster.percentiles && value.kind !== 'band')
      fault(`${at}/percentiles`, 'shares of a computed value are not measured; a "range" would work')
    if (greatestBand(value) < 0) fault(`${at}/value`, 'it reads no band; b1 is the first')
  } catch (error) {
    if (!(error instanceof BandExpressionError)) throw error
    fault(`${at}/value`, `«${raster.value}» cannot be computed: ${error.message}`)
  }
}
