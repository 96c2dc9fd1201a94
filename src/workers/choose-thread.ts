import type { MapJob } from '#core/queries.js'
import type { RenderThread } from './render-thread.js'

/** Maps of the same scale that lie in one square of this many map widths go to the same thread. */
const widths = 8

/**
 * The thread for a job: of those with the least to do, always the same for maps of one area, because it has the blocks of that area decoded.
 * Undefined when all have `most` jobs in hand.
 */
export function chooseThread(threads: ReadonlySet<RenderThread>, job: Pick<MapJob, 'bbox'>, most: number): RenderThread | undefined {
  const least = Math.min(...[...threads].map(({ load }) => load))
  if (least >= most) return undefined
  const free = [...threads].filter(({ load }) => load === least)
  return free[areaOf(job) % free.length]
}

/** A number that maps of one area share. */
function areaOf({ bbox: [west, south, east, north] }: Pick<MapJob, 'bbox'>): number {
  const side = widths * 2 ** Math.round(Math.log2(Math.max(east - west, Number.MIN_VALUE)))
  const [column, row] = [Math.floor((west + east) / 2 / side), Math.floor((south + north) / 2 / side)]
  const mixed = Math.imul(Math.imul(column, 0x9e3779b1) ^ row, 0x85ebca6b)
  return (mixed ^ (mixed >>> 15)) >>> 0
}
