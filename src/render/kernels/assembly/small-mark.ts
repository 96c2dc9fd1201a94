// Marks that are small and lie whole in the image: what of their edges does not depend on the place is made once, and coverage is summed up in a few
// cells of its own. The very pixels that `coverFill` makes of the same outline.
import { ratio, UNIT } from './coverage'
import { countOf, isClosedPath, nextSubPath, pointsOf, windingOf } from './path'
import { CELLS, LARGEST, paintSmall, smallCells } from './small-cells'
import { height, width } from './surface'

/** Marks of more edges take the general way, as larger ones do. */
const MOST_EDGES: i32 = 96

/** An edge downwards: x0, y0, x1, y1 from the place of the mark, and winding, i32; behind them its slope, i64. */
const EDGE: usize = 32
/** Of each of the two shapes, the mark and what lies below it: box of four i32, number of edges (-1: not small), whether it is made, cosine and sine. */
const HEAD: usize = 40
const SHAPE: usize = 3112
const shapes = memory.data(2 * 3112, 16)
/** A shape as it was made last. */
const former = memory.data(3112, 16)

/**
 * What of an edge lies in one row: its left and right end from the place of the mark, how high it is, signed, and where its row begins among the cells,
 * i32; behind them its height by its width, i64. It depends on where in its row of pixels the mark stands, in 256 phases, and on nothing else.
 */
const PIECE: usize = 24
/** Bytes for the pieces of a shape in all phases, and for each phase where they begin and end, from there; nothing where they are not made. */
const PIECES: usize = 1 << 18
const pieces = memory.data(2 << 18, 16)
const phases = memory.data(2 * 256 * 8, 16)
/** Of each shape the bytes in use. */
const used = memory.data(2 * 4, 16)

function shapeAt(index: i32): usize {
  return shapes + <usize>index * SHAPE
}

/** The shape has become another one. */
export function forgetSmall(index: i32): void {
  store<i32>(shapeAt(index), 0, 20)
}

function forgetPieces(index: i32): void {
  memory.fill(phases + ((<usize>index) << 11), 0, 256 * 8)
  store<i32>(used + ((<usize>index) << 2), 0)
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

function prepare(index: i32, contour: usize, contours: i32, c: f64, s: f64): void {
  const shape = shapeAt(index)
  memory.copy(former, shape, SHAPE)
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
  // maps of one style have the same marks
  if (!isSame(former, shape, HEAD + <usize>max<i32>(load<i32>(shape, 16), 0) * EDGE)) forgetPieces(index)
}

/** Whether two shapes are alike; whether they are made does not count. */
function isSame(a: usize, b: usize, bytes: usize): bool {
  store<i32>(a, load<i32>(b, 20), 20)
  for (let i: usize = 0; i < bytes; i += 8) if (load<u64>(a + i) != load<u64>(b + i)) return false
  return true
}

/** Whether shape `index`, these contours turned by (c, s), can be drawn here at the place (x, y). */
export function isSmallMark(index: i32, contour: usize, contours: i32, x: f64, y: f64, c: f64, s: f64): bool {
  const shape = shapeAt(index)
  if (!load<i32>(shape, 20) || load<f64>(shape, 24) != c || load<f64>(shape, 32) != s) prepare(index, contour, contours, c, s)
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
  const phase = phases + ((<usize>index) << 11) + ((<usize>(<i32>atY & 255)) << 3)
  if (load<i32>(phase, 4) == 0) makePieces(index, phase, y)
  const base = pieces + <usize>index * PIECES
  const end = base + <usize>load<i32>(phase, 4)
  for (let piece = base + <usize>load<i32>(phase); piece < end; piece += PIECE) coverPiece(piece, x)
  const columns = ((x + load<i32>(shape, 8)) >> 8) + 2,
    rows = ((y + load<i32>(shape, 12)) >> 8) + 1
  paintSmall(column, row, columns, rows, color, planeIndex)
}

/** The pieces of all edges of a shape whose place is `y` units below the first of its rows. When there is no more room, those of other phases are forgotten. */
function makePieces(index: i32, phase: usize, y: i32): void {
  const shape = shapeAt(index)
  const edges = load<i32>(shape, 16)
  // an edge ends in as many rows as it has pieces, which are as many as cross borders of rows, and one
  const most = <i32>PIECE * edges * (((y + load<i32>(shape, 12)) >> 8) + 1)
  if (load<i32>(used + ((<usize>index) << 2)) + most > <i32>PIECES) forgetPieces(index)
  const base = pieces + <usize>index * PIECES
  let at = base + <usize>load<i32>(used + ((<usize>index) << 2))
  store<i32>(phase, <i32>(at - base))
  for (let edge = shape + HEAD, end = edge + <usize>edges * EDGE; edge < end; edge += EDGE) {
    const x0 = load<i32>(edge),
      y0 = y + load<i32>(edge, 4),
      x1 = load<i32>(edge, 8),
      y1 = y + load<i32>(edge, 12),
      winding = load<i32>(edge, 16)
    const slope = load<i64>(edge, 24)
    const last = (y1 - 1) >> 8
    let xa = x0,
      ya = y0
    for (let row = y0 >> 8; row <= last; row++) {
      const yb = row == last ? y1 : (row + 1) << 8
      const xb = row == last ? x1 : x0 + <i32>((<i64>(yb - y0) * slope) >> 32)
      const left = min<i32>(xa, xb),
        right = max<i32>(xa, xb)
      store<i32>(at, left)
      store<i32>(at, right, 4)
      store<i32>(at, winding * (yb - ya), 8)
      store<i32>(at, row * (CELLS * 4), 12)
      store<i64>(at, left < right ? ratio(abs<i32>(winding * (yb - ya)), right - left) : 0, 16)
      at += PIECE
      xa = xb
      ya = yb
    }
  }
  store<i32>(phase, <i32>(at - base), 4)
  store<i32>(used + ((<usize>index) << 2), <i32>(at - base))
}

function add(at: usize, area: i32): void {
  store<i32>(at, load<i32>(at) + area)
}

/** As `inRow` in `coverage.ts`, within the image. */
function coverPiece(piece: usize, x: i32): void {
  const left = x + load<i32>(piece),
    right = x + load<i32>(piece, 4),
    cover = load<i32>(piece, 8)
  let cell = left >> 8
  const last = right >> 8
  let at = smallCells + <usize>load<i32>(piece, 12) + ((<usize>cell) << 2)
  let used = 0,
    from = left & 255
  if (cell < last) {
    const sign = cover < 0 ? -1 : 1
    const rise = load<i64>(piece, 16)
    for (; cell < last; cell++, at += 4) {
      const reached = sign * <i32>((<i64>(((cell + 1) << 8) - left) * rise) >> 32)
      const part = reached - used
      const side = part * (from + 256)
      add(at, part * 512 - side)
      add(at + 4, side)
      used = reached
      from = 0
    }
  }
  const part = cover - used
  const side = part * (from + (right & 255))
  add(at, part * 512 - side)
  add(at + 4, side)
}
