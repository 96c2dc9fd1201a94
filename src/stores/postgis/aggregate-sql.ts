import type { AttributeColumn, FeatureSource } from '#core/atlas.js'
import { Problem } from '#core/problem.js'
import type { AggregateQuery, Grouping, Measure } from '#core/queries.js'
import type { ColumnKind, RowSchema } from '#rows/batch.js'
import { splitForSql } from './filter-sql.js'
import { attributeSql, whereSql } from './find-sql.js'
import { quoted } from './identifiers.js'
import type { Statement } from './session.js'
import { attributeOf, geometryOf, tableSql, Values } from './sql.js'
import type { Field } from './wire/answer.js'

/** A column of the answer. */
interface Part {
  readonly name: string
  readonly kind: ColumnKind
  readonly sql: string
  /** What groups are made by; absent: `sql`. */
  readonly group?: string
}

/** The statement that answers an aggregate query, and the schema of its rows. Throws `unknown-property`, and `unsupported` for filters that are evaluated in memory. */
export function aggregateSql(query: AggregateQuery): { statement: Statement; schemaOf: (fields: readonly Field[]) => RowSchema } {
  const { source, filter, search, groupBy, measures, sort, limit } = query
  if (filter && splitForSql(filter, source).rest)
    throw new Problem(
      'unsupported',
      'The database does not compute a part of this filter, so that rows cannot be put together by it; ask by simpler functions.',
      {
        locator: 'filter',
      },
    )
  const values = new Values()
  const parts = [...groupBy.map(one => groupingPart(one, source, values)), ...measures.flatMap(one => measureParts(one, source, values))]
  const where = whereSql({ source, columns: [], key: false, ...(filter && { filter }), ...(search && { search }) }, values)
  const groups = groupBy.map((_, at) => parts[at]!.group ?? at + 1).join(', ')
  const order = sort.map(({ column, descending }) => {
    const at = parts.findIndex(({ name }) => name === column)
    if (at < 0) throw new Problem('unknown-property', `There is no “${column}” to sort by.`, { locator: 'sortby' })
    return `${at + 1}${descending ? ' DESC' : ''} NULLS LAST`
  })
  // names may be longer than a database lets them be: columns go by their place
  const text = `SELECT ${parts.map(({ sql }, at) => `${sql} AS c${at}`).join(', ')} FROM ${tableSql(source)}${where}${groups && ` GROUP BY ${groups}`}${
    order.length > 0 ? ` ORDER BY ${order.join(', ')}` : ''
  } LIMIT ${values.bind(limit)}::int8`
  return {
    statement: { text, values: values.list },
    schemaOf: fields => ({ columns: parts.map(({ name, kind }, at) => ({ name, kind, oid: fields[at]!.oid })) }),
  }
}

function groupingPart({ name, column, bin }: Grouping, source: FeatureSource, values: Values): Part {
  const attribute = attributeOf(source, column)
  if (!bin) return { name, kind: attribute.kind, sql: attributeSql(attribute, false) }
  if (bin.kind === 'width') return { name, kind: 'numeric', ...widthSql(attribute, bin.width, values.bind(bin.width)) }
  const own = quoted(attribute.name)
  if (attribute.kind === 'date') return { name, kind: 'date', sql: `date_trunc('${bin.unit}', ${own}::timestamp)::date` }
  const moment = attribute.kind === 'timestamp' ? `(${own} AT TIME ZONE 'UTC')` : own
  const zone = `${values.bind(bin.zone)}::text`
  const start = `date_trunc('${bin.unit}', ${moment}, ${zone})`
  if (bin.unit === 'hour') return { name, kind: 'timestamptz', sql: start }
  return { name, kind: 'date', sql: `(${start} AT TIME ZONE ${zone})::date` }
}

/**
 * The multiple of the width at or below a number: exactly, as a quotient may be rounded up to the next; of doubles to a thousand millionth of a width, 0.3 being
 * the third tenth although it is less. What is cheap is computed for each row, the rest for each group.
 */
function widthSql({ name, kind }: AttributeColumn, width: string, placeholder: string): { readonly group: string; readonly sql: string } {
  const own = quoted(name)
  if (kind === 'double') {
    const [number, step] = [`${own}::float8`, `${placeholder}::float8`]
    const group = `CASE WHEN abs(${number}) < 1e200 THEN floor(${number} / ${step} + 1e-9) WHEN ${own} IS NOT NULL THEN 'NaN'::float8 END`
    return { group, sql: `trim_scale((${group})::numeric * ${placeholder}::numeric)` }
  }
  const isSmall = kind === 'integer' && /^\d{1,15}$/.test(width)
  const [number, step] = [`${own}::${isSmall ? 'int8' : 'numeric'}`, `${placeholder}::${isSmall ? 'int8' : 'numeric'}`]
  const group = `${number} - mod(${number}, ${step}) - CASE WHEN mod(${number}, ${step}) < 0 THEN ${step} ELSE 0 END`
  return { group, sql: `trim_scale((${group})::numeric)` }
}

function measureParts(measure: Measure, source: FeatureSource, values: Values): readonly Part[] {
  const { name, kind } = measure
  if (kind === 'extent') {
    const extent = `ST_Extent(${quoted(geometryOf(source, measure.column).name)}::geometry)`
    const sides = { minx: 'ST_XMin', miny: 'ST_YMin', maxx: 'ST_XMax', maxy: 'ST_YMax' }
    return Object.entries(sides).map(([side, of]) => ({ name: `${name}.${side}`, kind: 'double', sql: `${of}(${extent})` }))
  }
  if (measure.column === undefined) return [{ name, kind: 'bigint', sql: 'count(*)' }]
  const column = attributeOf(source, measure.column)
  const own = quoted(column.name)
  const isDouble = column.kind === 'double'
  const number = `${own}::${isDouble ? 'float8' : 'numeric'}`
  switch (kind) {
    case 'count':
      return [{ name, kind: 'bigint', sql: `count(${own})` }]
    case 'count-distinct':
      return [{ name, kind: 'bigint', sql: `count(DISTINCT ${own})` }]
    case 'sum':
    case 'avg':
      return [{ name, kind: isDouble ? 'double' : 'numeric', sql: `${kind}(${number})` }]
    case 'min':
    case 'max':
      return [{ name, kind: column.kind, sql: `${kind}(${own})${column.kind === 'text' ? '::text' : ''}` }]
    case 'percentile':
      return [
        {
          name,
          kind: 'double',
          sql: `percentile_cont(${values.bind(measure.fraction)}::float8) WITHIN GROUP (ORDER BY ${own}::float8)`,
        },
      ]
  }
}
