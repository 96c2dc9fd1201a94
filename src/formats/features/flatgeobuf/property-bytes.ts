import { ColumnType } from 'flatgeobuf/lib/mjs/flat-geobuf/column-type.js'
import type { FeatureColumn } from '#core/feature-table.js'
import type { RowColumn } from '#rows/batch.js'
import { oids } from '#rows/pg-types.js'
import type { RowView } from '#rows/row-view.js'
import type { LittleSink } from '../little-sink.js'
import { numericForm } from '../numeric-form.js'

/** The type of a column as FlatGeobuf has it. */
export function columnType({ kind, nativeType }: FeatureColumn, oid: number): ColumnType {
  switch (kind) {
    case 'integer':
      return oid === oids.int2 ? ColumnType.Short : oid === oids.oid ? ColumnType.UInt : ColumnType.Int
    case 'bigint':
      return ColumnType.Long
    case 'double':
      return oid === oids.float4 ? ColumnType.Float : ColumnType.Double
    case 'numeric':
      return numericForm(nativeType).isDouble ? ColumnType.Double : ColumnType.String
    case 'boolean':
      return ColumnType.Bool
    case 'date':
    case 'timestamp':
    case 'timestamptz':
      return ColumnType.DateTime
    case 'json':
      return ColumnType.Json
    case 'bytes':
    case 'geometry':
      return ColumnType.Binary
    case 'text':
    case 'time':
    case 'uuid':
      return ColumnType.String
  }
}

/** A function that appends a value that is not null: the number of its column, and its bytes as its type has them. Hot. */
export function propertyWriter(column: RowColumn, type: ColumnType, index: number): (sink: LittleSink, row: RowView) => void {
  const field = index + 1
  switch (type) {
    case ColumnType.Short:
      return (sink, row) => {
        sink.u16(index)
        sink.u16(row.number(field))
      }
    case ColumnType.Int:
    case ColumnType.UInt:
      return (sink, row) => {
        sink.u16(index)
        sink.u32(row.number(field))
      }
    case ColumnType.Long:
      return (sink, row) => {
        sink.u16(index)
        sink.room(8)
        const value = row.value(field) as number | bigint
        sink.view.setBigInt64(sink.at, BigInt(value), true)
        sink.at += 8
      }
    case ColumnType.Float:
      return (sink, row) => {
        sink.u16(index)
        sink.room(4)
        sink.view.setFloat32(sink.at, row.number(field), true)
        sink.at += 4
      }
    case ColumnType.Double:
      return (sink, row) => {
        sink.u16(index)
        sink.f64(row.number(field))
      }
    case ColumnType.Bool:
      return (sink, row) => {
        sink.u16(index)
        sink.u8(row.value(field) ? 1 : 0)
      }
    default:
      return column.kind === 'text' || column.kind === 'bytes' || column.kind === 'geometry' ? rawWriter(field) : textWriter(field)
  }
}

/** What comes as it is to be written. */
function rawWriter(field: number): (sink: LittleSink, row: RowView) => void {
  return (sink, row) => {
    const start = row.start(field)
    const length = row.length(field)
    sink.u16(field - 1)
    sink.u32(length)
    sink.copy(row.batch.bytes, start, start + length)
  }
}

function textWriter(field: number): (sink: LittleSink, row: RowView) => void {
  return (sink, row) => {
    sink.u16(field - 1)
    sink.u32(0)
    const length = sink.text(row.text(field) ?? '')
    sink.view.setUint32(sink.at - length - 4, length, true)
  }
}
