// Marks that are small and lie whole in the image: what of their edges does not depend on the place is made once, and coverage is summed up in a few
// cells of its own. The very pixels that `coverFill` makes of the same outline.
import { ratio, UNIT } from './coverage'
import { countOf, isClosedPath, nextSubPath, pointsOf, windingOf } from './path'
import { coverSmall, LARGEST, paintSmall } from './small-cells'
import { height, width } from './surface'

/** Marks of more edges take the general way, as larger ones do. */
const MOST_EDGES: i32 = 96

/** An edge downwards: x0, y0, x1, y1 from the place of the mark, and winding, i32; behind them its slope, i64. */
const EDGE: usize = 32
/** Of each of the two shapes, the mark and what lies below it: box of four i32, number of edges (-1: not small), whether it is made, cosine and sine. */
const HEAD: usize = 40
const SHAPE: usize = 3112
const shapes = memory.data(2 * 3112, 16)

function shapeAt(index: i32): usize {
  return shapes + <usize>index * SHAPE
}

/** The shape has become another one. */
export function forgetSmall(index: i32): void {
  store<i32>(shapeAt(index), 0, 20)
}

function rounded(v: f64): i32 {
  return <i32>floor<f64>(v + 0.5)
}

/** Adds the edges of a contour, turned. False when they are too many, or too far away. */
function addEdges(shape: usize, contour: usize, c: f64, s: f64): bool {
  const winding = windingOf(contour)
  const count = countOf(contour)
  const points = pointsOf(contour)
  let edges = load<i32>(shape, 16)
  let x: i32 = 0,
    y: i32 = 0
  for (let i = -1; i < count; i++) {
    const p = points + ((<usize>(i < 0 ? count - 1 : i)) << 4)
    const px = load<f64>(p),
      py = load<f64>(p, 8)
    if (!(abs<f64>(px) < LARGEST * UNIT && abs<f64>(py) < LARGEST * UNIT)) return false
    const toX = rounded(px * c - py * s),
      toY = rounded(px * s + py * c)
    if (i >= 0 && toY != y) {
      if (edges == MOST_EDGES) return false
      const isDown = toY > y
      const edge = shape + HEAD + <usize>edges * EDGE
      edges++
      store<i32>(edge, isDown ? x : toX)
      store<i32>(edge, isDown ? y : toY, 4)
      store<i32>(edge, isDown ? toX : x, 8)
      store<i32>(edge, isDown ? toY : y, 12)
      store<i32>(edge, isDown ? winding : -winding, 16)
      store<i64>(edge, ratio(load<i32>(edge, 8) - load<i32>(edge), load<i32>(edge, 12) - load<i32>(edge, 4)), 24)
    }
    x = toX
    y = toY
    store<i32>(shape, min<i32>(load<i32>(shape), x))
    store<i32>(shape, min<i32>(load<i32>(shape, 4), y), 4)
    store<i32>(shape, max<i32>(load<i32>(shape, 8), x), 8)
    store<i32>(shape, max<i32>(load<i32>(shape, 12), y), 12)
  }
  store<i32>(shape, edges, 16)
  return true
}

function prepare(shape: usize, contour: usize, contours: i32, c: f64, s: f64): void {
  store<i32>(shape, i32.MAX_VALUE)
  store<i32>(shape, i32.MAX_VALUE, 4)
  store<i32>(shape, i32.MIN_VALUE, 8)
  store<i32>(shape, i32.MIN_VALUE, 12)
  store<i32>(shape, 0, 16)
  store<i32>(shape, 1, 20)
  store<f64>(shape, c, 24)
  store<f64>(shape, s, 32)
  let isSmall = true
  for (let i = 0; i < contours && isSmall; i++, contour = nextSubPath(contour)) {
    if (isClosedPath(contour) && countOf(contour) > 0) isSmall = addEdges(shape, contour, c, s)
  }
  const most = LARGEST * <i32>UNIT
  const isFit =
    load<i32>(shape, 16) > 0 && load<i32>(shape, 8) - load<i32>(shape) <= most && load<i32>(shape, 12) - load<i32>(shape, 4) <= most
  if (!isSmall || !isFit) store<i32>(shape, -1, 16)
}

/** Whether shape `index`, these contours turned by (c, s), can be drawn here at the place (x, y). */
export function isSmallMark(index: i32, contour: usize, contours: i32, x: f64, y: f64, c: f64, s: f64): bool {
  const shape = shapeAt(index)
  if (!load<i32>(shape, 20) || load<f64>(shape, 24) != c || load<f64>(shape, 32) != s) prepare(shape, contour, contours, c, s)
  return (
    load<i32>(shape, 16) > 0 &&
    x + <f64>load<i32>(shape) >= 0 &&
    y + <f64>load<i32>(shape, 4) >= 0 &&
    x + <f64>load<i32>(shape, 8) < <f64>width * UNIT &&
    y + <f64>load<i32>(shape, 12) < <f64>height * UNIT
  )
}

/** Fills shape `index` at a place where it can be drawn. */
export function fillSmallMark(index: i32, atX: f64, atY: f64, color: u32, planeIndex: i32): void {
  const shape = shapeAt(index)
  const column = (<i32>atX + load<i32>(shape)) >> 8,
    row = (<i32>atY + load<i32>(shape, 4)) >> 8
  const x = <i32>atX - (column << 8),
    y = <i32>atY - (row << 8)
  const end = shape + HEAD + <usize>load<i32>(shape, 16) * EDGE
  for (let edge = shape + HEAD; edge < end; edge += EDGE) {
    coverSmall(
      x + load<i32>(edge),
      y + load<i32>(edge, 4),
      x + load<i32>(edge, 8),
      y + load<i32>(edge, 12),
      load<i32>(edge, 16),
      load<i64>(edge, 24),
    )
  }
  const columns = ((x + load<i32>(shape, 8)) >> 8) + 2,
    rows = ((y + load<i32>(shape, 12)) >> 8) + 1
  paintSmall(column, row, columns, rows, color, planeIndex)
}
