import type { RowColumn } from './batch.js'
import { numericText } from './pg-numeric.js'
import { dateText, timestampText, timeText, zoneText } from './pg-time.js'
import { oids } from './pg-types.js'
import { ValueError } from './value-error.js'

/**
 * A value as JavaScript has it. Integers are numbers while they are exact, else bigints; `numeric` stays exact text; dates and times are
 * ISO 8601 text, with `Z` where there is a zone; `uuid` and `json` are text; `bytes` and `geometry` (EWKB) are a view of the batch.
 */
export type FieldValue = string | number | bigint | boolean | Uint8Array

/** Where one field lies, decoded as `column` says. Throws `ValueError` when the bytes do not fit the type. */
export function fieldValue(column: RowColumn, buffer: Buffer, view: DataView, start: number, length: number): FieldValue {
  const { kind, oid } = column
  switch (kind) {
    case 'integer':
      if (length === 4) return oid === oids.oid ? view.getUint32(start) : view.getInt32(start)
      if (length === 2) return view.getInt16(start)
      if (length === 8) return exactInteger(view, start)
      break
    case 'bigint':
      if (length === 8) return exactInteger(view, start)
      if (length === 4) return oid === oids.oid ? view.getUint32(start) : view.getInt32(start)
      break
    case 'double':
      if (length === 8) return view.getFloat64(start)
      if (length === 4) return shortestFloat(view.getFloat32(start))
      break
    case 'numeric':
      return numericText(view, start, length)
    case 'boolean':
      if (length === 1) return buffer[start] !== 0
      break
    case 'date':
      if (length === 4) return dateText(view.getInt32(start))
      break
    case 'time':
      if (length === 8) return timeText(Number(view.getBigInt64(start)))
      if (length === 12) return timeText(Number(view.getBigInt64(start))) + zoneText(view.getInt32(start + 8))
      break
    case 'timestamp':
    case 'timestamptz':
      if (length === 8) return timestampText(view.getBigInt64(start), kind === 'timestamptz')
      break
    case 'uuid':
      if (length === 16) return uuidText(buffer.toString('hex', start, start + 16))
      break
    case 'json':
      // jsonb begins with a version byte, 1.
      return buffer.toString('utf8', start + (oid === oids.jsonb ? 1 : 0), start + length)
    case 'bytes':
    case 'geometry':
      return buffer.subarray(start, start + length)
    case 'text':
      return buffer.toString('utf8', start, start + length)
  }
  throw new ValueError(`Column ${column.name}: ${length} bytes are not a value of kind ${kind}.`)
}

/** The value as text: what `String` makes of it; bytes in base 64, geometry as upper-case hexadecimal EWKB. */
export function fieldText(column: RowColumn, value: FieldValue): string {
  if (typeof value === 'string') return value
  if (!(value instanceof Uint8Array)) return String(value)
  const buffer = Buffer.from(value.buffer, value.byteOffset, value.byteLength)
  return column.kind === 'geometry' ? buffer.toString('hex').toUpperCase() : buffer.toString('base64')
}

function exactInteger(view: DataView, start: number): number | bigint {
  const high = view.getInt32(start)
  if (high >= -0x200000 && high < 0x200000) return high * 0x100000000 + view.getUint32(start + 4)
  return view.getBigInt64(start)
}

/** The double with the fewest digits that is this float: 0.1, not 0.10000000149011612. */
function shortestFloat(float: number): number {
  if (!Number.isFinite(float) || (Number.isInteger(float) && Math.abs(float) < 2 ** 24)) return float
  for (let digits = 6; digits < 9; digits++) {
    const candidate = Number(float.toPrecision(digits))
    if (Math.fround(candidate) === float) return candidate
  }
  return Number(float.toPrecision(9))
}

function uuidText(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
