import type { Stores } from '#core/ports.js'
import { Problem } from '#core/problem.js'
import type { FeatureJob, FeatureWriter, WrittenFeatures } from '#formats/features/index.js'
import { writeFeatures } from '#formats/features/write-features.js'
import type { StoreAddress } from '#stores/index.js'
import { type ExportThread, exportWorker, startExportThread } from './export-thread.js'
import type { PoolLog } from './pool.js'
import { problemOfStop } from './stop.js'

/** What the writers need. */
export interface FeatureWritersOptions {
  /** Threads at most, each started when it is first needed. 0 writes in the calling thread. */
  readonly threads: number
  /** Asked once for every thread that starts. */
  readonly stores: () => readonly StoreAddress[]
  /** The stores of the calling thread. */
  readonly here: Stores
  /** Jobs that may wait for a thread; more are refused with `overloaded`. */
  readonly maxWaiting?: number
  readonly log: PoolLog
  /** Another script for the threads: for tests. */
  readonly script?: URL
}

/** The threads that write features. */
export interface FeatureWriters extends FeatureWriter {
  /** Hands every thread the addresses in force; running jobs keep theirs. */
  updateStores(): void
  stats(): { readonly threads: number; readonly running: number; readonly waiting: number }
  /** Takes no more jobs and ends the threads; who still reads is told. */
  close(): Promise<void>
}

interface Waiting {
  take(thread: ExportThread): void
  fail(problem: Problem): void
}

/** Fewer features than this are written where they are asked for: that takes a millisecond or two. */
const quickFeatures = 1000
/** Jobs of one thread at a time, and connections to a database that it may hold for them: most wait for slow clients. */
const jobsPerThread = 16

/**
 * Writes features: few of them at once, many in threads of their own beside those that draw, so that no export keeps a map waiting, nor the thread that
 * answers.
 */
export function startFeatureWriters({
  threads: most,
  stores,
  here,
  maxWaiting = 4 * jobsPerThread,
  log,
  script = exportWorker,
}: FeatureWritersOptions): FeatureWriters {
  const threads = new Set<ExportThread>()
  const waiting = new Set<Waiting>()
  let isClosing = false
  const addresses = () => stores().map(one => (one.kind === 'postgis' ? { ...one, poolSize: one.poolSize ?? jobsPerThread } : one))

  const startThread = (): ExportThread => {
    const thread = startExportThread(script, addresses(), reason => {
      threads.delete(thread)
      log.warn({ err: reason }, 'A thread that writes features died.')
      dispatch()
    })
    threads.add(thread)
    return thread
  }
  /** An idle thread, a new one, or the one with the least to do. */
  const freeThread = (): ExportThread | undefined => {
    const [best] = [...threads].sort((a, b) => a.load - b.load)
    if ((!best || best.load > 0) && threads.size < most) return startThread()
    return best && best.load < jobsPerThread ? best : undefined
  }
  const dispatch = () => {
    for (const one of waiting) {
      const thread = isClosing ? undefined : freeThread()
      if (!thread) return
      one.take(thread)
    }
  }
  const whenFree = (job: FeatureJob, signal: AbortSignal) =>
    new Promise<WrittenFeatures>((resolve, reject) => {
      if (waiting.size >= maxWaiting) {
        throw new Problem('overloaded', 'More exports are waiting than this server takes; try again in a moment.', { retryAfter: 10 })
      }
      const settle = () => {
        waiting.delete(one)
        signal.removeEventListener('abort', leave)
      }
      const leave = () => one.fail(problemOfStop(signal))
      const one: Waiting = {
        take(thread) {
          settle()
          resolve(thread.write(job, signal, dispatch))
        },
        fail(problem) {
          settle()
          reject(problem)
        },
      }
      signal.addEventListener('abort', leave, { once: true })
      waiting.add(one)
    })

  return {
    async write(job, signal = new AbortController().signal) {
      if (isClosing) throw closing()
      if (signal.aborted) throw problemOfStop(signal)
      if (most === 0 || isQuick(job)) return writeFeatures(job, here, signal)
      const thread = waiting.size === 0 ? freeThread() : undefined
      return thread ? thread.write(lean(job), signal, dispatch) : whenFree(lean(job), signal)
    },
    updateStores() {
      for (const thread of threads) thread.updateStores(addresses())
    },
    stats: () => ({
      threads: threads.size,
      running: [...threads].reduce((sum, { load }) => sum + load, 0),
      waiting: waiting.size,
    }),
    async close() {
      isClosing = true
      for (const one of waiting) one.fail(closing())
      await Promise.all([...threads].map(thread => thread.close()))
      threads.clear()
    },
  }
}

const closing = () => new Problem('unavailable', 'The server is closing.')

function isQuick({ find }: FeatureJob): boolean {
  return (find.pageSize ?? find.limit ?? Number.POSITIVE_INFINITY) <= quickFeatures
}

/** The job with no more of its collection than is needed: the rest is not sent. */
function lean(job: FeatureJob): FeatureJob {
  const { id, title, source, extent, dimensions } = job.find.collection
  return { ...job, find: { ...job.find, collection: { id, title, source, ...(extent && { extent }), ...(dimensions && { dimensions }) } } }
}
