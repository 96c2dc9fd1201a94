import t from 'tap'
import type { Collection, FeatureSource, NamedStyle } from '#core/atlas.js'
import { defaultLimits } from '#core/atlas.js'
import type { FeatureSet, RasterSample } from '#core/encoders.js'
import { identify } from '#core/identify.js'
import { buildMosaic } from '#core/mosaic.js'
import type { RasterStore, Stores } from '#core/ports.js'
import type { IdentifyQuery } from '#core/queries.js'
import { parseEcql } from '#filters/ecql/parse-ecql.js'
import { readEwkb, writeEwkb } from '#geo/ewkb.js'
import type { Geometry } from '#geo/geometry.js'
import { transformBbox } from '#geo/transform.js'
import { rowView } from '#rows/row-view.js'
import { memoryStore } from '../support/memory-store.js'

const style: NamedStyle = { name: 'default', title: 'Default', version: '1', style: { passes: [] } }
const shapes: Record<string, Geometry> = {
  // an L around the clicked corner: its box has the place, its shape has not
  corner: { kind: 'Polygon', dimensions: 'xy', rings: [Float64Array.of(0, 0, 100, 0, 100, 10, 10, 10, 10, 100, 0, 100, 0, 0)] },
  square: { kind: 'Polygon', dimensions: 'xy', rings: [Float64Array.of(40, 40, 60, 40, 60, 60, 40, 60, 40, 40)] },
  arc: { kind: 'CircularString', dimensions: 'xy', coordinates: Float64Array.of(30, 50, 50, 70, 70, 50) },
  point: { kind: 'Point', dimensions: 'xy', coordinates: Float64Array.of(52, 50) },
}
const offset = ([x, y]: readonly [number, number]) => [700_000 + x, 6_600_000 + y] as const
const moved = (geometry: Geometry): Geometry =>
  'rings' in geometry
    ? { ...geometry, rings: geometry.rings.map(ring => ring.map((value, i) => offset([value, value])[i % 2])) }
    : 'coordinates' in geometry
      ? { ...geometry, coordinates: geometry.coordinates.map((value, i) => offset([value, value])[i % 2]) }
      : geometry

const store = memoryStore('memory', [
  {
    schema: 'public',
    table: 'shapes',
    columns: [{ name: 'name', kind: 'text', nativeType: 'text', isNullable: false }],
    geometries: [{ name: 'geom', type: 'GEOMETRY', dimensions: 'xy', crs: 'EPSG:2154', srid: 2154, isIndexed: true, isNullable: true }],
    rows: Object.entries(shapes).map(([name, geometry]) => [name, writeEwkb(moved(geometry), { srid: 2154 })]),
  },
])

async function shapesCollection(): Promise<Collection> {
  const [table] = await store.discover({})
  const source: FeatureSource = { ...table, kind: 'features', store: 'memory', geometry: 'geom' }
  return { id: 'shapes', title: 'Shapes', crs: ['EPSG:2154'], storageCrs: 'EPSG:2154', styles: [style], source }
}

const rasterStore: RasterStore = {
  id: 'raster',
  fingerprints: async () => new Map(),
  describe: async () => {
    throw new Error('not asked here')
  },
  list: async () => [],
  read: async (_file, _level, { left, top }) => ({
    width: 1,
    height: 1,
    bands: [Float32Array.of(left), Float32Array.of(top === 49 ? Number.NaN : top)],
    mask: left === 0 ? Uint8Array.of(0) : undefined,
  }),
  close: async () => {},
}
const stores: Stores = { features: () => store, raster: () => rasterStore }

function click(collection: Collection, column: number, row: number, more: Partial<IdentifyQuery> = {}): IdentifyQuery {
  const layers = [{ collection, style }]
  const [minX, minY] = offset([0, 0])
  const map = {
    layers,
    crs: 'EPSG:2154',
    bbox: [minX, minY, minX + 100, minY + 100],
    width: 100,
    height: 100,
    background: { color: 0, isTransparent: true },
    mediaType: 'image/png',
    dpi: 96,
  } as const
  return { map, layers, column, row, featureCount: 10, tolerance: 2, ...more }
}

const names = ([found]: readonly unknown[]) =>
  (found as FeatureSet).batches.flatMap(batch => Array.from({ length: batch.count }, (_, i) => rowView(batch).at(i).text(1)))
const context = { stores, limits: defaultLimits }

t.test('shapes are hit, not their boxes; curves count', async t => {
  const collection = await shapesCollection()
  t.same(names(await identify(click(collection, 50, 50), context)), ['square', 'point'])
  t.same(names(await identify(click(collection, 5, 50), context)), ['corner'])
  t.same(names(await identify(click(collection, 50, 29), context)), ['arc'], 'the top of the half circle')
  t.same(names(await identify(click(collection, 90, 50), context)), [])
  t.same(names(await identify(click(collection, 50, 50, { featureCount: 1 }), context)), ['square'])
  t.same(
    names(await identify(click(collection, 70, 70, { tolerance: 15 }), context)),
    ['square'],
    'the tolerance is in pixels: 10.5 to the right, 10.5 below',
  )
  t.same(names(await identify(click(collection, 70, 70, { tolerance: 14 }), context)), [], 'and round: the corner is 14.8 away')
})

t.test('how far from the place, by what the shape is', async t => {
  const collection = await shapesCollection()
  const found = async (column: number, row: number, tolerance: IdentifyQuery['tolerance']) =>
    names(await identify(click(collection, column, row, { tolerance }), context))
  t.same(await found(70, 70, { point: 0, line: 0, polygon: 15 }), ['square'])
  t.same(await found(70, 70, { point: 15, line: 15, polygon: 14 }), [], 'the reach of points and lines is none of a square')
  t.same(await found(50, 58, { point: 9, line: 0, polygon: 0 }), ['square', 'point'], 'the point is 8.6 pixels away')
  t.same(await found(50, 58, { point: 7, line: 21, polygon: 30 }), ['square', 'arc'], 'the end of the arc is 21.3 away, the corner 31.5')
})

/** Around the shapes, in Web Mercator. */
const inMercator = transformBbox([699_900, 6_599_900, 700_200, 6_600_200], 'EPSG:2154', 'EPSG:3857') ?? [0, 0, 0, 0]

t.test('geometries come in the CRS of the map', async t => {
  const collection = await shapesCollection()
  const query = click(collection, 128, 128)
  const bbox = inMercator
  const [found] = (await identify(
    { ...query, tolerance: 128, map: { ...query.map, crs: 'EPSG:3857', bbox, width: 256, height: 256 } },
    context,
  )) as FeatureSet[]
  t.equal(found.crs, 'EPSG:3857')
  t.ok(found.batches.length > 0)
  for (const batch of found.batches) {
    const geometry = readEwkb(rowView(batch).bytes(2) as Uint8Array)
    const [x, y] = 'rings' in geometry ? geometry.rings[0] : []
    t.ok(x > bbox[0] - 2000 && x < bbox[2] + 2000 && y > bbox[1] - 2000 && y < bbox[3] + 2000, `${x} ${y} is near the map`)
  }
})

t.test('a map that reaches over the date line finds what it shows there', async t => {
  const collection = await shapesCollection()
  const query = click(collection, 128, 128, { tolerance: 128 })
  const found = async (crs: string, bbox: readonly [number, number, number, number]) =>
    names(await identify({ ...query, map: { ...query.map, crs, bbox, width: 256, height: 256 } }, context))
  const turn = 40_075_016.685578488
  const [west, south, east, north] = inMercator
  const here = await found('EPSG:3857', [west, south, east, north])
  t.ok(here.length > 0)
  for (const turns of [-2, -1, 1, 3])
    t.same(await found('EPSG:3857', [west + turns * turn, south, east + turns * turn, north]), here, `${turns} turns on`)
  const degrees = [2.99, 46.49, 3.01, 46.51] as const
  const inDegrees = await found('EPSG:4326', degrees)
  t.ok(inDegrees.length > 0)
  t.same(await found('EPSG:4326', [degrees[0] + 360, degrees[1], degrees[2] + 360, degrees[3]]), inDegrees)
})

t.test('raster values: the pixel under the place, NaN and nodata are nothing', async t => {
  const [x, y] = offset([0, 100])
  const file = {
    path: 'a.tif',
    crs: 'EPSG:2154',
    width: 100,
    height: 100,
    transform: [x, 1, 0, y, 0, -1],
    bbox: [x, y - 100, x + 100, y],
    levels: [],
    version: '1',
  } as const
  const bands = [
    { name: 'red', sampleType: 'float32', meaning: 'value' },
    { name: 'green', sampleType: 'float32', meaning: 'value' },
  ] as const
  const collection: Collection = {
    id: 'dem',
    title: 'DEM',
    crs: ['EPSG:2154'],
    styles: [style],
    source: { kind: 'raster', store: 'raster', mosaic: buildMosaic([file]), bands },
  }
  const at = async (column: number, row: number) => ((await identify(click(collection, column, row), context))[0] as RasterSample).values
  t.same(await at(7, 12), [
    { band: 'red', value: 7 },
    { band: 'green', value: 12 },
  ])
  t.same(await at(7, 49), [
    { band: 'red', value: 7 },
    { band: 'green', value: null },
  ])
  t.same(await at(0, 12), [], 'masked')
  const query = click(collection, 0, 0)
  t.same(
    ((await identify({ ...query, map: { ...query.map, bbox: [0, 0, 100, 100] } }, context))[0] as RasterSample).values,
    [],
    'outside the file',
  )
  const filtered = async (location: string) => {
    const query = click(collection, 7, 12)
    const layers = query.layers.map(layer => ({ ...layer, filter: parseEcql(`location = '${location}'`) }))
    return ((await identify({ ...query, layers }, context))[0] as RasterSample).values.length
  }
  t.same([await filtered('a.tif'), await filtered('b.tif')], [2, 0], 'only of files that a filter chooses')
})

t.test('a layer outside its scale range is not asked', async t => {
  const collection = { ...(await shapesCollection()), maxScaleDenominator: 100 }
  t.same(await identify(click(collection, 50, 50), context), [])
})
