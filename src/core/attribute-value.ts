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
export function attributeValue({ name, kind, nativeType }: AttributeColumn, value: Exclude<JsonValue, null>): LayerValue {
  if (kind === 'json') return jsonText(value)
  const scalar = scalarFor(kind, value)
  if (scalar === undefined) throw new ValueError(`“${name}” takes ${wanted[kind] ?? 'something else'}; ${shown(value)} was given.`)
  if (kind === 'text') checkLength(name, nativeType, String(scalar))
  try {
    putField(new ByteSink(64), { name: '', kind, oid: widths[nativeType] ?? oidOfKind[kind] }, scalar)
  } catch (error) {
    if (!(error instanceof ValueError)) throw error
    throw new ValueError(`“${name}” takes ${wanted[kind]}; ${error.message.replace(/^Column : /, '')}`)
  }
  return scalar
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
