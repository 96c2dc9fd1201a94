import type { FileMetaData, ParquetParsers, SchemaElement } from 'hyparquet'
import type { LayerValue } from '#core/ports.js'
import type { ColumnKind } from '#rows/batch.js'
import type { GeoFacts } from './geo-facts.js'

/** A column of a file, and how its values become ours. */
export interface ParquetColumn {
  readonly source: string
  readonly kind: ColumnKind
  readonly valueOf: (value: unknown) => LayerValue
}

const decoder = new TextDecoder()
const pad = (value: bigint, length: number) => String(value).padStart(length, '0')

/** Moments keep their microseconds, and dates their day; geometries stay WKB. */
export const parquetValues: Partial<ParquetParsers> = {
  timestampFromMilliseconds: millis => moment(millis * 1000n),
  timestampFromMicroseconds: micros => moment(micros),
  timestampFromNanoseconds: nanos => moment(nanos / 1000n),
  dateFromDays: days => moment(BigInt(days) * 86_400_000_000n)?.slice(0, 10) ?? null,
  jsonFromBytes: bytes => decoder.decode(bytes),
  stringFromBytes: bytes => decoder.decode(bytes),
  geometryFromBytes: bytes => bytes,
  geographyFromBytes: bytes => bytes,
}

/** ISO 8601 without a zone; null for a year that the database has no room for. */
function moment(micros: bigint): string | null {
  const seconds = micros / 1_000_000n - (micros % 1_000_000n < 0n ? 1n : 0n)
  const rest = micros - seconds * 1_000_000n
  const date = new Date(Number(seconds) * 1000)
  if (Number.isNaN(date.getTime()) || date.getUTCFullYear() < 1 || date.getUTCFullYear() > 9999) return null
  return `${date.toISOString().slice(0, 19)}${rest === 0n ? '' : `.${pad(rest, 6)}`}`
}

/** The columns of a file but its geometries and what only helps finding them. */
export function parquetColumns({ schema }: FileMetaData, { primary, coverings, others }: GeoFacts): ParquetColumn[] {
  const left = new Set([primary, ...coverings, ...others])
  return topLevel(schema)
    .filter(({ name }) => !left.has(name))
    .map(element => {
      const kind = kindOf(element)
      return { source: element.name, kind, valueOf: writerOf(kind) }
    })
}

/** The schema is a tree in one list, each element before its children. */
function topLevel(schema: readonly SchemaElement[]): SchemaElement[] {
  const found: SchemaElement[] = []
  const skip = (at: number): number => {
    let next = at + 1
    for (let left = schema[at]?.num_children ?? 0; left > 0 && next < schema.length; left--) next = skip(next)
    return next
  }
  for (let at = 1; at < schema.length; at = skip(at)) found.push(schema[at])
  return found
}

function kindOf({ type, num_children, repetition_type, converted_type: converted, logical_type: logical }: SchemaElement): ColumnKind {
  if (num_children || repetition_type === 'REPEATED') return 'json'
  if (converted === 'DATE' || logical?.type === 'DATE') return 'date'
  if (converted === 'DECIMAL' || logical?.type === 'DECIMAL') return 'double'
  if (logical?.type === 'TIMESTAMP') return logical.isAdjustedToUTC ? 'timestamptz' : 'timestamp'
  if (converted === 'TIMESTAMP_MILLIS' || converted === 'TIMESTAMP_MICROS') return 'timestamptz'
  if (converted === 'JSON' || logical?.type === 'JSON') return 'json'
  if (logical?.type === 'UUID') return 'uuid'
  switch (type) {
    case 'BOOLEAN':
      return 'boolean'
    case 'INT32':
      return converted === 'UINT_32' ? 'bigint' : 'integer'
    case 'INT64':
      return converted === 'UINT_64' ? 'text' : 'bigint'
    case 'INT96':
      return 'timestamp'
    case 'FLOAT':
    case 'DOUBLE':
      return 'double'
    default:
      return converted === 'UTF8' || converted === 'ENUM' || logical?.type === 'STRING' || logical?.type === 'ENUM' ? 'text' : 'bytes'
  }
}

function writerOf(kind: ColumnKind): (value: unknown) => LayerValue {
  return value => {
    if (value === null || value === undefined) return null
    switch (kind) {
      case 'json':
        return (typeof value === 'string' ? value : JSON.stringify(value, plainJson)).replaceAll('\\u0000', '\ufffd')
      case 'text':
        return (value instanceof Uint8Array ? decoder.decode(value) : String(value)).replaceAll('\0', '')
      case 'timestamptz':
        return `${value}Z`
      case 'bytes':
        return value instanceof Uint8Array ? value : String(value)
      default:
        return value as LayerValue
    }
  }
}

/** Integers too long for JSON's readers become texts, bytes base 64. */
function plainJson(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
  return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value
}
