import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import sqlite from 'node-sqlite3-wasm'
import t from 'tap'
import { geopackage } from '#formats/features/geopackage/geopackage.js'
import { ewkbBbox, writeEwkb } from '#geo/ewkb.js'
import { lineariseGeometry } from '#geo/linearise.js'
import { gdal, gdalPython, withoutGdal } from '../../support/gdal.js'
import { readRows, type StatedLosses, wantedRows } from '../../support/hard-rows.js'
import { hardTable, hasNoPlace } from '../../support/hard-table.js'
import { unlessAll } from '../../support/programs.js'
import { ogrLayers } from '../../support/read-ogr.js'
import { writeOptions, written, writtenFile } from '../../support/written-files.js'

const folder = t.testdir()
const temporary = join(folder, 'temporary')
mkdirSync(temporary)
const options = () => writeOptions(temporary)
const skip = unlessAll(withoutGdal)

/** A moment without a zone is told as UTC; TIN, triangles and polyhedral surfaces are polygons. */
const losses: StatedLosses = {
  value: ({ kind }, value) =>
    kind === 'timestamp'
      ? `${String(value).replace(/\.\d+$/, '')}.${(/\.(\d+)$/.exec(String(value))?.[1] ?? '').padEnd(3, '0').slice(0, 3)}Z`
      : undefined,
  geometry: geometry =>
    geometry && !hasNoPlace(geometry) && ['Tin', 'Triangle', 'PolyhedralSurface'].includes(geometry.kind)
      ? Buffer.from(writeEwkb(lineariseGeometry(geometry, 0.01), { isIso: true })).toString('hex')
      : undefined,
}

for (const [type, dimensions, crs] of [
  ['GEOMETRY', 'xy', 'EPSG:2154'],
  ['GEOMETRY', 'xyzm', 'EPSG:4326'],
  ['POINT', 'xyz', 'EPSG:2154'],
  ['MULTIPOLYGON', 'xym', 'EPSG:3857'],
  ['CURVEPOLYGON', 'xy', 'EPSG:27572'],
  ['TIN', 'xyz', 'EPSG:2154'],
  [null, 'xy', null],
] as const)
  t.test(`GDAL reads every value and place: ${type ?? 'no geometry'} ${dimensions}`, { skip }, async t => {
    const hard = hardTable({ type, dimensions, crs })
    const path = await writtenFile(join(folder, `${type}-${dimensions}.gpkg`), geopackage, hard.table, options())
    const [layer] = ogrLayers(path)
    t.equal(layer.name, 'hard')
    t.equal(layer.crs, crs)
    t.same(readRows(hard, layer, losses), wantedRows(hard, losses))
    t.same(
      layer.rows.map(({ fid }) => fid),
      hard.values.map((_, i) => String(i + 1)),
    )
    t.match(
      layer.fields.map(field => field.type),
      [
        'String',
        'String',
        'Integer(Int16)',
        'Integer',
        'Integer64',
        'Real(Float32)',
        'Real',
        'String',
        'Real',
        'Integer(Boolean)',
        'Date',
        'String',
        'DateTime',
      ],
    )
    t.equal(layer.fields[0].width, 5)
    t.equal(layer.fields[15].type, 'String(JSON)')
    t.equal(layer.metadata.IDENTIFIER, hard.table.title)
    t.equal(hard.closed(), 1)
    t.same(readdirSync(temporary), [])
  })

t.test('the spatial index is sound, used, and kept true by its triggers', { skip }, async t => {
  for (const count of [0, 1, 51, 52, 3000]) {
    const hard = hardTable({ type: 'POLYGON', count, columns: ['population_2020'] })
    const path = await writtenFile(join(folder, `index-${count}.gpkg`), geopackage, hard.table, options())
    const said = gdalPython<{ check: string; found: number; all: number; after: number; entries: number }>(
      `
import sqlite3
from osgeo import ogr
ogr.UseExceptions()
ds = gdal.OpenEx(sys.argv[1], gdal.OF_VECTOR | gdal.OF_UPDATE)
def one(sql):
    result = ds.ExecuteSQL(sql)
    feature = result.GetNextFeature()
    value = feature.GetField(0)
    ds.ReleaseResultSet(result)
    return value
check = one("SELECT rtreecheck('rtree_hard_geom')")
entries = one('SELECT count(*) FROM rtree_hard_geom')
layer = ds.GetLayer(0)
layer.SetSpatialFilterRect(300000, 6300000, 500000, 6500000)
found = layer.GetFeatureCount()
layer.SetSpatialFilter(None)
all = layer.GetFeatureCount()
feature = ogr.Feature(layer.GetLayerDefn())
feature.SetGeometry(ogr.CreateGeometryFromWkt('POLYGON ((300000 6300000,300001 6300000,300000 6300001,300000 6300000))'))
layer.CreateFeature(feature)
layer.SyncToDisk()
print(json.dumps({'check': check, 'found': found, 'all': all, 'entries': entries, 'after': one('SELECT count(*) FROM rtree_hard_geom')}))
`,
      path,
    )
    const boxes = hard.geometries.flatMap(geometry => (hasNoPlace(geometry) ? [] : [ewkbBbox(writeEwkb(geometry!))!]))
    const found = boxes.filter(([minX, minY, maxX, maxY]) => minX <= 500_000 && maxX >= 300_000 && minY <= 6_500_000 && maxY >= 6_300_000)
    t.same(said, { check: 'ok', found: found.length, all: count, entries: boxes.length, after: boxes.length + 1 })
  }
})

t.test('SQLite itself finds nothing wrong, and the tables say what they hold', async t => {
  const hard = hardTable({ dimensions: 'xyz', crs: 'IGNF:LAMB93' })
  const path = await writtenFile(join(folder, 'tables.gpkg'), geopackage, { ...hard.table, id: 'gpkg_a "b".c' }, options())
  const database = new sqlite.Database(path, { readOnly: true })
  const all = (sql: string) => database.all(sql)
  t.same(all('PRAGMA integrity_check'), [{ integrity_check: 'ok' }])
  t.same(all('PRAGMA foreign_key_check'), [])
  t.same(all('PRAGMA application_id'), [{ application_id: 0x47504b47 }])
  t.same(all('PRAGMA user_version'), [{ user_version: 10300 }])
  t.match(all('SELECT * FROM gpkg_spatial_ref_sys ORDER BY srs_id'), [
    { srs_id: -1, definition: 'undefined' },
    { srs_id: 0, definition: 'undefined' },
    { srs_id: 4326, organization: 'EPSG', organization_coordsys_id: 4326, definition: /^GEOGCS\["WGS 84"/ },
    { srs_id: 100000, organization: 'IGNF', definition: /^PROJCS\[.*Lambert_Conformal_Conic/ },
  ])
  const table = 'layer_gpkg_a_b_c'
  t.match(all('SELECT * FROM gpkg_geometry_columns'), [
    { table_name: table, column_name: 'geom', geometry_type_name: 'GEOMETRY', srs_id: 100000, z: 1, m: 0 },
  ])
  t.match(all("SELECT * FROM gpkg_data_columns WHERE column_name IN ('code', 'facts')"), [
    { column_name: 'code', title: 'Code de l’INSEE', description: 'Code de l’INSEE' },
    { column_name: 'facts', mime_type: 'application/json' },
  ])
  const extensions = all('SELECT extension_name FROM gpkg_extensions').map(row => String(row.extension_name))
  t.match(new Set(extensions), new Set(['gpkg_rtree_index', 'gpkg_schema', 'gpkg_geom_CIRCULARSTRING', 'gpkg_geom_CURVEPOLYGON']))
  t.notOk(extensions.some(name => /TIN|TRIANGLE|POLYHEDRAL/.test(name)))
  database.close()
})

t.test(
  'keys are kept: numbers as fid, other ids by numbering the features; names that SQLite would confuse get a number',
  { skip },
  async t => {
    const hard = hardTable({ type: 'POINT', hasNumericIds: false, columns: ['code', 'big'] })
    const [first, second] = hard.table.columns
    const columns = [
      { ...first, name: 'FID' },
      { ...second, name: 'GEOM' },
    ]
    const path = await writtenFile(join(folder, 'names.gpkg'), geopackage, { ...hard.table, columns }, options())
    const [layer] = ogrLayers(path)
    t.same([layer.fidColumn, layer.geometryColumn], ['fid_2', 'geom'])
    t.same(
      layer.fields.map(({ name }) => name),
      ['FID', 'GEOM_2'],
    )
    t.same(
      layer.rows.slice(0, 3).map(({ fid }) => fid),
      ['1', '2', '3'],
    )
  },
)

t.test('of two features with one key the second is numbered', { skip }, async t => {
  const hard = hardTable({ type: 'POINT', columns: ['code'], count: 4 })
  const twice = (async function* () {
    for await (const batch of hard.table.batches) {
      yield batch
      yield batch
    }
  })()
  const [layer] = ogrLayers(await writtenFile(join(folder, 'twice.gpkg'), geopackage, { ...hard.table, batches: twice }, options()))
  t.same(
    layer.rows.map(({ fid }) => fid),
    ['1', '2', '3', '4', '5', '6', '7', '8'],
  )
  t.same(
    layer.rows.slice(4).map(({ values }) => values),
    layer.rows.slice(0, 4).map(({ values }) => values),
  )
})

t.test('ogrinfo opens it without a word of complaint', { skip }, async t => {
  const path = await writtenFile(join(folder, 'quiet.gpkg'), geopackage, hardTable({ isSimple: true }).table, options())
  const said = gdal('/bin/sh', '-c', 'ogrinfo -al "$0" 2>&1', path).toString()
  t.match(said, /Feature Count: 120/)
  t.notMatch(said, /Warning|ERROR/)
})

t.test('the same rows give the same bytes; what fails or is left leaves nothing behind', async t => {
  const [a, b] = [await written(geopackage, hardTable().table, options()), await written(geopackage, hardTable().table, options())]
  t.ok(a.equals(b))
  const failing = hardTable({ failsAfter: 70 })
  await t.rejects(written(geopackage, failing.table, options()), { message: 'The database went away.' })
  t.equal(failing.closed(), 1)
  t.same(readdirSync(temporary), [])
  const left = hardTable({ count: 4000 })
  for await (const _ of geopackage.write(left.table, options())) break
  t.equal(left.closed(), 1)
  t.same(readdirSync(temporary), [])
})
