import type { FeatureHead, FeatureTable } from '#core/feature-table.js'
import type { ColumnKind, RowColumn } from '#rows/batch.js'
import { oids } from '#rows/pg-types.js'
import type { RowView } from '#rows/row-view.js'
import { TextSink } from '../../text-sink.js'
import type { WriteOptions } from '../collection-format.js'
import { type SheetLayout, sheetObstacle, visitOrdinates } from '../sheet-layout.js'
import { decimalsOfHeight, putWkt } from '../wkt.js'

/** How a spreadsheet format appends one cell of a line; `at` is its column. */
export interface Cells {
  none(at: number): void
  /** `utf8` may be of the batch: it is not kept. */
  text(at: number, utf8: Uint8Array): void
  /** Decimal text, or a number of which `decimals` count at most. */
  number(at: number, value: number | string, decimals?: number): void
  boolean(at: number, value: boolean): void
  /** `iso` as `fieldValue` gives it; `serial` counts days from 1899-12-30, or those of a time from midnight, and is not finite for what has none. */
  moment(at: number, kind: MomentKind, iso: string, serial: number): void
}

/** Kinds of cells that are dates or times. */
export type MomentKind = 'date' | 'time' | 'moment'

/** What spreadsheet programs have room for below the headings. */
export const mostRows = 2 ** 20 - 1

/** Why features cannot become a spreadsheet. Throws `invalid-parameter`. */
export function spreadsheetObstacle(head: FeatureHead, options: WriteOptions): string | undefined {
  if (head.count !== undefined && head.count > mostRows) return tooMany
  return sheetObstacle(head, options)
}

/** The end of a sentence. */
export const tooMany = `a sheet has room for ${mostRows} rows and there are more; CSV (f=csv) would work`

type PutCells = (row: RowView) => void

/** What appends all cells of a row. Hot path. */
export function lineWriter({ schema, columns }: FeatureTable, layout: SheetLayout, cells: Cells): PutCells {
  const puts = columns.map((_, at) => cellWriter(schema.columns[at + 1], at, cells, layout))
  const at = columns.length
  if (layout.geometry === 'wkt') puts.push(cellWriter(schema.columns[at + 1], at, cells, layout))
  if (layout.geometry === 'xy') puts.push(pointWriter(at, cells, layout))
  return row => {
    for (const put of puts) put(row)
  }
}

function cellWriter({ kind, oid }: RowColumn, at: number, cells: Cells, { decimals }: SheetLayout): PutCells {
  const index = at + 1
  const put = valueWriter(kind, oid, index, at, cells, decimals)
  return row => (row.isNull(index) ? cells.none(at) : put(row))
}

/** What appends a value that is not null. */
function valueWriter(kind: ColumnKind, oid: number, index: number, at: number, cells: Cells, decimals: number): PutCells {
  const asText = (text: string) => cells.text(at, Buffer.from(text, 'utf8'))
  switch (kind) {
    case 'text':
      return row => cells.text(at, row.bytes(index)!)
    case 'json': {
      // jsonb begins with a version byte
      const skip = oid === oids.jsonb ? 1 : 0
      return row => cells.text(at, row.bytes(index)!.subarray(skip))
    }
    case 'boolean':
      return row => cells.boolean(at, row.value(index) === true)
    case 'integer':
    case 'bigint':
    case 'double':
      return row => {
        const value = row.value(index)
        if (typeof value === 'number' && Number.isFinite(value)) cells.number(at, value)
        else asText(String(value))
      }
    case 'numeric':
      return row => {
        const text = String(row.value(index))
        if (isHeld(text)) cells.number(at, text)
        else asText(text)
      }
    case 'date':
      return row => cells.moment(at, 'date', String(row.value(index)), dateSerial(row, index))
    case 'timestamp':
    case 'timestamptz':
      return row => cells.moment(at, 'moment', String(row.value(index)), momentSerial(row, index))
    case 'time':
      return row => cells.moment(at, 'time', String(row.value(index)), timeSerial(row, index))
    case 'geometry':
      return row => {
        const scratch = new TextSink(256)
        putWkt(scratch, row.bytes(index)!, decimals)
        cells.text(at, scratch.take())
      }
    default:
      return row => asText(row.text(index) ?? '')
  }
}

/** Whole numbers beyond 2^53 would lose digits, and identifiers must not: they stay texts. Further decimals than a double has are rounded. */
function isHeld(decimal: string): boolean {
  const whole = Math.abs(Number(decimal))
  return whole <= Number.MAX_SAFE_INTEGER
}

function pointWriter(at: number, cells: Cells, { ordinates, hasZ, decimals }: SheetLayout): PutCells {
  return row => {
    const bytes = row.bytes(at + 1)
    let written = 0
    if (bytes)
      visitOrdinates(bytes, (value, axis) => {
        if (axis >= ordinates) return
        if (!Number.isFinite(value)) cells.none(at + axis)
        else cells.number(at + axis, value, axis < 2 ? decimals : axis === 2 && hasZ ? decimalsOfHeight : undefined)
        written++
      })
    for (; written < ordinates; written++) cells.none(at + written)
  }
}

/** 2000-01-01, from which PostgreSQL counts. */
const epochSerial = 36_526
const microsPerDay = 86_400e6

function dateSerial(row: RowView, index: number): number {
  const days = viewOf(row).getInt32(row.start(index))
  return days === 0x7fffffff || days === -0x80000000 ? Number.NaN : epochSerial + days
}

/** Days and their part apart, so that no microsecond is lost before the last step. */
function momentSerial(row: RowView, index: number): number {
  const micros = viewOf(row).getBigInt64(row.start(index))
  const inDay = Number(((micros % 86_400_000_000n) + 86_400_000_000n) % 86_400_000_000n)
  return epochSerial + (Number(micros) - inDay) / microsPerDay + inDay / microsPerDay
}

/** Times with a zone, and the end of the day, have none. */
function timeSerial(row: RowView, index: number): number {
  const micros = Number(viewOf(row).getBigInt64(row.start(index)))
  return row.length(index) === 8 && micros < microsPerDay ? micros / microsPerDay : Number.NaN
}

const viewOf = ({ batch: { bytes } }: RowView) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** Characters that a column needs, by its heading and the rows at hand; from 8 to 60. */
export function columnWidths({ columns, schema }: FeatureTable, { headings, geometry }: SheetLayout, row: RowView | undefined): number[] {
  const rows = Math.min(row?.batch.count ?? 0, 100)
  return headings.map((heading, at) => {
    let width = heading.length
    const kind = at < columns.length ? schema.columns[at + 1].kind : geometry === 'xy' ? 'double' : 'geometry'
    const usual = usualWidths[kind]
    if (usual !== undefined) width = Math.max(width, usual)
    else for (let i = 0; i < rows; i++) width = Math.max(width, row?.at(i).length(at + 1) ?? 0)
    return Math.max(8, Math.min(60, width + 2))
  })
}

const usualWidths: Partial<Record<ColumnKind, number>> = {
  double: 12,
  date: 10,
  time: 8,
  timestamp: 19,
  timestamptz: 19,
  uuid: 36,
  geometry: 40,
}
