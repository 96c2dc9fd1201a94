/** A render worker for tests: once told to, by a file `upper` or `lower` in the folder `HALVES`, it dies instead of answering such a half of a map. */
import { unlinkSync } from 'node:fs'
import { join } from 'node:path'
import { parentPort } from 'node:worker_threads'
import { halfState } from '#core/queries.js'
import type { FromWorker, ToWorker } from '#workers/messages.js'

// first: who listens to a port gets what has come already
await import('#workers/render-worker.js')
const port = parentPort!
/** By id, what is answered as a half; only known in the end, for the upper. */
const halves = new Map<number, () => 'upper' | 'lower' | undefined>()

port.on('message', (message: ToWorker) => {
  if (message.kind !== 'draw') return
  const { band, lower } = message.packed.job
  if (band) halves.set(message.id, () => 'lower')
  else if (lower) halves.set(message.id, () => (new Int32Array(lower.states)[0] === halfState.halved ? 'upper' : undefined))
})

const post = port.postMessage.bind(port)
port.postMessage = (message: FromWorker, ...rest) => {
  const half = message.kind === 'drawn' ? halves.get(message.id)?.() : undefined
  if (half && isTold(half)) process.exit(3)
  post(message, ...(rest as []))
}

function isTold(half: string): boolean {
  try {
    unlinkSync(join(process.env.HALVES!, half))
    return true
  } catch {
    return false
  }
}
