import type { FeatureTable } from '#core/feature-table.js'
import { Problem } from '#core/problem.js'
import { type RowView, rowView } from '#rows/row-view.js'
import { TextSink } from '../../text-sink.js'
import { zipStream } from '../../zip-stream.js'
import type { CollectionFormat, WriteOptions } from '../collection-format.js'
import { type SheetLayout, sheetLayout } from '../sheet-layout.js'
import { type Cells, columnWidths, lineWriter, mostRows, spreadsheetObstacle, tooMany } from './cells.js'
import { xlsxParts, xlsxSheetFoot, xlsxSheetHead, xlsxSheetName, xlsxStyles } from './xlsx-parts.js'
import { isPlainXml, xlsxText } from './xlsx-text.js'

/**
 * Excel's workbook (ISO/IEC 29500-1) of one sheet, named by the title of the collection, its headings bold and in sight. Numbers, booleans, dates and
 * times are such; moments with a zone are in UTC. What Excel cannot hold stays text: whole numbers beyond 2^53, dates before March 1900. Of the request:
 * `geometry=xy|wkt|none`, see `sheetLayout`. Throws `too-large` for more rows than a sheet has.
 */
export const xlsx: CollectionFormat = {
  names: ['xlsx', 'ooxml', 'excel'],
  title: 'Excel (XLSX)',
  mediaTypes: ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
  extension: 'xlsx',
  parameters: ['geometry'],
  isKept: true,
  isText: false,
  isStreamed: true,
  mostFeatures: mostRows,
  obstacle: spreadsheetObstacle,
  write: writeXlsx,
}

async function* writeXlsx(table: FeatureTable, options: WriteOptions): AsyncGenerator<Uint8Array, void> {
  const content = writeSheet(table, sheetLayout(table, options))
  yield* zipStream([...xlsxParts(xlsxSheetName(table.title)), { name: 'xl/worksheets/sheet1.xml', content }])
}

/** Bytes of XML after which a piece is handed on to be compressed. */
const pieceBytes = 64 * 1024

async function* writeSheet(table: FeatureTable, layout: SheetLayout): AsyncGenerator<Uint8Array, void> {
  const sink = new TextSink(pieceBytes + 16_384)
  const writer = cellsOf(sink, layout.headings.length)
  const put = lineWriter(table, layout, writer.cells)
  const begin = (row?: RowView) => {
    sink.ascii(xlsxSheetHead(columnWidths(table, layout, row)))
    writer.beginRow(1)
    for (const [at, heading] of layout.headings.entries()) writer.heading(at, heading)
    sink.ascii('</row>')
  }
  let line = 1
  for await (const batch of table.batches) {
    const row = rowView(batch)
    if (line === 1) begin(row)
    for (let i = 0; i < batch.count; i++) {
      if (++line > mostRows + 1) throw new Problem('too-large', `${tooMany}.`)
      writer.beginRow(line)
      put(row.at(i))
      sink.ascii('</row>')
      if (sink.length > pieceBytes) yield sink.take()
    }
  }
  if (line === 1) begin()
  sink.ascii(xlsxSheetFoot)
  yield sink.take()
}

/** Excel counts a 29 February 1900 that never was: from the day after it on, its days are everybody's. */
const firstSerial = 61
/** 10000-01-01 */
const endSerial = 2_958_466

interface RowWriter {
  readonly cells: Cells
  beginRow(line: number): void
  heading(at: number, text: string): void
}

/** What is written again and again, as bytes: a third of the time of texts. */
const pieces = {
  row: Buffer.from('<row r="'),
  rowStart: Buffer.from('">'),
  text: Buffer.from('" t="inlineStr"><is><t>'),
  exactText: Buffer.from('" t="inlineStr"><is><t xml:space="preserve">'),
  textEnd: Buffer.from('</t></is></c>'),
  number: Buffer.from('"><v>'),
  numberEnd: Buffer.from('</v></c>'),
  true: Buffer.from('" t="b"><v>1</v></c>'),
  false: Buffer.from('" t="b"><v>0</v></c>'),
  date: Buffer.from(`" s="${xlsxStyles.date}"><v>`),
  moment: Buffer.from(`" s="${xlsxStyles.moment}"><v>`),
  time: Buffer.from(`" s="${xlsxStyles.time}"><v>`),
}

/** Cells (18.3.1.4) are inline strings, so that no table of strings has to be held. Null is no cell. Hot path. */
function cellsOf(sink: TextSink, count: number): RowWriter {
  const starts = Array.from({ length: count }, (_, at) => Buffer.from(`<c r="${columnLetters(at)}`))
  let line = Buffer.from('')
  const start = (at: number) => sink.bytes(starts[at]).bytes(line)
  const text = (at: number, utf8: Uint8Array) => {
    start(at)
    if (isPlainXml(utf8)) sink.bytes(pieces.text).bytes(utf8)
    else sink.bytes(pieces.exactText).text(xlsxText(Buffer.from(utf8).toString('utf8')))
    sink.bytes(pieces.textEnd)
  }
  const cells: Cells = {
    none() {},
    text,
    number(at, value, decimals) {
      start(at).bytes(pieces.number)
      if (typeof value === 'number' && (decimals !== undefined || Number.isSafeInteger(value))) sink.fixed(value, decimals ?? 0)
      else sink.ascii(String(value))
      sink.bytes(pieces.numberEnd)
    },
    boolean(at, value) {
      start(at).bytes(value ? pieces.true : pieces.false)
    },
    moment(at, kind, iso, serial) {
      const isHeld = kind === 'time' ? serial >= 0 : serial >= firstSerial && serial < endSerial
      if (!isHeld) text(at, Buffer.from(iso))
      else start(at).bytes(pieces[kind]).ascii(String(serial)).bytes(pieces.numberEnd)
    },
  }
  return {
    cells,
    beginRow(next) {
      line = Buffer.from(String(next))
      sink.bytes(pieces.row).bytes(line).bytes(pieces.rowStart)
    },
    heading(at, name) {
      start(at).ascii(`" s="${xlsxStyles.heading}" t="inlineStr"><is><t xml:space="preserve">`)
      sink.text(xlsxText(name)).bytes(pieces.textEnd)
    },
  }
}

/** `A` to `Z`, `AA` and so on. */
function columnLetters(at: number): string {
  const rest = at % 26
  return (at < 26 ? '' : columnLetters((at - rest) / 26 - 1)) + String.fromCharCode(65 + rest)
}
