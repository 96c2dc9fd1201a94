import type { RowStream } from '#core/ports.js'
import { Problem } from '#core/problem.js'
import type { FeatureQuery } from '#core/queries.js'
import type { RowBatch, RowSchema } from '#rows/batch.js'
import { blocksBehind } from './blocks.js'
import type { Database } from './database.js'
import { type Segment, segmentsBehind, strangePlace } from './keyset-sql.js'
import { DatabaseError } from './wire/database-error.js'

/**
 * `find` for queries with `after`: its segments one after the other, the next only when the rows of those before it were not enough. So are the
 * rows of tables without a key that are paged by their physical address.
 */
export async function findBehind(database: Database, query: FeatureQuery, signal?: AbortSignal): Promise<RowStream> {
  const { source, sort = [], after, isPaged } = query
  if (source.key.kind === 'none') return database.find(after ? atOffset(query) : query, signal)
  const isByAddress = source.key.kind === 'ctid' && sort.length === 0 && (after !== undefined || isPaged === true)
  if (!after && !isByAddress) return database.find(query, signal)
  try {
    const segments = isByAddress ? await blocksBehind(database, query, signal) : segmentsBehind(query)
    return await findInTurn(database, query, segments, signal)
  } catch (error) {
    // what is no value of its column was not given by us
    const cause = error instanceof Problem && after ? error.cause : undefined
    throw cause instanceof DatabaseError && cause.code.startsWith('22') ? strangePlace(cause) : error
  }
}

/** Without a key, the place of a row is how many come before it. */
function atOffset({ after = [], sort = [], offset = 0, ...query }: FeatureQuery): FeatureQuery {
  const rows = after.at(-1) ?? ''
  if (after.length !== sort.length + 1 || !/^\d{1,15}$/.test(rows)) throw strangePlace()
  return { ...query, sort, offset: offset + Number(rows) }
}

async function findInTurn(
  { find }: Database,
  query: FeatureQuery,
  segments: readonly Segment[],
  signal?: AbortSignal,
): Promise<RowStream> {
  const { offset: _, ...rest } = query
  const [segment, ...others] = segments
  if (!segment) return find({ ...rest, limit: 0 }, signal)
  const first = await find({ ...query, segment }, signal)
  if (others.length === 0) return first
  const { schema } = first
  const next = (at: number, left: number) => find({ ...rest, segment: others[at]!, ...(query.limit !== undefined && { limit: left }) }, signal)
  return { schema, batches: { [Symbol.asyncIterator]: () => inTurn(schema, first, query.limit ?? Number.POSITIVE_INFINITY, others.length, next) } }
}

/** Batches of the first, then of the others. Not a generator: one that was never begun would not tell the first that nobody wants it. */
function inTurn(
  schema: RowSchema,
  first: RowStream,
  limit: number,
  count: number,
  open: (at: number, left: number) => Promise<RowStream>,
): AsyncIterator<RowBatch, void> {
  let current = first.batches[Symbol.asyncIterator]()
  let [left, at] = [limit, 0]
  return {
    async next() {
      for (;;) {
        const result = await current.next()
        if (!result.done) {
          left -= result.value.count
          return { done: false, value: { ...result.value, schema } }
        }
        if (left <= 0 || at >= count) return { done: true, value: undefined }
        current = (await open(at++, left)).batches[Symbol.asyncIterator]()
      }
    },
    async return() {
      at = count
      await current.return?.()
      return { done: true, value: undefined }
    },
  }
}
