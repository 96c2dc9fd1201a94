import type { ColumnKind } from '#rows/batch.js'
import { instantKind, isDate } from '../date-text.js'

/** Kinds a value can be seen as, from files that do not declare types. `empty` is no value at all. */
export type SeenKind = 'boolean' | 'integer' | 'bigint' | 'double' | 'date' | 'timestamp' | 'timestamptz' | 'text' | 'json'

const numberLadder: readonly SeenKind[] = ['integer', 'bigint', 'double']

/** The narrowest kind that holds both: integer, bigint, double widen in that order; objects make json; everything else meets in text. */
export function widen(a: SeenKind | undefined, b: SeenKind): SeenKind {
  if (a === undefined || a === b) return b
  if (a === 'json' || b === 'json') return 'json'
  const [rungA, rungB] = [numberLadder.indexOf(a), numberLadder.indexOf(b)]
  if (rungA >= 0 && rungB >= 0) return numberLadder[Math.max(rungA, rungB)]
  return 'text'
}

/** Kind of a number: `integer` within 32 bits, `bigint` as far as a double counts exactly, else `double`. */
export function numberKind(value: number): SeenKind {
  if ((value | 0) === value) return 'integer'
  return Number.isSafeInteger(value) ? 'bigint' : 'double'
}

/** A text that is a date or an instant in ISO 8601 is seen as such. */
export function textKind(text: string): SeenKind {
  const first = text.charCodeAt(0)
  if (text.length < 10 || text.length > 40 || first < 0x30 || first > 0x39 || text.charCodeAt(4) !== 0x2d) return 'text'
  return isDate(text) ? 'date' : (instantKind(text) ?? 'text')
}

/** Columns without any value are text. */
export const kindOrText = (kind: SeenKind | undefined): ColumnKind => kind ?? 'text'
