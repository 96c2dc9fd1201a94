import type { RowColumn } from './batch.js'
import type { ByteSink } from './byte-sink.js'
import { putNumeric } from './pg-numeric.js'
import { parseDate, parseTime, parseTimestamp } from './pg-time.js'
import { oids } from './pg-types.js'
import { ValueError } from './value-error.js'

/** What a field may be written from. Dates and times are ISO 8601 texts (PostgreSQL's own spelling is read, too). */
export type FieldInput = string | number | bigint | boolean | Uint8Array | null | undefined

/**
 * Appends a field in PostgreSQL's binary form, its int32 length first (-1 for null and undefined). The OID of the column decides the width
 * (int2, int4, int8, float4, float8, json, jsonb, timetz); kind `geometry` takes WKB of any flavour. Throws `ValueError` when the
 * value does not fit, with the sink as it was.
 */
export function putField(sink: ByteSink, column: RowColumn, value: FieldInput): void {
  const start = sink.length
  try {
    if (value === null || value === undefined) sink.int32(-1)
    else put(sink, column, value)
  } catch (error) {
    sink.truncate(start)
    if (error instanceof ValueError) throw new ValueError(`Column ${column.name}: ${error.message}`)
    throw error
  }
}

function put(sink: ByteSink, { kind, oid }: RowColumn, value: NonNullable<FieldInput>): void {
  switch (kind) {
    case 'integer':
    case 'bigint':
      putInteger(sink, oid, value)
      break
    case 'double':
      putDouble(sink, oid, value)
      break
    case 'numeric':
      putNumeric(sink, textOf(value))
      break
    case 'boolean':
      sink.int32(1)
      sink.int8(booleanOf(value) ? 1 : 0)
      break
    case 'date':
      sink.int32(4)
      sink.int32(parseDate(textOf(value)))
      break
    case 'time':
      putTime(sink, oid, textOf(value))
      break
    case 'timestamp':
    case 'timestamptz':
      sink.int32(8)
      sink.int64(parseTimestamp(textOf(value), kind === 'timestamptz'))
      break
    case 'uuid':
      putUuid(sink, value)
      break
    case 'json':
      putText(sink, textOf(value), oid === oids.jsonb)
      break
    case 'bytes':
    case 'geometry':
      if (!(value instanceof Uint8Array)) throw new ValueError(`${shown(value)} is not bytes.`)
      sink.int32(value.length)
      sink.bytes(value)
      break
    case 'text':
      putText(sink, textOf(value), false)
      break
  }
}

const ranges = new Map<number, readonly [size: 2 | 4 | 8, least: bigint, most: bigint]>([
  [oids.int2, [2, -(2n ** 15n), 2n ** 15n - 1n]],
  [oids.int4, [4, -(2n ** 31n), 2n ** 31n - 1n]],
  [oids.oid, [4, 0n, 2n ** 32n - 1n]],
  [oids.int8, [8, -(2n ** 63n), 2n ** 63n - 1n]],
])

function putInteger(sink: ByteSink, oid: number, value: NonNullable<FieldInput>): void {
  const range = ranges.get(oid)
  if (!range) throw new ValueError(`type ${oid} is not an integer type.`)
  const [size, least, most] = range
  const integer = integerOf(value)
  if (integer < least || integer > most) throw new ValueError(`${integer} is beyond ${least} to ${most}.`)
  sink.int32(size)
  if (size === 8) sink.int64(BigInt(integer))
  else if (size === 4) sink.int32(Number(integer))
  else sink.int16(Number(integer))
}

function integerOf(value: NonNullable<FieldInput>): number | bigint {
  if (typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value))) return value
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value === 'string' && /^\s*[+-]?\d{1,25}(\.0*)?\s*$/.test(value)) return BigInt(value.trim().replace(/^\+|\.0*$/g, ''))
  throw new ValueError(`${shown(value)} is not a whole number.`)
}

function putDouble(sink: ByteSink, oid: number, value: NonNullable<FieldInput>): void {
  const text = typeof value === 'string' ? value.trim() : undefined
  const number = text === undefined ? Number(value) : text === '' ? Number.NaN : Number(text)
  if (value instanceof Uint8Array || (Number.isNaN(number) && text?.toLowerCase() !== 'nan' && typeof value !== 'number'))
    throw new ValueError(`${shown(value)} is not a number.`)
  if (oid === oids.float4) {
    sink.int32(4)
    sink.float32(number)
  } else {
    sink.int32(8)
    sink.float64(number)
  }
}

const booleans: Readonly<Record<string, boolean>> = { true: true, t: true, yes: true, 1: true, false: false, f: false, no: false, 0: false }

function booleanOf(value: NonNullable<FieldInput>): boolean {
  const known = value instanceof Uint8Array ? undefined : booleans[String(value).trim().toLowerCase()]
  if (known === undefined) throw new ValueError(`${shown(value)} is neither true nor false.`)
  return known
}

function putTime(sink: ByteSink, oid: number, text: string): void {
  const { micros, secondsWest = 0 } = parseTime(text)
  const hasZone = oid === oids.timetz
  sink.int32(hasZone ? 12 : 8)
  sink.int64(micros)
  if (hasZone) sink.int32(secondsWest)
}

function putUuid(sink: ByteSink, value: NonNullable<FieldInput>): void {
  const hex = textOf(value).replace(/[-{}\s]/g, '')
  if (!/^[0-9a-f]{32}$/i.test(hex)) throw new ValueError(`${shown(value)} is not a UUID.`)
  sink.int32(16)
  sink.bytes(Buffer.from(hex, 'hex'))
}

function putText(sink: ByteSink, text: string, isVersioned: boolean): void {
  if (text.includes('\0')) throw new ValueError('a text holds the character NUL, which databases cannot store.')
  const start = sink.length
  sink.int32(0)
  if (isVersioned) sink.int8(1)
  sink.text(text)
  sink.patchInt32(start, sink.length - start - 4)
}

function textOf(value: NonNullable<FieldInput>): string {
  if (value instanceof Uint8Array) throw new ValueError('bytes are not a text.')
  return String(value)
}

function shown(value: NonNullable<FieldInput>): string {
  if (value instanceof Uint8Array) return `a value of ${value.length} bytes`
  const text = String(value)
  return `“${text.length > 40 ? `${text.slice(0, 40)}…` : text}”`
}
