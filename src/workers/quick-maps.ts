import type { Stores } from '#core/ports.js'
import type { EncodedImage, MapJob, RasterLayerJob } from '#core/queries.js'
import { kernelPixels } from '#render/pixel-memory.js'
import { planRasterLayer, type RasterPlan } from './draw-raster-layer.js'
import type { JobDrawer } from './job-drawer.js'

/** Pixels of a map that is warped and encoded in half a millisecond; handing it to another thread and back costs a third of that. */
const mostPixels = kernelPixels.output
/** Source pixels and files that such a map may need: more is work for a thread that nobody waits for. */
const mostSourcePixels = kernelPixels.source
const mostFiles = 4
/** The others take several times as long. */
const quickResamplings: ReadonlySet<string> = new Set(['nearest', 'bilinear'])
/** Maps that wait for their blocks at the same time; others go to the render threads. */
const mostAtOnce = 8

/** `from`: other stores than usual. */
export type DrawQuickly = (signal?: AbortSignal, from?: Stores) => Promise<EncodedImage>

/** Draws small maps of photographs in the thread that was asked. */
export interface QuickMaps {
  /** How to draw a map; undefined for one that is not quick. */
  prepare(job: MapJob): DrawQuickly | undefined
  /** A map that is quick and has to wait for nothing; undefined for any other. */
  drawNow(job: MapJob): EncodedImage | undefined
  /** Enough of them wait for their blocks. */
  isFull(): boolean
}

/**
 * A small JPEG of a photograph is less work than a message to a render thread and back. Its blocks are decoded on the threads of the system's
 * pool, so this thread only copies, warps and encodes. Kernels lie in the memory of the blocks, where there is one for both.
 */
export function quickMaps({ draw, drawNow }: JobDrawer, stores: Stores): QuickMaps {
  let running = 0
  return {
    isFull: () => running >= mostAtOnce,
    prepare(job) {
      const quick = planOf(job)
      if (!quick) return undefined
      const { layer, plan } = quick
      return async (signal, from = stores) => {
        const atOnce = signal?.aborted ? undefined : drawNow(job, layer, plan, from)
        if (atOnce) return atOnce
        running++
        try {
          return await draw(job, from, { deadline: job.deadline, signal }, () => plan)
        } finally {
          running--
        }
      }
    },
    drawNow(job) {
      const quick = planOf(job)
      return quick && drawNow(job, quick.layer, quick.plan, stores)
    },
  }
}

/** The layer and the plan of a quick map; undefined for one that is not. */
function planOf(job: MapJob): { readonly layer: RasterLayerJob; readonly plan: RasterPlan } | undefined {
  const [layer] = job.layers
  if (job.band) return undefined
  if (job.mediaType !== 'image/jpeg' || job.width * job.height > mostPixels) return undefined
  if (job.layers.length !== 1 || layer.kind !== 'raster' || layer.files.length > mostFiles) return undefined
  const plan = planRasterLayer(job, layer)
  if (!plan?.painter.isPhotograph || !quickResamplings.has(plan.resampling) || plan.parts.some(({ piece }) => piece.factor > 1))
    return undefined
  if (plan.parts.reduce((sum, { piece: { window } }) => sum + window.width * window.height, 0) > mostSourcePixels) return undefined
  return { layer, plan }
}
