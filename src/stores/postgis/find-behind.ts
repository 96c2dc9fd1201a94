import type { QueryEstimate, RowStream } from '#core/ports.js'
import { Problem } from '#core/problem.js'
import type { FeatureQuery } from '#core/queries.js'
import type { RowBatch } from '#rows/batch.js'
import { blocksBehind } from './blocks.js'
import type { Database } from './database.js'
import { firstTexts } from './embedded/slices.js'
import type { Fence, PartQuery } from './find-sql.js'
import { type Segment, segmentsBehind, segmentsOfAll, strangePlace } from './keyset-sql.js'
import { DatabaseError } from './wire/database-error.js'

type Estimate = (query: FeatureQuery, signal?: AbortSignal) => Promise<QueryEstimate>

/** Rows of a filter that are put in order at once rather than met along the order, whatever the table: about 10 ms. */
const fewRows = 20_000
/** Units of the planner, as `QueryEstimate` has them, that finding them may cost: what no index answers is guessed badly, too. */
const smallCost = 60_000

/**
 * `find` for pages: the parts of what lies behind `after`, one after the other, the next only when the rows of those before were not enough. So are the
 * rows of tables without a key, which are paged by their physical address, and those of filters that choose many rows.
 */
export async function findBehind(database: Database, estimate: Estimate, query: FeatureQuery, signal?: AbortSignal): Promise<RowStream> {
  const { source, sort = [], after, isPaged } = query
  if (source.key.kind === 'none') return database.find(after ? atOffset(query) : query, signal)
  if (!after && !isPaged) return database.find(await inBulk(estimate, query, signal), signal)
  try {
    const fence = await fenceFor(estimate, query, signal)
    if (fence?.kind === 'first-rows') return await findNear(database, query, fence, signal)
    const isByAddress = source.key.kind === 'ctid' && sort.length === 0 && !fence
    const segments = isByAddress ? await blocksBehind(database, query, signal) : segmentsOf(query)
    return await findInTurn(database, { ...query, ...(fence && { fence }) }, segments, signal)
  } catch (error) {
    // what is no value of its column was not given by us
    const cause = error instanceof Problem && after ? error.cause : undefined
    throw cause instanceof DatabaseError && cause.code.startsWith('22') ? strangePlace(cause) : error
  }
}

const segmentsOf = (query: FeatureQuery): readonly (Segment | undefined)[] => (query.after ? segmentsBehind(query) : segmentsOfAll(query))

/** Rows, as the planner thinks, from which on each page of a table holds several of them, as a rule. */
const manyRows = 5000

async function inBulk(estimate: Estimate, query: FeatureQuery, signal?: AbortSignal): Promise<PartQuery> {
  if (!(query.isBulk && query.filter)) return query
  const { rows } = await estimate(query, signal)
  return rows < manyRows ? query : { ...query, inHalves: true }
}

/** Without a key, the place of a row is how many come before it. */
function atOffset({ after = [], sort = [], offset = 0, ...query }: FeatureQuery): FeatureQuery {
  const rows = after.at(-1) ?? ''
  if (after.length !== sort.length + 1 || !/^\d{1,15}$/.test(rows)) throw strangePlace()
  return { ...query, sort, offset: offset + Number(rows) }
}

/**
 * How the rows of a filter are found, by how many the planner expects. Few are found first, then put in order. Of many, the first are likely to be met soon
 * along the key; when they are not, after looking at half as many rows as there are of them, the others are found first.
 */
async function fenceFor(estimate: Estimate, query: FeatureQuery, signal?: AbortSignal): Promise<Fence | undefined> {
  const { source, filter, search, sort = [], limit, offset, key } = query
  if (!(filter || search) || limit === undefined) return undefined
  const { rows, cost } = await estimate(query, signal)
  const isAlongKey =
    sort.length === 0 && !offset && key && source.key.kind !== 'ctid' && 'columns' in source.key && source.key.columns.length === 1
  const isFew = rows <= Math.max(fewRows, Math.sqrt(limit * (source.count?.value ?? 0)))
  if (isFew && (cost <= smallCost || !isAlongKey)) return { kind: 'filter-first' }
  return isAlongKey ? { kind: 'first-rows', rows: Math.max(fewRows, Math.round(isFew ? 0 : rows / 2)) } : undefined
}

/** The rows of the query, found along its key as far as `fence` lets look, then, where they are not enough, all at once. */
async function findNear(database: Database, query: FeatureQuery, fence: Fence, signal?: AbortSignal): Promise<RowStream> {
  const [segment] = segmentsOf(query)
  const near = await database.find({ ...query, fence, ...(segment && { segment }) }, signal)
  const limit = query.limit ?? Number.POSITIVE_INFINITY
  const others = (count: number, last: string | undefined) => {
    const rest = { ...query, fence: { kind: 'filter-first' } as const, limit: limit - count, ...(last !== undefined && { after: [last] }) }
    const [segment] = segmentsOf(rest)
    return database.find({ ...rest, ...(segment && { segment }) }, signal)
  }
  return inTurn(near, limit, 1, (_, count, last) => others(count, last))
}

async function findInTurn(
  { find }: Database,
  query: PartQuery,
  segments: readonly (Segment | undefined)[],
  signal?: AbortSignal,
): Promise<RowStream> {
  const { offset: _, ...rest } = query
  if (segments.length === 0) return find({ ...rest, limit: 0 }, signal)
  const part = (at: number) => ({ ...(segments[at] && { segment: segments[at] }) })
  const first = await find({ ...query, ...part(0) }, signal)
  if (segments.length === 1) return first
  const { limit } = query
  return inTurn(first, limit ?? Number.POSITIVE_INFINITY, segments.length - 1, (at, count) =>
    find({ ...rest, ...part(at), ...(limit !== undefined && { limit: limit - count }) }, signal),
  )
}

/**
 * The batches of `first`, then those of `more` others, each opened when those before it were less than `limit` rows, of which it is told the number and the id of the last. Not a generator: one
 * that was never begun would not tell the first that nobody wants it.
 */
function inTurn(
  first: RowStream,
  limit: number,
  more: number,
  open: (at: number, count: number, last: string | undefined) => Promise<RowStream>,
): RowStream {
  const { schema } = first
  let current = first.batches[Symbol.asyncIterator]()
  let [count, at] = [0, 0]
  let last: string | undefined
  const iterator: AsyncIterator<RowBatch, void> = {
    async next() {
      for (;;) {
        const result = await current.next()
        if (!result.done) {
          count += result.value.count
          if (schema.columns[0]?.name === '@id') last = firstTexts(result.value, result.value.count - 1)[0]
          return { done: false, value: { ...result.value, schema } }
        }
        if (count >= limit || at >= more) return { done: true, value: undefined }
        current = (await open(++at, count, last)).batches[Symbol.asyncIterator]()
      }
    },
    async return() {
      at = more
      await current.return?.()
      return { done: true, value: undefined }
    },
  }
  return { schema, batches: { [Symbol.asyncIterator]: () => iterator } }
}
