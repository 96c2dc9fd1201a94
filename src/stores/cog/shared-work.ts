import { toProblem } from '#core/problem.js'

/** Work that several callers may want at the same time, done once for all of them. */
export interface SharedWork<T> {
  /** The result of `start`, or of the one under way for `key`. Whoever's `signal` is aborted leaves with its reason; the work ends when the last has left. */
  join(key: string, start: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal): Promise<T>
}

interface Running<T> {
  readonly result: Promise<T>
  readonly controller: AbortController
  waiters: number
}

export function shareWork<T>(): SharedWork<T> {
  const running = new Map<string, Running<T>>()

  function begin(key: string, start: (signal: AbortSignal) => Promise<T>): Running<T> {
    const controller = new AbortController()
    const result = start(controller.signal)
    const work: Running<T> = { result, controller, waiters: 0 }
    running.set(key, work)
    const forget = () => void (running.get(key) === work && running.delete(key))
    result.then(forget, forget)
    return work
  }

  return {
    join(key, start, signal) {
      if (signal?.aborted) return Promise.reject(signal.reason)
      const work = running.get(key) ?? begin(key, start)
      work.waiters++
      if (!signal) return work.result
      return new Promise<T>((resolve, reject) => {
        const leave = () => {
          reject(signal.reason)
          if (--work.waiters > 0) return
          if (running.get(key) === work) running.delete(key)
          work.controller.abort(signal.reason)
        }
        signal.addEventListener('abort', leave, { once: true })
        const settled = () => signal.removeEventListener('abort', leave)
        work.result.then(
          value => {
            settled()
            resolve(value)
          },
          error => {
            settled()
            reject(error)
          },
        )
      })
    },
  }
}

/** What `shared` work comes to for somebody with `signal`: `again` is called when somebody else, who began it, has left. */
export async function againWhenLeft<T>(
  shared: Promise<T> | undefined,
  again: () => Promise<T> | undefined,
  signal: AbortSignal | undefined,
): Promise<T | undefined> {
  for (let work = shared; ; work = again()) {
    try {
      return await work
    } catch (error) {
      signal?.throwIfAborted()
      if (!['cancelled', 'deadline'].includes(toProblem(error).kind)) throw error
    }
  }
}
