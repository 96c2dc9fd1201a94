import { type ArrayText, mostDimensions, readArrayText, writeArrayText } from '#rows/array-text.js'
import { ByteSink } from '#rows/byte-sink.js'
import { putField } from '#rows/pg-field-writer.js'
import { oidOfKind, oids } from '#rows/pg-types.js'
import { ValueError } from '#rows/value-error.js'
import type { AttributeColumn } from './atlas.js'
import { type JsonValue, jsonText, LongNumber } from './given-feature.js'
import type { LayerValue } from './ports.js'

/** What a column takes, in words. */
const wanted: Readonly<Partial<Record<AttributeColumn['kind'], string>>> = {
  text: 'a text',
  integer: 'a whole number',
  bigint: 'a whole number, or a text with its digits',
  double: 'a number',
  numeric: 'a number, or a text with its digits',
  boolean: 'true or false',
  date: 'a date such as "2024-02-29"',
  time: 'a time such as "08:30:00"',
  timestamp: 'a date and time such as "2024-02-29T08:30:00"',
  timestamptz: 'a date and time such as "2024-02-29T08:30:00Z"',
  uuid: 'a UUID',
  bytes: 'a text in base 64',
}

const widths: Readonly<Record<string, number>> = { smallint: oids.int2, real: oids.float4 }

/** A value of JSON, not null, as its column holds it. Throws `ValueError` saying what would have worked. */
export function attributeValue(column: AttributeColumn, value: Exclude<JsonValue, null>): LayerValue {
  const held = heldValue(column, value)
  // JSON can escape it, UTF-8 cannot write it: it would be kept as another character, and nobody told
  if (typeof held === 'string' && /\p{Surrogate}/u.test(held))
    throw new ValueError(`“${column.name}” holds half of a character (a surrogate without its pair).`)
  return held
}

function heldValue(column: AttributeColumn, value: Exclude<JsonValue, null>): LayerValue {
  const { name, kind, nativeType } = column
  if (nativeType.endsWith('[]')) return arrayValue(column, value)
  if (kind === 'json') return jsonText(value)
  const scalar = scalarFor(kind, value)
  if (scalar === undefined) throw new ValueError(`“${name}” takes ${wanted[kind] ?? 'something else'}; ${shown(value)} was given.`)
  if (kind === 'text') checkLength(name, nativeType, String(scalar))
  if (column.labels && !column.labels.includes(String(scalar)))
    throw new ValueError(`“${name}” takes one of ${column.labels.slice(0, 20).join(', ')}; ${shown(value)} was given.`)
  try {
    putField(new ByteSink(64), { name: '', kind, oid: widths[nativeType] ?? oidOfKind[kind] }, scalar)
  } catch (error) {
    if (!(error instanceof ValueError)) throw error
    throw new ValueError(`“${name}” takes ${wanted[kind]}; ${error.message.replace(/^Column : /, '')}`)
  }
  return scalar
}

/** Kinds of the items of arrays, by the names of their types; others are texts. */
const itemKinds: readonly (readonly [RegExp, AttributeColumn['kind']])[] = [
  [/^(smallint|integer)$/, 'integer'],
  [/^bigint$/, 'bigint'],
  [/^(real|double precision)$/, 'double'],
  [/^numeric\b/, 'numeric'],
  [/^boolean$/, 'boolean'],
  [/^date$/, 'date'],
  [/^time\b.* without time zone$/, 'time'],
  [/^timestamp\b.* without time zone$/, 'timestamp'],
  [/^timestamp\b.* with time zone$/, 'timestamptz'],
  [/^uuid$/, 'uuid'],
  [/^jsonb?$/, 'json'],
  [/^bytea$/, 'bytes'],
]

/** A list as PostgreSQL reads an array; what it writes of one, as formats other than JSON tell it, is taken as well. */
function arrayValue({ name, nativeType, labels: _, ...column }: AttributeColumn, value: Exclude<JsonValue, null>): string {
  if (typeof value === 'string' && readArrayText(value)) return value
  if (!Array.isArray(value)) throw new ValueError(`“${name}” takes a list such as ["a","b"]; ${shown(value)} was given.`)
  const type = nativeType.slice(0, -2)
  const kind = itemKinds.find(([pattern]) => pattern.test(type))?.[1] ?? 'text'
  const item = { ...column, name, kind, nativeType: type }
  const itemsOf = (list: readonly JsonValue[], dimension: number): ArrayText => {
    if (dimension > mostDimensions) throw new ValueError(`“${name}” holds lists within lists ${mostDimensions} deep at most.`)
    return list.map(one => {
      if (one === null) return null
      if (Array.isArray(one) && kind !== 'json') return itemsOf(one, dimension + 1)
      const fitted = attributeValue(item, one)
      return fitted instanceof Uint8Array ? `\\x${Buffer.from(fitted).toString('hex')}` : String(fitted)
    })
  }
  return writeArrayText(itemsOf(value, 1))
}

/** Undefined for a value of the wrong type. */
function scalarFor(kind: AttributeColumn['kind'], value: Exclude<JsonValue, null>): Exclude<LayerValue, null> | undefined {
  switch (kind) {
    case 'integer': {
      const number = value instanceof LongNumber ? Number(value.text) : value
      return typeof number === 'number' && Number.isInteger(number) ? number : undefined
    }
    case 'bigint': {
      const text = value instanceof LongNumber ? value.text : typeof value === 'number' ? String(value) : value
      return typeof text === 'string' && /^-?\d{1,25}$/.test(text) ? text : undefined
    }
    case 'numeric': {
      const text = value instanceof LongNumber ? value.text : typeof value === 'number' ? String(value) : value
      return typeof text === 'string' && text.length <= 1000 && /^-?\d+(\.\d+)?(e[+-]?\d{1,3})?$/i.test(text) ? text : undefined
    }
    case 'double': {
      const number = value instanceof LongNumber ? Number(value.text) : value
      return typeof number === 'number' && Number.isFinite(number) ? number : undefined
    }
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined
    case 'bytes':
      return typeof value === 'string' && /^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(value) ? Buffer.from(value, 'base64') : undefined
    default:
      return typeof value === 'string' ? value : undefined
  }
}

function checkLength(name: string, nativeType: string, text: string): void {
  const most = Number(/^character(?: varying)?\((\d+)\)$/.exec(nativeType)?.[1] ?? Number.POSITIVE_INFINITY)
  if (text.length <= most) return
  const length = [...text].length
  if (length > most) throw new ValueError(`“${name}” holds ${most} characters at most; ${length} were given.`)
}

function shown(value: JsonValue): string {
  const text = jsonText(value)
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}
