import { PGlite } from '@electric-sql/pglite'
import { parse } from 'csv-parse/sync'
import t from 'tap'
import { csv } from '#formats/features/csv.js'
import { readEwkb, writeEwkb } from '#geo/ewkb.js'
import type { FieldInput } from '#rows/pg-field-writer.js'
import { gdalPython, withoutGdal } from '../../support/gdal.js'
import { hardTable, hasNoPlace } from '../../support/hard-table.js'
import { unlessAll } from '../../support/programs.js'
import { asFile, tableOf, writeOptions, written } from './written.js'

const textOf = (value: FieldInput) =>
  value === null || value === undefined ? null : value instanceof Uint8Array ? Buffer.from(value).toString('base64') : String(value)

t.test('PostgreSQL copies every value from CSV, null and empty text told apart', async t => {
  const { table, values } = hardTable({ type: null })
  const text = await written(csv, table)
  const db = await PGlite.create()
  t.teardown(() => db.close())
  const columns = table.columns.map(({ name, kind, nativeType }) => ({ name, type: kind === 'bytes' ? 'text' : nativeType }))
  const definition = columns.map(({ name, type }) => `"${name}" ${type}`).join()
  await db.exec(`set timezone = 'UTC'; create table copied (line serial, ${definition})`)
  const names = columns.map(({ name }) => `"${name}"`).join()
  await db.query(`copy copied (${names}) from '/dev/blob' with (format csv, header match)`, [], { blob: new Blob([new Uint8Array(text)]) })
  for (const [i, { name, type }] of columns.entries()) {
    const meant = values.map(row => textOf(row[i]))
    const { rows } = await db.query(
      `select line, "${name}"::text as copied, text as meant from copied join unnest($1::text[]) with ordinality as given (text, line) using (line)
        where "${name}" is distinct from text::${type}`,
      [meant],
    )
    t.same(rows, [], name)
  }
  t.same((await db.query('select count(*)::int from copied')).rows, [{ count: values.length }])
})

for (const dimensions of ['xy', 'xyz', 'xym', 'xyzm'] as const)
  t.test(`GDAL reads geometries of every kind from WKT, ${dimensions}`, { skip: unlessAll(withoutGdal) }, async t => {
    const { table, geometries } = hardTable({ dimensions, columns: ['code'] })
    const path = asFile(t, 'hard.csv', await written(csv, table))
    const read = gdalPython<(string | null)[]>(
      `from osgeo import ogr
source = ogr.Open(sys.argv[1])
print(json.dumps([f.GetGeometryRef() and f.GetGeometryRef().ExportToIsoWkb().hex() for f in source.GetLayer(0)]))`,
      path,
    )
    t.same(
      read.map(hex => hex && readEwkb(Buffer.from(hex, 'hex'))),
      geometries,
    )
  })

t.test('points are two to four numbers, named by what they are', async t => {
  for (const [crs, dimensions, names] of [
    ['EPSG:2154', 'xyzm', ['x', 'y', 'z', 'm']],
    ['EPSG:4326', 'xy', ['lon', 'lat']],
  ] as const) {
    const { table, geometries } = hardTable({ crs, dimensions, type: 'POINT', columns: ['code'] })
    const lines: string[][] = parse(await written(csv, table))
    t.same(lines[0], ['code', ...names])
    t.same(
      lines.slice(1).map(([, ...numbers]) => numbers.filter(Boolean).map(Number)),
      geometries.map(geometry => (geometry && 'coordinates' in geometry ? [...geometry.coordinates] : [])),
      'an empty point is as none',
    )
    t.ok(geometries.some(hasNoPlace))
  }
})

t.test('a request chooses the geometry, the separator and a byte order mark', async t => {
  const lines = async (type: string, parameters: Record<string, string>) =>
    (await written(csv, hardTable({ type, count: 2, columns: ['code', 'ratio'] }).table, parameters)).toString().split('\r\n')
  t.match((await lines('POINT', { geometry: 'wkt' }))[2], /^2A004,,"POINT \(\d+(\.\d+)? \d+(\.\d+)?\)"$/)
  t.same((await lines('POINT', { geometry: 'none' })).slice(0, 3), ['code,ratio', ',0.1', '2A004,'])
  t.match((await lines('POINT', { separator: ';' }))[2], /^2A004;;\d[\d.]+;\d[\d.]+$/)
  t.match((await lines('POINT', { separator: 'tab', bom: 'true' }))[0], /^\ufeffcode\tratio\tx\ty$/)
  await t.rejects(lines('POINT', { separator: 'x' }), {
    kind: 'invalid-parameter',
    locator: 'separator',
    message: /semicolon or tab would/,
  })
  await t.rejects(lines('POINT', { geometry: 'ewkt' }), { message: 'geometry=ewkt is not known; xy, wkt or none would work.' })
})

t.test('what has no one x and y cannot be asked for as such', async t => {
  const { table } = hardTable({ type: 'MULTIPOINT' })
  t.match(csv.obstacle?.(table, writeOptions({ geometry: 'xy' })), /MULTIPOINT; geometry=wkt would work/)
  t.equal(csv.obstacle?.(table, writeOptions()), undefined)
  const mixed = hardTable({ type: 'GEOMETRY', columns: ['code'] }).table
  const lying = { ...mixed, geometry: { name: 'geom', dimensions: 'xy', type: 'POINT' } } as const
  await t.rejects(written(csv, lying), { kind: 'invalid-data', message: /geometry=wkt would work/ })
  t.match(csv.obstacle?.({ ...table, columns: [] }, writeOptions({ geometry: 'none' })), /geometry=wkt/)
})

t.test('a table of one column has a line for each row, and a column called x is no coordinate', async t => {
  const { table } = hardTable({ type: null, columns: ['code'], count: 20 })
  t.equal((await written(csv, table)).toString().split('\r\n').filter(Boolean).length, 21)
  const { table: points } = hardTable({ type: 'POINT', columns: ['code'], count: 1 })
  const named = { ...points, columns: [{ ...points.columns[0], name: 'x' }] }
  t.match((await written(csv, named)).toString(), /^x,x_2,y\r\n/)
})

t.test('rows are freed when the reader leaves, and a failure breaks the file', async t => {
  const left = hardTable({ count: 5000, columns: ['nom de l’été'] })
  for await (const piece of csv.write(left.table, writeOptions())) {
    t.ok(piece.length > 0)
    break
  }
  t.equal(left.closed(), 1)
  const failing = hardTable({ failsAfter: 70 })
  await t.rejects(written(csv, failing.table), /went away/)
})

t.test('a geometry without a place in WKT is EMPTY, and null is nothing', async t => {
  const { table, geometries } = hardTable({ isSimple: true, columns: ['code'] })
  const lines: string[][] = parse(await written(csv, table), { from_line: 2 })
  for (const [i, [, wkt]] of lines.entries()) {
    if (geometries[i] === null) t.equal(wkt, '')
    else if (hasNoPlace(geometries[i])) t.match(wkt, / EMPTY$/)
    else t.ok(writeEwkb(geometries[i]).length > 9)
  }
})

t.test('what has no digits is spelled as PostgreSQL reads it; a further geometry is WKT under its own name', async t => {
  const columns = { ratio: 'double', exact: 'numeric', day: 'date', moment: 'timestamptz', other: 'geometry' } as const
  const other = writeEwkb({ kind: 'LineString', dimensions: 'xy', coordinates: Float64Array.of(1, 2, 3.0004, 4) })
  const rows = [
    [Number.NaN, 'NaN', 'infinity', '-infinity', other],
    [Number.NEGATIVE_INFINITY, 'Infinity', '0044-03-15', '2024-02-29T08:30:00+02:00', null],
  ]
  t.equal(
    (await written(csv, tableOf(columns, rows))).toString(),
    'ratio,exact,day,moment,other\r\nNaN,NaN,infinity,-infinity,"LINESTRING (1 2,3 4)"\r\n-Infinity,Infinity,0044-03-15,2024-02-29T06:30:00Z,\r\n',
  )
})
