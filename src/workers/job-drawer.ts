import type { Stores } from '#core/ports.js'
import type { EncodedImage, MapJob } from '#core/queries.js'
import type { PixelMemory } from '#render/pixel-memory.js'
import { drawMapJob } from './draw-map-job.js'
import { type DrawingTools, startDrawingTools } from './drawing-tools.js'
import { kernelPool } from './kernel-pool.js'
import { type StopWhen, untilStopped } from './stop.js'

/** Draws maps in this thread. */
export interface JobDrawer {
  readonly tools: DrawingTools
  /** From `stores`, until `stopWhen` says so; `planOf` as of `drawMapJob`. */
  draw(job: MapJob, stores: Stores, stopWhen: StopWhen, planOf?: Parameters<typeof drawMapJob>[3]): Promise<EncodedImage>
}

/** What a thread draws with, once a thread. `fonts`: folders of fonts beside those that come with the program; `memory`: as of `kernelPool`. */
export function startJobDrawer(fonts?: readonly string[], memory?: PixelMemory): JobDrawer {
  const tools = startDrawingTools(fonts)
  const withKernels = kernelPool(memory)
  return {
    tools,
    draw: (job, stores, stopWhen, planOf) =>
      withKernels(kernels => untilStopped(stopWhen, stop => drawMapJob(job, { stores, ...kernels, ...tools }, stop, planOf))),
  }
}
