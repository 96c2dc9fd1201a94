import { type MessagePort, Worker } from 'node:worker_threads'
import { steadyNow } from '#core/clock.js'
import { Problem } from '#core/problem.js'
import type { EncodedImage, MapJob } from '#core/queries.js'
import type { LentSlabs } from '#stores/cog/lent-blocks.js'
import type { StoreAddress } from '#stores/index.js'
import { type FromWorker, portsOf, problemOf, type ToWorker, type WorkerStart } from './messages.js'
import { partSender } from './sent-parts.js'
import { deadlineProblem } from './stop.js'

/** Milliseconds that a worker may take beyond the deadline of a job to notice it; then it is stuck, and killed. */
const graceMilliseconds = 5_000
/** Milliseconds that a worker may take to start, on a machine that has much else to do. Killing one that only starts would help nobody. */
const startMilliseconds = 120_000

/** One render worker, as the pool sees it. */
export interface RenderThread {
  /** Jobs it has in hand. */
  readonly load: number
  /** Resolves when it has started, or died. */
  readonly ready: Promise<void>
  /** Resolves when it is no more. */
  readonly ended: Promise<void>
  /** Rejects with `ThreadLost` when the thread dies over it. */
  draw(job: MapJob, signal: AbortSignal): Promise<EncodedImage>
  updateStores(addresses: readonly StoreAddress[]): void
  /** The memory of the blocks it may borrow. */
  updateSlabs(slabs: LentSlabs): void
  /** Closes its stores and ends it; kills it when that takes more than a few seconds. */
  close(): Promise<void>
}

/** The thread died; what it was doing can be tried again elsewhere. */
export class ThreadLost extends Error {}

interface Task {
  resolve(image: EncodedImage): void
  reject(error: unknown): void
}

/** What runs in a thread. */
export const renderWorker = new URL('./render-worker.js', import.meta.url)

/** Three times what V8 takes for one half of the room for young objects: a labelled map makes some megabytes of them, photographs few, and then most of it is not taken. */
const youngMegabytes = 24

/** Images whose memory waits to go back. */
const mostUsed = 2

/** Starts a thread that runs `script`. `onLost` is called once when it ends without having been asked to. */
export function startRenderThread(script: URL, start: WorkerStart, onLost: (reason: unknown) => void): RenderThread {
  const worker = new Worker(script, {
    workerData: start,
    transferList: portsOf(start.addresses),
    resourceLimits: { maxYoungGenerationSizeMb: youngMegabytes },
  })
  const tasks = new Map<number, Task>()
  const pack = partSender()
  const born = steadyNow()
  let nextId = 1
  let isStarted = false
  let isEnding = false
  /** Memory of its images that it has not got back yet: it goes along with the next map. */
  let used: ArrayBuffer[] = []
  const giveBackOf =
    ({ bytes }: EncodedImage) =>
    () => {
      if (used.length < mostUsed) used.push(bytes.buffer as ArrayBuffer)
    }
  const say = (message: ToWorker, transfer: readonly (MessagePort | ArrayBuffer)[] = []) => worker.postMessage(message, transfer)
  const lose = (reason: unknown) => {
    if (isEnding) return
    isEnding = true
    isReady()
    for (const task of tasks.values()) task.reject(new ThreadLost('The render worker died.', { cause: reason }))
    tasks.clear()
    onLost(reason)
    void worker.terminate()
  }
  let isReady = () => {}
  const ready = new Promise<void>(resolve => {
    isReady = resolve
  })
  worker.on('message', (message: FromWorker) => {
    isStarted = true
    if (message.kind === 'ready') return isReady()
    const task = tasks.get(message.id)
    if (!task) return
    tasks.delete(message.id)
    if (message.kind === 'drawn')
      task.resolve(message.isReusable ? { ...message.image, giveBack: giveBackOf(message.image) } : message.image)
    else task.reject(problemOf(message.problem))
  })
  worker.on('error', lose)
  worker.on('messageerror', lose)
  const ended = new Promise<void>(resolve => {
    worker.on('exit', code => {
      lose(new Error(`The render worker ended with code ${code}.`))
      resolve()
    })
  })

  return {
    ready,
    ended,
    get load() {
      return tasks.size
    },
    draw(job, signal) {
      const id = nextId++
      const left = new SharedArrayBuffer(4)
      const leave = () => {
        Atomics.store(new Int32Array(left), 0, 1)
        say({ kind: 'leave', id })
      }
      const stuck = setTimeout(
        () => {
          tasks.get(id)?.reject(deadlineProblem())
          tasks.delete(id)
          if (isStarted || steadyNow() - born > startMilliseconds)
            lose(new Error('The render worker did not stop at the deadline of its job.'))
        },
        Math.min(Math.max(0, job.deadline - steadyNow()) + graceMilliseconds, 2 ** 31 - 1),
      )
      signal.addEventListener('abort', leave, { once: true })
      return new Promise<EncodedImage>((resolve, reject) => {
        tasks.set(id, { resolve, reject })
        try {
          const back = used
          used = []
          say({ kind: 'draw', id, packed: pack(job), left, used: back }, back)
        } catch (cause) {
          tasks.delete(id)
          reject(new Problem('internal', 'The map cannot be handed to a render worker.', { cause }))
        }
      }).finally(() => {
        clearTimeout(stuck)
        signal.removeEventListener('abort', leave)
      })
    },
    updateStores(next) {
      say({ kind: 'stores', addresses: next }, portsOf(next))
    },
    updateSlabs(slabs) {
      say({ kind: 'slabs', slabs })
    },
    async close() {
      if (isEnding) return
      isEnding = true
      say({ kind: 'close' })
      const kill = setTimeout(() => void worker.terminate(), graceMilliseconds)
      await ended
      clearTimeout(kill)
    },
  }
}
