import { createHash } from 'node:crypto'
import type { FeatureStore } from './ports.js'
import { toProblem } from './problem.js'
import type { FeatureQuery } from './queries.js'

/** How many features a query selects, its page aside. At most one of the two is there. */
export interface FeatureCount {
  /** Exact. */
  readonly matched?: number
  /** As the database guesses. */
  readonly estimated?: number
}

/** What is to be counted. */
export interface CountRequest {
  readonly store: FeatureStore
  readonly query: FeatureQuery
  /** What changes with the data of the collection: counts are kept as long as it stays, and never longer than a minute. Undefined: none is kept. */
  readonly generation: () => Promise<number | string | undefined>
  /** Earlier pages told the number (then so must this one) or did not; absent on the first. */
  readonly isTold?: boolean
}

/** Counts of features, kept for the pages that follow. */
export type CountFeatures = (request: CountRequest, signal?: AbortSignal) => Promise<FeatureCount>

/** What counting may cost: of a selection, rows; of all rows, which every first page asks for, planner's units (about 3,000,000 rows). */
const [mostRows, mostCost] = [20_000, 100_000]
/** Milliseconds after which counting is given up, when the planner was wrong. */
const mostMilliseconds = 500
const [mostKept, keptMilliseconds] = [2000, 60_000]

/**
 * A counter with a memory of its own. A count is exact where that is cheap: selections that the planner takes for small, small tables, and selections of these;
 * otherwise the planner's estimate stands in. Which of the two does not change within a sequence of pages.
 */
export function createCounter(now: () => number = Date.now): CountFeatures {
  const kept = new Map<string, { readonly until: number; readonly generation?: number | string; readonly count?: FeatureCount }>()
  const keep = (key: string, generation?: number | string, count?: FeatureCount) => {
    kept.delete(key)
    kept.set(key, { until: now() + keptMilliseconds, ...(generation !== undefined && count && { generation, count }) })
    if (kept.size > mostKept) kept.delete(kept.keys().next().value!)
  }

  return async (request, signal) => {
    const key = keyOf(request)
    const known = kept.get(key)
    // most are asked but once: then asking for the generation would be in vain
    if (!known || known.until <= now()) {
      keep(key)
      return counted(request, signal)
    }
    // before counting: a count may be newer than its generation, and never older
    const generation = await request.generation()
    const isFit = (count: FeatureCount) => request.isTold === undefined || request.isTold === (count.matched !== undefined)
    if (known.count && generation !== undefined && known.generation === generation && isFit(known.count)) return known.count
    const count = await counted(request, signal)
    keep(key, generation, count)
    return count
  }
}

async function counted({ store, query, isTold }: CountRequest, signal?: AbortSignal): Promise<FeatureCount> {
  const estimate = isTold === true ? undefined : await store.estimate?.(query, signal)
  if (!estimate) return { matched: await store.count(query, signal) }
  const { rows, cost, isRough } = estimate
  const told = isRough ? {} : { estimated: Math.round(rows) }
  const isSelection = query.filter !== undefined || query.search !== undefined
  if (isTold === false) return told
  // PostGIS says of its functions that they cost a thousand times what they do: of few rows all may be looked at
  const isCheap = cost <= mostCost || (isSelection && rows <= mostRows && (await isSmall(store, query, signal)))
  if (!isCheap || (isSelection && rows > mostRows)) return told
  const hurry = AbortSignal.timeout(mostMilliseconds)
  try {
    const most = isSelection ? mostRows * 5 : undefined
    const matched = await store.count(query, signal ? AbortSignal.any([signal, hurry]) : hurry, most)
    return most !== undefined && matched > most ? { estimated: Math.max(matched, Math.round(rows)) } : { matched }
  } catch (error) {
    if (signal?.aborted || toProblem(error).kind !== 'deadline') throw error
    return told
  }
}

/** Whether the table has so few rows that a selection of it may look at each. */
async function isSmall(store: FeatureStore, { filter: _, search: __, ...all }: FeatureQuery, signal?: AbortSignal): Promise<boolean> {
  const whole = await store.estimate?.(all, signal)
  return whole !== undefined && whole.rows <= mostRows && whole.cost <= mostCost
}

function keyOf({ query }: CountRequest): string {
  const { source, filter, search } = query
  const { store, schema, table, restriction } = source
  const plain = (_: string, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('base64') : typeof value === 'bigint' ? String(value) : value
  const text = JSON.stringify([store, schema, table, restriction?.filter, filter, search], plain)
  return createHash('sha256').update(text).digest('base64url')
}
