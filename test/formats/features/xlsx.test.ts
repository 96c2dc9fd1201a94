import exceljs from 'exceljs'
import t from 'tap'
import { xlsx } from '#formats/features/spreadsheets/xlsx.js'
import type { ColumnKind } from '#rows/batch.js'
import type { FieldInput } from '#rows/pg-field-writer.js'
import { gdalPython, withoutGdal } from '../../support/gdal.js'
import { hardTable } from '../../support/hard-table.js'
import { unlessAll } from '../../support/programs.js'
import { asFile, tableOf, writeOptions, written } from './written.js'

async function opened(bytes: Buffer): Promise<exceljs.Worksheet> {
  const book = new exceljs.Workbook()
  await book.xlsx.load(bytes as unknown as exceljs.Buffer)
  return book.worksheets[0]
}

/** Rows below the headings, by exceljs; moments in milliseconds. */
function cellsOf(sheet: exceljs.Worksheet, columns: number): unknown[][] {
  return Array.from({ length: sheet.rowCount - 1 }, (_, line) =>
    Array.from({ length: columns }, (_, at) => {
      const { value } = sheet.getCell(line + 2, at + 1)
      return value instanceof Date ? value.getTime() : value
    }),
  )
}

/** What Excel can hold of a value, as docs/formats.md says; moments in milliseconds. */
function held(kind: ColumnKind, value: FieldInput): unknown {
  if (value === null || value === undefined || value === '') return null
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64') || null
  const isWhole = Math.abs(Number(value)) <= Number.MAX_SAFE_INTEGER
  if (kind === 'bigint' || kind === 'numeric') return isWhole ? Number(value) : String(value)
  if (kind === 'date') return String(value) < '1900-03-01' ? value : Date.parse(String(value))
  if (kind === 'timestamp' || kind === 'timestamptz') return Date.parse(`${String(value).replace('Z', '').slice(0, 23)}Z`)
  if (kind === 'time') return Date.parse(`1899-12-30T${String(value).slice(0, 12)}Z`)
  return value
}

t.test('exceljs reads every value with its type', async t => {
  const { table, values } = hardTable({ type: null })
  const sheet = await opened(await written(xlsx, table))
  const names = table.columns.map(({ name }) => name)
  t.same(
    names.map((_, i) => sheet.getCell(1, i + 1).value),
    names,
  )
  const read = cellsOf(sheet, names.length)
  t.equal(read.length, values.length)
  for (const [i, { name, kind }] of table.columns.entries())
    t.same(
      read.map(row => row[i]),
      values.map(row => held(kind, row[i])),
      name,
    )
})

t.test('the sheet has the title as name, headings bold and in sight, and columns of fitting width', async t => {
  const sheet = await opened(await written(xlsx, hardTable({ type: 'POINT', crs: 'EPSG:4326' }).table))
  t.equal(sheet.name, 'Hard “features”, hérissés')
  t.match(sheet.views, [{ state: 'frozen', ySplit: 1 }])
  t.equal(sheet.getCell('A1').font?.bold, true)
  t.equal(sheet.getCell('A2').font?.bold, undefined)
  t.same([sheet.getCell('R1').value, sheet.getCell('S1').value], ['lon', 'lat'])
  t.equal(sheet.getCell('K2').numFmt, 'yyyy-mm-dd')
  const widths = Array.from({ length: 19 }, (_, i) => sheet.getColumn(i + 1).width ?? 0)
  t.ok(widths.every(width => width >= 8 && width <= 60))
  const named = await opened(
    await written(xlsx, { ...hardTable({ count: 1 }).table, title: "'a/b: [long] title, longer than a sheet’s name'" }),
  )
  t.equal(named.name, 'a b   long  title, longer than')
})

t.test('GDAL reads the same numbers, moments and texts', { skip: unlessAll(withoutGdal) }, async t => {
  const columns = ['nom de l’été', 'population_2020', 'length', 'order', 'moment']
  const { table, values } = hardTable({ type: null, columns })
  const path = asFile(t, 'hard.xlsx', await written(xlsx, table))
  const read = gdalPython<(string | number | null)[][]>(
    `from osgeo import ogr
source = ogr.Open(sys.argv[1])
print(json.dumps([[f.GetField(i) for i in range(f.GetFieldCount())] for f in source.GetLayer(0)]))`,
    path,
  )
  const seconds = (value: FieldInput) => (value === null ? null : Date.parse(`${String(value).slice(0, 23)}Z`))
  const gdalTime = (value: unknown) =>
    value === null ? null : Date.parse(`${String(value).replaceAll('/', '-').replace(' ', 'T').replace('+00', '')}Z`)
  t.same(
    read.map(([name, ...others]) => [name, ...others.slice(0, 2), others[2] === null ? null : Boolean(others[2]), gdalTime(others[3])]),
    values.map(([name, count, length, order, moment]) => [name === '' ? null : name, count, length, order, seconds(moment)]),
  )
})

t.test('characters that XML cannot hold are there, and a text that is too long says that it was cut', async t => {
  const long = `${'é'.repeat(32_766)}🗺️`
  const texts = [
    'bell \u0007 tab \t return \r\n',
    '_x0041_ and _x',
    'a\u0000'.slice(0, 1),
    '\ufffe',
    long,
    `${'a'.repeat(32_767)}`,
    '𝄞'.repeat(20_000),
  ]
  const sheet = await opened(
    await written(
      xlsx,
      tableOf(
        { text: 'text' },
        texts.map(text => [text]),
      ),
    ),
  )
  const read = cellsOf(sheet, 1).map(([value]) => unescaped(String(value)))
  t.same(read.slice(0, 4), texts.slice(0, 4))
  t.equal(read[4], `${'é'.repeat(32_767 - 25)}… [cut: 32769 characters]`)
  t.equal(read[5], texts[5])
  t.equal(read[6], `${'𝄞'.repeat((32_767 - 25) / 2)}… [cut: 40000 characters]`)
})

/** ISO/IEC 29500-1, 22.9.2.19: what Excel does, and exceljs leaves undone. */
const unescaped = (text: string) => text.replace(/_x([0-9A-F]{4})_/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))

t.test('geometries other than points are WKT, cut where a cell is too small', async t => {
  const { table } = hardTable({ type: 'LINESTRING', columns: ['code'], count: 2 })
  const sheet = await opened(await written(xlsx, table))
  t.equal(sheet.getCell('B1').value, 'wkt')
  t.match(sheet.getCell('B2').value, /^LINESTRING \(\d[\d. ,]+\)$/)
})

t.test('more rows than a sheet has are refused, or break the file', async t => {
  const { table } = hardTable()
  t.match(xlsx.obstacle?.({ ...table, count: 1_048_576 }, writeOptions()), /1048575 rows.*f=csv\) would work/)
  t.equal(xlsx.obstacle?.({ ...table, count: 1_048_575 }, writeOptions()), undefined)
  const rows = Array.from({ length: 1024 }, () => [null])
  await t.rejects(written(xlsx, tableOf({ none: 'integer' }, rows, { times: 1024 })), { kind: 'too-large', message: /f=csv/ })
})

t.test('rows are freed when the reader leaves, at the first piece and later, and a failure breaks the file', async t => {
  for (const pieces of [1, 12]) {
    const left = hardTable({ count: 3000 })
    let count = 0
    for await (const _ of xlsx.write(left.table, writeOptions())) if (++count === pieces) break
    t.equal(count, pieces)
    t.equal(left.closed(), 1)
  }
  await t.rejects(written(xlsx, hardTable({ failsAfter: 0 }).table), /went away/)
  const failing = hardTable({ count: 3000, failsAfter: 2900 })
  await t.rejects(written(xlsx, failing.table), /went away/)
  t.equal(failing.closed(), 1)
})

t.test('the same rows give the same bytes, also none', async t => {
  const [a, b] = await Promise.all([1, 2].map(() => written(xlsx, hardTable().table)))
  t.ok(a.equals(b))
  const sheet = await opened(await written(xlsx, hardTable({ count: 0, type: null }).table))
  t.equal(sheet.rowCount, 1)
})

t.test('what has no number or day in Excel is text', async t => {
  const columns = { ratio: 'double', exact: 'numeric', day: 'date', hour: 'time', moment: 'timestamptz' } as const
  const rows = [
    [Number.NaN, 'NaN', '1900-02-28', '24:00:00', 'infinity'],
    [Number.POSITIVE_INFINITY, '-Infinity', '10000-01-01', '12:00:00', '1899-12-31T00:00:00Z'],
  ]
  const [first, second] = cellsOf(await opened(await written(xlsx, tableOf(columns, rows))), 5)
  t.same(first, ['NaN', 'NaN', '1900-02-28', '24:00:00', 'infinity'])
  t.same(second, ['Infinity', '-Infinity', '10000-01-01', Date.parse('1899-12-30T12:00:00Z'), '1899-12-31T00:00:00Z'])
})
