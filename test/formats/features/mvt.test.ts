import t from 'tap'
import { mvt } from '#formats/features/whole/mvt.js'
import { writeEwkb } from '#geo/ewkb.js'
import { gdalPython, withoutGdal } from '../../support/gdal.js'
import { hardTable } from '../../support/hard-table.js'
import { unlessAll } from '../../support/programs.js'
import { asFile, tableOf, writeOptions, written } from './written.js'

const skip = unlessAll(withoutGdal)
const geometry = { name: 'geom', type: 'GEOMETRY', dimensions: 'xy', crs: 'EPSG:4326' } as const

interface Read {
  readonly layer: string
  readonly features: readonly {
    readonly id: number
    readonly values: Readonly<Record<string, unknown>>
    readonly shape: string
    readonly far: number
  }[]
}

/** Features of a tile in longitude and latitude, by GDAL and PROJ: `far` is the distance, in metres, of the furthest point from the geometry it should be. */
const reading = `from osgeo import ogr, osr
z, x, y = sys.argv[2].split('/')
source = gdal.OpenEx(sys.argv[1], gdal.OF_VECTOR, open_options=['X=' + x, 'Y=' + y, 'Z=' + z])
layer = source.GetLayer(0)
meant = [ogr.CreateGeometryFromWkt(w) for w in json.loads(sys.argv[3])]
mercator, wgs = osr.SpatialReference(), osr.SpatialReference()
mercator.ImportFromEPSG(3857); wgs.ImportFromEPSG(4326)
wgs.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
for m in meant: m.Transform(osr.CoordinateTransformation(wgs, mercator))
out = []
for f in layer:
    g = f.GetGeometryRef()
    m = meant[f.GetField('mvt_id') - 1]
    def points(g): return [p for i in range(g.GetGeometryCount()) for p in points(g.GetGeometryRef(i))] if g.GetGeometryCount() else list(g.GetPoints())
    def far(a, b):
        b = b.Boundary() if b.GetDimension() == 2 else b
        return max(b.Distance(ogr.CreateGeometryFromWkt('POINT (%r %r)' % p[:2])) for p in points(a))
    names = [f.GetFieldDefnRef(i).GetName() for i in range(f.GetFieldCount()) if f.IsFieldSetAndNotNull(i)]
    out.append({'id': f.GetField('mvt_id'), 'values': {n: str(f.GetField(n)) if n == 'big' else f.GetField(n) for n in names if n != 'mvt_id'}, 'shape': g.GetGeometryName().replace('MULTI', ''), 'far': max(far(g, m), far(m, g))})
print(json.dumps({'layer': layer.GetName(), 'features': out}))`

t.test('GDAL finds geometries where they are, to a step of the tile, with their values', { skip }, async t => {
  const around = (...steps: number[]) => Float64Array.from(steps, (step, i) => (i % 2 ? 48.68 : 6.18) + step * 1e-3)
  const wkt = (path: Float64Array) => Array.from({ length: path.length / 2 }, (_, i) => `${path[2 * i]} ${path[2 * i + 1]}`).join(', ')
  const ring = around(0, 0, 4, 0, 4, 3, 0, 3, 0, 0)
  const hole = around(1, 1, 1, 2, 2, 2, 2, 1, 1, 1)
  const line = around(5, 5, 6, 6, 7, 5)
  const point = around(2, 5)
  const columns = { constructor: 'text', big: 'bigint', ratio: 'double', ok: 'boolean', none: 'text', huge: 'double' } as const
  const rows = [
    ['Été', 2n ** 63n - 1n, 0.1, true, null, 1e300, writeEwkb({ kind: 'Polygon', dimensions: 'xy', rings: [ring, hole] })],
    ['Été', -(2n ** 63n), -1.5, false, null, 0, writeEwkb({ kind: 'LineString', dimensions: 'xy', coordinates: line })],
    ['', -7, 1e-300, true, null, 2 ** 60, writeEwkb({ kind: 'Point', dimensions: 'xy', coordinates: point })],
    ['far away', 1, 0, true, null, 0, writeEwkb({ kind: 'Point', dimensions: 'xy', coordinates: Float64Array.of(-6.18, 48.68) })],
    ['nowhere', 1, 0, true, null, 0, null],
  ]
  // by the formula of the grid: the tile of level 12 around 6.18, 48.68
  const tile = `12/${Math.floor(((6.18 + 180) / 360) * 4096)}/${Math.floor((0.5 - Math.asinh(Math.tan((48.68 * Math.PI) / 180)) / (2 * Math.PI)) * 4096)}`
  const meant = [`POLYGON ((${wkt(ring)}), (${wkt(hole)}))`, `LINESTRING (${wkt(line)})`, `POINT (${wkt(point)})`]
  const path = asFile(t, 'made.mvt', await written(mvt, tableOf(columns, rows, { geometry }), { tile }))
  const { layer, features } = gdalPython<Read>(reading, path, tile, JSON.stringify(meant))
  t.equal(layer, 'made')
  t.same(
    features.map(({ id, shape, values }) => ({ id, shape, values })),
    [
      { id: 1, shape: 'POLYGON', values: { constructor: 'Été', big: '9223372036854775807', ratio: 0.1, ok: true, huge: 1e300 } },
      { id: 2, shape: 'LINESTRING', values: { constructor: 'Été', big: '-9223372036854775808', ratio: -1.5, ok: false, huge: 0 } },
      { id: 3, shape: 'POINT', values: { constructor: '', big: '-7', ratio: 1e-300, ok: true, huge: 2 ** 60 } },
    ],
  )
  // 9784 m in 4096 steps
  for (const { id, far } of features) t.ok(far < 2.4 * 1.5, `${id} is off by ${far} m`)
})

t.test('the tile of the world is the one that is not asked for; a tile without features has no bytes', async t => {
  const { table } = hardTable({ type: 'POINT', crs: 'EPSG:4326', columns: ['code'] })
  const again = hardTable({ type: 'POINT', crs: 'EPSG:4326', columns: ['code'] })
  t.same(await written(mvt, table), await written(mvt, again.table, { tile: '0/0/0' }))
  const point = writeEwkb({ kind: 'Point', dimensions: 'xy', coordinates: Float64Array.of(6.18, 48.68) })
  t.equal((await written(mvt, tableOf({ none: 'text' }, [[null, point]], { geometry }), { tile: '22/0/0' })).length, 0)
})

t.test('what is no tile, has no geometry or is too much is refused', async t => {
  const { table } = hardTable({ crs: 'EPSG:4326' })
  for (const tile of ['1/2/0', '23/0/0', '-1/0/0', 'a', '0/0', '1e1/0/0'])
    t.throws(() => mvt.obstacle?.(table, writeOptions({ tile })), { locator: 'tile', message: /would work/ }, tile)
  t.match(mvt.obstacle?.({ ...table, count: 1e6 }, writeOptions()), /f=fgb\) would work/)
  t.match(mvt.obstacle?.(hardTable({ type: null }).table, writeOptions()), /f=csv\) would work/)
  const failing = hardTable({ failsAfter: 70 })
  await t.rejects(written(mvt, failing.table), /went away/)
  t.equal(failing.closed(), 1)
})
