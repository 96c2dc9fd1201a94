import type { AttributeColumn, FeatureSource, GeometryColumn } from '#core/atlas.js'
import type { FeatureQuery } from '#core/queries.js'
import type { ColumnKind, RowSchema } from '#rows/batch.js'
import { filterSql, splitForSql } from './filter-sql.js'
import { quoted } from './identifiers.js'
import { nullColumns, orderColumns, type Segment, segmentSql } from './keyset-sql.js'
import { searchSql } from './search-sql.js'
import type { Statement } from './session.js'
import { attributeOf, geometryOf, tableSql, Values } from './sql.js'
import type { Field } from './wire/answer.js'

/** A query, as one statement answers it. */
export interface PartQuery extends FeatureQuery {
  /** Only these rows of it; absent: all, whatever `after` says. */
  readonly segment?: Segment
  readonly fence?: Fence
  /** Boxes in halves, for bitmap scans: see `filterSql`. */
  readonly inHalves?: boolean
}

/**
 * How rows are found before they are put in order, where the database must not be tempted: a filter, an order and a limit together make it walk along the order in the hope of
 * meeting rows soon, which it does not where they lie together at the other end.
 */
export type Fence =
  /** First all rows of the filter, then their order. */
  | { readonly kind: 'filter-first' }
  /** Only the first rows in the order are looked at: so many, whatever the filter says of them. */
  | { readonly kind: 'first-rows'; readonly rows: number }

/** The statement that finds what `query` asks for, rows in binary form. Throws `unknown-property`. */
export function findSql(query: PartQuery): Statement {
  const values = new Values()
  const columns = selectSql(query, values)
  return {
    text: `SELECT ${columns} FROM ${fromSql(query, values)}${orderSql(query)}${pageSql(query, values)}`,
    values: values.list,
  }
}

/** What stands behind FROM, up to the order. */
function fromSql(query: PartQuery, values: Values): string {
  const { source, fence, segment, ...rest } = query
  if (!fence) return `${tableSql(source)}${whereSql(query, values)}`
  const inner = `SELECT ${everyColumn(source).join(', ')} FROM ${tableSql(source)}`
  const alias = quoted(source.table)
  if (fence.kind === 'filter-first') return `(${inner}${whereSql(query, values)} OFFSET 0) AS ${alias}`
  const behind = whereSql({ source, columns: [], key: false, ...(segment && { segment }) }, values)
  const first = `${behind}${orderSql(query)} LIMIT ${values.bind(fence.rows)}::int8`
  return `(${inner}${first}) AS ${alias}${whereSql({ source, ...rest }, values)}`
}

/** All that a statement may speak of. Not `*`: columns that are not published may not be readable. */
function everyColumn({ columns, geometries, key }: FeatureSource): readonly string[] {
  const keys = key.kind === 'ctid' || key.kind === 'none' ? [] : key.columns
  const names = [...new Set([...columns, ...geometries].map(({ name }) => name).concat(keys))].map(quoted)
  return key.kind === 'ctid' ? ['ctid', ...names] : names
}

/** The exact number of rows that `query` selects, its page aside; counting ends at one more than `most`. */
export function countSql(query: FeatureQuery, most?: number): Statement {
  const values = new Values()
  const { narrow: _, ...whole } = query
  const from = `${tableSql(query.source)}${whereSql(whole, values)}`
  const counted = most === undefined ? from : `(SELECT 1 FROM ${from} LIMIT ${values.bind(most + 1)}::int8) AS counted`
  return { text: `SELECT count(*)::text AS count FROM ${counted}`, values: values.list }
}

/** ` WHERE …`: all that chooses rows; or nothing. */
export function whereSql(query: PartQuery, values: Values): string {
  const { filter, narrow, segment, source, search } = query
  const { pushed } = narrow ? splitForSql(narrow, source) : {}
  const conditions = [filter, pushed].flatMap(one => (one ? [filterSql(one, source, values, query.inHalves)] : []))
  if (search) conditions.push(searchSql(search, source, values))
  if (segment) conditions.push(segmentSql(segment, values))
  return conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : ''
}

/** The select list of `query`. */
export function selectSql(query: FeatureQuery, values: Values): string {
  const columns = query.columns.map(name => {
    const attribute = query.source.columns.find(column => column.name === name)
    if (attribute) return attributeSql(attribute)
    return query.source.geometries.length
      ? geometrySql(geometryOf(query.source, name), query.simplify, values)
      : attributeSql(attributeOf(query.source, name))
  })
  if (query.key) columns.unshift(`${idSql(query.source)} AS "@id"`)
  return columns.join(', ')
}

/** The feature id as text (see `splitFeatureId`). */
export function idSql({ key }: FeatureSource): string {
  if (key.kind === 'none') return 'NULL::text'
  if (key.kind === 'ctid') return `translate(ctid::text, ',()', '-')`
  if (key.columns.length === 1) return `${quoted(key.columns[0]!)}::text`
  return key.columns.map(name => `replace(replace(${quoted(name)}::text, '~', '~0'), '.', '~1')`).join(" || '.' || ")
}

/** ` ORDER BY …`, or nothing. A page that does not begin at the start has an order, for rows to stay in theirs from page to page. */
export function orderSql(query: PartQuery): string {
  // by the column of the table, not by what is selected under its name, which may be its text
  const table = quoted(query.source.table)
  const constant = query.segment ? nullColumns(query.segment) : []
  const columns = orderColumns(query).filter(({ column }) => !constant.includes(column))
  const order = columns.map(({ column, descending }) => `${table}.${column}${descending ? ' DESC' : ''}`)
  return order.length > 0 ? ` ORDER BY ${order.join(', ')}` : ''
}

/** ` LIMIT … OFFSET …`, or nothing. */
export function pageSql({ limit, offset }: Pick<FeatureQuery, 'limit' | 'offset'>, values: Values): string {
  return `${limit === undefined ? '' : ` LIMIT ${values.bind(limit)}::int8`}${offset ? ` OFFSET ${values.bind(offset)}::int8` : ''}`
}

/** What `find` answers: names and kinds as the query asks, types as the database says. */
export function findSchema(query: FeatureQuery, fields: readonly Field[]): RowSchema {
  const kindOf = (name: string): ColumnKind => query.source.columns.find(column => column.name === name)?.kind ?? 'geometry'
  const shift = query.key ? 1 : 0
  return {
    columns: fields.map(({ name, oid }, at) => ({ name, oid, kind: at < shift ? 'text' : kindOf(name) })),
  }
}

/** Types whose binary form readers know; all others, arrays among them, travel as text. */
const plainTypes =
  /^(?!.*\[\]$)(smallint|integer|bigint|real|double precision|numeric\b.*|boolean|date|time\b.* without time zone|timestamp\b.*|uuid|json|bytea|text|character varying\b.*|character\(\d+\)|name)$/

/** A column in a form that readers know, under its own name unless it gets another. */
export function attributeSql({ name, kind, nativeType }: AttributeColumn, isNamed = true): string {
  if (plainTypes.test(nativeType) || !(kind === 'text' || kind === 'json')) return quoted(name)
  return `${quoted(name)}::text${isNamed ? ` AS ${quoted(name)}` : ''}`
}

/**
 * Simplified by snapping to a grid, which moves a vertex by what it is alone: neighbours that share a border share it afterwards. (Douglas and
 * Peucker's depends on where a ring begins, and parts them.) What would collapse stays as it is.
 */
function geometrySql({ name, isGeography }: GeometryColumn, simplify: number | undefined, values: Values): string {
  const column = isGeography ? `${quoted(name)}::geometry` : quoted(name)
  if (!simplify || !(simplify > 0)) return isGeography ? `${column} AS ${quoted(name)}` : column
  const grid = values.bind(simplify)
  return `coalesce(ST_SnapToGrid(${column}, ${grid}::float8), ${column}) AS ${quoted(name)}`
}
