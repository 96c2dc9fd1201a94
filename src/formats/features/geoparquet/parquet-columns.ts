import type { SchemaElement } from 'hyparquet-writer'
import type { FeatureColumn } from '#core/feature-table.js'
import type { RowColumn } from '#rows/batch.js'
import { oids } from '#rows/pg-types.js'
import type { RowView } from '#rows/row-view.js'
import { numericForm } from '../numeric-form.js'

/** A column of a Parquet file: its schema, and how its values are read. */
export interface ParquetColumn {
  readonly element: SchemaElement
  /** What the writer of Parquet takes; null where there is none. Bytes are copies: the batch's memory is used again. */
  readonly read: (row: RowView) => unknown
  /** Smallest and largest value of each row group are told. */
  readonly hasStatistics: boolean
}

/** Microseconds and days from 1970 to 2000, where PostgreSQL counts from. */
const epochMicros = 946_684_800_000_000n
const epochDays = 10_957
const infiniteTime = 0x7fffffffffffffffn
const infiniteDay = 0x7fffffff

export function parquetColumn(name: string, column: FeatureColumn, stored: RowColumn, field: number): ParquetColumn {
  const { element, read, hasStatistics = true } = formOf(column, stored, field)
  return { element: { name, repetition_type: 'OPTIONAL', ...element }, read, hasStatistics }
}

interface Form {
  readonly element: Omit<SchemaElement, 'name' | 'repetition_type'>
  readonly read: (row: RowView) => unknown
  readonly hasStatistics?: boolean
}

const text: Form['element'] = { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } }

function formOf({ kind, nativeType }: FeatureColumn, { oid }: RowColumn, field: number): Form {
  const value = (row: RowView) => row.value(field)
  const asText = (row: RowView) => row.text(field)
  const bytes = (row: RowView) => copyOf(row.bytes(field))
  switch (kind) {
    case 'integer':
      if (oid === oids.oid) return { element: { type: 'INT64' }, read: big(field) }
      return { element: oid === oids.int2 ? { type: 'INT32', converted_type: 'INT_16' } : { type: 'INT32' }, read: value }
    case 'bigint':
      return { element: { type: 'INT64' }, read: big(field) }
    case 'double':
      return { element: { type: oid === oids.float4 ? 'FLOAT' : 'DOUBLE' }, read: value }
    case 'numeric':
      return decimal(nativeType, field)
    case 'boolean':
      return { element: { type: 'BOOLEAN' }, read: value }
    case 'date':
      return { element: { type: 'INT32', converted_type: 'DATE', logical_type: { type: 'DATE' } }, read: days(field) }
    case 'time':
      if (oid === oids.timetz) return { element: text, read: asText }
      return {
        element: { type: 'INT64', logical_type: { type: 'TIME', isAdjustedToUTC: false, unit: 'MICROS' } },
        read: row => row.bytes(field) && fieldBuffer(row, field).readBigInt64BE(),
      }
    case 'timestamp':
    case 'timestamptz':
      return {
        element: { type: 'INT64', logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: kind === 'timestamptz', unit: 'MICROS' } },
        read: micros(field),
      }
    case 'uuid':
      return {
        element: { type: 'FIXED_LEN_BYTE_ARRAY', type_length: 16, logical_type: { type: 'UUID' } },
        read: bytes,
        hasStatistics: false,
      }
    case 'json':
      return {
        element: { type: 'BYTE_ARRAY', logical_type: { type: 'JSON' } },
        read: row => (row.isNull(field) ? null : Buffer.from(row.text(field) ?? '')),
        hasStatistics: false,
      }
    case 'bytes':
    case 'geometry':
      return { element: { type: 'BYTE_ARRAY' }, read: bytes, hasStatistics: false }
    case 'text':
      return { element: text, read: asText }
  }
}

const fieldBuffer = (row: RowView, field: number) => row.bytes(field) as Buffer

function copyOf(bytes: Uint8Array | undefined): Uint8Array | null {
  return bytes ? Uint8Array.from(bytes) : null
}

function big(field: number): Form['read'] {
  return row => (row.isNull(field) ? null : BigInt(row.value(field) as number | bigint))
}

/** Infinite days and moments, for which Parquet has no word, are null. */
function days(field: number): Form['read'] {
  return row => {
    if (row.isNull(field)) return null
    const value = fieldBuffer(row, field).readInt32BE()
    return value === infiniteDay || value === -infiniteDay - 1 ? null : value + epochDays
  }
}

function micros(field: number): Form['read'] {
  return row => {
    if (row.isNull(field)) return null
    const value = fieldBuffer(row, field).readBigInt64BE()
    return value === infiniteTime || value === -infiniteTime - 1n ? null : value + epochMicros
  }
}

/** Digits of the widest decimal that every reader takes. */
const mostDigits = 38

/** A declared precision and scale make a DECIMAL, exact to the last digit; more digits than 38 a text; no precision a double. NaN is null in a DECIMAL. */
function decimal(nativeType: string, field: number): Form {
  const { precision, scale = 0 } = numericForm(nativeType)
  if (precision === undefined) return { element: { type: 'DOUBLE' }, read: row => (row.isNull(field) ? null : row.number(field)) }
  if (precision > mostDigits || scale < 0 || scale > precision) return { element: text, read: row => row.text(field) }
  const width = precision <= 9 ? 'INT32' : precision <= 18 ? 'INT64' : 'FIXED_LEN_BYTE_ARRAY'
  return {
    element: {
      type: width,
      ...(width === 'FIXED_LEN_BYTE_ARRAY' && { type_length: Math.ceil((precision * Math.log2(10) + 1) / 8) }),
      converted_type: 'DECIMAL',
      logical_type: { type: 'DECIMAL', precision, scale },
      precision,
      scale,
    },
    read: row => {
      const digits = row.text(field)
      if (digits === null || !/^-?\d/.test(digits)) return null
      const [whole, fraction = ''] = digits.split('.')
      return BigInt(whole + fraction.slice(0, scale).padEnd(scale, '0'))
    },
  }
}
