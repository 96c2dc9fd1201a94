import type { Stores } from '#core/ports.js'
import type { ImageFormat } from '#formats/images/index.js'
import type { DrawKernel } from '#render/kernels/draw-kernel.js'
import type { WarpKernel } from '#render/warp-kernel.js'

/** What drawing needs and a thread has once: open stores, kernels, encoders. */
export interface DrawContext {
  readonly stores: Stores
  readonly kernel: DrawKernel
  readonly warpKernel: WarpKernel
  readonly formats: readonly ImageFormat[]
}
