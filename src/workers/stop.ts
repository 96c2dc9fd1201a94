import { setMaxListeners } from 'node:events'
import { steadyNow } from '#core/clock.js'
import { Problem } from '#core/problem.js'

/** What ends a drawing before it is done: the client left, or the time is up. */
export interface Stop {
  /** For what can be interrupted while it waits: queries, reads. */
  readonly signal: AbortSignal
  /** For what computes, between two batches of rows or blocks of pixels: throws the reason when it is time to stop. */
  check(): void
}

export interface StopWhen {
  readonly deadline: number
  readonly signal?: AbortSignal | undefined
  readonly isLeft?: () => boolean
}

/**
 * Runs `work` until `deadline` (milliseconds of `core/clock.ts`). `isLeft` says whether the client is gone, even while this thread computes and
 * hears nothing; `signal` says it sooner, where there is one. What is thrown after the stop is the reason of the stop.
 */
export async function untilStopped<T>({ deadline, signal, isLeft = () => false }: StopWhen, work: (stop: Stop) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  // every block that is read at the same time listens
  setMaxListeners(0, controller.signal)
  const leave = () => controller.abort(cancelledProblem())
  const expire = () => controller.abort(deadlineProblem())
  const timer = setTimeout(expire, Math.max(0, Math.min(deadline - steadyNow(), 2 ** 31 - 1)))
  if (signal?.aborted) leave()
  signal?.addEventListener('abort', leave, { once: true })
  const stop: Stop = {
    signal: controller.signal,
    check() {
      if (isLeft()) leave()
      else if (steadyNow() > deadline) expire()
      controller.signal.throwIfAborted()
    },
  }
  try {
    stop.check()
    return await work(stop)
  } catch (error) {
    throw controller.signal.aborted ? controller.signal.reason : error
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', leave)
  }
}

/** What `work` comes to, unless the stop comes first: for work that others wait for, too, and that goes on without this one. Rejects with the reason. */
export function beforeStop<T>(work: Promise<T>, { signal }: Stop): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = () => reject(signal.reason)
    if (signal.aborted) leave()
    signal.addEventListener('abort', leave, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave))
  })
}

export function deadlineProblem(): Problem {
  return new Problem('deadline', 'The map took longer to draw than this server allows; ask for fewer layers or a smaller area.')
}

/** What to say of a request whose own signal ended it: its time was up, or its client is gone. */
export function problemOfStop(signal: AbortSignal | undefined): Problem {
  return signal?.reason instanceof Error && signal.reason.name === 'TimeoutError' ? deadlineProblem() : cancelledProblem()
}

export function cancelledProblem(): Problem {
  return new Problem('cancelled', 'The client closed the connection.')
}
