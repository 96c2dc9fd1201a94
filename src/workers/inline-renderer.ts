import type { Renderer, Stores } from '#core/ports.js'
import { startDrawKernel } from '#render/kernels/draw-kernel.js'
import { startWarpKernel } from '#render/warp-kernel.js'
import type { DrawContext } from './draw-context.js'
import { drawMapJob } from './draw-map-job.js'
import { startDrawingTools } from './drawing-tools.js'
import { untilStopped } from './stop.js'
import { taskQueue } from './task-queue.js'

/** Draws maps in this very thread, one at a time, from stores that are open already: for tests, and for a pool of size 0. */
export function inlineRenderer(stores: Stores, fonts: readonly string[] = []): Renderer {
  const context: DrawContext = { stores, kernel: startDrawKernel(), warpKernel: startWarpKernel(), ...startDrawingTools(fonts) }
  const queue = taskQueue()
  return {
    draw: (job, signal) =>
      // the kernel holds one canvas at a time
      queue(() => untilStopped({ deadline: job.deadline, signal }, stop => drawMapJob(job, context, stop))),
  }
}
