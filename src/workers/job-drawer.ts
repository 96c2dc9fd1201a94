import type { Stores } from '#core/ports.js'
import type { EncodedImage, MapJob, RasterLayerJob } from '#core/queries.js'
import { drawMapJob } from './draw-map-job.js'
import { drawNow } from './draw-now.js'
import type { RasterPlan } from './draw-raster-layer.js'
import { type DrawingTools, startDrawingTools } from './drawing-tools.js'
import { type KernelMemory, kernelPool } from './kernel-pool.js'
import { type StopWhen, untilStopped } from './stop.js'

/** Draws maps in this thread. */
export interface JobDrawer {
  readonly tools: DrawingTools
  /** From `stores`, until `stopWhen` says so; `planOf` as of `drawMapJob`. */
  draw(job: MapJob, stores: Stores, stopWhen: StopWhen, planOf?: Parameters<typeof drawMapJob>[3]): Promise<EncodedImage>
  /** As `drawNow`. */
  drawNow(job: MapJob, layer: RasterLayerJob, plan: RasterPlan, stores: Stores): EncodedImage | undefined
}

/** What a thread draws with, once a thread. `fonts`: folders of fonts beside those that come with the program; `memory`: as of `kernelPool`. */
export function startJobDrawer(fonts?: readonly string[], memory?: KernelMemory): JobDrawer {
  const tools = startDrawingTools(fonts)
  const kernels = kernelPool(memory)
  return {
    tools,
    draw: (job, stores, stopWhen, planOf) =>
      kernels.with(own => untilStopped(stopWhen, stop => drawMapJob(job, { stores, ...own, ...tools }, stop, planOf))),
    drawNow: (job, layer, plan, stores) =>
      drawNow(job, plan, { store: stores.raster(layer.store), kernel: kernels.nowKernel(), formats: tools.formats }),
  }
}
