/**
 * Milliseconds on a clock that only goes forward, at the pace of time, and is the same in every thread of the process; its zero means nothing.
 * Deadlines and pauses are told by it: the time of day jumps when somebody sets it.
 */
export function steadyNow(): number {
  const [seconds, nanoseconds] = process.hrtime()
  return 1000 * seconds + nanoseconds / 1e6
}
