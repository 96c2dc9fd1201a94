import { abortable } from '#core/abortable.js'
import type { RowBatch } from '#rows/batch.js'
import type { NativeConnection } from './connection.js'

/** How long a cancelled statement may go on before its connection is given up. */
const cancelMilliseconds = 10_000

/**
 * The batches of a statement, and the promise that its connection comes back: at the end, on an error, when the consumer breaks out, and when
 * `signal` aborts, even if nobody asks for a batch any more. Who waits when it aborts is told at once. `release` is called once, when the connection is
 * free again or lost.
 */
export function controlledRows(
  connection: NativeConnection,
  batches: AsyncGenerator<RowBatch, void>,
  signal: AbortSignal | undefined,
  release: () => void,
): AsyncIterableIterator<RowBatch, void> {
  let isOver = false
  let pending: Promise<unknown> = Promise.resolve()
  const finish = () => {
    if (isOver) return false
    isOver = true
    signal?.removeEventListener('abort', stop)
    return true
  }
  const stop = () => {
    if (!finish()) return
    const timer = setTimeout(() => connection.destroy(), cancelMilliseconds)
    const cancelled = connection.cancel()
    pending
      .then(() => drain(batches))
      .catch(() => {}) // the error that the cancel asked for
      .then(() => cancelled)
      .then(() => connection.settle())
      .catch(() => connection.destroy())
      .finally(() => {
        clearTimeout(timer)
        release()
      })
  }
  const iterator: AsyncIterableIterator<RowBatch, void> = {
    async next() {
      signal?.throwIfAborted()
      if (isOver) return { done: true, value: undefined }
      try {
        const next = batches.next()
        pending = next
        // a network that is silent, or a statement that cannot be stopped, holds nobody
        const result = await abortable(next, signal)
        signal?.throwIfAborted()
        if (result.done && finish()) release()
        return isOver ? { done: true, value: undefined } : result
      } catch (error) {
        if (finish()) release()
        throw signal?.aborted ? signal.reason : error
      }
    },
    async return() {
      stop()
      return { done: true, value: undefined }
    },
    [Symbol.asyncIterator]: () => iterator,
  }
  if (signal?.aborted) stop()
  else signal?.addEventListener('abort', stop)
  return iterator
}

async function drain(batches: AsyncGenerator<RowBatch, void>): Promise<void> {
  for await (const _ of batches);
}
