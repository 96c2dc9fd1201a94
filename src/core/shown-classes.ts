import type { Bbox } from '#geo/bbox.js'
import { rasterLook } from '#render/raster-look.js'
import type { ColorMap, RasterSymbolizer } from '#styles/raster-symbolizer.js'
import { type Style, withSymbolizers } from '#styles/style.js'
import type { Limits, RasterSource } from './atlas.js'
import { composeRaster, valuePlane } from './compose-raster.js'
import { filesForMap } from './files-for-map.js'
import type { SampleArray, Stores } from './ports.js'
import { Problem } from './problem.js'
import type { MosaicQuery } from './select-files.js'

/** The part of a map that a legend is about. */
export interface LegendGround extends Pick<MosaicQuery, 'times' | 'isChosen'> {
  readonly crs: string
  readonly bbox: Bbox
}

/** Pixels of the longer side that are looked at. */
const mostPixels = 512

/**
 * A style whose legend has only the classes that a raster shows within a box: of colour maps of values and of intervals, as far as 512 pixels along the
 * longer side tell. All of them where the box touches more files than a map may. For legends, not for maps.
 */
export async function shownClasses(
  style: Style,
  id: string,
  source: RasterSource,
  { crs, bbox, ...chosen }: LegendGround,
  { stores, limits }: { readonly stores: Stores; readonly limits: Limits },
  signal?: AbortSignal,
): Promise<Style> {
  const bandOf = (symbolizer: RasterSymbolizer) => {
    const look = rasterLook(source.bands, symbolizer)
    return symbolizer.colorMap && symbolizer.colorMap.kind !== 'ramp' && look.kind === 'values' ? look.band : undefined
  }
  const wanted = style.passes.flatMap(({ rules }) => rules.flatMap(({ symbolizers }) => symbolizers))
  if (!wanted.some(symbolizer => symbolizer.kind === 'raster' && bandOf(symbolizer) !== undefined)) return style
  const [width, height] = sizeOf(bbox)
  const found = filesOf(id, source, { crs, bbox, width, height, ...chosen }, limits)
  if (!found) return style
  const { store, files } = found
  // no mean of two classes is one
  const bands = source.bands.map(band => ({ ...band, meaning: 'palette' as const }))
  const plane = valuePlane(crs, bbox, width, height, bands)
  for (const file of files) {
    try {
      await composeRaster(plane, file, bands, stores.raster(store), signal)
    } catch (error) {
      // what lies beside a file at fault is there all the same
      if (!(error instanceof Problem)) throw error
    }
  }
  const values = plane.bands.map(samples => valuesOf(samples, plane.mask))
  return withSymbolizers(style, symbolizer => {
    const band = symbolizer.kind === 'raster' ? bandOf(symbolizer) : undefined
    if (symbolizer.kind !== 'raster' || band === undefined || !symbolizer.colorMap) return symbolizer
    return { ...symbolizer, colorMap: onlyWith(values[band], symbolizer.colorMap) }
  })
}

function filesOf(...query: Parameters<typeof filesForMap>): ReturnType<typeof filesForMap> | undefined {
  try {
    return filesForMap(...query)
  } catch (error) {
    if (error instanceof Problem && error.kind === 'too-large') return undefined
    throw error
  }
}

function sizeOf([minX, minY, maxX, maxY]: Bbox): readonly [width: number, height: number] {
  const scale = mostPixels / Math.max(maxX - minX, maxY - minY)
  const side = (length: number) => Math.min(mostPixels, Math.max(1, Math.round(length * scale)))
  return [side(maxX - minX), side(maxY - minY)]
}

function valuesOf(samples: SampleArray, mask: Uint8Array): ReadonlySet<number> {
  const values = new Set<number>()
  for (let i = 0; i < samples.length; i++) if (mask[i] !== 0) values.add(samples[i])
  return values
}

/** What no value has is left out of legends; nothing is left where none has any. */
function onlyWith(values: ReadonlySet<number>, { kind, entries }: ColorMap): ColorMap {
  const all = [...values]
  const isThere = (value: number, i: number) =>
    kind === 'values' ? values.has(value) : all.some(each => each < value && (i === 0 || each >= entries[i - 1].value))
  const shown = entries.map((entry, i) => (isThere(entry.value, i) ? entry : { ...entry, isUnlisted: true as const }))
  return { kind, entries: entries.some((entry, i) => isThere(entry.value, i)) ? shown : [] }
}
