import { PerformanceObserver } from 'node:perf_hooks'
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8'

/** Megabytes for young objects, of which V8 needs two: left to itself it takes 16 as soon as a few thousand objects are made that stay. */
const megabytes = 4

/**
 * Keeps the room for young objects of this thread small: a server's requests leave few behind. V8 takes its bounds from the command line alone, but looks up
 * how many times as much it may have whenever it wants more: so it is told after each collection. What it gave back while there was nothing to do it has again.
 * Threads that start later have that much from the beginning, for they hear the same.
 */
export function boundYoungObjects() {
  const settle = () => setFlagsFromString(`--semi-space-growth-factor=${megabytesNow() < megabytes ? 2 : 1}`)
  setFlagsFromString(`--min-semi-space-size=${megabytes}`)
  settle()
  // after each collection, because V8 goes back to 2 with every thread that starts
  new PerformanceObserver(settle).observe({ entryTypes: ['gc'] })
}

function megabytesNow(): number {
  const young = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')
  return (young?.space_size ?? 0) / 2 / 2 ** 20
}
