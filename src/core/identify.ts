import type { Filter } from '#filters/filter.js'
import { affineOfMap } from '#geo/affine.js'
import type { Bbox } from '#geo/bbox.js'
import { requireCrs } from '#geo/crs.js'
import { readEwkb, writeEwkb } from '#geo/ewkb.js'
import type { Geometry } from '#geo/geometry.js'
import { squaredDistance } from '#geo/hit-test.js'
import { linearise } from '#geo/linearise.js'
import { mapPositions } from '#geo/reproject.js'
import { type Transform, transformBbox, transformBetween } from '#geo/transform.js'
import { turnLength } from '#geo/turn-length.js'
import { RowBuilder } from '#rows/row-builder.js'
import { columnIndex, rowView } from '#rows/row-view.js'
import type { Collection, FeatureSource, Limits, RasterSource } from './atlas.js'
import { fileChooser } from './choose-files.js'
import type { FeatureSet, Identified, RasterSample } from './encoders.js'
import type { RasterStore, Stores } from './ports.js'
import type { IdentifyQuery, StyledLayer } from './queries.js'
import { sampleMosaic } from './sample-raster.js'
import { mapScaleOf, scaleOf } from './scale-of-map.js'
import { filterOnMap } from './select-features.js'

export interface IdentifyContext {
  readonly stores: Stores
  readonly limits: Limits
}

/** Rows looked at for one layer before giving up: boxes that meet the pixel without their shapes doing so. */
const maxCandidates = 5000

/**
 * What lies at a pixel of a map, layer by layer, topmost first within the map's order as asked: features whose shape (not only whose box) is within
 * the tolerance, the topmost first where the layer has an order, their geometry in the map's CRS, and raster values. Layers with nothing there are present and empty.
 */
export async function identify(query: IdentifyQuery, { stores, limits }: IdentifyContext, signal?: AbortSignal): Promise<Identified[]> {
  const place = placeOf(query)
  const count = Math.min(query.featureCount, limits.identifyFeatures)
  const scale = scaleOf(query.map)
  const visible = query.layers.filter(
    ({ collection: { minScaleDenominator = 0, maxScaleDenominator = Infinity } }) =>
      scale >= minScaleDenominator && scale < maxScaleDenominator,
  )
  const lookAt = (layer: StyledLayer, place: Place): Promise<Identified> => {
    const { filter: asked, ...rest } = layer
    const { source } = layer.collection
    const filter = asked && filterOnMap(asked, mapScaleOf(query.map))
    if (filter === 'nothing') return Promise.resolve(nothingOf(layer.collection, place))
    if (source.kind === 'raster')
      return sampleRaster({ ...rest, ...(filter && { filter }) }, source, stores.raster(source.store), place, signal)
    return findAt({ ...rest, ...(filter && { filter }) }, source, stores, place, count, signal)
  }
  const home = inTheWorld(place)
  return Promise.all(
    visible.map(async layer => {
      const found = await lookAt(layer, home ?? place)
      // data may also be kept on that side, from 0 to 360
      return home && isEmpty(found) ? lookAt(layer, place) : found
    }),
  )
}

const nothingOf = (collection: Collection, { crs }: Place): Identified =>
  collection.source.kind === 'raster'
    ? { collection, values: [] }
    : { collection, batches: [], crs, ...(collection.source.geometry !== undefined && { geometry: collection.source.geometry }) }

const isEmpty = (found: Identified): boolean => ('values' in found ? found.values.length === 0 : found.batches.length === 0)

/** The same place in the world between the date line and itself, where the map reached over it; undefined where it did not. */
function inTheWorld({ crs: code, x, y, box, shares }: Place): Place | undefined {
  const crs = requireCrs(code)
  const turn = crs.isDegrees || crs.code === 'EPSG:3857' ? turnLength(crs) : undefined
  const shift = turn === undefined ? 0 : Math.round(x / turn) * turn
  return shift === 0 ? undefined : { crs: code, x: x - shift, y, box: [box[0] - shift, box[1], box[2] - shift, box[3]], shares }
}

/** The clicked place in the map's CRS; `box` reaches the greatest tolerance in each direction, `shares` say how much of it a shape has. */
interface Place {
  readonly crs: string
  readonly x: number
  readonly y: number
  readonly box: Bbox
  readonly shares: Readonly<Record<ShapeKind, number>>
}

type ShapeKind = 'point' | 'line' | 'polygon'
const shapeKinds: Partial<Record<Geometry['kind'], ShapeKind>> = {
  Point: 'point',
  MultiPoint: 'point',
  LineString: 'line',
  CircularString: 'line',
  CompoundCurve: 'line',
  MultiLineString: 'line',
  MultiCurve: 'line',
}

function placeOf({ map, column, row, tolerance }: IdentifyQuery): Place {
  const [minX, minY, maxX, maxY] = map.bbox
  const [unitsX, unitsY] = [(maxX - minX) / map.width, (maxY - minY) / map.height]
  const [x0, dxColumn, dxRow, y0, dyColumn, dyRow] = affineOfMap(map.bbox, map.width, map.height, map.angle)
  const [across, down] = [column + 0.5, row + 0.5]
  const x = x0 + across * dxColumn + down * dxRow
  const y = y0 + across * dyColumn + down * dyRow
  const { point, line, polygon } = typeof tolerance === 'number' ? { point: tolerance, line: tolerance, polygon: tolerance } : tolerance
  const reach = Math.max(point, line, polygon) + 0.5
  const [dx, dy] = [reach * unitsX, reach * unitsY]
  const share = (pixels: number) => (pixels + 0.5) / reach
  const shares = { point: share(point), line: share(line), polygon: share(polygon) }
  return { crs: map.crs, x, y, box: [x - dx, y - dy, x + dx, y + dy], shares }
}

async function findAt(
  { collection, filter, sort = [] }: StyledLayer,
  source: FeatureSource,
  stores: Stores,
  place: Place,
  count: number,
  signal?: AbortSignal,
): Promise<FeatureSet> {
  const empty: FeatureSet = { collection, batches: [], geometry: source.geometry, crs: place.crs }
  const column = source.geometries.find(({ name }) => name === source.geometry)
  const box = column?.crs && transformBbox(place.box, place.crs, column.crs)
  if (!column?.crs || !box) return empty

  const inBox: Filter = { kind: 'bbox', property: column.name, bbox: box }
  const { schema, batches } = await stores.features(source.store).find(
    {
      source,
      key: true,
      columns: [...source.columns.map(({ name }) => name), column.name],
      filter: filter ? { kind: 'and', all: [inBox, filter] } : inBox,
      // what is drawn last lies on top
      ...(sort.length > 0 && { sort: sort.map(key => ({ ...key, descending: !key.descending })) }),
      limit: maxCandidates,
    },
    signal,
  )
  const toMap = transformBetween(column.crs, place.crs)
  const geometry = columnIndex(schema.columns, column.name)
  const found = new RowBuilder(schema)
  for await (const batch of batches) {
    const row = rowView(batch)
    for (let i = 0; i < batch.count && found.count < count; i++) {
      const bytes = row.at(i).bytes(geometry)
      const shape = bytes && shapeOnMap(bytes, toMap, box)
      if (shape && isWithin(shape, place)) found.row(row.values().map((value, index) => (index === geometry ? writeEwkb(shape) : value)))
    }
    if (found.count >= count) break
  }
  return { ...empty, batches: found.count ? [found.take()] : [] }
}

/** The shape in the map's CRS. Curves become chords that leave them by at most a twentieth of `box`, the place in the storage CRS. */
function shapeOnMap(ewkb: Uint8Array, toMap: Transform, box: Bbox): Geometry | undefined {
  const straight = linearise(ewkb, Math.max((box[2] - box[0]) / 20, Number.EPSILON))
  return mapPositions(readEwkb(straight), (x, y) => toMap.point(x, y))
}

/** Within the ellipse that fits the place's box, or as much of it as such a shape has: a circle of the tolerance in pixels. */
function isWithin(shape: Geometry, place: Place): boolean {
  if (shape.kind === 'GeometryCollection') return shape.parts.some(part => isWithin(part, place))
  const { x, y, box, shares } = place
  const share = shares[shapeKinds[shape.kind] ?? 'polygon']
  const [rx, ry] = [(box[2] - box[0]) / 2, (box[3] - box[1]) / 2]
  const scaled = mapPositions(shape, (px, py) => [(px - x) / rx, (py - y) / ry])
  return scaled !== undefined && squaredDistance(scaled, 0, 0) <= share * share
}

async function sampleRaster(
  { collection, times, shown, filter }: StyledLayer,
  source: RasterSource,
  store: RasterStore,
  { crs, x, y }: Place,
  signal?: AbortSignal,
): Promise<RasterSample> {
  const values =
    (await sampleMosaic(store, source, { crs, x, y }, { signal, times, ...(filter && { isChosen: fileChooser(filter) }) })) ?? []
  const value = shown && values[shown.band]?.value
  const isShown = !shown || (typeof value === 'number' && shown.spans.some(({ from, to }) => value >= from && value <= to))
  return { collection, values: isShown ? values : [] }
}
