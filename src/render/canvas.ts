import type { BlendMode } from '#styles/style.js'
import { packed } from './color.js'
import { type DrawKernel, shelfBytes, startDrawKernel } from './kernels/draw-kernel.js'
import { blendModes } from './pens.js'
import { RenderError } from './render-error.js'

/** A map being drawn: RGBA with premultiplied alpha, row by row from the upper left corner. */
export interface Canvas {
  readonly width: number
  readonly height: number
  readonly kernel: DrawKernel
  /** The pixels themselves, premultiplied. A view of the kernel's memory: valid until something is drawn or `reserve` is called. */
  pixels(): Uint8Array
  /** Extra planes beside the map, room for patches, and for the graphics of pens. Throws `RenderError` when that is too much memory. */
  reserve(extraPlanes: number, patches: number, hasGraphics?: boolean): void
  /** Lays an image of the canvas's size (premultiplied RGBA) over it. */
  drawImage(image: Uint8Array, opacity?: number, blend?: BlendMode): void
  /** The pixels with straight alpha, as image formats want them: a view of the kernel's memory, which the next canvas overwrites. The canvas is used up. */
  finished(): Uint8Array
  /** A copy of them. */
  finish(): Uint8Array
}

/** Opens a canvas in `kernel`, whose last canvas is forgotten. `background` is 0xRRGGBB, or absent for a transparent map. */
export function openCanvas(width: number, height: number, background?: number, kernel: DrawKernel = startDrawKernel()): Canvas {
  if (!(Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0)) {
    throw new RenderError('invalid', `A map needs a width and a height in whole pixels, at least 1; ${width} x ${height} was asked.`)
  }
  const { exports } = kernel
  const bytes = width * height * 4
  const view = (plane: number) => new Uint8Array(exports.memory.buffer, exports.planeAt(plane), bytes)
  const layOut = (planes: number, patches: number, hasGraphics = false) => {
    if (!exports.layOut(width, height, planes, patches, hasGraphics ? shelfBytes : 0)) {
      throw new RenderError(
        'too-large',
        `A map of ${width} x ${height} pixels needs more memory than drawing may take; ask for a smaller one.`,
      )
    }
  }
  const finished = () => {
    // opaque from the beginning, and all that is laid over it leaves it so
    if (background === undefined) exports.straighten(0)
    return view(0)
  }
  layOut(1, 0)
  exports.clear(0, background === undefined ? 0 : packed(background, 1))
  return {
    width,
    height,
    kernel,
    pixels: () => view(0),
    reserve: (extraPlanes, patches, hasGraphics) => layOut(1 + extraPlanes, patches, hasGraphics),
    drawImage(image, opacity = 1, blend = 'normal') {
      layOut(2, 0)
      view(1).set(image.subarray(0, bytes))
      exports.compose(1, 0, Math.round(opacity * 255), blendModes[blend])
    },
    finished,
    finish: () => finished().slice(),
  }
}
