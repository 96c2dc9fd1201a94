import type { FeatureTable } from '#core/feature-table.js'
import type { RowColumn } from '#rows/batch.js'
import { oids } from '#rows/pg-types.js'
import { type RowView, rowView } from '#rows/row-view.js'
import { TextSink } from '../text-sink.js'
import { choice } from './choice.js'
import type { CollectionFormat, WriteOptions } from './collection-format.js'
import { type SheetLayout, sheetLayout, sheetObstacle, visitOrdinates } from './sheet-layout.js'
import { putOrdinate, putWkt } from './wkt.js'

/**
 * CSV (RFC 4180) in UTF-8, headings first. Null is nothing, an empty text is `""`. Of the request: `geometry=xy|wkt|none` (see `sheetLayout`),
 * `separator=,|;|tab` (or `comma`, `semicolon`), `bom=true`. Numbers have a decimal point, dates and times are ISO 8601, bytes base 64.
 *
 * Texts that begin with `=`, `+`, `-` or `@` stay what they are, although a spreadsheet that opens the file may take them for formulas: to put an
 * apostrophe before them would change data without a word, for all other readers too. XLSX and ODS say that a text is a text.
 */
export const csv: CollectionFormat = {
  names: ['csv'],
  title: 'CSV',
  mediaTypes: ['text/csv; charset=utf-8; header=present', 'text/csv; charset=utf-8', 'text/csv'],
  extension: 'csv',
  parameters: ['geometry', 'separator', 'bom'],
  isKept: true,
  isText: true,
  isStreamed: true,
  obstacle(head, options) {
    readCsvOptions(options)
    return sheetObstacle(head, options)
  },
  write: writeCsv,
}

/** Bytes after which a piece is handed on. */
const pieceBytes = 128 * 1024

const [quote, lineFeed, carriageReturn] = [0x22, 0x0a, 0x0d]

/** By what `separator=` says. */
const separators = { ',': 0x2c, comma: 0x2c, ';': 0x3b, semicolon: 0x3b, tab: 0x09 } as const

interface CsvOptions {
  readonly separator: number
  readonly hasBom: boolean
}

function readCsvOptions({ parameters }: WriteOptions): CsvOptions {
  const separator = choice(parameters, 'separator', Object.keys(separators) as (keyof typeof separators)[])
  return { separator: separators[separator ?? ','], hasBom: choice(parameters, 'bom', ['true', 'false']) === 'true' }
}

async function* writeCsv(table: FeatureTable, options: WriteOptions): AsyncGenerator<Uint8Array, void> {
  const { separator, hasBom } = readCsvOptions(options)
  const layout = sheetLayout(table, options)
  const sink = new TextSink(pieceBytes + 16_384)
  if (hasBom) sink.text('\ufeff')
  for (const [i, heading] of layout.headings.entries()) {
    if (i) sink.byte(separator)
    putText(sink, Buffer.from(heading, 'utf8'), separator)
  }
  endLine(sink)
  const put = lineWriter(table, layout, separator)
  for await (const batch of table.batches) {
    const row = rowView(batch)
    for (let i = 0; i < batch.count; i++) {
      put(sink, row.at(i))
      if (sink.length > pieceBytes) yield sink.take()
    }
  }
  yield sink.take()
}

type Put = (sink: TextSink, row: RowView) => void

function lineWriter({ schema, columns }: FeatureTable, layout: SheetLayout, separator: number): Put {
  const fields = columns.map((_, i) => fieldWriter(schema.columns[i + 1], i + 1, layout, separator))
  const shape = columns.length + 1
  if (layout.geometry === 'wkt') fields.push(fieldWriter(schema.columns[shape], shape, layout, separator))
  if (layout.geometry === 'xy') fields.push(pointWriter(shape, layout, separator))
  // a line of one null would be no line for most readers
  const [only] = fields
  if (layout.headings.length === 1)
    fields[0] = (sink, row) => {
      const before = sink.length
      only(sink, row)
      if (sink.length === before) sink.ascii('""')
    }
  return (sink, row) => {
    for (let i = 0; i < fields.length; i++) {
      if (i) sink.byte(separator)
      fields[i](sink, row)
    }
    endLine(sink)
  }
}

/** What appends one field. Hot path. */
function fieldWriter({ kind, oid }: RowColumn, index: number, { decimals }: SheetLayout, separator: number): Put {
  switch (kind) {
    case 'text':
    case 'json': {
      // jsonb begins with a version byte
      const skip = oid === oids.jsonb ? 1 : 0
      return (sink, row) => {
        const bytes = row.bytes(index)
        if (bytes) putText(sink, skip ? bytes.subarray(skip) : bytes, separator)
      }
    }
    case 'integer':
    case 'bigint':
      return (sink, row) => {
        const value = row.value(index)
        if (typeof value === 'number') sink.fixed(value, 0)
        else if (value !== null) sink.ascii(String(value))
      }
    case 'geometry':
      return (sink, row) => {
        const bytes = row.bytes(index)
        if (!bytes) return
        sink.byte(quote)
        putWkt(sink, bytes, decimals)
        sink.byte(quote)
      }
    default:
      // digits, letters, signs and colons only: nothing to quote
      return (sink, row) => {
        const text = row.text(index)
        if (text !== null) sink.ascii(text || '""')
      }
  }
}

function pointWriter(index: number, { decimals, hasZ, ordinates }: SheetLayout, separator: number): Put {
  return (sink, row) => {
    const bytes = row.bytes(index)
    let written = 0
    if (bytes)
      visitOrdinates(bytes, (value, axis) => {
        if (axis >= ordinates) return
        if (axis) sink.byte(separator)
        putOrdinate(sink, value, axis, hasZ, decimals)
        written = axis
      })
    for (; written < ordinates - 1; written++) sink.byte(separator)
  }
}

/** Appends UTF-8 as it is, in quotes where it needs them (RFC 4180, 2.5 to 2.7) or where readers would lose something without: spaces at its ends, emptiness. */
function putText(sink: TextSink, bytes: Uint8Array, separator: number): void {
  const { length } = bytes
  let quotes = 0
  let needsQuotes = length === 0 || bytes[0] <= 0x20 || bytes[length - 1] <= 0x20
  for (let i = 0; i < length; i++) {
    const byte = bytes[i]
    if (byte === quote) quotes++
    else if (byte === separator || byte === lineFeed || byte === carriageReturn) needsQuotes = true
  }
  if (quotes === 0 && !needsQuotes) {
    sink.bytes(bytes)
    return
  }
  sink.byte(quote)
  let start = 0
  for (let i = 0; quotes > 0; i++) {
    if (bytes[i] !== quote) continue
    // twice: at the end of this run and at the beginning of the next
    sink.bytes(bytes.subarray(start, i + 1))
    start = i
    quotes--
  }
  sink.bytes(start ? bytes.subarray(start) : bytes).byte(quote)
}

function endLine(sink: TextSink): void {
  sink.byte(carriageReturn).byte(lineFeed)
}
