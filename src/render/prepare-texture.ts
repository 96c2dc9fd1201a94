import { openCanvas } from './canvas.js'
import type { DrawKernel } from './kernels/draw-kernel.js'
import { type GraphicPen, type PreparedPattern, usePen } from './pens.js'
import { repeatedMark } from './prepare-mark.js'

export interface TextureLook {
  /** As it would be drawn at a point. */
  readonly pen: Omit<GraphicPen, 'kind' | 'classes' | 'part' | 'isTurned'>
  /** Pixels between the edges of neighbours; negative where they overlap. */
  readonly margin?: readonly [x: number, y: number]
  /** Every other row is shifted by this share of the step. */
  readonly stagger?: number
}

/** Pixels of the largest step, either way. */
const widest = 724
const littleEndian = true
/** A point as WKB. */
const pointBytes = 21

/**
 * A graphic again and again, as a pattern. Steps are whole pixels, so that every repetition is the same. Drawn with `kernel`, whose canvas is
 * lost: take another than the one that draws the map. Throws `RenderError` when that takes too much memory.
 */
export function prepareTexture(kernel: DrawKernel, { pen, margin = [0, 0], stagger = 0 }: TextureLook): PreparedPattern {
  const step = (size: number, between: number) =>
    Math.min(widest, Math.max(1, Math.round(size + (Number.isFinite(between) ? between : 0)))) || 1
  const [width, rowHeight] = [step(pen.graphic.width, margin[0]), step(pen.graphic.height, margin[1])]
  const share = Number.isFinite(stagger) ? stagger - Math.floor(stagger) : 0
  const rows = share > 0 ? 2 : 1
  const height = rowHeight * rows
  const canvas = openCanvas(width, height, undefined, kernel)
  canvas.reserve(0, 0, true)
  kernel.exports.useAffine(0, 0, 1, 1)
  // what reaches over a border comes in on the other side
  const places: [number, number][] = []
  for (let row = -2; row < rows + 2; row++) {
    const shift = row % 2 === 0 ? 0 : Math.round(share * width)
    for (let column = -3; column <= 3; column++) places.push([column * width + shift, row * rowHeight])
  }
  const middle = [width / 2, rowHeight / 2] as const
  if (pen.graphic.kind === 'mark') {
    // as one mark: lines that meet at the borders leave no seam, and what overlaps counts once
    drawAt(kernel, { ...pen, graphic: repeatedMark(pen.graphic, places, pen.rotation) }, [middle])
  } else {
    drawAt(
      kernel,
      pen,
      places.map(([x, y]) => [middle[0] + x, middle[1] + y]),
    )
  }
  return { kind: 'texture', image: { kind: 'image', width, height, bytes: canvas.pixels().slice() } }
}

function drawAt(kernel: DrawKernel, pen: TextureLook['pen'], places: readonly (readonly [number, number])[]): void {
  const { exports } = kernel
  usePen(kernel, { kind: 'graphic', classes: 1, ...pen }, 0)
  if (!exports.layInput(pointBytes)) throw new Error(`${pointBytes} bytes fit`)
  const at = exports.inputAt()
  for (const [x, y] of places) {
    const point = new DataView(exports.memory.buffer, at, pointBytes)
    point.setUint8(0, 1)
    point.setUint32(1, 1, littleEndian)
    point.setFloat64(5, x, littleEndian)
    point.setFloat64(13, y, littleEndian)
    exports.draw(at, pointBytes)
  }
}
