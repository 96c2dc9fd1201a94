import type { FeatureColumn, FeatureTable } from '#core/feature-table.js'
import type { RowColumn } from '#rows/batch.js'
import { oids } from '#rows/pg-types.js'
import type { RowView } from '#rows/row-view.js'
import { numericForm } from '../numeric-form.js'

/** A field of a DBF. */
export interface DbfField {
  /** At most ten ASCII characters, unlike all others whatever the case. */
  readonly name: string
  /** The column it comes from; absent: the id. */
  readonly column?: FeatureColumn
  /** C: text, N and F: numbers as text, L: T or F, D: YYYYMMDD. `big`: N while every value fits into 18 characters, else C. */
  readonly type: 'C' | 'N' | 'F' | 'L' | 'D' | 'big'
  /** Bytes; absent: as many as the longest value takes. A width of text is the least. */
  readonly width?: number
  readonly decimals?: number
  /** The value as text; null where there is none. */
  readonly read: (row: RowView) => string | null
}

/** Longest text of a field: in bytes of UTF-8. */
export const mostBytes = 254

/** Fields of the columns that a DBF can hold: all but bytes and further geometries. A table without any gets its ids as a field. */
export function dbfFields({ columns, schema }: Pick<FeatureTable, 'columns' | 'schema'>): DbfField[] {
  const written = columns.map((column, i) => ({ column, i })).filter(({ column }) => isWritten(column))
  if (written.length === 0) return [{ name: 'id', type: 'C', read: row => row.text(0) }]
  const names = shortNames(written.map(({ column }) => column.name))
  return written.map(({ column, i }, k) => ({ name: names[k], column, ...formOf(column, schema.columns[i + 1], i + 1) }))
}

/** Whether a column has a place in a DBF. */
export const isWritten = ({ kind }: FeatureColumn): boolean => kind !== 'bytes' && kind !== 'geometry'

/** Letters that are no letter with an accent. */
const letters: Readonly<Record<string, string>> = { ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', Æ: 'AE', Œ: 'OE', Ø: 'O' }

/** Names of up to ten ASCII characters: without accents, other signs as `_`, cut, and with a number where two would be the same. */
export function shortNames(names: readonly string[]): string[] {
  const taken = new Set<string>()
  return names.map(name => {
    const plain = name
      .replace(/[ßæœøÆŒØ]/g, letter => letters[letter])
      .normalize('NFD')
      .replace(/\p{M}/gu, '')
      .replace(/[^A-Za-z0-9_]+/g, '_')
    let short = plain.slice(0, 10)
    for (let n = 1; taken.has(short.toLowerCase()); n++) short = `${plain.slice(0, 9 - String(n).length)}_${n}`
    taken.add(short.toLowerCase())
    return short
  })
}

function formOf({ nativeType }: FeatureColumn, { kind, oid }: RowColumn, field: number): Omit<DbfField, 'name' | 'column'> {
  const asIs = (row: RowView) => row.text(field)
  switch (kind) {
    case 'integer':
      return { type: 'N', width: oid === oids.int2 ? 6 : 11, decimals: 0, read: asIs }
    case 'bigint':
      return { type: 'big', read: asIs }
    case 'double':
      return { type: 'F', width: 24, decimals: 15, read: finite(field) }
    case 'numeric': {
      const { isDouble, precision, scale = 0 } = numericForm(nativeType)
      if (!isDouble) return { type: 'C', read: asIs }
      if (precision === undefined || scale < 0 || scale > precision) return { type: 'F', width: 24, decimals: 15, read: finite(field) }
      return {
        type: 'N',
        width: precision + 2,
        decimals: scale,
        read: row => (Number.isFinite(row.number(field)) ? row.text(field) : null),
      }
    }
    case 'boolean':
      return { type: 'L', width: 1, read: row => (row.isNull(field) ? null : row.value(field) ? 'T' : 'F') }
    case 'date':
      return { type: 'D', width: 8, read: row => dayOf(row.text(field)) }
    case 'text': {
      const [, width] = /^(?:character varying|character|varchar|char)\((\d+)\)$/.exec(nativeType) ?? []
      return { type: 'C', ...(width && { width: Math.min(mostBytes, Number(width)) }), read: asIs }
    }
    default:
      return { type: 'C', read: asIs }
  }
}

/** A double with every digit, in at most 24 characters. */
function finite(field: number): DbfField['read'] {
  return row => {
    const value = row.number(field)
    return Number.isFinite(value) ? String(value) : null
  }
}

/** Years of four digits are all that fit. */
function dayOf(text: string | null): string | null {
  return text && /^\d{4}-\d\d-\d\d$/.test(text) ? text.replaceAll('-', '') : null
}
