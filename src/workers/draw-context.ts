import type { Stores } from '#core/ports.js'
import type { DrawKernel } from '#render/kernels/draw-kernel.js'
import type { WarpKernel } from '#render/warp-kernel.js'
import type { DrawingTools } from './drawing-tools.js'

/** What drawing needs: open stores, the kernels of the job, and the tools of the thread. */
export interface DrawContext extends DrawingTools {
  readonly stores: Stores
  readonly kernel: DrawKernel
  readonly warpKernel: WarpKernel
}
