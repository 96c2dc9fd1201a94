import { uprightMap } from '#geo/turned-map.js'
import { defaultQuality, type Limits } from './atlas.js'
import { fileChooser } from './choose-files.js'
import { filesForMap } from './files-for-map.js'
import { layOutPage } from './page-layout.js'
import type { Renderer } from './ports.js'
import { Problem } from './problem.js'
import type { EncodedImage, LayerJob, MapJob, MapQuery, StyledLayer } from './queries.js'
import { isVisible, mapScaleOf, scaleOf, standardDpi } from './scale-of-map.js'
import { filterOnMap } from './select-features.js'

export { isVisible, scaleOf, standardDpi, standardPixel } from './scale-of-map.js'

export interface DrawContext {
  readonly renderer: Renderer
  readonly limits: Limits
  /** Milliseconds of `core/clock.ts`. */
  readonly deadline: number
}

/**
 * Draws a map: the verb behind WMS GetMap, map tiles and previews. Checks the limits (`too-large`), leaves out layers that have nothing to draw
 * or are out of their scale range, and hands plain data to a worker.
 */
export async function drawMap(asked: MapQuery, { renderer, limits, deadline }: DrawContext, signal?: AbortSignal): Promise<EncodedImage> {
  const { query, page } = asked.decoration ? layOutPage(asked, asked.decoration) : { query: asked, page: undefined }
  checkSize(query, limits)
  const scaleDenominator = scaleOf(query)
  const named = query.layers.map((layer, i) => ({ ...layer, title: query.titles?.[i] }))
  const layers = named.filter(({ collection }) => isVisible(collection, scaleDenominator))
  const quality = query.quality ?? qualityOf(layers)
  const job: MapJob = {
    width: query.width,
    height: query.height,
    crs: query.crs,
    bbox: query.bbox,
    ...(query.angle && { angle: query.angle }),
    background: query.background,
    mediaType: query.mediaType,
    ...(quality !== undefined && { quality }),
    scaleDenominator,
    pixelRatio: query.dpi / standardDpi,
    ...(query.variables && { variables: query.variables }),
    ...(query.buffer !== undefined && { buffer: query.buffer }),
    layers: layers.flatMap(layer => layerJob(layer, query, limits)),
    maxFeatures: limits.mapFeatures,
    ...(query.tile && { tile: query.tile }),
    ...(query.data && { data: query.data }),
    ...(page && { page }),
    deadline,
  }
  return renderer.draw(job, signal)
}

function checkSize({ width, height, layers }: MapQuery, limits: Limits): void {
  if (width > limits.mapSide || height > limits.mapSide)
    throw new Problem('too-large', `A map may be at most ${limits.mapSide} pixels wide and high; ${width} x ${height} was asked.`, {
      locator: width > limits.mapSide ? 'WIDTH' : 'HEIGHT',
    })
  if (width * height > limits.mapPixels)
    throw new Problem('too-large', `A map may have at most ${limits.mapPixels} pixels; ${width} x ${height} was asked.`, {
      locator: 'WIDTH',
    })
  if (layers.length > limits.mapLayers)
    throw new Problem('too-large', `A map may have at most ${limits.mapLayers} layers; ${layers.length} were asked.`, { locator: 'LAYERS' })
}

/** The highest that a layer wants, the usual for those that want none: no layer looks worse than by itself. Undefined where none wants any. */
function qualityOf(layers: readonly StyledLayer[]): number | undefined {
  if (layers.every(({ collection }) => collection.quality === undefined)) return undefined
  return Math.max(...layers.map(({ collection }) => collection.quality ?? defaultQuality))
}

interface NamedLayer extends StyledLayer {
  readonly title: string | undefined
}

function layerJob(
  { collection, style, filter: asked, sort, times, shown, resampling: wanted, title }: NamedLayer,
  query: MapQuery,
  limits: Limits,
): LayerJob[] {
  const { source } = collection
  const filter = asked && filterOnMap(asked, mapScaleOf(query))
  if (filter === 'nothing') return []
  const name = title !== undefined && { name: { id: collection.id, title } }
  if (source.kind === 'raster') {
    const resampling = wanted ?? source.resampling
    const place = uprightMap(query)
    const some = { ...(times && { times }), ...(filter && { isChosen: fileChooser(filter) }) }
    const files = filesForMap(collection.id, source, { ...place, ...some }, limits)
    const { bands } = source
    const chosen = { ...(resampling && { resampling }), ...(shown && { shown }) }
    return [{ kind: 'raster', ...files, bands, ...chosen, style: style.style, ...name }]
  }
  const geometry = source.geometries.find(column => column.name === source.geometry)
  const key = style.version && `${collection.id} ${style.version}`
  const selected = { ...(filter && { filter }), ...(sort && { sort }) }
  return geometry ? [{ kind: 'features', source, geometry, style: style.style, ...(key && { key }), ...selected, ...name }] : []
}
