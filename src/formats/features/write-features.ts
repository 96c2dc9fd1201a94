import { featureHead, findFeatures } from '#core/find-features.js'
import { onePage } from '#core/one-page.js'
import type { Stores } from '#core/ports.js'
import { Problem } from '#core/problem.js'
import type { CollectionFormat, WriteOptions } from './collection-format.js'
import type { FeatureJob, FeatureWriter, WrittenEnd, WrittenFeatures } from './feature-job.js'
import { collectionFormat } from './index.js'

/** Finds and writes features in this thread. See `FeatureWriter.write`; throws `unsupported-format` where the format cannot hold them. */
export async function writeFeatures(
  { find, format: name, options: given, page }: FeatureJob,
  stores: Stores,
  signal?: AbortSignal,
): Promise<WrittenFeatures> {
  const format = collectionFormat(name)
  if (!format) throw new Problem('unsupported-format', `There is no format ${name}.`, { locator: 'f' })
  requireHeld(format, find, given)
  const query = page ? { ...find, limit: page.limit + 1 } : find
  const table = await findFeatures(query, stores, signal)
  const { batches, state } = onePage(table.batches, page?.limit ?? Number.POSITIVE_INFINITY)
  const options: WriteOptions = page
    ? { ...given, page: { ...page, lastLinks: () => (state.hasMore && page.next ? [page.next] : []) } }
    : given
  let end: WrittenEnd | undefined
  const pieces = await begun(format.write({ ...table, batches }, options), () => {
    end = { ...state }
  })
  return { pieces, end: () => end }
}

/** Writes in the calling thread whatever it is. */
export function inlineWriter(stores: Stores): FeatureWriter {
  return { write: (job, signal) => writeFeatures(job, stores, signal) }
}

function requireHeld(format: CollectionFormat, find: FeatureJob['find'], options: WriteOptions): void {
  const obstacle = format.obstacle?.(featureHead(find), options)
  if (obstacle !== undefined) throw new Problem('unsupported-format', `${format.title} cannot hold this: ${obstacle}.`, { locator: 'f' })
}

/**
 * The same pieces, the first of them waited for: what fails at once is thrown here. Not a generator: one that was never begun would not tell those behind
 * it that nobody wants them. `onEnd`: after the last.
 */
export async function begun<T>(pieces: AsyncIterable<T>, onEnd: () => void = () => {}): Promise<AsyncIterable<T>> {
  const rest = pieces[Symbol.asyncIterator]()
  const next = async () => {
    const one = await rest.next()
    if (one.done) onEnd()
    return one
  }
  let waiting: IteratorResult<T> | undefined = await next()
  const iterator: AsyncIterator<T> = {
    async next() {
      const one = waiting
      waiting = undefined
      return one ?? next()
    },
    async return() {
      waiting = undefined
      await rest.return?.()
      return { done: true, value: undefined }
    },
  }
  return { [Symbol.asyncIterator]: () => iterator }
}
