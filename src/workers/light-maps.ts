import type { MapJob } from '#core/queries.js'
import type { StoreAddress } from '#stores/index.js'
import type { JobDrawer } from './job-drawer.js'
import { kindOf, type MapCosts } from './map-costs.js'
import { openStores } from './open-stores.js'
import type { DrawQuickly } from './quick-maps.js'

/** Milliseconds of computing, in all: handing a map to another thread and back costs a tenth of that. */
const lightMilliseconds = 8
/** Milliseconds that this thread may be away from its requests: it looks at them between two batches of rows. */
const mostAway = 2
const mostPixels = 1 << 17

/** Draws light maps of features in the thread that was asked, one at a time. */
export interface LightMaps {
  /** How to draw a map, at once; undefined for one that is not known to be light, and while another is being drawn. */
  prepare(job: MapJob): DrawQuickly | undefined
  /** The addresses in force have changed. */
  updateStores(): void
  close(): Promise<void>
}

/**
 * Waking another thread and being woken takes as long as drawing a few hundred features, and that thread finds nothing in the processor's caches. What a kind of map takes is learned from those
 * before, wherever they were drawn. Rows come over a connection that other requests of this thread do not wait for.
 */
export function lightMaps(
  { tools, draw }: Pick<JobDrawer, 'tools' | 'draw'>,
  addresses: () => readonly StoreAddress[],
  costs: MapCosts,
): LightMaps {
  const inTurns = () => addresses().map(address => (address.kind === 'postgis' ? { ...address, takesTurns: true } : address))
  const stores = openStores(inTurns(), 0)
  let isBusy = false
  /** Nothing that has to be loaded before it can be drawn with: fonts are large. */
  const isPlain = (job: MapJob) =>
    job.layers.every(layer => {
      if (layer.kind !== 'features') return false
      const { runs, labels } = tools.planStyle(layer.style, job)
      return labels.length === 0 && runs.every(({ hasGlyphs, transformation }) => !hasGlyphs && !transformation)
    })
  return {
    prepare(job) {
      if (isBusy || job.layers.length === 0 || job.width * job.height > mostPixels) return undefined
      const kind = kindOf(job)
      const { work = Number.POSITIVE_INFINITY, longest = work } = costs.of(kind)
      if (work >= lightMilliseconds || longest >= mostAway || !isPlain(job)) return undefined
      return async (signal, from = stores) => {
        isBusy = true
        try {
          const image = await draw(job, from, { deadline: job.deadline, signal })
          costs.learnFrom(kind, image)
          return image
        } finally {
          isBusy = false
          void stores.closeRetired()
        }
      }
    },
    updateStores() {
      stores.update(inTurns())
      if (!isBusy) void stores.closeRetired()
    },
    close: () => stores.close(),
  }
}
