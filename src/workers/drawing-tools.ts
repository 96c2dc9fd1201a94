import { type ImageFormat, startImageFormats } from '#formats/images/index.js'
import { createIconShelf, type IconShelf } from '#render/icon-shelf.js'
import { type DrawKernel, startDrawKernel } from '#render/kernels/draw-kernel.js'
import { RenderError } from '#render/render-error.js'

/** What a thread draws with and keeps from map to map. */
export interface DrawingTools {
  readonly formats: readonly ImageFormat[]
  readonly icons: IconShelf
  /** A kernel whose canvas may be lost at any time, to draw patterns in; started when it is first needed. */
  readonly spareKernel: () => DrawKernel
}

export function startDrawingTools(): DrawingTools {
  let spare: DrawKernel | undefined
  return {
    formats: startImageFormats(),
    // what lies beside a style has become part of it when it was published
    icons: createIconShelf({
      load: async () => {
        throw new RenderError('invalid', 'Icons are read when a style is published, and from data: addresses.')
      },
    }),
    spareKernel() {
      spare ??= startDrawKernel()
      return spare
    },
  }
}
