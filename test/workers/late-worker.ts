/** A render worker for tests of the pool: it has started when it is told of stores, and until then hears nothing else. */
import { parentPort } from 'node:worker_threads'
import type { ToWorker } from '#workers/messages.js'

const port = parentPort!
const early: ToWorker[] = []

port.on('message', (message: ToWorker) => {
  if (message.kind !== 'stores') return void early.push(message)
  port.removeAllListeners('message').on('message', obey)
  port.postMessage({ kind: 'ready' })
  early.forEach(obey)
})

function obey(message: ToWorker): void {
  if (message.kind === 'close') port.close()
  if (message.kind !== 'draw') return
  const { id, packed } = message
  const { mediaType, height } = packed.job
  port.postMessage({ kind: 'drawn', id, image: { mediaType, bytes: Uint8Array.of(height), timings: {} } })
}
