import type { Collection, FeatureSource } from '#core/atlas.js'
import type { CountFeatures, FeatureCount } from '#core/count-features.js'
import type { FindFeatures } from '#core/find-features.js'
import type { PageCursor } from '#core/page-cursor.js'
import { toProblem } from '#core/problem.js'
import type { ServiceContext } from '#protocols/http/service.js'

/** A page has to have room for so many times the features that the database expects, to be taken for all of them. */
const margin = 4
/** Features from which on counting them, and putting them in order, takes as long as reading them. */
const many = 1000

/**
 * Whether a first page holds all of the many features that are selected, by far, as the planner thinks: then no page follows that would have to know its order, and how many
 * there are is known when they are written. Where it was wrong, the page is made again, in order; where it has gone out in part, it is broken off.
 */
export async function isOnePage(
  { pageSize = 0, offset = 0, after, sort, filter, search }: FindFeatures,
  source: FeatureSource,
  { stores }: ServiceContext,
  signal: AbortSignal,
): Promise<boolean> {
  const store = stores.features(source.store)
  if (pageSize === 0 || offset > 0 || after || sort || !store.estimate) return false
  const query = { source, columns: [], key: false, ...(filter && { filter }), ...(search && { search }) }
  const { rows, isRough } = await store.estimate(query, signal)
  return !isRough && rows > many && margin * rows <= pageSize
}

/** One more than fit is asked for: it tells that they do not. */
export function inAnyOrder({ pageSize, ...find }: FindFeatures): FindFeatures {
  return { ...find, isBulk: true, ...(pageSize !== undefined && { limit: pageSize + 1 }) }
}

/** How many features are selected, and whether the pages before told that. */
export async function countOf(
  { filter, search }: FindFeatures,
  { edits = 0 }: Collection,
  source: FeatureSource,
  { stores }: ServiceContext,
  count: CountFeatures,
  cursor: PageCursor | undefined,
  signal: AbortSignal,
): Promise<FeatureCount> {
  const store = stores.features(source.store)
  const query = { source, columns: [], key: false, ...(filter && { filter }), ...(search && { search }) }
  const generation = async () => {
    const version = await store.version?.(source, signal)
    return version === undefined ? undefined : `${version} ${edits}`
  }
  return count({ store, query, generation, ...(cursor && { isTold: cursor.hasCount }) }, signal)
}

/** Milliseconds that counting for a file may take. */
const countingMilliseconds = 1000

/** For formats that hold so many at most: where counting is cheap, more than that are told of before the first is read. */
export async function countUpTo(
  most: number | undefined,
  { filter, search }: FindFeatures,
  source: FeatureSource,
  { stores }: ServiceContext,
  signal: AbortSignal,
): Promise<FeatureCount> {
  if (most === undefined) return {}
  const query = { source, columns: [], key: false, ...(filter && { filter }), ...(search && { search }) }
  const hurry = AbortSignal.any([signal, AbortSignal.timeout(countingMilliseconds)])
  try {
    return { matched: await stores.features(source.store).count(query, hurry, most) }
  } catch (error) {
    if (signal.aborted || toProblem(error).kind !== 'deadline') throw error
    return {}
  }
}
