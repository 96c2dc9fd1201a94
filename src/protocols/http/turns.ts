import { Problem } from '#core/problem.js'

/** Runs `work` when it is its turn. Throws `overloaded` when too many wait already. */
export type Turns = <T>(work: () => Promise<T>) => Promise<T>

/** At most `atATime` run, at most `most` wait. */
export function createTurns(atATime: number, most: number): Turns {
  let running = 0
  const queue: (() => void)[] = []
  return async work => {
    if (running >= atATime) {
      if (queue.length >= most)
        throw new Problem('overloaded', 'Too many requests are waiting for their password to be checked.', { retryAfter: 5 })
      await new Promise<void>(resolve => queue.push(resolve)) // whoever ends hands over the place
    } else running += 1
    try {
      return await work()
    } finally {
      const next = queue.shift()
      if (next) next()
      else running -= 1
    }
  }
}
