import type { IncomingMessage, ServerResponse } from 'node:http'
import { steadyNow } from '#core/clock.js'

export interface Deadline {
  /** Aborts with a `TimeoutError` when the time is up, with an `AbortError` when the client leaves before the answer is out. */
  readonly signal: AbortSignal
  /** Milliseconds of `core/clock.ts`. */
  readonly at: number
  /** Gives it more time, from now on: for answers that take as long as their readers. */
  readonly prolong: (seconds: number) => void
  /** Frees the timer; call when the answer is known. */
  readonly clear: () => void
}

/** The one deadline of a request: it reaches down to the SQL statement and the range read. */
export function requestDeadline(request: IncomingMessage, response: ServerResponse, seconds: number): Deadline {
  const controller = new AbortController()
  const expire = (after: number) =>
    setTimeout(() => controller.abort(new DOMException('deadline', 'TimeoutError')), Math.min(after * 1000, 2 ** 31 - 1)).unref()
  let timer = expire(seconds)
  let isOver = false
  const leave = () => {
    if (!isOver && !response.writableEnded) controller.abort(new DOMException('client left', 'AbortError'))
    clear()
  }
  const clear = () => {
    isOver = true
    clearTimeout(timer)
    // a connection outlives its requests
    request.socket.off('close', leave)
  }
  request.socket.once('close', leave)
  response.once('close', leave)
  return {
    signal: controller.signal,
    at: steadyNow() + seconds * 1000,
    prolong: more => {
      clearTimeout(timer)
      if (!controller.signal.aborted && !response.closed) timer = expire(more)
    },
    clear,
  }
}
