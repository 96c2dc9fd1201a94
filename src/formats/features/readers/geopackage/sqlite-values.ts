import type { LayerValue } from '#core/ports.js'
import type { ColumnKind } from '#rows/batch.js'
import { instantKind, isDate } from '../date-text.js'
import type { LeaveOut } from '../left-out.js'

/** Kind of a column by its declared type (OGC 12-128r19, table 1, and SQLite's affinity rules for the others). */
export function columnKind(declared: string): ColumnKind {
  const type = declared.toUpperCase().replace(/\(.*$/, '').trim()
  if (type === 'BOOLEAN') return 'boolean'
  if (type === 'DATE') return 'date'
  if (type === 'DATETIME' || type === 'TIMESTAMP') return 'timestamptz'
  if (type === 'TINYINT' || type === 'SMALLINT' || type === 'MEDIUMINT') return 'integer'
  if (type.includes('INT')) return 'bigint'
  if (type.includes('CHAR') || type.includes('TEXT') || type.includes('CLOB')) return 'text'
  if (type === 'JSON') return 'json'
  if (type.includes('BLOB')) return 'bytes'
  if (type.includes('REAL') || type.includes('FLOA') || type.includes('DOUB')) return 'double'
  if (type.includes('NUM') || type.includes('DEC')) return 'double'
  return 'text'
}

/** SQLite lets any column hold any value: a function that makes one fit its kind, or leaves it out with a note. Hot: once per value. */
export function cellReader(kind: ColumnKind, name: string, place: () => string, leaveOut: LeaveOut): (value: LayerValue) => LayerValue {
  const wrong = () => leaveOut(`Column “${name}”, values that are no ${kind}`, place)
  switch (kind) {
    case 'text':
    case 'json':
      return value => (typeof value === 'string' || value === null ? value : value instanceof Uint8Array ? wrong() : String(value))
    case 'integer':
      return value => (value === null || (typeof value === 'number' && (value | 0) === value) ? value : wrong())
    case 'bigint':
      return value => (value === null || typeof value === 'bigint' || Number.isInteger(value) ? value : wrong())
    case 'double':
      return value => (value === null || typeof value === 'number' ? value : typeof value === 'bigint' ? Number(value) : wrong())
    case 'boolean':
      return value => (value === null ? null : value === 0 || value === 1 ? value === 1 : wrong())
    case 'date':
      return value => (value === null || (typeof value === 'string' && isDate(value)) ? value : wrong())
    case 'timestamptz':
      return value => (value === null ? null : typeof value === 'string' ? (instant(value) ?? wrong()) : wrong())
    case 'bytes':
      return value => (value === null || value instanceof Uint8Array ? value : wrong())
    default:
      return value => value
  }
}

/** GeoPackage times are UTC; the Z is often forgotten, and a bare date means its first instant. */
function instant(text: string): string | undefined {
  const kind = instantKind(text)
  if (kind) return kind === 'timestamptz' ? text : `${text}Z`
  return isDate(text) ? `${text}T00:00:00Z` : undefined
}
