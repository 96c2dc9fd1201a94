import { openCanvas } from './canvas.js'
import type { DrawKernel } from './kernels/draw-kernel.js'
import { type GraphicPen, penReach, usePen } from './pens.js'

/** Pixels of the largest symbol, along each side. */
const largest = 256
/** A point as WKB. */
const pointBytes = 21

/** A symbol as pixels: RGBA with straight alpha, row by row. */
export interface SymbolPicture {
  readonly width: number
  readonly height: number
  /** Straight alpha. */
  readonly rgba: Uint8Array
}

/** What pens draw at a point, which lies in the middle of the picture. The canvas of `kernel` is lost. */
export function drawSymbol(kernel: DrawKernel, pens: readonly GraphicPen[]): SymbolPicture {
  const { exports } = kernel
  const reach = Math.ceil(Math.max(1, ...pens.map(penReach)))
  const side = Math.min(largest, 2 * reach)
  const canvas = openCanvas(side, side, undefined, kernel)
  canvas.reserve(0, 0, true)
  exports.useAffine(0, 0, 1, 1)
  for (const pen of pens) {
    usePen(kernel, { ...pen, classes: 1, part: 'interior' }, 0)
    if (!exports.layInput(pointBytes)) throw new Error(`${pointBytes} bytes fit`)
    const at = exports.inputAt()
    const point = new DataView(exports.memory.buffer, at, pointBytes)
    point.setUint8(0, 1)
    point.setUint32(1, 1, true)
    point.setFloat64(5, side / 2, true)
    point.setFloat64(13, side / 2, true)
    exports.draw(at, pointBytes)
  }
  return { width: side, height: side, rgba: canvas.finish() }
}
