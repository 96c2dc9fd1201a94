import type { LayerValue } from '#core/ports.js'
import type { ColumnKind } from '#rows/batch.js'
import { instantKind, isDate } from '../date-text.js'
import type { LeaveOut } from '../left-out.js'
import type { FlatgeobufColumn } from './flatgeobuf-header.js'

/** Kinds by FlatGeobuf's column types, in their order: Byte, UByte, Bool, Short, UShort, Int, UInt, Long, ULong, Float, Double, String, Json, DateTime, Binary. */
const kinds: readonly ColumnKind[] = [
  'integer',
  'integer',
  'boolean',
  'integer',
  'integer',
  'integer',
  'bigint',
  'bigint',
  'numeric',
  'double',
  'double',
  'text',
  'json',
  'timestamptz',
  'bytes',
]

/** Undefined for types that do not exist. */
export const flatgeobufKind = (type: number): ColumnKind | undefined => kinds[type]

/** Bytes of the types of fixed size. */
const sizes: readonly number[] = [1, 1, 1, 2, 2, 4, 4, 8, 8, 4, 8]

/**
 * Fills `row` from the properties of a feature: pairs of a column number (16 bits) and a value, absent columns staying as they are. Throws
 * RangeError when they end in the middle of a value.
 */
export function readProperties(
  bytes: Uint8Array,
  columns: readonly FlatgeobufColumn[],
  row: LayerValue[],
  leaveOut: (column: number, what: string) => ReturnType<LeaveOut>,
): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  let at = 0
  while (at < bytes.length) {
    const column = view.getUint16(at, true)
    at += 2
    const type = columns.at(column)?.type
    if (type === undefined) throw new RangeError(`there is no column ${column}`)
    if (type < 11) {
      row[column] = fixed(view, at, type)
      at += sizes[type]
      continue
    }
    const length = view.getUint32(at, true)
    at += 4
    if (at + length > bytes.length) throw new RangeError('a text is longer than the feature')
    const value = Buffer.from(bytes.buffer, bytes.byteOffset + at, length)
    at += length
    row[column] = type === 14 ? Uint8Array.from(value) : textValue(value, type, what => leaveOut(column, what))
  }
}

function fixed(view: DataView, at: number, type: number): LayerValue {
  switch (type) {
    case 0:
      return view.getInt8(at)
    case 1:
      return view.getUint8(at)
    case 2:
      return view.getUint8(at) !== 0
    case 3:
      return view.getInt16(at, true)
    case 4:
      return view.getUint16(at, true)
    case 5:
      return view.getInt32(at, true)
    case 6:
      return view.getUint32(at, true)
    case 7:
      return view.getBigInt64(at, true)
    case 8:
      return String(view.getBigUint64(at, true))
    case 9:
      return view.getFloat32(at, true)
    default:
      return view.getFloat64(at, true)
  }
}

function textValue(bytes: Buffer, type: number, leaveOut: (what: string) => null): LayerValue {
  const text = bytes.toString('utf8').replaceAll('\0', '')
  if (type !== 13) return text
  // the schema says ISO 8601; GDAL writes a zone only where it knows one
  const kind = instantKind(text)
  if (kind) return kind === 'timestamptz' ? text : `${text}Z`
  return isDate(text) ? `${text}T00:00:00Z` : text === '' ? null : leaveOut('instants')
}
