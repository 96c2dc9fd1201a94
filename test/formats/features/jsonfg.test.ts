import t from 'tap'
import type { FeatureTable, FeatureTime } from '#core/feature-table.js'
import { collectionFormat } from '#formats/features/index.js'
import { writeEwkb } from '#geo/ewkb.js'
import type { Geometry } from '#geo/geometry.js'
import type { FieldInput } from '#rows/pg-field-writer.js'
import { RowBuilder } from '#rows/row-builder.js'
import { gdalPython, withoutGdal } from '../../support/gdal.js'
import { hardTable } from '../../support/hard-table.js'
import { unlessAll } from '../../support/programs.js'
import { shapeFault } from '../../support/shape-fault.js'
import { plainOptions, written } from '../../support/written.js'

const jsonfg = collectionFormat('application/fg+json')!
const classes = (...names: readonly string[]) => names.map(name => `http://www.opengis.net/spec/json-fg-1/1.0/conf/${name}`)
// biome-ignore lint/suspicious/noExplicitAny: documents of any shape
const parsed = async (...args: [FeatureTable, Parameters<typeof written>[2]?]): Promise<any> =>
  JSON.parse((await written(jsonfg, ...args)).toString())

interface JsonGeometry {
  readonly type: string
  readonly coordinates?: never
  readonly geometries?: readonly JsonGeometry[]
}

/** Reads a geometry object, independently of how it was written. */
function geometryOf(
  { type, coordinates, geometries = [] }: JsonGeometry,
  dimensions: Geometry['dimensions'],
  isFlipped: boolean,
): Geometry {
  const path = (positions: readonly (readonly number[])[]) =>
    Float64Array.from(positions.flatMap(([a, b, ...rest]) => (isFlipped ? [b, a, ...rest] : [a, b, ...rest])))
  const parts = (type: string) => (coordinates ?? []).map(one => geometryOf({ type, coordinates: one }, dimensions, isFlipped))
  switch (type) {
    case 'Point':
      return { kind: type, dimensions, coordinates: path([coordinates ?? []]) }
    case 'LineString':
    case 'CircularString':
      return { kind: type, dimensions, coordinates: path(coordinates ?? []) }
    case 'Polygon':
      return { kind: type, dimensions, rings: (coordinates ?? []).map(ring => path(ring)) }
    case 'MultiPoint':
    case 'MultiLineString':
    case 'MultiPolygon':
      return { kind: type, dimensions, parts: parts(type.slice(5)) }
    default:
      return { kind: type as 'GeometryCollection', dimensions, parts: geometries.map(one => geometryOf(one, dimensions, isFlipped)) }
  }
}

const surfaces = ['PolyhedralSurface', 'Tin', 'Triangle']

for (const { crs, dimensions, isFlipped, address } of [
  { crs: 'EPSG:2154', dimensions: 'xyzm', isFlipped: false, address: 'http://www.opengis.net/def/crs/EPSG/0/2154' },
  { crs: 'EPSG:4258', dimensions: 'xyz', isFlipped: true, address: 'http://www.opengis.net/def/crs/EPSG/0/4258' },
] as const) {
  t.test(`${crs}: every geometry is a place in the order of its axes, curves as curves`, async t => {
    const hard = hardTable({ crs, dimensions })
    const document = await parsed(hard.table)
    t.match(document, { type: 'FeatureCollection', featureType: 'hard', coordRefSys: address, numberReturned: 120 })
    t.same(document.conformsTo, classes('core', 'types-schemas', 'circular-arcs', ...(dimensions === 'xyzm' ? ['measures'] : [])))
    t.same(document.measures, dimensions === 'xyzm' ? { enabled: true } : undefined)
    const kept = {
      by: crs === 'EPSG:2154' ? 0.000501 : 1e-9,
      tolerance: crs === 'EPSG:2154' ? 0.01 : 1e-7,
      hasZ: true,
      hasM: dimensions === 'xyzm',
    }
    for (const [i, { geometry, place, time, id }] of document.features.entries()) {
      if (geometry !== null || time !== null || id !== i + 1) t.fail(`feature ${i + 1}`)
      const original = hard.geometries[i]
      const hasCurves = !surfaces.includes(original?.kind ?? '')
      const fault = shapeFault(place && geometryOf(place, dimensions, isFlipped), original, { ...kept, hasCurves })
      if (fault) t.fail(`feature ${i + 1}: ${fault}`)
    }
  })
}

t.test('longitude and latitude of WGS 84 are geometries as GeoJSON has them, but curves and measures are places', async t => {
  const document = await parsed(hardTable({ crs: 'EPSG:4326' }).table)
  t.notOk('coordRefSys' in document)
  for (const { geometry, place } of document.features) {
    t.ok(geometry === null || place === null)
    if (place) t.match(place.type, /Curve|Circular|MultiSurface/)
    if (geometry) t.match(geometry.type, /^(Point|LineString|Polygon|Multi(Point|LineString|Polygon)|GeometryCollection)$/)
  }
  const measured = await parsed(hardTable({ crs: 'EPSG:4326', dimensions: 'xym', type: 'POINT' }).table)
  t.same(measured.conformsTo, classes('core', 'types-schemas', 'measures'))
  t.equal(measured.geometryDimension, 0)
  t.equal(measured.features[0].geometry, null)
  t.equal(measured.features[0].place.coordinates.length, 3)
  const flipped = await parsed(hardTable({ crs: 'EPSG:4326', type: 'POINT' }).table, { isFlipped: true })
  t.equal(flipped.coordRefSys, 'http://www.opengis.net/def/crs/EPSG/0/4326')
  t.same(flipped.features[0].place.coordinates, document.features[0].geometry.coordinates.toReversed())
})

t.test('the profile jsonfg-plus has a geometry in WGS 84 beside each place', { skip: unlessAll(withoutGdal) }, async t => {
  const hard = hardTable({ crs: 'EPSG:2154', type: 'POINT' })
  const document = await parsed(hard.table, { parameters: new Map([['profile', 'jsonfg-plus']]) })
  const places = document.features.flatMap(({ place }: { place: JsonGeometry | null }) => (place ? [place.coordinates] : []))
  const expected = gdalPython<number[][]>(
    `from osgeo import osr
a, b = osr.SpatialReference(), osr.SpatialReference()
a.ImportFromEPSG(2154); b.ImportFromEPSG(4326)
for s in (a, b): s.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
print(json.dumps(osr.CoordinateTransformation(a, b).TransformPoints(json.loads(sys.argv[1]))))`,
    JSON.stringify(places),
  )
  const geometries = document.features.flatMap(({ geometry }: { geometry: JsonGeometry | null }) =>
    geometry ? [geometry.coordinates] : [],
  )
  t.equal(geometries.length, places.length)
  for (const [i, [x, y]] of geometries.entries())
    if (!(Math.abs(x - expected[i][0]) < 1e-8 && Math.abs(y - expected[i][1]) < 1e-8)) t.same([x, y], expected[i])
})

const moments = (
  columns: Readonly<Record<string, 'date' | 'timestamp' | 'timestamptz'>>,
  time: FeatureTime,
  rows: readonly (readonly FieldInput[])[],
): FeatureTable => {
  const oids = { date: 1082, timestamp: 1114, timestamptz: 1184 }
  const entries = Object.entries(columns)
  const schema = {
    columns: [{ name: '@id', oid: 25, kind: 'text' as const }, ...entries.map(([name, kind]) => ({ name, kind, oid: oids[kind] }))],
  }
  async function* batches() {
    const builder = new RowBuilder(schema)
    for (const row of rows) builder.row(row)
    yield builder.take()
  }
  const table = { id: 'faits', title: 'Faits', hasNumericIds: false, schema, batches: batches(), time }
  return { ...table, columns: entries.map(([name, kind]) => ({ name, kind, nativeType: kind, isNullable: true })) }
}

t.test('time comes from the columns that say when', async t => {
  const day = await parsed(
    moments({ le: 'date' }, { kind: 'instant', column: 'le' }, [
      ['1', '2024-02-29'],
      ['2', null],
      ['3', 'infinity'],
    ]),
  )
  t.same(
    day.features.map(({ time }: { time: unknown }) => time),
    [{ date: '2024-02-29' }, null, null],
  )
  const instant = await parsed(
    moments({ a: 'date', le: 'timestamp' }, { kind: 'instant', column: 'le' }, [['1', null, '2024-02-29T08:30:00.5']]),
  )
  t.same(instant.features[0].time, { timestamp: '2024-02-29T08:30:00.5Z' })
  const interval = await parsed(
    moments({ de: 'timestamptz', a: 'timestamptz' }, { kind: 'interval', start: 'de', end: 'a' }, [
      ['1', '2024-01-01T01:00:00+01:00', null],
      ['2', null, null],
    ]),
  )
  t.same(
    interval.features.map(({ time }: { time: unknown }) => time),
    [{ interval: ['2024-01-01T00:00:00Z', '..'] }, null],
  )
})

t.test('a long chain of arcs is several short ones', async t => {
  const coordinates = Float64Array.from(Array.from({ length: 25 }, (_, i) => [i, i % 2 ? 1 : 0]).flat())
  const schema = {
    columns: [
      { name: '@id', oid: 25, kind: 'text' },
      { name: 'geom', oid: 0, kind: 'geometry' },
    ],
  } as const
  async function* batches() {
    yield new RowBuilder(schema).row(['1', writeEwkb({ kind: 'CircularString', dimensions: 'xy', coordinates })]).take()
  }
  const geometry = { name: 'geom', type: 'CIRCULARSTRING', dimensions: 'xy', crs: 'EPSG:2154' } as const
  const document = await parsed({ id: 'arcs', title: 'Arcs', columns: [], hasNumericIds: false, geometry, schema, batches: batches() })
  const { type, geometries } = document.features[0].place
  t.equal(type, 'CompoundCurve')
  t.same(
    geometries.map(({ coordinates }: { coordinates: unknown[] }) => coordinates.length),
    [11, 11, 5],
  )
  t.same(geometries[1].coordinates[0], geometries[0].coordinates[10])
})

t.test('pages and single features', async t => {
  const links = [{ href: 'http://localhost/items?f=jsonfg', rel: 'self' }]
  const page = {
    timeStamp: '2024-01-01T00:00:00Z',
    numberMatched: () => 1234,
    links,
    lastLinks: () => [{ href: 'next', rel: 'next' }],
    itemsAddress: 'http://localhost/items',
  }
  t.match(await parsed(hardTable({ count: 3 }).table, { page }), {
    numberReturned: 3,
    numberMatched: 1234,
    timeStamp: '2024-01-01T00:00:00Z',
    links: [{ rel: 'self' }, { rel: 'next' }],
  })
  const single = await parsed(hardTable({ count: 1, type: 'POINT' }).table, { page: { ...page, isSingle: true } })
  t.match(single, {
    type: 'Feature',
    id: 1,
    featureType: 'hard',
    coordRefSys: /2154$/,
    place: { type: 'Point' },
    geometry: null,
    links: [{ rel: 'self' }, { rel: 'next' }],
  })
  t.ok(Array.isArray(single.conformsTo))
})

t.test('a system that is not known is an obstacle', async t => {
  t.match(jsonfg.obstacle?.(hardTable({ crs: null }).table, plainOptions), 'not known')
  t.equal(jsonfg.obstacle?.(hardTable({ type: null }).table, plainOptions), undefined)
})

t.test('a failure in mid-stream is thrown, and stopping frees the rows', async t => {
  await t.rejects(written(jsonfg, hardTable({ failsAfter: 60 }).table), { message: 'The database went away.' })
  const hard = hardTable({ count: 2000 })
  for await (const piece of jsonfg.write(hard.table, plainOptions)) {
    t.ok(piece.length < 256 * 1024)
    break
  }
  t.equal(hard.closed(), 1)
})
