import { createRequire } from 'node:module'
import type { FeatureCollection } from 'geojson'
import t from 'tap'
import { topojson } from '#formats/features/whole/topojson.js'
import { writeEwkb } from '#geo/ewkb.js'
import { gdalPython, withoutGdal } from '../../support/gdal.js'
import { hardTable, hasNoPlace } from '../../support/hard-table.js'
import { unlessAll } from '../../support/programs.js'
import { asFile, tableOf, writeOptions, written } from './written.js'

interface Topology {
  readonly objects: Readonly<Record<string, object>>
  readonly arcs: readonly unknown[]
  readonly transform: { readonly scale: readonly number[] }
}

// it has no types
const { feature } = createRequire(import.meta.url)('topojson-client') as {
  feature(topology: Topology, object: object): FeatureCollection
}

const crs = 'EPSG:4326'

/** All numbers of nested coordinates, in order. */
const numbersIn = (value: unknown): number[] => (Array.isArray(value) ? value.flatMap(numbersIn) : typeof value === 'number' ? [value] : [])

t.test('topojson-client gives every feature back, no position moved by more than half a millimetre', async t => {
  const { table, values, geometries } = hardTable({ crs, isSimple: true, dimensions: 'xyz' })
  const topology = JSON.parse((await written(topojson, table)).toString()) as Topology
  const { features } = feature(topology, topology.objects.hard)
  t.equal(features.length, values.length)
  for (const [i, { id, geometry, properties }] of features.entries()) {
    t.equal(id, i + 1)
    for (const [at, { name, kind }] of table.columns.entries()) {
      const value = values[i][at]
      const isLong = (kind === 'bigint' || kind === 'numeric') && Math.abs(Number(value)) > Number.MAX_SAFE_INTEGER
      const meant =
        value === null || value === undefined || value === ''
          ? value
          : value instanceof Uint8Array
            ? Buffer.from(value).toString('base64')
            : kind === 'json'
              ? JSON.parse(String(value))
              : isLong
                ? String(value)
                : kind === 'bigint' || kind === 'numeric'
                  ? Number(value)
                  : kind === 'timestamp'
                    ? String(value).replace('.250', '.25')
                    : value
      const read = properties?.[name]
      if (JSON.stringify(read) !== JSON.stringify(meant)) t.same(read, meant, `${name} of ${i}`)
    }
    const meant = geometries[i]
    if (meant === null || hasNoPlace(meant)) {
      t.equal(geometry, null)
      continue
    }
    t.equal(geometry.type, meant.kind)
    if (geometry.type !== 'GeometryCollection' && !('parts' in meant)) {
      const flat = 'rings' in meant ? meant.rings.flatMap(ring => [...ring]) : [...meant.coordinates]
      const flatXy = flat.filter((_, k) => k % 3 < 2)
      const moved = numbersIn(geometry.coordinates).map((value, k) => Math.abs(value - flatXy[k]))
      t.equal(moved.length, flatXy.length)
      t.ok(Math.max(...moved) < 0.51e-8, `${i} moved by ${Math.max(...moved)} degrees`)
    }
  }
})

t.test('neighbours share their border', async t => {
  const square = (x: number) =>
    writeEwkb({ kind: 'Polygon', dimensions: 'xy', rings: [Float64Array.of(x, 0, x + 1, 0, x + 1, 1, x, 1, x, 0)] })
  const geometry = { name: 'geom', type: 'POLYGON', dimensions: 'xy', crs } as const
  const topology = JSON.parse((await written(topojson, tableOf({}, [[square(0)], [square(1)]], { geometry }))).toString()) as Topology
  t.equal(topology.arcs.length, 3)
})

t.test('GDAL reads the features that lie somewhere', { skip: unlessAll(withoutGdal) }, async t => {
  const { table, geometries } = hardTable({ crs, type: 'POINT', columns: ['code'] })
  const path = asFile(t, 'hard.topojson', await written(topojson, table))
  const read = gdalPython<number[][]>(
    `from osgeo import ogr
source = ogr.Open(sys.argv[1])
print(json.dumps([[f.GetGeometryRef().GetX(), f.GetGeometryRef().GetY()] for f in source.GetLayer(0)]))`,
    path,
  )
  const meant = geometries.flatMap(geometry =>
    geometry && 'coordinates' in geometry && geometry.coordinates.length ? [[...geometry.coordinates]] : [],
  )
  t.equal(read.length, meant.length)
  for (const [i, [x, y]] of read.entries()) t.ok(Math.abs(x - meant[i][0]) < 1e-8 && Math.abs(y - meant[i][1]) < 1e-8)
})

t.test('a request chooses the steps across all', async t => {
  const { table } = hardTable({ crs, type: 'POINT', columns: ['code'] })
  const topology = JSON.parse((await written(topojson, table, { quantization: '1e4' })).toString()) as Topology
  t.ok(topology.transform.scale[0] > 0.02, 'about 358 degrees in ten thousand steps')
  t.throws(() => topojson.obstacle?.(table, writeOptions({ quantization: '1' })), { locator: 'quantization', message: /would work/ })
})

t.test('more features than can be held are refused; a failure writes nothing', async t => {
  const { table } = hardTable({ crs })
  t.match(topojson.obstacle?.({ ...table, count: 50_001 }, writeOptions()), /f=fgb\) would work/)
  t.match(topojson.obstacle?.(hardTable({ type: null }).table, writeOptions()), /f=csv\) would work/)
  const rows = Array.from({ length: 1000 }, () => [null])
  await t.rejects(written(topojson, tableOf({ none: 'integer' }, rows, { times: 101 })), { kind: 'too-large', message: /would work/ })
  const failing = hardTable({ crs, failsAfter: 70 })
  await t.rejects(written(topojson, failing.table), /went away/)
  t.equal(failing.closed(), 1)
})
