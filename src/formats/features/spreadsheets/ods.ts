import type { FeatureTable } from '#core/feature-table.js'
import { Problem } from '#core/problem.js'
import { type RowView, rowView } from '#rows/row-view.js'
import { TextSink } from '../../text-sink.js'
import { zipStream } from '../../zip-stream.js'
import type { CollectionFormat, WriteOptions } from '../collection-format.js'
import { type SheetLayout, sheetLayout } from '../sheet-layout.js'
import { type Cells, columnWidths, lineWriter, mostRows, spreadsheetObstacle, tooMany } from './cells.js'
import { odsFoot, odsHead, odsMediaType, odsParts, odsStyles, odsText } from './ods-parts.js'
import { xlsxSheetName } from './xlsx-parts.js'
import { isPlainXml } from './xlsx-text.js'

/**
 * OpenDocument spreadsheet (OASIS OpenDocument 1.3) of one table, as `xlsx` has it: headings bold and in sight, values with their types, moments with a
 * zone in UTC. Whole numbers beyond 2^53 and dates before the Gregorian calendar stay text. Of the request: `geometry=xy|wkt|none`, see `sheetLayout`.
 * Throws `too-large`.
 */
export const ods: CollectionFormat = {
  names: ['ods'],
  title: 'OpenDocument (ODS)',
  mediaTypes: [odsMediaType],
  extension: 'ods',
  parameters: ['geometry'],
  isText: false,
  isStreamed: true,
  mostFeatures: mostRows,
  obstacle: spreadsheetObstacle,
  write: writeOds,
}

async function* writeOds(table: FeatureTable, options: WriteOptions): AsyncGenerator<Uint8Array, void> {
  const name = xlsxSheetName(table.title)
  const content = writeContent(table, name, sheetLayout(table, options))
  yield* zipStream([
    // first and not compressed, so that its first bytes tell what the file is (OpenDocument 1.3, part 2, 3.3)
    { name: 'mimetype', content: odsMediaType, isStored: true },
    ...odsParts(name),
    { name: 'content.xml', content },
  ])
}

/** Bytes of XML after which a piece is handed on to be compressed. */
const pieceBytes = 64 * 1024

async function* writeContent(table: FeatureTable, name: string, layout: SheetLayout): AsyncGenerator<Uint8Array, void> {
  const sink = new TextSink(pieceBytes + 16_384)
  const put = lineWriter(table, layout, cellsOf(sink))
  const begin = (row?: RowView) => {
    sink.text(odsHead(name, columnWidths(table, layout, row))).ascii('<table:table-header-rows><table:table-row>')
    for (const heading of layout.headings)
      sink
        .ascii(`<table:table-cell table:style-name="${odsStyles.heading}" office:value-type="string">`)
        .text(odsText(heading))
        .ascii(cellEnd)
    sink.ascii('</table:table-row></table:table-header-rows>')
  }
  let line = 0
  for await (const batch of table.batches) {
    const row = rowView(batch)
    if (line === 0) begin(row)
    for (let i = 0; i < batch.count; i++) {
      if (++line > mostRows) throw new Problem('too-large', `${tooMany}.`)
      sink.ascii('<table:table-row>')
      put(row.at(i))
      sink.ascii('</table:table-row>')
      if (sink.length > pieceBytes) yield sink.take()
    }
  }
  if (line === 0) begin()
  sink.ascii(odsFoot)
  yield sink.take()
}

const cellEnd = '</table:table-cell>'

/** The first day of the Gregorian calendar, 1582-10-15, and 10000-01-01: programs differ about the days before, and have none behind. */
const [firstSerial, endSerial] = [-115_858, 2_958_466]

/** Cells (part 3, 9.1.4) with their values, and those as texts for programs that show only them. Hot path. */
function cellsOf(sink: TextSink): Cells {
  const text = (_: number, utf8: Uint8Array) => {
    sink.ascii('<table:table-cell office:value-type="string">')
    if (isPlainXml(utf8) && !hasTwoSpaces(utf8)) sink.ascii('<text:p>').bytes(utf8).ascii('</text:p>')
    else sink.text(odsText(Buffer.from(utf8).toString('utf8')))
    sink.ascii(cellEnd)
  }
  return {
    none() {
      sink.ascii('<table:table-cell/>')
    },
    text,
    number(_, value, decimals) {
      sink.ascii('<table:table-cell office:value-type="float" office:value="')
      const put = () => (typeof value === 'number' && decimals !== undefined ? sink.fixed(value, decimals) : sink.ascii(String(value)))
      put().ascii('"><text:p>')
      put().ascii('</text:p></table:table-cell>')
    },
    boolean(_, value) {
      sink.ascii(`<table:table-cell office:value-type="boolean" office:boolean-value="${value}"><text:p>${value}</text:p>${cellEnd}`)
    },
    moment(at, kind, iso, serial) {
      const isHeld = kind === 'time' ? serial >= 0 : serial >= firstSerial && serial < endSerial
      if (!isHeld) {
        text(at, Buffer.from(iso))
        return
      }
      const shown = iso.replace('Z', '')
      const value =
        kind === 'time'
          ? `office:value-type="time" office:time-value="${durationOf(iso)}"`
          : `office:value-type="date" office:date-value="${shown}"`
      sink.ascii(`<table:table-cell table:style-name="${odsStyles[kind]}" ${value}><text:p>${shown.replace('T', ' ')}</text:p>${cellEnd}`)
    },
  }
}

/** `PT08H30M00S`: times are durations (part 3, 19.384). */
function durationOf(time: string): string {
  const [hours, minutes, seconds] = time.split(':')
  return `PT${hours}H${minutes}M${seconds}S`
}

function hasTwoSpaces(utf8: Uint8Array): boolean {
  for (let i = 1; i < utf8.length; i++) if (utf8[i] === 0x20 && utf8[i - 1] === 0x20) return true
  return false
}
