import type { Renderer, Stores } from '#core/ports.js'
import { Problem } from '#core/problem.js'
import { startImageFormats } from '#formats/images/index.js'
import { startDrawKernel } from '#render/kernels/draw-kernel.js'
import { startWarpKernel } from '#render/warp-kernel.js'
import type { DrawContext } from './draw-context.js'
import { drawMapJob } from './draw-map-job.js'
import { taskQueue } from './task-queue.js'

/** Draws maps in this very thread, one at a time, from stores that are open already: for tests, and for `size: 0`. */
export function inlineRenderer(stores: Stores): Renderer {
  const context: DrawContext = { stores, kernel: startDrawKernel(), warpKernel: startWarpKernel(), formats: startImageFormats() }
  const queue = taskQueue()
  return {
    draw: (job, signal) =>
      // the kernel holds one canvas at a time
      queue(() => withDeadline(job.deadline, signal, limit => drawMapJob(job, context, limit))),
  }
}

/** Runs `work` with a signal that also fires at `deadline`, milliseconds since the epoch. Aborts become Problems. */
export async function withDeadline<T>(
  deadline: number,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController()
  const late = new Problem('deadline', 'The map took longer to draw than this server allows; ask for fewer layers or a smaller area.')
  const left = new Problem('cancelled', 'The client closed the connection.')
  const timer = setTimeout(() => controller.abort(late), Math.max(0, Math.min(deadline - Date.now(), 2 ** 31 - 1)))
  const leave = () => controller.abort(left)
  if (signal?.aborted) leave()
  signal?.addEventListener('abort', leave, { once: true })
  try {
    controller.signal.throwIfAborted()
    return await work(controller.signal)
  } catch (error) {
    throw controller.signal.aborted ? controller.signal.reason : error
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', leave)
  }
}
