import { greatestBand } from '#styles/band-expression.js'
import type { RasterSymbolizer, ValueRange } from '#styles/raster-symbolizer.js'
import { rulesOf, type Symbolizer, withSymbolizers } from '#styles/style.js'
import type { Finding, RasterBand, RasterFile } from './atlas.js'
import type { RasterStore } from './ports.js'
import type { StyleSetting } from './publication.js'
import { sampleFiles } from './sample-files.js'

/** Bins of a distribution are percents. */
const percents = 101

/**
 * Styles as they can be drawn over `bands`: percentiles become ranges, measured in the smallest levels of a few files. Styles that want bands which are not
 * there are left out, with a finding.
 */
export async function fitRasterStyles(
  styles: readonly StyleSetting[],
  files: readonly RasterFile[],
  bands: readonly RasterBand[],
  store: RasterStore,
  signal?: AbortSignal,
): Promise<{ readonly styles: readonly StyleSetting[]; readonly findings: readonly Finding[] }> {
  const symbolizers = styles.flatMap(({ style }) => rulesOf(style).flatMap(rule => rule.symbolizers.filter(isRaster)))
  const missing = (symbolizer: RasterSymbolizer) =>
    Math.max(...(symbolizer.bands ?? []), symbolizer.value ? greatestBand(symbolizer.value) : -1) >= bands.length
  const isMisfit = ({ style }: StyleSetting) =>
    rulesOf(style).some(rule => rule.symbolizers.some(symbolizer => isRaster(symbolizer) && missing(symbolizer)))
  const findings = styles.filter(isMisfit).map(
    ({ name }): Finding => ({
      severity: 'warning',
      code: 'style-bands',
      message: `The style "${name}" shows bands that the raster does not have; it has ${bands.length}. It is left out.`,
    }),
  )
  const usable = styles.filter(setting => !isMisfit(setting))
  if (!symbolizers.some(({ percentiles }) => percentiles)) return { styles: usable, findings }
  const distributions = await distributionsOf(files, bands, store, signal)
  const fit = (symbolizer: Symbolizer): Symbolizer => (isRaster(symbolizer) ? measured(symbolizer, bands, distributions) : symbolizer)
  return {
    styles: usable.map(setting => ({
      ...setting,
      style: withSymbolizers(setting.style, fit),
    })),
    findings,
  }
}

const isRaster = (symbolizer: Symbolizer): symbolizer is RasterSymbolizer => symbolizer.kind === 'raster'

function measured(
  symbolizer: RasterSymbolizer,
  bands: readonly RasterBand[],
  distributions: readonly (readonly number[])[],
): RasterSymbolizer {
  const { percentiles, ...rest } = symbolizer
  if (!percentiles) return symbolizer
  const rangeOf = (band: number): ValueRange => {
    const [low, high] = percentiles.map(share => at(distributions[band], share))
    return low < high ? [low, high] : [low, low + 1]
  }
  if (symbolizer.value?.kind === 'band') return { ...rest, range: rangeOf(symbolizer.value.band) }
  const named = (['red', 'green', 'blue'] as const).map(meaning => bands.findIndex(band => band.meaning === meaning))
  const shown = symbolizer.bands ?? (named.every(band => band >= 0) ? named : bands.length >= 3 ? [0, 1, 2] : [0])
  return shown.length === 3
    ? { ...rest, ranges: shown.map(rangeOf) as unknown as [ValueRange, ValueRange, ValueRange] }
    : { ...rest, range: rangeOf(shown[0]) }
}

function at(distribution: readonly number[], share: number): number {
  const place = (share / 100) * (percents - 1)
  const [low, high] = [distribution[Math.floor(place)], distribution[Math.ceil(place)]]
  return low + (high - low) * (place - Math.floor(place))
}

/** Values of each band at 0, 1, … 100 percent of its valid pixels; 0 to 100 where there are none. */
async function distributionsOf(
  files: readonly RasterFile[],
  bands: readonly RasterBand[],
  store: RasterStore,
  signal: AbortSignal | undefined,
): Promise<readonly (readonly number[])[]> {
  const values: number[][] = bands.map(() => [])
  for await (const { bands: samples, mask } of sampleFiles(files, store, signal))
    for (const [b, band] of samples.entries())
      for (let i = 0; i < band.length; i++) if (mask?.[i] !== 0 && Number.isFinite(band[i])) values[b].push(band[i])
  return values.map(list => {
    const sorted = Float64Array.from(list).sort()
    return Array.from({ length: percents }, (_, i) =>
      sorted.length === 0 ? i : sorted[Math.round((i / (percents - 1)) * (sorted.length - 1))],
    )
  })
}
