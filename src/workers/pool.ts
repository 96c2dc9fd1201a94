import { steadyNow } from '#core/clock.js'
import type { Renderer, Stores } from '#core/ports.js'
import { Problem } from '#core/problem.js'
import type { EncodedImage, MapJob } from '#core/queries.js'
import type { OwnPixelMemory } from '#render/pixel-memory.js'
import type { BlockLender } from '#stores/cog/lent-blocks.js'
import type { StoreAddress } from '#stores/index.js'
import { chooseThread } from './choose-thread.js'
import { drawInBands } from './draw-in-bands.js'
import { encodeInHalves } from './encode-in-halves.js'
import { inlinePool } from './inline-pool.js'
import { startJobDrawer } from './job-drawer.js'
import { lightMaps } from './light-maps.js'
import { mapCosts } from './map-costs.js'
import { quickMaps } from './quick-maps.js'
import { type RenderThread, renderWorker, startRenderThread, ThreadLost } from './render-thread.js'
import { sharedDrawing } from './shared-drawing.js'
import { spreadMaps } from './spread-maps.js'
import { cancelledProblem, deadlineProblem } from './stop.js'
import { warmUp } from './warm-up.js'

export interface PoolOptions {
  /** Render threads: one a core. 0 draws in the calling thread. */
  readonly size: number
  /** Asked once for every thread that starts, because the port of an embedded database can be handed to one thread only. */
  readonly stores: () => readonly StoreAddress[]
  /** The stores of the calling thread, for maps that are quicker drawn than handed over; absent: none are. The threads borrow its decoded blocks. */
  readonly here?: Stores & { readonly lender?: BlockLender; readonly memory?: OwnPixelMemory }
  /** Bytes of decoded raster blocks that each thread keeps. */
  readonly blockBytes?: number
  /** Folders of fonts beside those that come with the program. */
  readonly fonts?: readonly string[]
  /** Jobs that may wait for a thread; more are refused with `overloaded`. */
  readonly maxWaiting?: number
  readonly log: PoolLog
  /** Another script for the threads, which answers the same messages: for tests of threads that die. */
  readonly script?: URL
}

export interface PoolLog {
  warn(details: object, message: string): void
}

export interface Pool extends Renderer {
  /** Resolves when the threads have started and their code is warm. Jobs are taken before. */
  ready(): Promise<void>
  /** Hands every thread the addresses in force; those that changed are opened anew, running jobs keep theirs. */
  updateStores(): void
  stats(): PoolStats
  /** Takes no more jobs, finishes those it has, then ends the threads. */
  close(): Promise<void>
}

export interface PoolStats {
  readonly threads: number
  readonly running: number
  readonly waiting: number
  readonly drawn: number
  readonly failed: number
  /** Requests answered by a drawing that was under way already. */
  readonly shared: number
  /** Threads that died. */
  readonly lost: number
}

interface Waiting {
  readonly job: MapJob
  readonly signal: AbortSignal
  readonly since: number
  tries: number
  resolve(image: EncodedImage): void
  reject(error: unknown): void
}

/** Jobs a thread has in hand at once: while one waits for its rows, the other draws. */
const jobsPerThread = 2
/** A thread that dies is replaced at once; when it dies young, after this long, so that a broken machine is not kept busy starting threads. */
const youngMilliseconds = 500
const never = new AbortController().signal

/** Starts the pool of render workers. */
export function startPool(options: PoolOptions): Pool {
  return options.size === 0 ? inlinePool(options) : threadPool(options)
}

/** As much as all threads have by default, where there are two of them. */
const defaultBlockBytes = 64e6

function threadPool({
  size,
  stores,
  here,
  blockBytes = defaultBlockBytes,
  fonts,
  maxWaiting = Math.max(16, size * 32),
  log,
  script = renderWorker,
}: PoolOptions): Pool {
  const threads = new Set<RenderThread>()
  const waiting: Waiting[] = []
  const counts = { running: 0, drawn: 0, failed: 0, shared: 0, lost: 0 }
  let isClosing = false
  let onIdle: (() => void) | undefined
  const spread = spreadMaps(() => !isClosing && waiting.length === 0 && [...threads].some(({ load }) => load === 0))

  const startThread = () => {
    if (isClosing) return
    const born = steadyNow()
    const lent = here?.lender?.lent
    const room = lent && here.memory?.lendRoom()
    const thread = startRenderThread(
      script,
      { addresses: stores(), blockBytes, ...(fonts && { fonts }), ...(lent && { lent }), ...(room && { room }) },
      reason => {
        threads.delete(thread)
        counts.lost++
        log.warn({ err: reason }, 'A render worker died and is replaced.')
        setTimeout(startThread, steadyNow() - born < youngMilliseconds ? youngMilliseconds : 0)
      },
    )
    threads.add(thread)
    // not before: it may still be writing
    if (room) void thread.ended.then(() => here.memory?.takeBack(room))
    dispatch()
  }

  const dispatch = () => {
    while (waiting.length > 0) {
      const thread = chooseThread(threads, waiting[0].job, jobsPerThread)
      if (!thread) break
      void run(waiting.shift()!, thread)
    }
    if (waiting.length === 0 && counts.running === 0 && spread.waiting === 0) onIdle?.()
  }

  const run = async (task: Waiting, thread: RenderThread) => {
    counts.running++
    try {
      const waited = performance.now() - task.since
      const image = await thread.draw(task.job, task.signal)
      counts.drawn++
      task.resolve({ ...image, timings: { wait: waited, ...image.timings } })
    } catch (error) {
      if (error instanceof ThreadLost && task.tries++ === 0 && !isClosing) waiting.unshift(task)
      else {
        counts.failed++
        const lost = 'The map could not be drawn: the render worker died over it, twice.'
        task.reject(error instanceof ThreadLost ? new Problem('internal', lost, { cause: error.cause }) : error)
      }
    } finally {
      counts.running--
      dispatch()
    }
  }

  const draw = (job: MapJob, signal: AbortSignal = never) =>
    new Promise<EncodedImage>((resolve, reject) => {
      if (isClosing) throw new Problem('unavailable', 'The server is closing.')
      if (waiting.length >= maxWaiting) {
        throw new Problem('overloaded', 'More maps are waiting to be drawn than this server takes; try again in a moment.', {
          retryAfter: 2,
        })
      }
      // leaving the queue, by leaving or by being late
      const drop = (error: Problem) => {
        const at = waiting.indexOf(task)
        if (at < 0) return
        waiting.splice(at, 1)
        counts.failed++
        task.reject(error)
        dispatch()
      }
      const leave = () => drop(cancelledProblem())
      const timer = setTimeout(() => drop(deadlineProblem()), Math.min(Math.max(0, job.deadline - steadyNow()), 2 ** 31 - 1))
      const settle = () => {
        clearTimeout(timer)
        signal.removeEventListener('abort', leave)
      }
      const task: Waiting = {
        job,
        signal,
        since: performance.now(),
        tries: 0,
        resolve(image) {
          settle()
          resolve(image)
        },
        reject(error) {
          settle()
          reject(error)
        },
      }
      waiting.push(task)
      signal.addEventListener('abort', leave, { once: true })
      if (signal.aborted) leave()
      else dispatch()
    })

  const costs = mapCosts()
  // a pool that closes takes no more pieces of maps either
  const idleThreads = () => (waiting.length > 0 || isClosing ? 0 : [...threads].filter(({ load }) => load === 0).length)
  const drawMap = drawInBands({ draw: encodeInHalves({ draw, idle: idleThreads, costs }), idle: idleThreads, costs })
  for (let i = 0; i < size; i++) startThread()
  here?.lender?.watch(slabs => {
    for (const thread of threads) thread.updateSlabs(slabs)
  })
  const drawer = here && startJobDrawer(fonts, { forJobs: here.memory, forNow: here.memory })
  const quick = drawer && quickMaps(drawer, here)
  const light = drawer && lightMaps(drawer, stores, costs)
  const warm = quick ? warmUp((job, from) => quick.prepare(job)?.(undefined, from)) : undefined
  const drawHere = async (image: Promise<EncodedImage>) => {
    counts.running++
    try {
      const done = await image
      counts.drawn++
      return done
    } catch (error) {
      counts.failed++
      throw error
    } finally {
      counts.running--
      if (isClosing) dispatch()
    }
  }
  const drawSomewhere = (job: MapJob, signal?: AbortSignal) => {
    // a map that comes alone: of several the threads draw, so that this one hears of the next
    const mayBeHere = !isClosing && counts.running === 0 && waiting.length === 0
    const drawLightly = mayBeHere ? light?.prepare(job) : undefined
    if (drawLightly) return drawHere(drawLightly(signal))
    const drawQuickly = isClosing || spread.waiting >= maxWaiting ? undefined : quick?.prepare(job)
    if (!drawQuickly) return drawMap(job, signal)
    return spread.draw({
      here: () => (quick?.isFull() ? draw(job, signal) : drawHere(drawQuickly(signal))),
      elsewhere: () => draw(job, signal),
    })
  }
  const shared = sharedDrawing({ draw: drawSomewhere }, () => {
    counts.shared++
  })
  return {
    draw: shared.draw,
    changed: shared.changed,
    async ready() {
      await Promise.all([warm, ...[...threads].map(thread => thread.ready)])
    },
    updateStores() {
      for (const thread of threads) thread.updateStores(stores())
      light?.updateStores()
    },
    stats: () => ({ threads: threads.size, waiting: waiting.length, ...counts }),
    async close() {
      isClosing = true
      if (waiting.length > 0 || counts.running > 0 || spread.waiting > 0) {
        await new Promise<void>(resolve => {
          onIdle = resolve
        })
      }
      await Promise.all([warm, ...[...threads].map(thread => thread.close())])
      threads.clear()
      await light?.close()
    },
  }
}
