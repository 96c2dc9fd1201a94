import type { FeatureSource } from '#core/atlas.js'
import { Problem } from '#core/problem.js'
import type { FeatureQuery } from '#core/queries.js'
import { splitFeatureId } from './feature-id.js'
import { quoted } from './identifiers.js'
import { attributeOf, type Values } from './sql.js'
import type { Parameter } from './wire/message-writer.js'

/** A part of the rows behind a place in the order, such that an index on the columns of the order leads to it. */
export interface Segment {
  /** Columns in which rows are as the place is; null is equal to null here. */
  readonly equal: readonly Place[]
  /** The next columns, compared as one row; or the next column alone, which is null, or not. */
  readonly beyond?:
    | { readonly places: readonly Place[]; readonly descending: boolean }
    | { readonly column: string; readonly isNull: boolean }
  /** Rows without a key only: those before this physical address. */
  readonly before?: string
}

interface Place {
  /** Quoted. */
  readonly column: string
  readonly value: Parameter
}

/** A column of the order, quoted. Nulls are greater than all values, as PostgreSQL has it. */
interface OrderColumn {
  readonly column: string
  readonly descending: boolean
  readonly isNullable: boolean
}

/**
 * The total order of a query: its own columns, then those of the key in the direction of the last, so that one index of both can be read either way. Empty where no order
 * was asked for.
 */
export function orderColumns({ sort = [], offset, after, isPaged, source }: FeatureQuery): readonly OrderColumn[] {
  if (sort.length === 0 && !offset && !after && !isPaged) return []
  const wanted = sort.map(({ column, descending }) => {
    const { name, kind, isNullable } = attributeOf(source, column)
    if (kind === 'json')
      throw new Problem('not-queryable', `Features cannot be sorted by ${name}: documents have no order.`, { locator: 'sortby' })
    return { column: quoted(name), descending, isNullable }
  })
  const descending = sort.at(-1)?.descending ?? false
  const ties = keyNames(source).filter(name => !sort.some(({ column }) => column === name))
  const isCtid = source.key.kind === 'ctid'
  return [...wanted, ...ties.map(name => ({ column: isCtid ? name : quoted(name), descending, isNullable: mayBeNull(source, name) }))]
}

const keyNames = ({ key }: FeatureSource): readonly string[] => (key.kind === 'none' ? [] : key.kind === 'ctid' ? ['ctid'] : key.columns)

/** Keys that the database vouches for are never null; those of views are what the configuration says. */
const mayBeNull = ({ key, columns }: FeatureSource, name: string) =>
  key.kind === 'unique' && columns.some(column => column.name === name && column.isNullable)

/**
 * The rows behind `query.after`, as segments in the order of the query: each is wholly before the next. They are asked for one after the other, as an
 * OR of them would be looked for in the whole index. Throws `invalid-parameter`.
 */
export function segmentsBehind(query: FeatureQuery): readonly Segment[] {
  const columns = orderColumns(query)
  const values = placeOf(query)
  const segments = (at: number, equal: readonly Place[]): readonly Segment[] => {
    if (at === columns.length) return []
    const { column, descending, isNullable } = columns[at]!
    const value = values[at]!
    if (value === null) {
      const ties = segments(at + 1, [...equal, { column, value }])
      return descending ? [...ties, { equal, beyond: { column, isNull: false } }] : ties
    }
    const end = endOfRun(columns, values, at)
    const places = columns.slice(at, end).map(({ column }, i) => ({ column, value: values[at + i]! }))
    const nulls = !descending && isNullable ? [{ equal, beyond: { column, isNull: true } }] : []
    return [...segments(end, [...equal, ...places]), { equal, beyond: { places, descending } }, ...nulls]
  }
  // the last column is never equal: a run that reaches it says so itself
  return segments(0, [])
}

/** All rows, those first that have null in the first column of an order that begins with nulls: there may be many, in the order of the key among themselves. */
export function segmentsOfAll(query: FeatureQuery): readonly (Segment | undefined)[] {
  const [first] = orderColumns(query)
  if (!first?.descending || !first.isNullable || query.limit === undefined || query.offset) return [undefined]
  return [true, false].map(isNull => ({ equal: [], beyond: { column: first.column, isNull } }))
}

/** Columns that are null in all rows of a segment: to put them in order by these keeps the planner from better ways. */
export const nullColumns = ({ equal, beyond }: Segment): readonly string[] => [
  ...equal.filter(({ value }) => value === null).map(({ column }) => column),
  ...(beyond && 'isNull' in beyond && beyond.isNull ? [beyond.column] : []),
]

/** Columns from `at` on that one comparison of rows does: of one direction, without nulls that would come in between. */
function endOfRun(columns: readonly OrderColumn[], values: readonly Parameter[], at: number): number {
  const { descending } = columns[at]!
  let end = at + 1
  while (
    end < columns.length &&
    columns[end]!.descending === descending &&
    values[end] !== null &&
    (descending || !columns[end]!.isNullable)
  )
    end++
  return end
}

/** Values of the columns of the order, from the texts of `after`: those of `sort`, then the id. */
function placeOf({ after = [], sort = [], source }: FeatureQuery): readonly Parameter[] {
  const id = after.at(-1)
  const parts = id === null || id === undefined ? [null] : splitFeatureId(source, id)
  if (after.length !== sort.length + 1 || !parts || after.some(text => text?.includes('\0'))) throw strangePlace()
  const given = sort.map(({ column }, at) => placeValue(attributeOf(source, column).kind, after[at]!))
  const names = keyNames(source)
  const ties = names.flatMap((name, at) => (sort.some(({ column }) => column === name) ? [] : [parts[at] ?? null]))
  return [...given, ...ties]
}

/** A text as `RowView.text` gives it, as PostgreSQL reads it. */
function placeValue(kind: string, text: string | null): Parameter {
  if (text === null) return null
  if (kind === 'bytes') return Buffer.from(text, 'base64')
  if (kind !== 'date' && kind !== 'timestamp' && kind !== 'timestamptz') return text
  const [, sign, year, rest] = /^(-?)(\d{4,7})(-.*)$/s.exec(text) ?? []
  return year !== undefined && (sign || Number(year) === 0) ? `${String(1 + Number(year)).padStart(4, '0')}${rest} BC` : text
}

/** What is said of an `after` that is not of this table and order. */
export const strangePlace = (cause?: unknown) =>
  new Problem('invalid-parameter', 'There is no such place in the order of these rows; begin with the first page.', {
    locator: 'cursor',
    ...(cause !== undefined && { cause }),
  })

/** The condition that a row is of the segment. Values are bound without a type: they are of that of their column. */
export function segmentSql({ equal, beyond, before }: Segment, values: Values): string {
  const conditions = equal.map(({ column, value }) => (value === null ? `${column} IS NULL` : `${column} = ${values.bind(value)}`))
  if (beyond && 'isNull' in beyond) conditions.push(`${beyond.column} IS ${beyond.isNull ? '' : 'NOT '}NULL`)
  else if (beyond) {
    const { places, descending } = beyond
    const [columns, bound] = [places.map(({ column }) => column), places.map(({ value }) => values.bind(value))]
    const sign = descending ? '<' : '>'
    conditions.push(places.length === 1 ? `${columns[0]} ${sign} ${bound[0]}` : `(${columns.join(', ')}) ${sign} (${bound.join(', ')})`)
  }
  if (before !== undefined) conditions.push(`ctid < ${values.bind(before)}`)
  return conditions.join(' AND ')
}
