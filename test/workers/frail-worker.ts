/** A render worker for tests of the pool: does what the width of the job says. */
import { parentPort } from 'node:worker_threads'
import type { ToWorker } from '#workers/messages.js'

const port = parentPort!
let isFirst = true

port.on('message', (message: ToWorker) => {
  if (message.kind === 'close') return port.close()
  if (message.kind !== 'draw') return
  const { id, left } = message
  const { job } = message.packed
  const answer = () =>
    port.postMessage({ kind: 'drawn', id, image: { mediaType: job.mediaType, bytes: Uint8Array.of(job.height), timings: {} } })
  const cancelled = { kind: 'cancelled', message: 'The client closed the connection.' }
  switch (job.width) {
    case 1: // at once
      return answer()
    case 2: // dies
      throw new Error('frail')
    case 3: // hangs, deaf to messages
      for (;;) if (Atomics.load(new Int32Array(left), 0) === 1) return port.postMessage({ kind: 'failed', id, problem: cancelled })
    case 4: // in a moment
      return setTimeout(answer, 100)
    case 5: // dies the first time this thread is asked, next time not
      if (isFirst) process.exit(3)
  }
  isFirst = false
})
