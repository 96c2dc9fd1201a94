import type { QueryEstimate } from '#core/ports.js'
import type { FeatureQuery } from '#core/queries.js'
import type { Database } from './database.js'
import { splitForSql } from './filter-sql.js'
import { whereSql } from './find-sql.js'
import { tableSql, Values } from './sql.js'

/** Estimates kept, and for how long, in milliseconds: the pages of one selection are asked for in a row. */
const [mostKept, keptFor] = [500, 30_000]

/** What the planner of `database` thinks of queries, their pages aside; see `FeatureStore.estimate`. */
export function estimator(database: Database): (query: FeatureQuery, signal?: AbortSignal) => Promise<QueryEstimate> {
  const kept = new Map<string, { readonly until: number; readonly estimate: QueryEstimate }>()
  return async (query, signal) => {
    const { pushed, rest } = query.filter ? splitForSql(query.filter, query.source) : {}
    const values = new Values()
    const { filter: _, narrow: __, ...all } = query
    const from = `${tableSql(query.source)}${whereSql({ ...all, ...(pushed && { filter: pushed }) }, values)}`
    const key = JSON.stringify([
      from,
      values.list.map(value => (value instanceof Uint8Array ? Buffer.from(value).toString('base64') : String(value))),
    ])
    const before = kept.get(key)
    if (before && before.until > Date.now()) return before.estimate
    const { rows } = await database.session(
      session => session.query({ text: `EXPLAIN (FORMAT JSON) SELECT 1 FROM ${from}`, values: values.list }),
      { signal, isRepeatable: true },
    )
    const told = rows[0]?.['QUERY PLAN']
    const { 'Plan Rows': count, 'Total Cost': cost } = (typeof told === 'string' ? JSON.parse(told) : told)[0].Plan
    const estimate = { rows: Number(count), cost: Number(cost), isRough: rest !== undefined }
    kept.delete(key)
    kept.set(key, { until: Date.now() + keptFor, estimate })
    if (kept.size > mostKept) kept.delete(kept.keys().next().value!)
    return estimate
  }
}
