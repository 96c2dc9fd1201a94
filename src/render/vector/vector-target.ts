import type { StylePass } from '#styles/style.js'
import { type DrawKernel, mostPatches, shelfBytes } from '../kernels/draw-kernel.js'
import type { LayerTarget } from '../layer-target.js'
import { dashesOf, type Pen, penReach, usePen } from '../pens.js'
import { RenderError } from '../render-error.js'
import { type CutBox, cutLine, cutRing, liesIn } from './cut-path.js'
import { pointsIn, type Sheet } from './open-sheet.js'
import type { PathPart, SceneItem, ScenePaint, SceneStroke } from './scene.js'
import { scenePaints, sceneStroke } from './scene-paint.js'
import { type DrawnSymbol, sceneSymbols } from './scene-symbols.js'
import { thinOut } from './thin-out.js'

export interface VectorFrame {
  readonly width: number
  readonly height: number
  /** Absolute position of its upper left corner, in whole pixels: patterns are fixed to it. */
  readonly phase: readonly [x: number, y: number]
}

/** Units of the kernel in a pixel. */
const unit = 256
/** Pixels beyond the map that are kept, so that cuts never show. */
const margin = 8
/** Pixels by which straight runs may be simplified. */
const tolerance = 0.1
/** What a use of a symbol counts, in points. */
const pointsOfUse = 4

/** What draws with the pen in hand. */
type Hand =
  | { readonly kind: 'fill'; readonly fill: ScenePaint }
  | { readonly kind: 'stroke'; readonly stroke: SceneStroke }
  | { readonly kind: 'graphic'; readonly drawn: DrawnSymbol; readonly isPicture: boolean; readonly width: number; readonly height: number }

/**
 * A scene to draw a layer into. The kernel makes of geometries what it makes of them for pixels (places, parallels, clipping to the grid), and tells
 * it. Throws `RenderError` when the kernel has no memory for the map.
 */
export function vectorTarget(kernel: DrawKernel, sheet: Sheet, frame: VectorFrame, passes: readonly StylePass[]): LayerTarget {
  const { exports } = kernel
  const { width, height, phase } = frame
  // no pixels, so no planes
  if (!exports.layOut(width, height, 0, mostPatches, shelfBytes))
    throw new RenderError(
      'too-large',
      `A map of ${width} x ${height} pixels needs more memory than drawing may take; ask for a smaller one.`,
    )
  const layer = sheet.openPasses(passes)
  const paintOf = scenePaints(phase)
  const symbolOf = sceneSymbols()
  let hand: Hand | undefined
  let pass = 0
  let box: CutBox = boxOf(frame, 0)

  const add = (item: SceneItem) => layer.add(item, pass)

  // those of one feature take turns, and all of them come again with the next
  const hands = new WeakMap<Pen, Hand>()
  const handOf = (pen: Pen): Hand => {
    const known = hands.get(pen) ?? madeOf(pen)
    hands.set(pen, known)
    return known
  }
  const madeOf = (pen: Pen): Hand => {
    switch (pen.kind) {
      case 'fill':
        return { kind: 'fill', fill: paintOf(pen.paint) }
      case 'stroke': {
        const dashes = dashesOf(pen)
        return { kind: 'stroke', stroke: sceneStroke(pen, paintOf(pen.paint, dashes.share), dashes) }
      }
      default: {
        const { graphic } = pen
        const drawn = symbolOf(graphic, pen.opacity)
        return { kind: 'graphic', drawn, isPicture: graphic.kind === 'image', width: graphic.width, height: graphic.height }
      }
    }
  }

  const addPath = (parts: readonly PathPart[], look: { fill: ScenePaint } | { stroke: SceneStroke }) => {
    if (parts.length === 0) return
    sheet.count(pointsIn(parts))
    add({ kind: 'path', parts, ...look })
  }

  const addFill = (fill: ScenePaint) => {
    const parts: PathPart[] = []
    for (const { points, isClosed, winding } of tracedParts(kernel)) {
      if (!isClosed) continue
      const ring = thinned(liesIn(points, box) ? points : cutRing(points, box))
      if (ring.length < 6) continue
      parts.push({ points: winding < 0 ? reversed(ring) : ring, isClosed: true })
    }
    addPath(parts, { fill })
  }

  const addStroke = (stroke: SceneStroke) => {
    const whole: PathPart[] = []
    for (const { points, isClosed } of tracedParts(kernel)) {
      if (points.length < 4 && stroke.cap === 'butt') continue
      if (liesIn(points, box)) {
        whole.push({ points: dotted(thinned(points)), isClosed: isClosed && points.length > 4 })
        continue
      }
      for (const piece of cutLine(isClosed ? closed(points) : points, box)) {
        const part = { points: dotted(thinned(piece.points)), isClosed: false }
        if (!stroke.dashes || piece.from === 0) whole.push(part)
        else addPath([part], { stroke: { ...stroke, dashOffset: (stroke.dashOffset ?? 0) + piece.from / unit } })
      }
    }
    addPath(whole, { stroke })
  }

  kernel.setPlaced((x, y, cos, sin) => {
    if (hand?.kind !== 'graphic') return
    const { drawn, isPicture } = hand
    sheet.count(pointsOfUse)
    // level pictures lie on whole pixels, as on a map of pixels
    const snapped = (at: number, size: number) =>
      isPicture && cos === 1 ? Math.floor((at - size * (unit / 2) + unit / 2) / unit) + size / 2 : at / unit
    const { symbol, opacity } = drawn
    add({ kind: 'use', symbol, x: snapped(x, hand.width), y: snapped(y, hand.height), cos, sin, opacity })
  })

  return {
    kernel,
    use(pen, index) {
      usePen(kernel, pen, 0)
      hand = handOf(pen)
      pass = index
      box = boxOf(frame, pen.kind === 'stroke' ? penReach(pen) : 0)
    },
    draw(at, length) {
      const status = exports.trace(at, length)
      if (status !== 0 || exports.tracedPaths() === 0) return status
      if (hand?.kind === 'fill') addFill(hand.fill)
      else if (hand?.kind === 'stroke') addStroke(hand.stroke)
      return status
    },
    finish() {
      kernel.setPlaced(undefined)
      layer.finish()
    },
  }
}

function boxOf({ width, height }: VectorFrame, reach: number): CutBox {
  const far = (margin + reach) * unit
  return { minX: -far, minY: -far, maxX: width * unit + far, maxY: height * unit + far }
}

/** The sub-paths that the kernel left: views of its memory, valid until it draws again. */
function* tracedParts({ exports }: DrawKernel): Iterable<{ points: Float64Array; isClosed: boolean; winding: number }> {
  const { buffer } = exports.memory
  let at = exports.tracedAt()
  for (let i = exports.tracedPaths(); i > 0; i--) {
    const [count, isClosed, winding] = new Int32Array(buffer, at, 3)
    yield { points: new Float64Array(buffer, at + 16, count * 2), isClosed: isClosed !== 0, winding }
    at += 16 + count * 16
  }
}

const thinned = (points: Float64Array) => thinOut(points, tolerance * unit, unit / 100)

/** A line without length is a dot: of two points that are the same. */
const dotted = (points: Int32Array) => (points.length === 2 ? Int32Array.of(points[0], points[1], points[0], points[1]) : points)

function closed(points: Float64Array): Float64Array {
  const ring = new Float64Array(points.length + 2)
  ring.set(points)
  ring.set(points.subarray(0, 2), points.length)
  return ring
}

function reversed(points: Int32Array): Int32Array {
  const turned = new Int32Array(points.length)
  for (let i = 0; i < points.length; i += 2) {
    turned[points.length - 2 - i] = points[i]
    turned[points.length - 1 - i] = points[i + 1]
  }
  return turned
}
