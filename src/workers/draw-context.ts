import type { Stores } from '#core/ports.js'
import type { ImageFormat } from '#formats/images/index.js'
import type { DrawKernel } from '#render/kernels/draw-kernel.js'

/** What drawing needs and a thread has once: open stores, a kernel, encoders. */
export interface DrawContext {
  readonly stores: Stores
  readonly kernel: DrawKernel
  readonly formats: readonly ImageFormat[]
}
