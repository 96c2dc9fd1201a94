import type { MapJob } from '#core/queries.js'
import { inlineRenderer } from './inline-renderer.js'
import { openStores } from './open-stores.js'
import type { Pool, PoolOptions } from './pool.js'
import { sharedDrawing } from './shared-drawing.js'

/** A pool without threads: the jobs are drawn in this one, one after the other. */
export function inlinePool({ stores, blockBytes, fonts }: PoolOptions): Pool {
  const open = openStores(stores(), blockBytes)
  const inline = inlineRenderer(open, fonts)
  const counts = { running: 0, drawn: 0, failed: 0, shared: 0, lost: 0 }
  const draw = async (job: MapJob, signal?: AbortSignal) => {
    counts.running++
    try {
      const image = await inline.draw(job, signal)
      counts.drawn++
      return image
    } catch (error) {
      counts.failed++
      throw error
    } finally {
      counts.running--
      if (counts.running === 0) await open.closeRetired()
    }
  }
  const shared = sharedDrawing({ draw }, () => {
    counts.shared++
  })
  return {
    draw: shared.draw,
    changed: shared.changed,
    ready: async () => {},
    updateStores: () => open.update(stores()),
    stats: () => ({ threads: 0, waiting: 0, ...counts }),
    close: () => open.close(),
  }
}
