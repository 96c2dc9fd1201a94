import { Worker } from 'node:worker_threads'
import { Problem } from '#core/problem.js'
import { begun } from '#formats/begun.js'
import type { FeatureJob, WrittenEnd, WrittenFeatures } from '#formats/features/index.js'
import type { StoreAddress } from '#stores/index.js'
import type { ExportWorkerStart, FromExportWorker, ToExportWorker } from './export-messages.js'
import { portsOf, problemOf } from './messages.js'
import { problemOfStop } from './stop.js'

/** One thread that writes features, as those who choose among threads see it. */
export interface ExportThread {
  /** Jobs it has in hand. */
  readonly load: number
  /** As `FeatureWriter.write`. `onEnd` is called once, when the thread is done with it. */
  write(job: FeatureJob, signal: AbortSignal, onEnd: () => void): Promise<WrittenFeatures>
  updateStores(addresses: readonly StoreAddress[]): void
  /** Ends it; what it has in hand fails. */
  close(): Promise<void>
}

/** What runs in a thread. */
export const exportWorker = new URL('./export-worker.js', import.meta.url)

/** Milliseconds that a thread may take to close its stores. */
const graceMilliseconds = 5_000

interface Task {
  readonly pieces: Uint8Array[]
  readonly onEnd: () => void
  outcome?: { readonly end: WrittenEnd } | { readonly problem: Problem }
  wake: () => void
}

/** Starts a thread. `onLost` is called once when it ends without having been asked to. */
export function startExportThread(script: URL, addresses: readonly StoreAddress[], onLost: (reason: unknown) => void): ExportThread {
  const worker = new Worker(script, { workerData: { addresses } satisfies ExportWorkerStart, transferList: portsOf(addresses) })
  const tasks = new Map<number, Task>()
  let nextId = 1
  let isEnding = false
  const say = (message: ToExportWorker, transfer: readonly StoreAddress[] = []) => worker.postMessage(message, portsOf(transfer))
  const settle = (id: number, outcome: NonNullable<Task['outcome']>) => {
    const task = tasks.get(id)
    if (!task) return
    tasks.delete(id)
    task.outcome = outcome
    task.wake()
    task.onEnd()
  }
  const failAll = (cause: unknown) => {
    const problem = new Problem('internal', 'The features could not be written to their end: the thread that wrote them died.', { cause })
    for (const id of [...tasks.keys()]) settle(id, { problem })
  }
  const lose = (reason: unknown) => {
    failAll(reason)
    if (isEnding) return
    isEnding = true
    onLost(reason)
    void worker.terminate()
  }
  worker.on('message', (message: FromExportWorker) => {
    if (message.kind === 'written') return settle(message.id, { end: message.end })
    if (message.kind === 'failed') return settle(message.id, { problem: problemOf(message.problem) })
    const task = tasks.get(message.id)
    task?.pieces.push(message.bytes)
    task?.wake()
  })
  worker.on('error', lose)
  worker.on('messageerror', lose)
  const ended = new Promise<void>(resolve => {
    worker.on('exit', code => {
      lose(new Error(`The thread that writes features ended with code ${code}.`))
      resolve()
    })
  })

  return {
    get load() {
      return tasks.size
    },
    async write(job, signal, onEnd) {
      const id = nextId++
      const task: Task = { pieces: [], onEnd, wake() {} }
      tasks.set(id, task)
      try {
        say({ kind: 'write', id, job })
      } catch (cause) {
        settle(id, { problem: new Problem('internal', 'The features cannot be handed to a thread.', { cause }) })
      }
      const leave = () => {
        if (!task.outcome) say({ kind: 'leave', id })
        task.wake()
      }
      signal.addEventListener('abort', leave, { once: true })
      const done = () => signal.removeEventListener('abort', leave)
      let last: Uint8Array | undefined
      /** Who asks for a piece has done with the one before: its memory goes back. */
      const giveBack = () => {
        const used = last?.buffer as ArrayBuffer | undefined
        last = undefined
        if (!used || isEnding) return
        worker.postMessage({ kind: 'take', id, used } satisfies ToExportWorker, [used])
      }
      const iterator: AsyncIterator<Uint8Array> = {
        async next() {
          giveBack()
          for (;;) {
            if (signal.aborted) throw problemOfStop(signal)
            const value = task.pieces.shift()
            if (value) {
              last = value
              return { done: false, value }
            }
            if (task.outcome) {
              done()
              if ('problem' in task.outcome) throw task.outcome.problem
              return { done: true, value: undefined }
            }
            await new Promise<void>(resolve => {
              task.wake = resolve
            })
          }
        },
        async return() {
          giveBack()
          done()
          leave()
          task.pieces.length = 0
          return { done: true, value: undefined }
        },
      }
      const pieces = await begun({ [Symbol.asyncIterator]: () => iterator })
      const end = () => (task.outcome && 'end' in task.outcome && task.pieces.length === 0 ? task.outcome.end : undefined)
      return { pieces, end }
    },
    updateStores(next) {
      say({ kind: 'stores', addresses: next }, next)
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
