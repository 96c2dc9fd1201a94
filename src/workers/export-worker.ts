/**
 * What runs inside a thread that writes features: a composition root as `render-worker.ts` is one. It waits for the database and for whoever takes the
 * pieces, so that it does several jobs at a time.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { writeFeatures } from '#formats/features/write-features.js'
import { giveBackPieceMemory, isPieceMemory, pieceMemoryBytes, takePieceMemory } from '#formats/piece-memory.js'
import { type ExportWorkerStart, type FromExportWorker, piecesInFlight, type ToExportWorker } from './export-messages.js'
import { plainProblem } from './messages.js'
import { openStores } from './open-stores.js'
import { cancelledProblem } from './stop.js'

if (!parentPort) throw new Error('export-worker.js is started by feature-writers.js, as a thread.')
const port = parentPort
const stores = openStores((workerData as ExportWorkerStart).addresses)
const running = new Map<number, Running>()
const answer = (message: FromExportWorker, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer)

/** A piece in memory that can be handed to another thread: its own, or a copy. */
function handedOver(piece: Uint8Array): Uint8Array<ArrayBuffer> {
  if (isPieceMemory(piece.buffer)) return piece as Uint8Array<ArrayBuffer>
  const bytes = piece.length <= pieceMemoryBytes ? takePieceMemory().subarray(0, piece.length) : new Uint8Array(piece.length)
  bytes.set(piece)
  return bytes
}

interface Running {
  readonly controller: AbortController
  /** Pieces that may be sent. */
  credit: number
  /** Called when there is one more, or nobody wants any. */
  wake: () => void
}

async function write({ id, job }: Extract<ToExportWorker, { kind: 'write' }>): Promise<void> {
  const state: Running = { controller: new AbortController(), credit: piecesInFlight, wake() {} }
  const { signal } = state.controller
  running.set(id, state)
  try {
    const { pieces, end } = await writeFeatures(job, stores, signal)
    for await (const piece of pieces) {
      while (state.credit === 0 && !signal.aborted) {
        await new Promise<void>(resolve => {
          state.wake = resolve
        })
      }
      signal.throwIfAborted()
      const bytes = handedOver(piece)
      state.credit--
      answer({ kind: 'piece', id, bytes }, [bytes.buffer])
    }
    answer({ kind: 'written', id, end: end() ?? { count: 0 } })
  } catch (error) {
    answer({ kind: 'failed', id, problem: plainProblem(signal.aborted ? cancelledProblem() : error) })
  } finally {
    running.delete(id)
    if (running.size === 0) await stores.closeRetired()
  }
}

port.on('message', async (message: ToExportWorker) => {
  switch (message.kind) {
    case 'write':
      return write(message)
    case 'take': {
      if (message.used) giveBackPieceMemory(message.used)
      const state = running.get(message.id)
      if (state) state.credit++
      return state?.wake()
    }
    case 'leave': {
      const state = running.get(message.id)
      state?.controller.abort()
      return state?.wake()
    }
    case 'stores':
      stores.update(message.addresses)
      if (running.size === 0) await stores.closeRetired()
      return
    case 'close':
      await stores.close()
      port.close()
      process.exit(0)
  }
})
