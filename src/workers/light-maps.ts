import type { EncodedImage, MapJob } from '#core/queries.js'
import type { StoreAddress } from '#stores/index.js'
import type { JobDrawer } from './job-drawer.js'
import { kindOf, type MapCosts } from './map-costs.js'
import { openStores } from './open-stores.js'

/** Milliseconds of computing: handing a map to another thread and back costs a fifth of that, and this thread can be away from its requests for so long. */
const lightMilliseconds = 2
const mostPixels = 1 << 17

/** Draws light maps of features in the thread that was asked, one at a time. */
export interface LightMaps {
  /** Whether a map is likely to be light, and none is being drawn. */
  takes(job: MapJob): boolean
  draw(job: MapJob, signal?: AbortSignal): Promise<EncodedImage>
  /** The addresses in force have changed. */
  updateStores(): void
  close(): Promise<void>
}

/**
 * Waking another thread and being woken takes as long as drawing a few features. What a kind of map takes is learned from those before, wherever they
 * were drawn. Rows come over a connection that other requests of this thread do not wait for.
 */
export function lightMaps({ tools, draw }: JobDrawer, addresses: () => readonly StoreAddress[], costs: MapCosts): LightMaps {
  const stores = openStores(addresses(), 0)
  let isBusy = false
  /** Nothing that has to be loaded before it can be drawn with: fonts are large. */
  const isPlain = (job: MapJob) =>
    job.layers.every(layer => {
      if (layer.kind !== 'features') return false
      const { runs, labels } = tools.planStyle(layer.style, job)
      return labels.length === 0 && runs.every(({ hasGlyphs, transformation }) => !hasGlyphs && !transformation)
    })
  return {
    takes(job) {
      if (isBusy || job.layers.length === 0 || job.width * job.height > mostPixels) return false
      const { work = Number.POSITIVE_INFINITY } = costs.of(kindOf(job))
      return work < lightMilliseconds && isPlain(job)
    },
    async draw(job, signal) {
      isBusy = true
      try {
        const image = await draw(job, stores, { deadline: job.deadline, signal })
        costs.learnFrom(kindOf(job), image)
        return image
      } finally {
        isBusy = false
        await stores.closeRetired()
      }
    },
    updateStores: () => stores.update(addresses()),
    close: () => stores.close(),
  }
}
