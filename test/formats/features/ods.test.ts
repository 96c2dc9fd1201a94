import t from 'tap'
import { ods } from '#formats/features/spreadsheets/ods.js'
import type { FieldInput } from '#rows/pg-field-writer.js'
import { gdalPython, withoutGdal } from '../../support/gdal.js'
import { hardTable } from '../../support/hard-table.js'
import { unlessAll } from '../../support/programs.js'
import { asFile, tableOf, writeOptions, written } from './written.js'

const reading = `from osgeo import ogr
source = ogr.Open(sys.argv[1])
layer = source.GetLayer(0)
names = [layer.GetLayerDefn().GetFieldDefn(i).GetName() for i in range(layer.GetLayerDefn().GetFieldCount())]
print(json.dumps({'title': layer.GetName(), 'names': names, 'rows': [[f.GetField(i) for i in range(len(names))] for f in layer]}))`

interface Read {
  readonly title: string
  readonly names: readonly string[]
  readonly rows: readonly (readonly (string | number | null)[])[]
}

t.test('GDAL reads every value', { skip: unlessAll(withoutGdal) }, async t => {
  const { table, values } = hardTable({ type: null })
  const { title, names, rows } = gdalPython<Read>(reading, asFile(t, 'hard.ods', await written(ods, table)))
  t.equal(title, table.title)
  t.same(
    names,
    table.columns.map(({ name }) => name),
  )
  t.equal(rows.length, values.length)
  for (const [i, { name, kind }] of table.columns.entries())
    t.same(
      rows.map(row => asMeant(kind, row[i])),
      values.map(row => held(kind, row[i])),
      name,
    )
})

/** What a cell can hold of a value, as docs/formats.md says, and of that what GDAL 3.6 sees: no tabs, no spaces at the ends, no parts of a second in times. */
function held(kind: string, value: FieldInput): unknown {
  if (value === null || value === undefined || value === '') return null
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64') || null
  if (kind === 'bigint' || kind === 'numeric') return Math.abs(Number(value)) <= Number.MAX_SAFE_INTEGER ? Number(value) : String(value)
  if (kind === 'boolean') return String(value)
  if (kind === 'timestamp' || kind === 'timestamptz') return String(value).replace('Z', '').slice(0, 23)
  if (kind === 'time') return String(value).slice(0, 8)
  return typeof value === 'string' ? value.replaceAll('\t', '').trim() : value
}

function asMeant(kind: string, value: string | number | null): unknown {
  if (value === null) return null
  if (kind === 'bigint' || kind === 'numeric') return typeof value === 'string' && Math.abs(Number(value)) < 2 ** 53 ? Number(value) : value
  if (kind === 'time') return String(value).slice(0, 8)
  return ['date', 'timestamp', 'timestamptz'].includes(kind)
    ? String(value).replaceAll('/', '-').replace(' ', 'T').replace(/\+00$/, '')
    : value
}

t.test('days before the Gregorian calendar and what is no number are text', { skip: unlessAll(withoutGdal) }, async t => {
  const columns = { day: 'date', before: 'date', ratio: 'double', moment: 'timestamp' } as const
  const rows = [['1582-10-15', '1582-10-14', Number.NaN, '-infinity']]
  const read = gdalPython<Read>(reading, asFile(t, 'made.ods', await written(ods, tableOf(columns, rows))))
  t.same(read.rows, [['1582/10/15', '1582-10-14', 'NaN', '-infinity']])
})

t.test('the first bytes tell what the file is', async t => {
  const bytes = await written(ods, hardTable({ count: 1 }).table)
  t.equal(bytes.toString('latin1', 30, 84), 'mimetypeapplication/vnd.oasis.opendocument.spreadsheet')
  t.same([bytes.readUInt16LE(8), bytes.readUInt16LE(28)], [0, 0], 'stored, no extra field')
})

t.test('line breaks, spaces, tabs and markup are there; what XML cannot hold is U+FFFD', { skip: unlessAll(withoutGdal) }, async t => {
  const texts = ['a\nb\r\nc', '  two  spaces\t', '<b>&amp;</b>', ' ', 'bell \u0007', `long ${'é'.repeat(40_000)}`]
  const path = asFile(
    t,
    'texts.ods',
    await written(
      ods,
      tableOf(
        { text: 'text' },
        texts.map(text => [text]),
      ),
    ),
  )
  t.same(gdalPython(readingParagraphs, path), ['text', 'a\nb\nc', ...texts.slice(1, 4), 'bell \ufffd', texts[5]])
})

/** Paragraphs as OpenDocument 1.3 (part 3, 6.1) says; GDAL leaves out the elements that stand for spaces and tabs. */
const readingParagraphs = `import zipfile
from xml.etree import ElementTree
text = '{urn:oasis:names:tc:opendocument:xmlns:text:1.0}'
stands = {text + 's': lambda e: ' ' * int(e.get(text + 'c', 1)), text + 'tab': lambda e: '\\t'}
def said(p): return (p.text or '') + ''.join(stands[e.tag](e) + (e.tail or '') for e in p)
root = ElementTree.fromstring(zipfile.ZipFile(sys.argv[1]).read('content.xml'))
cells = root.iter('{urn:oasis:names:tc:opendocument:xmlns:table:1.0}table-cell')
print(json.dumps(['\\n'.join(said(p) for p in cell.findall(text + 'p')) for cell in cells]))`

t.test('points are numbers, other geometries WKT', { skip: unlessAll(withoutGdal) }, async t => {
  const points = hardTable({ type: 'POINT', dimensions: 'xyz', columns: ['code'] })
  const { names, rows } = gdalPython<Read>(reading, asFile(t, 'points.ods', await written(ods, points.table)))
  t.same(names, ['code', 'x', 'y', 'z'])
  t.same(
    rows.map(([, ...numbers]) => numbers.filter(number => number !== null)),
    points.geometries.map(geometry => (geometry && 'coordinates' in geometry ? [...geometry.coordinates] : [])),
  )
  const lines = await written(ods, hardTable({ type: 'LINESTRING', columns: ['code'], count: 3 }).table)
  t.match(gdalPython<Read>(reading, asFile(t, 'lines.ods', lines)).rows[0][1], /^LINESTRING \(/)
})

t.test('more rows than a table has are refused; rows are freed; a failure breaks the file', async t => {
  const { table } = hardTable()
  t.match(ods.obstacle?.({ ...table, count: 2e6 }, writeOptions()), /f=csv\) would work/)
  for (const pieces of [1, 5]) {
    const left = hardTable({ count: 3000 })
    let count = 0
    for await (const _ of ods.write(left.table, writeOptions())) if (++count === pieces) break
    t.equal(left.closed(), 1)
  }
  await t.rejects(written(ods, hardTable({ failsAfter: 70 }).table), /went away/)
})
