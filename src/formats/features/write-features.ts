import { featureHead, findFeatures } from '#core/find-features.js'
import type { Stores } from '#core/ports.js'
import { Problem } from '#core/problem.js'
import type { RowBatch } from '#rows/batch.js'
import { begun } from '../begun.js'
import type { CollectionFormat, Link, WriteOptions } from './collection-format.js'
import type { FeatureJob, PageJob, WrittenEnd, WrittenFeatures } from './feature-job.js'
import { collectionFormat } from './index.js'
import { nextLink } from './next-link.js'

/** Finds and writes features in this thread. See `FeatureWriter.write`; throws `unsupported-format` where the format cannot hold them. */
export async function writeFeatures(
  { find, format: name, options: given, page }: FeatureJob,
  stores: Stores,
  signal?: AbortSignal,
): Promise<WrittenFeatures> {
  const format = collectionFormat(name)
  if (!format) throw new Problem('unsupported-format', `There is no format ${name}.`, { locator: 'f' })
  requireHeld(format, find, given)
  const table = await findFeatures(find, stores, signal)
  let count = 0
  async function* counted(): AsyncGenerator<RowBatch, void> {
    for await (const batch of table.batches) {
      count += batch.count
      if (page?.holdsAll !== undefined && count > page.holdsAll) throw overfull()
      yield batch
    }
  }
  const next = (): Link | undefined => {
    const place = page?.next && table.next?.()
    return place && page?.next && nextLink(page.next, find, place, page.numberMatched !== undefined)
  }
  const numberMatched = () => page?.numberMatched ?? (page && isAll(find, page, next()) ? count : undefined)
  const lastLinks = () => [next()].filter(link => link !== undefined)
  let end: WrittenEnd | undefined
  const pieces = await begun(
    format.write({ ...table, batches: counted() }, page ? { ...given, page: { ...page, numberMatched, lastLinks } } : given),
    () => {
      const link = next()
      const matched = numberMatched()
      end = { count, ...(matched !== undefined && { matched }), ...(link && { next: link }) }
    },
  )
  return { pieces, end: () => end }
}

/** Whether a page has all that is selected: it was made so, or it is the first and none follows. Then its number is exact, whatever was guessed before. */
const isAll = ({ pageSize = 0, offset = 0, after }: FeatureJob['find'], { holdsAll }: PageJob, next: Link | undefined) =>
  holdsAll !== undefined || (pageSize > 0 && offset === 0 && after === undefined && next === undefined)

/** A page that was thought to hold all features does not. Nobody is to take what came for the whole. */
const overfull = () =>
  new Problem('unavailable', 'There are more features than the database had thought; ask again.', { locator: overfullPage, retryAfter: 1 })

/** `locator` of that problem. */
export const overfullPage = 'overfull page'

function requireHeld(format: CollectionFormat, find: FeatureJob['find'], options: WriteOptions): void {
  const obstacle = format.obstacle?.(featureHead(find), options)
  if (obstacle !== undefined) throw new Problem('unsupported-format', `${format.title} cannot hold this: ${obstacle}.`, { locator: 'f' })
}
