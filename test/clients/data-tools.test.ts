import t from 'tap'
import { missing, unlessAll } from '../support/programs.js'
import { pypiPython, seenBy } from './support/python.js'
import { recorderOf, refusals } from './support/recorder.js'
import { sharedWorld } from './support/run-world.js'

const skip = unlessAll(
  missing('geopandas', pypiPython, '-c', 'import geopandas, duckdb, openpyxl') &&
    'geopandas is not in .build/python-clients; scripts/python-clients.sh puts it there',
)

t.test('tools for data read addresses of the server', { skip }, async t => {
  const server = await sharedWorld()
  t.teardown(() => server.stop())
  const recorder = await recorderOf(server.address)
  t.teardown(() => recorder.close())
  const [seen] = await seenBy<Record<string, unknown>>(pypiPython, 'data_tools.py', recorder.address, t.testdir())
  /** CRS, features, columns compared with those of the file, whether all values are the same, whether all lie within 2 mm. */
  const like = (crs: number, count: number) => [crs, count, 7, true, true]

  await t.test('geopandas: the CRS is told, and values and places are those of the published file', async t => {
    t.same(seen.geojson, like(4326, 318), 'GeoJSON')
    t.same(seen['geojson in 2154'], like(2154, 318), 'GeoJSON in another CRS, which its crs member names')
    t.same(seen.flatgeobuf, like(2154, 318), 'FlatGeobuf')
    t.same(seen['stored flatgeobuf'], like(2154, 318), 'a whole file (T-44)')
    t.same(seen['a box of it'], like(2154, seen['in the file'] as number), 'a part of a file, by its index (T-23)')
    t.same(seen.geopackage, like(2154, 318), 'GeoPackage')
    t.same(seen.geoparquet, like(2154, 318), 'GeoParquet')
    t.same(seen['a box of geoparquet'], like(2154, 9), 'GeoParquet, by its covering')
  })

  await t.test('GDAL 3.12 asks in the CRS of the data (T-43)', async t => {
    t.same(seen.oapif, like(2154, 318))
    t.same(seen['a box of oapif'], like(2154, 9))
    t.same(seen['oapif in degrees'], [4326, 2843, 2843, true], 'latitude first on the way, longitude first in the end')
    t.equal(seen.count, 318)
    t.same([seen['a section by oapif'], seen['days by oapif']], [143, 4])
    const asked = recorder.exchanges.map(({ url }) => decodeURIComponent(url))
    const has = (pattern: RegExp) =>
      t.ok(
        asked.some(url => pattern.test(url)),
        String(pattern),
      )
    has(/batiments\/items\?.*limit=1000.*crs=http:\/\/www\.opengis\.net\/def\/crs\/EPSG\/0\/2154/)
    has(/batiments\/items\?.*bbox=[\d.]+,.*bbox-crs=/)
    has(/parcelles\/items\?.*section=AA/)
    has(/parcelles\/items\?.*datetime=2020-01-01T\/2020-02-01T$/)
    has(/arbres\/items\?.*crs=http:\/\/www\.opengis\.net\/def\/crs\/EPSG\/0\/4326/)
  })

  await t.test('DuckDB reads the GeoParquet where it is, a part at a time', async t => {
    t.same(seen.duckdb, seen['wanted of duckdb'])
    t.same(new Set((seen['the church'] as string[][]).flat()), new Set(['Église Saint-Évrault', 'Clocher', 'Chœur']))
    t.equal(seen.boxes, 9, 'by the covering')
    t.match(seen.types, { geom: 'GEOMETRY', bbox: 'STRUCT', hauteur: 'DOUBLE', annee_construction: 'BIGINT' })
    const parts = recorder.exchanges.filter(({ url, status }) => url.endsWith('.parquet') && status === 206)
    t.ok(parts.length > 0, 'by Range')
  })

  t.match(
    seen.excel,
    {
      title: 'Parcelles',
      head: ['fid', 'idu', 'section', 'numero', 'contenance', 'nature', 'lieu_dit', 'date_maj', 'wkt'],
      rows: 424,
      differing: 0,
    },
    'openpyxl reads the Excel file: texts with their zeros, numbers, days',
  )
  const listings = '404 GET /files/exports/' // GDAL would list the folder of a file
  t.same(
    refusals(recorder).filter(line => line !== listings),
    [],
    'nothing they ask is refused',
  )
})
