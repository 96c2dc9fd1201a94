import { copyFileSync, existsSync, readdirSync, readFileSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import sqlite from 'node-sqlite3-wasm'
import t from 'tap'
import { geopackageBlob, madeFeatures, pointsTable, pointWkb, writeGeopackage } from '../../support/make-files.js'
import { asObjects, failure, kindsOf, readAll, readOne, testFolder } from './read-all.js'

const { folder, file } = testFolder()
let files = 0
const fresh = () => join(folder, `f${++files}.gpkg`)
const geometry = (type: string, srsId = 2154) => ({ column: 'geom', type, srsId })
const polygon = (z = false) => {
  const ring = [0, 0, 4, 0, 4, 4, 0, 0]
  const view = new DataView(new ArrayBuffer(13 + 4 * (z ? 24 : 16)))
  view.setUint8(0, 1)
  view.setUint32(1, z ? 1003 : 3, true)
  view.setUint32(5, 1, true)
  view.setUint32(9, 4, true)
  for (let i = 0; i < 4; i++) {
    const at = 13 + i * (z ? 24 : 16)
    view.setFloat64(at, ring[i * 2], true)
    view.setFloat64(at + 8, ring[i * 2 + 1], true)
    if (z) view.setFloat64(at + 16, 7, true)
  }
  return new Uint8Array(view.buffer)
}

t.test('layers, tables of attributes, keys, kinds and systems', async t => {
  const path = writeGeopackage(fresh(), [
    pointsTable(madeFeatures(3)),
    {
      name: 'Données "diverses"',
      columns: [
        'id INTEGER PRIMARY KEY',
        'ok BOOLEAN',
        'day DATE',
        'at DATETIME',
        'raw BLOB',
        'small SMALLINT',
        'num NUMERIC',
        'odd FANCY',
      ],
      rows: [[5e9, 1, '2024-02-29', '2024-02-29T10:00:00.000Z', Uint8Array.of(1, 2), 7, 1.5, 'x']],
    },
    {
      name: 'own',
      columns: ['fid INTEGER PRIMARY KEY'],
      geometry: geometry('POINT', 100000),
      rows: [[1, geopackageBlob(pointWkb(1, 2), 100000)]],
    },
    { name: 'undefined', columns: ['fid INTEGER PRIMARY KEY'], geometry: geometry('POINT', -1), rows: [] },
  ])
  const [points, attributes, own, undefinedSrs] = await readAll(path)
  t.match(points.layer, { name: 'points', key: 'fid', count: 3, geometry: { name: 'geom', type: 'POINT', crs: 'EPSG:2154' } })
  t.same(kindsOf(points.layer), { fid: 'integer', code: 'text', name: 'text', height: 'double', big: 'bigint' })
  t.equal(attributes.layer.geometry, undefined)
  t.same(kindsOf(attributes.layer), {
    id: 'bigint',
    ok: 'boolean',
    day: 'date',
    at: 'timestamptz',
    raw: 'bytes',
    small: 'integer',
    num: 'double',
    odd: 'text',
  })
  t.same(attributes.rows, [[5e9, true, '2024-02-29', '2024-02-29T10:00:00.000Z', Uint8Array.of(1, 2), 7, 1.5, 'x']])
  t.equal(own.layer.geometry?.crs, 'EPSG:3948', 'the organisation’s code, not the file’s number')
  t.equal(undefinedSrs.layer.geometry?.crs, undefined)
  t.match(undefinedSrs.layer.notes.join(), /not stated/)
  t.same(undefinedSrs.rows, [])
})

t.test('types and dimensions are those of the rows', async t => {
  const multi = Buffer.concat([Uint8Array.of(1, 6, 0, 0, 0, 1, 0, 0, 0), polygon()])
  const path = writeGeopackage(fresh(), [
    {
      name: 'a',
      columns: [],
      geometry: geometry('GEOMETRY'),
      rows: [[geopackageBlob(polygon(), 2154, [0, 4, 0, 4])], [geopackageBlob(multi, 2154)], [null]],
    },
    {
      name: 'b',
      columns: [],
      geometry: geometry('POLYGON'),
      rows: [[geopackageBlob(polygon(true), 2154)], [geopackageBlob(polygon(), 2154)]],
    },
    {
      name: 'c',
      columns: [],
      geometry: geometry('GEOMETRY'),
      rows: [[geopackageBlob(polygon(), 2154)], [geopackageBlob(pointWkb(1, 2), 2154)]],
    },
  ])
  const [a, b, c] = await readAll(path)
  t.match(a.layer.geometry, { type: 'MULTIPOLYGON', dimensions: 'xy' })
  t.match(asObjects(a), [{ geom: { kind: 'MultiPolygon' } }, { geom: { kind: 'MultiPolygon' } }, { geom: null }])
  t.match(b.layer.geometry, { type: 'POLYGON', dimensions: 'xyz' })
  t.same(
    asObjects(b).map(row => (row.geom as { rings: Float64Array[] }).rings[0][2]),
    [7, 0],
  )
  t.match(c.layer, { geometry: { type: 'GEOMETRY' }, notes: [/Mixed geometry types \(POINT, POLYGON\)/] })
})

t.test('the file and its folder are left as they are, write-ahead logs are read', async t => {
  const path = writeGeopackage(fresh(), [pointsTable(madeFeatures(2))])
  const writer = new sqlite.Database(path)
  writer.exec('PRAGMA locking_mode=exclusive; PRAGMA journal_mode=wal')
  writer.exec("INSERT INTO points (code) VALUES ('in the log')")
  const copy = fresh()
  copyFileSync(path, copy)
  const hasLog = existsSync(`${path}-wal`)
  if (hasLog) copyFileSync(`${path}-wal`, `${copy}-wal`)
  writer.close()
  const before = readFileSync(copy)
  const entries = readdirSync(folder).length
  const { rows } = await readOne(copy)
  t.equal(rows.length, hasLog ? 3 : 2)
  t.same(readFileSync(copy), before)
  t.equal(readdirSync(folder).length, entries)
})

t.test('values of the wrong type are left out and counted', async t => {
  const path = writeGeopackage(fresh(), [
    {
      name: 'a',
      columns: ['n MEDIUMINT', 'd DATE', 'b BOOLEAN'],
      rows: [
        [1, '2024-01-01', 1],
        ['x', '2024-13-01', 2],
        [5e9, 'soon', 'yes'],
      ],
    },
  ])
  const { layer, rows } = await readOne(path)
  t.same(rows, [
    [1, '2024-01-01', true],
    [null, null, null],
    [null, null, null],
  ])
  t.match(layer.notes, [/“n”, values that are no integer: left empty, 2 times, first in layer “a”, row 2/, /“d”/, /“b”/])
})

t.test('geometries no map could hold are left out, broken ones refuse the file', async t => {
  const one = (blob: Uint8Array) => writeGeopackage(fresh(), [{ name: 'a', columns: [], geometry: geometry('GEOMETRY'), rows: [[blob]] }])
  for (const [x, y] of [
    [Number.NaN, 1],
    [1, Number.POSITIVE_INFINITY],
  ]) {
    const { layer, rows } = await readOne(one(geopackageBlob(pointWkb(x, y), 2154)))
    t.equal(rows[0][0], null)
    t.match(layer.notes.join(), /not finite/)
  }
  t.ok((await readOne(one(geopackageBlob(pointWkb(Number.NaN, Number.NaN), 2154)))).rows[0][0] instanceof Uint8Array, 'POINT EMPTY stays')
  const open = polygon()
  open[13] = 1
  t.equal((await readOne(one(geopackageBlob(open, 2154)))).rows[0][0], null, 'a ring that is not closed')
  const lying = polygon()
  lying[5] = 255
  lying[8] = 255
  for (const blob of [
    Uint8Array.of(1, 2, 3),
    geopackageBlob(polygon().subarray(0, 40), 2154),
    geopackageBlob(lying, 2154),
    geopackageBlob(Buffer.concat([polygon(), Uint8Array.of(0)]), 2154),
    geopackageBlob(Uint8Array.of(1, 99, 0, 0, 0), 2154),
  ])
    t.match(await failure(one(blob)), { kind: 'invalid-data', message: /^f\d+\.gpkg: layer “a”, row 1: the geometry is/ })
})

t.test('broken files are refused, naming file and place', async t => {
  const good = writeGeopackage(fresh(), [pointsTable(madeFeatures(500))])
  const bytes = readFileSync(good)
  for (const share of [0.1, 0.5, 0.9]) {
    const path = fresh()
    copyFileSync(good, path)
    truncateSync(path, Math.floor(bytes.length * share))
    t.match(await failure(path), { kind: 'invalid-data', message: /^f\d+\.gpkg: .*(malformed|not a database|disk I\/O)/ }, `${share}`)
  }
  t.match(await failure(file('text.gpkg', 'hello')), { message: /^text\.gpkg: SQLite cannot read it: file is not a database/ })
  t.match(await failure(file('empty.gpkg', '')), { message: /^empty\.gpkg: .*no table gpkg_contents/ })
  const plain = fresh()
  const database = new sqlite.Database(plain)
  database.exec('CREATE TABLE a (b)')
  database.close()
  t.match(await failure(plain), { message: /an SQLite database, but not a GeoPackage/ })
  for (const [more, message] of [
    ["INSERT INTO gpkg_contents (table_name, data_type) VALUES ('gone', 'features')", /names the table “gone”, which does not exist/],
    ["UPDATE gpkg_geometry_columns SET column_name = 'shape'", /has no column “shape”/],
    [
      "CREATE VIEW v AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n; INSERT INTO gpkg_contents (table_name, data_type) VALUES ('v', 'attributes')",
      /view “v” is recursive/,
    ],
    ['DELETE FROM gpkg_contents', /holds no vector layer and no table/],
  ] as const)
    t.match(await failure(writeGeopackage(fresh(), [pointsTable(madeFeatures(1))], [more])), { kind: 'invalid-data', message }, more)
})
