// Exact signed-area coverage in integers. Positions are whole units of 1/256 pixel (held in f64, so that no coordinate overflows);
// a cell gets the area to the right of the edges that cross it, as a difference to its left neighbour, and one sweep over the row sums up.
// Everything is computed from differences of positions: a shape moved by whole pixels covers the very same way, and an edge
// run through in the other direction takes back exactly what it gave. So tiles fit, and so do neighbours.
import { cells, height, rowFirst, rowLast, stride, width } from './surface'

/** Units in a pixel. */
export const UNIT: f64 = 256
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

/** An edge that crosses several cells of one row: `tall` units of height, shared out by where it meets the sides of the cells. */
function acrossCells(row: usize, localRow: i32, xa: f64, xb: f64, cover: i32): void {
  const left = min<f64>(xa, xb),
    right = max<f64>(xa, xb)
  if (left >= <f64>width * UNIT) return
  if (right <= 0) {
    add(row, cover * 512)
    touch(localRow, 0, 0)
    return
  }
  const first = <i32>max<f64>(floor<f64>(left / UNIT), -1)
  const last = <i32>min<f64>(floor<f64>(right / UNIT), <f64>width)
  const sign = cover < 0 ? -1 : 1
  const tall = cover < 0 ? -cover : cover
  const rise = <f64>tall / (right - left)
  let used = 0
  let cell = first
  let from = 0
  if (first < 0) {
    used = min<i32>(<i32>(-left * rise), tall)
    add(row, sign * used * 512)
    cell = 0
  } else {
    from = <i32>(left - <f64>first * UNIT)
  }
  touch(localRow, cell, min<i32>(last, width - 1) + 1)
  let at = row + ((<usize>cell) << 2)
  for (; cell < last; cell++, at += 4) {
    const reached = min<i32>(<i32>((<f64>(cell + 1) * UNIT - left) * rise), tall)
    const part = sign * (reached - used)
    const side = part * (from + 256)
    add(at, part * 512 - side)
    add(at + 4, side)
    used = reached
    from = 0
  }
  if (cell < width) {
    const part = sign * (tall - used)
    const side = part * (from + <i32>(right - <f64>cell * UNIT))
    add(at, part * 512 - side)
    add(at + 4, side)
  }
}

function inRow(localRow: i32, xa: f64, xb: f64, cover: i32): void {
  const row = cells + ((<usize>(localRow * stride)) << 2)
  // conversions saturate: what is beyond the range of i32 is beyond the image on the same side
  const a = <i32>xa,
    b = <i32>xb
  const cell = a >> 8
  if (cell != b >> 8) {
    acrossCells(row, localRow, xa, xb, cover)
    return
  }
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
  if (y1 <= <f64>top * UNIT || y0 >= <f64>bottom * UNIT || min<f64>(x0, x1) >= <f64>width * UNIT) return
  let row = <i32>max<f64>(floor<f64>(y0 / UNIT), <f64>top)
  const last = <i32>min<f64>(ceil<f64>(y1 / UNIT), <f64>bottom) - 1
  if (row < touchedFrom) touchedFrom = row
  if (last >= touchedTo) touchedTo = last + 1
  const rowTop = <f64>row * UNIT
  let xa = x0,
    ya = y0
  if (row == last && y0 >= rowTop && y1 <= rowTop + UNIT) {
    inRow(row - top, x0, x1, winding * <i32>(y1 - y0))
    return
  }
  const slope = (x1 - x0) / (y1 - y0)
  if (y0 < rowTop) {
    ya = rowTop
    xa = x0 + floor<f64>((ya - y0) * slope)
  }
  for (; row <= last; row++) {
    const yb = min<f64>(y1, <f64>(row + 1) * UNIT)
    const xb = yb == y1 ? x1 : x0 + floor<f64>((yb - y0) * slope)
    inRow(row - top, xa, xb, winding * <i32>(yb - ya))
    xa = xb
    ya = yb
  }
}
