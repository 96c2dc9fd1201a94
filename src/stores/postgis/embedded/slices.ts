import type { AttributeColumn } from '#core/atlas.js'
import type { Filter } from '#filters/filter.js'
import type { RowBatch } from '#rows/batch.js'
import { findSql, idSql, orderSql, type PartQuery, pageSql, selectSql, whereSql } from '../find-sql.js'
import { quoted } from '../identifiers.js'
import type { Statement } from '../session.js'
import { tableSql, Values } from '../sql.js'

/** Rows that one statement answers at most, so that requests interleave (contract, section 6). */
export const sliceRows = 1000

/**
 * The statements that answer a query slice by slice: first the whole of it, one row longer than a slice. Where that is not all of it and a whole
 * table is wanted, slices follow its key (`key > last`). Where there is a filter or an order, each such slice would search anew, so the ids of all rows
 * are found once, and then the rows of a thousand ids at a time.
 */
export function firstSlice(query: PartQuery): Statement {
  return findSql({ ...query, limit: Math.min(query.limit ?? Number.POSITIVE_INFINITY, sliceRows + 1) })
}

/** The column whose index a whole table can be read along, if it has one and the whole table is wanted. */
export function keysetColumn({ filter, search, sort, offset, segment, source: { key, columns } }: PartQuery): AttributeColumn | undefined {
  if (filter || search || segment || sort?.length || offset || key.kind === 'ctid' || key.kind === 'none' || key.columns.length > 1)
    return undefined
  const column = columns.find(({ name }) => name === key.columns[0])
  return column && /^(smallint|integer|bigint|uuid|text|character varying\b.*)(?<!\[\])$/.test(column.nativeType) ? column : undefined
}

/** A slice of a whole table: the rows behind the one whose key is `last`, the id first. */
export function sliceBehind(query: PartQuery, { name, nativeType }: AttributeColumn, last: string | undefined, rows: number): Statement {
  const values = new Values()
  const columns = selectSql({ ...query, key: true }, values)
  const behind = last === undefined ? '' : ` WHERE ${quoted(name)} > ${values.bind(last)}::${nativeType}`
  return {
    text: `SELECT ${columns} FROM ${tableSql(query.source)}${behind} ORDER BY ${quoted(name)} LIMIT ${values.bind(rows)}::int8`,
    values: values.list,
  }
}

/** The ids of all rows that the query selects, in its order, as one array of texts per row. */
export function idsOfQuery(query: PartQuery): Statement {
  const values = new Values()
  return {
    text: `SELECT ${idSql(query.source)} FROM ${tableSql(query.source)}${whereSql(query, values)}${orderSql(query)}${pageSql(query, values)}`,
    values: values.list,
  }
}

/** The rows of some ids, as the query wants them. The filter stays: a row may have changed meanwhile. */
export function sliceOfIds({ limit: _, offset: __, ...query }: PartQuery, ids: readonly string[]): Statement {
  const some: Filter = { kind: 'ids', ids }
  return findSql({ ...query, filter: query.filter ? { kind: 'and', all: [query.filter, some] } : some })
}

/** A slice of rows that have no id: by position, the table's own order being what it is. */
export function sliceOfPositions(query: PartQuery, from: number): Statement {
  const left = Math.max(0, (query.limit ?? Number.POSITIVE_INFINITY) - from)
  return findSql({ ...query, limit: Math.min(sliceRows, left), offset: (query.offset ?? 0) + from })
}

/** The first column of each row from row `from` on, as text. */
export function firstTexts(batch: RowBatch, from = 0): string[] {
  const bytes = Buffer.from(batch.bytes.buffer, batch.bytes.byteOffset, batch.bytes.byteLength)
  return Array.from(batch.offsets.subarray(Math.max(0, from), batch.count), at =>
    bytes.toString('utf8', at + 4, at + 4 + Math.max(0, bytes.readInt32BE(at))),
  )
}
