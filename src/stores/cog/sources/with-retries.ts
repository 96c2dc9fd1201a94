import { setTimeout as sleep } from 'node:timers/promises'
import { Problem } from '#core/problem.js'
import { HttpFailure } from './http-failure.js'

/** Attempts at one request. */
const attempts = 4
/** Milliseconds before the second attempt; each further pause may be twice as long. All of it is random, so that threads do not knock together. */
const firstPause = 100
/** Seconds that a server may ask to wait; beyond it the request fails, and says so. */
const longestWait = 3

/** The result of `attempt`, tried again within bounds when it fails with an `HttpFailure`. Then throws `unavailable` that names `name`. */
export async function withRetries<T>(name: string, signal: AbortSignal | undefined, attempt: () => Promise<T>): Promise<T> {
  for (let n = 1; ; n++) {
    try {
      return await attempt()
    } catch (error) {
      signal?.throwIfAborted()
      if (!(error instanceof HttpFailure)) throw error
      const { reason, retryAfter = 0 } = error
      if (n === attempts || retryAfter > longestWait)
        throw new Problem('unavailable', `"${name}" cannot be read just now: ${reason}.`, {
          cause: error.cause ?? error,
          retryAfter: Math.ceil(Math.max(retryAfter, 10)),
        })
      const pause = Math.max(retryAfter * 1000, firstPause * 2 ** (n - 1) * Math.random())
      await sleep(pause, undefined, signal && { signal }).catch(() => signal?.throwIfAborted())
    }
  }
}
