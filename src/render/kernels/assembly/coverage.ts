// Exact signed-area coverage in integers. Positions are whole units of 1/256 pixel (held in f64, so that no coordinate overflows);
// a cell gets the area to the right of the edges that cross it, as a difference to its left neighbour, and one sweep over the row sums up.
// Everything is computed from differences of positions: a shape moved by whole pixels covers the very same way, and an edge
// run through in the other direction takes back exactly what it gave. So tiles fit, and so do neighbours.
import { cells, height, rowFirst, rowLast, stride, width } from './surface'

/** Units in a pixel. */
export const UNIT: f64 = 256
/** Edges shorter than this, in units (a million pixels), are handled in whole numbers. */
const NEAR: f64 = 268435456
/** Coverage of a full cell: 256 units high, twice 256 wide (areas are kept doubled). */
export const FULL: i32 = 1 << 17

let top: i32 = 0
let bottom: i32 = 0
/** Rows touched since the last sweep, within the band. */
export let touchedFrom: i32 = 0
export let touchedTo: i32 = 0

/** Only rows `from … to - 1` of the image take coverage from now on. */
export function setBand(from: i32, to: i32): void {
  top = from
  bottom = min<i32>(to, height)
  touchedFrom = bottom
  touchedTo = top
}

export function bandTop(): i32 {
  return top
}

export function resetTouched(): void {
  touchedFrom = bottom
  touchedTo = top
}

function touch(localRow: i32, first: i32, last: i32): void {
  const at = (<usize>localRow) << 2
  if (first < load<i32>(rowFirst + at)) store<i32>(rowFirst + at, first)
  if (last > load<i32>(rowLast + at)) store<i32>(rowLast + at, last)
}

function add(at: usize, area: i32): void {
  store<i32>(at, load<i32>(at) + area)
}

/** A fixed-point quotient with 32 binary places. */
export function ratio(a: i32, b: i32): i64 {
  return <i64>((<f64>a * 4294967296) / <f64>b)
}

/** What a number of fewer than 51 places has to be added to for its last places to be those of a whole number. */
const WHOLE: f64 = 6755399441055744

/** `ratio` where it is below 2^51, which takes fewer steps. */
function smallRatio(a: i32, b: i32): i64 {
  return reinterpret<i64>(trunc<f64>((<f64>a * 4294967296) / <f64>b) + WHOLE) - reinterpret<i64>(WHOLE)
}

/** Two whole numbers as the first and the third of four; each below 2^31. */
export function wholes(pair: v128): v128 {
  return f64x2.add(pair, f64x2.splat(WHOLE))
}

function times(count: i32, share: i64): i32 {
  return <i32>((<i64>count * share) >> 32)
}

/** An edge that crosses several cells of one row: `cover` units of height, shared out by where it meets the sides of the cells. */
export function acrossCells(row: usize, left: i32, right: i32, cover: i32): void {
  const last = min<i32>(right >> 8, width)
  const sign = cover < 0 ? -1 : 1
  const tall = cover < 0 ? -cover : cover
  const rise = smallRatio(tall, right - left)
  let used = 0
  let cell = left >> 8
  let from = left & 255
  if (cell < 0) {
    used = times(-left, rise)
    add(row, sign * used * 512)
    cell = 0
    from = 0
  }
  let at = row + ((<usize>cell) << 2)
  for (; cell < last; cell++, at += 4) {
    const reached = times(((cell + 1) << 8) - left, rise)
    const part = sign * (reached - used)
    const side = part * (from + 256)
    add(at, part * 512 - side)
    add(at + 4, side)
    used = reached
    from = 0
  }
  if (cell < width) {
    const part = sign * (tall - used)
    const side = part * (from + (right & 255))
    add(at, part * 512 - side)
    add(at + 4, side)
  }
}

/** The part of an edge within one row, from x = a to x = b. */
function inRow(localRow: i32, a: i32, b: i32, cover: i32): void {
  const row = cells + ((<usize>(localRow * stride)) << 2)
  const cell = a >> 8
  if (cell == b >> 8) {
    if (cell < 0) {
      add(row, cover * 512)
      touch(localRow, 0, 0)
    } else if (cell < width) {
      const at = row + ((<usize>cell) << 2)
      const side = cover * ((a & 255) + (b & 255))
      add(at, cover * 512 - side)
      add(at + 4, side)
      touch(localRow, cell, cell + 1)
    }
    return
  }
  const left = min<i32>(a, b),
    right = max<i32>(a, b)
  if (right <= 0) {
    add(row, cover * 512)
    touch(localRow, 0, 0)
  } else if (left >> 8 < width) {
    acrossCells(row, left, right, cover)
    touch(localRow, max<i32>(left >> 8, 0), min<i32>(right >> 8, width - 1) + 1)
  }
}

/** An edge downwards, in whole units. */
function edgeDown(x0: i32, y0: i32, x1: i32, y1: i32, winding: i32): void {
  let row = max<i32>(y0 >> 8, top)
  const last = min<i32>((y1 + 255) >> 8, bottom) - 1
  if (row < touchedFrom) touchedFrom = row
  if (last >= touchedTo) touchedTo = last + 1
  const rowTop = row << 8
  if (row == last && y0 >= rowTop && y1 <= rowTop + 256) {
    inRow(row - top, x0, x1, winding * (y1 - y0))
    return
  }
  const slope = ratio(x1 - x0, y1 - y0)
  let xa = x0,
    ya = y0
  if (y0 < rowTop) {
    ya = rowTop
    xa = x0 + times(ya - y0, slope)
  }
  for (; row < last; row++) {
    const yb = (row + 1) << 8
    const xb = x0 + times(yb - y0, slope)
    inRow(row - top, xa, xb, winding * (yb - ya))
    xa = xb
    ya = yb
  }
  const yb = min<i32>(y1, (row + 1) << 8)
  inRow(row - top, xa, yb == y1 ? x1 : x0 + times(yb - y0, slope), winding * (yb - ya))
}

/** The same for edges so long that their ends are beyond the range of whole numbers: the part that crosses the band, and a pixel more. */
function longEdgeDown(x0: f64, y0: f64, x1: f64, y1: f64, winding: i32): void {
  const slope = (x1 - x0) / (y1 - y0)
  const from = max<f64>(floor<f64>(y0 / UNIT), <f64>top)
  const to = min<f64>(ceil<f64>(y1 / UNIT), <f64>bottom)
  let ya = max<f64>(y0, from * UNIT)
  let xa = ya == y0 ? x0 : x0 + floor<f64>((ya - y0) * slope)
  for (let row = from; row < to; row++) {
    const yb = min<f64>(y1, (row + 1) * UNIT)
    const xb = yb == y1 ? x1 : x0 + floor<f64>((yb - y0) * slope)
    longInRow(<i32>row, xa, xb, <i32>(yb - ya), winding)
    xa = xb
    ya = yb
  }
}

/** A nearly level edge may still be too long within its row: only what lies over the image matters, and what lies left of it counts as a whole. */
function longInRow(row: i32, xa: f64, xb: f64, tall: i32, winding: i32): void {
  const left = min<f64>(xa, xb),
    right = max<f64>(xa, xb)
  const end = <f64>width * UNIT + UNIT
  if (left >= end - UNIT || tall == 0) return
  if (right < NEAR && left > -NEAR) {
    edgeInRow(row, <i32>xa, <i32>xb, tall, winding)
    return
  }
  const rise = <f64>tall / (right - left)
  const before = left >= 0 ? 0 : <i32>floor<f64>(-left * rise)
  const within = right <= end ? tall - before : <i32>floor<f64>((end - max<f64>(left, 0)) * rise)
  if (before > 0) edgeInRow(row, -1, -1, before, winding)
  if (within > 0) edgeInRow(row, <i32>max<f64>(left, 0), <i32>min<f64>(right, end), within, winding)
}

function edgeInRow(row: i32, xa: i32, xb: i32, tall: i32, winding: i32): void {
  if (row < touchedFrom) touchedFrom = row
  if (row >= touchedTo) touchedTo = row + 1
  inRow(row - top, xa, xb, winding * tall)
}

/** Adds the edge from (x0, y0) to (x1, y1), in whole units, with the given winding (1 or -1). */
export function edge(x0: f64, y0: f64, x1: f64, y1: f64, winding: i32): void {
  if (y0 == y1) return
  if (y0 > y1) {
    let swap = x0
    x0 = x1
    x1 = swap
    swap = y0
    y0 = y1
    y1 = swap
    winding = -winding
  }
  if (y1 <= <f64>(top << 8) || y0 >= <f64>(bottom << 8)) return
  const right = <f64>(width << 8)
  if (x0 >= right && x1 >= right) return
  if (x0 <= 0 && x1 <= 0) {
    // left of the image only the height counts
    x0 = -1
    x1 = -1
  }
  // by its length alone, so that an edge is treated alike on every tile
  if (y1 - y0 < NEAR && abs<f64>(x1 - x0) < NEAR) edgeDown(<i32>x0, <i32>y0, <i32>x1, <i32>y1, winding)
  else longEdgeDown(x0, y0, x1, y1, winding)
}
