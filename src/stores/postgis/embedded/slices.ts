import type { FeatureQuery } from '#core/queries.js'
import type { Filter } from '#filters/filter.js'
import type { RowBatch } from '#rows/batch.js'
import { findSql, idSql, orderSql, pageSql } from '../find-sql.js'
import type { Statement } from '../session.js'
import { filterSql, tableSql, Values } from '../sql.js'

/** Rows that one statement answers at most, so that requests interleave (contract, section 6). */
export const sliceRows = 1000

/**
 * The statements that answer a query slice by slice: first the whole of it, one row longer than a slice. Where that is not all of it, the ids of all
 * rows, and then the rows of a thousand ids at a time, which costs the same whatever the filter; a sequence of `key > last` would search anew for each.
 */
export function firstSlice(query: FeatureQuery): Statement {
  return findSql({ ...query, limit: Math.min(query.limit ?? Number.POSITIVE_INFINITY, sliceRows + 1) })
}

/** The ids of all rows that the query selects, in its order, as one array of texts per row. */
export function idsOfQuery(query: FeatureQuery): Statement {
  const values = new Values()
  const where = query.filter ? ` WHERE ${filterSql(query.filter, query.source, values)}` : ''
  return {
    text: `SELECT ${idSql(query.source)} FROM ${tableSql(query.source)}${where}${orderSql(query)}${pageSql(query, values)}`,
    values: values.list,
  }
}

/** The rows of some ids, as the query wants them. The filter stays: a row may have changed meanwhile. */
export function sliceOfIds({ limit: _, offset: __, ...query }: FeatureQuery, ids: readonly string[]): Statement {
  const some: Filter = { kind: 'ids', ids }
  return findSql({ ...query, filter: query.filter ? { kind: 'and', all: [query.filter, some] } : some })
}

/** A slice of rows that have no id: by position, the table's own order being what it is. */
export function sliceOfPositions(query: FeatureQuery, from: number): Statement {
  const left = Math.max(0, (query.limit ?? Number.POSITIVE_INFINITY) - from)
  return findSql({ ...query, limit: Math.min(sliceRows, left), offset: (query.offset ?? 0) + from })
}

/** The first column of each row as text. */
export function firstTexts(batch: RowBatch): string[] {
  const bytes = Buffer.from(batch.bytes.buffer, batch.bytes.byteOffset, batch.bytes.byteLength)
  return Array.from({ length: batch.count }, (_, row) => {
    const at = batch.offsets[row]!
    return bytes.toString('utf8', at + 4, at + 4 + Math.max(0, bytes.readInt32BE(at)))
  })
}

/** The first `count` rows of a batch. */
export function head(batch: RowBatch, count: number): RowBatch {
  return batch.count <= count ? batch : { ...batch, count, offsets: batch.offsets.subarray(0, count + 1) }
}
