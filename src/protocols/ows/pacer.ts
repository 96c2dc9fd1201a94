import { setImmediate } from 'node:timers/promises'

/** A function to await between the steps of long work: it lets other requests have their turn whenever the work held them up for `milliseconds`. */
export function pacer(milliseconds = 10): () => Promise<void> {
  let pause = performance.now() + milliseconds
  return async () => {
    if (performance.now() < pause) return
    await setImmediate()
    pause = performance.now() + milliseconds
  }
}
