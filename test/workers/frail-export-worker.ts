/** A thread that writes features, for tests of what chooses among threads: does what the name of the collection says. */
import { parentPort } from 'node:worker_threads'
import type { FromExportWorker, ToExportWorker } from '#workers/export-messages.js'

const port = parentPort!
const answer = (message: FromExportWorker) => port.postMessage(message)

port.on('message', (message: ToExportWorker) => {
  if (message.kind === 'close') return port.close()
  if (message.kind === 'leave') return answer({ kind: 'failed', id: message.id, problem: { kind: 'cancelled', message: 'left' } })
  if (message.kind !== 'write') return
  const { id, job } = message
  answer({ kind: 'piece', id, bytes: Uint8Array.of(1, 2, 3) })
  if (job.find.collection.id === 'dies') throw new Error('frail')
  if (job.find.collection.id === 'ends') answer({ kind: 'written', id, end: { count: 1 } })
})
