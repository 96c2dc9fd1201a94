import type { Bbox } from '#geo/bbox.js'
import { readEwkb, writeEwkb } from '#geo/ewkb.js'
import { squaredDistance } from '#geo/hit-test.js'
import { linearise } from '#geo/linearise.js'
import { reproject } from '#geo/reproject.js'
import { type Transform, transformBbox, transformBetween } from '#geo/transform.js'
import type { RowSchema } from '#rows/batch.js'
import { RowBuilder } from '#rows/row-builder.js'
import { rowView } from '#rows/row-view.js'
import type { FeatureSource, Limits, RasterFile, RasterSource } from './atlas.js'
import { scaleOf } from './draw-map.js'
import type { FeatureSet, Identified, RasterSample } from './encoders.js'
import type { RasterStore, Stores } from './ports.js'
import type { IdentifyQuery, StyledLayer } from './queries.js'

export interface IdentifyContext {
  readonly stores: Stores
  readonly limits: Limits
}

/** Rows looked at for one layer before giving up: boxes that meet the pixel without their shapes doing so. */
const maxCandidates = 5000

/**
 * What lies at a pixel of a map, layer by layer, topmost first within the map's order as asked: features whose shape (not only whose box) is within
 * the tolerance, their geometry in the map's CRS, and raster values. Layers with nothing there are present and empty.
 */
export async function identify(query: IdentifyQuery, { stores, limits }: IdentifyContext, signal?: AbortSignal): Promise<Identified[]> {
  const place = placeOf(query)
  const count = Math.min(query.featureCount, limits.identifyFeatures)
  const scale = scaleOf(query.map)
  const visible = query.layers.filter(
    ({ collection: { minScaleDenominator = 0, maxScaleDenominator = Infinity } }) =>
      scale >= minScaleDenominator && scale < maxScaleDenominator,
  )
  return Promise.all(
    visible.map(layer => {
      const { source } = layer.collection
      if (source.kind === 'raster') return sampleRaster(layer, source, stores.raster(source.store), place, signal)
      return findAt(layer, source, stores, place, count, signal)
    }),
  )
}

/** The clicked place in the map's CRS; `box` reaches the tolerance in each direction. */
interface Place {
  readonly crs: string
  readonly x: number
  readonly y: number
  readonly box: Bbox
}

function placeOf({ map, column, row, tolerance }: IdentifyQuery): Place {
  const [minX, minY, maxX, maxY] = map.bbox
  const [unitsX, unitsY] = [(maxX - minX) / map.width, (maxY - minY) / map.height]
  const x = minX + (column + 0.5) * unitsX
  const y = maxY - (row + 0.5) * unitsY
  const [dx, dy] = [(tolerance + 0.5) * unitsX, (tolerance + 0.5) * unitsY]
  return { crs: map.crs, x, y, box: [x - dx, y - dy, x + dx, y + dy] }
}

async function findAt(
  layer: StyledLayer,
  source: FeatureSource,
  stores: Stores,
  place: Place,
  count: number,
  signal?: AbortSignal,
): Promise<FeatureSet> {
  const { collection, filter } = layer
  const empty: FeatureSet = { collection, batches: [], geometry: source.geometry, crs: place.crs }
  const column = source.geometries.find(({ name }) => name === source.geometry)
  const box = column?.crs && transformBbox(place.box, place.crs, column.crs)
  if (!column?.crs || !box) return empty

  const inBox = { kind: 'bbox', property: column.name, bbox: box } as const
  const { schema, batches } = await stores.features(source.store).find(
    {
      source,
      key: true,
      columns: [...source.columns.map(({ name }) => name), column.name],
      filter: filter ? { kind: 'and', all: [inBox, filter] } : inBox,
      limit: maxCandidates,
    },
    signal,
  )
  const toMap = transformBetween(column.crs, place.crs)
  const found = new RowBuilder(schema)
  for await (const batch of batches) {
    const row = rowView(batch)
    for (let i = 0; i < batch.count && found.count < count; i++) {
      row.at(i)
      const shape = shapeIn(row.bytes(column.name), toMap)
      if (shape && isWithin(shape, place)) found.append(valuesOf(row, schema, column.name, writeEwkb(shape)))
    }
    if (found.count >= count) break
  }
  return { ...empty, batches: found.count ? [found.build()] : [] }
}
