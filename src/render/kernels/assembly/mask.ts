// Opacities of one stroke while it is drawn, a byte a pixel; and from them to pixels. The mask is no wider than the box of the stroke: short strokes,
// wherever they lie, use the same few bytes, which stay in the nearest cache.
import { over, overFour, scale, scaledFour } from './paint'
import { height, isNearby, mask, plane, rowSpans, width } from './surface'

/** Pixels a vector may lie beside the box. */
const MARGIN: i32 = 16
/** Bytes from row to row of a small mask: one vector. */
export const SMALL_PITCH: usize = 16
/** Bytes that come from memory at once. */
const LINE: usize = 64

let from: i32 = 0
let to: i32 = 0
/** Where the pixel in the image's upper left corner would have its opacity, and bytes from row to row. */
let origin: usize = 0
export let maskPitch: usize = 0
/** The first column of a small mask. */
export let maskColumn: i32 = 0
export let isSmallMask: bool = false
let smallColumns: i32 = 0
/** Of no use but to have been read. */
let fetched: u32 = 0

/** Begins a stroke within a box of the image. Nothing is touched yet. */
export function openMask(firstRow: i32, firstColumn: i32, endColumn: i32): void {
  from = height
  to = 0
  isSmallMask = false
  maskPitch = <usize>((endColumn - firstColumn + 2 * MARGIN + 15) & ~15)
  origin = mask + <usize>(MARGIN - firstColumn) - <usize>firstRow * maskPitch
}

/** Begins a stroke within a box that lies in the image, touches none of its sides and is no wider than `SMALL_PITCH`. All of it may be covered. */
export function openSmallMask(firstRow: i32, endRow: i32, firstColumn: i32, endColumn: i32): void {
  from = firstRow
  to = endRow
  isSmallMask = true
  maskPitch = SMALL_PITCH
  maskColumn = firstColumn
  smallColumns = endColumn - firstColumn
  origin = mask - <usize>firstColumn - <usize>firstRow * SMALL_PITCH
}

/** Where the pixel at `column` of `row` has its opacity; columns from a margin left of the box on. */
export function maskAt(row: i32, column: i32): usize {
  return origin + <usize>row * maskPitch + <usize>column
}

/** What covers rows `first … end - 1` will be said row by row. */
export function touchRows(first: i32, end: i32): void {
  if (first < from) from = first
  if (end > to) to = end
}

/** Columns `first … end - 1` within the image, as rows are told them: the first, and less than nothing by the end. */
export function columnsBetween(first: i32, end: i32): v128 {
  return i32x4.max_s(i32x4.replace_lane(i32x4.splat(first), 1, -end), i32x4.replace_lane(i32x4.splat(0), 1, -width))
}

/** Pixels in these columns of a row may be covered. */
export function touchRow(row: i32, columns: v128): void {
  const at = rowSpans + ((<usize>row) << 3)
  v128.store64_lane(at, i32x4.min_s(v128.load64_zero(at), columns), 0)
}

/**
 * Reads a little of all that will be painted. Rows of large maps lie in no near cache, and each would be waited for; the reads of this loop,
 * which nothing depends on, wait together.
 */
function fetchPixels(pixels: usize): void {
  let all: u32 = 0
  const rowBytes = (<usize>width) << 2
  let span = rowSpans + ((<usize>from) << 3)
  const end = rowSpans + ((<usize>to) << 3)
  for (let row = pixels + <usize>from * rowBytes; span < end; span += 8, row += rowBytes) {
    const last = row + ((<usize>-load<i32>(span, 4)) << 2)
    for (let at = row + ((<usize>load<i32>(span)) << 2); at < last; at += LINE) all |= load<u32>(at)
  }
  fetched = all
}

/** The same of the rows of a small mask. */
function fetchRows(pixels: usize, bytes: usize): void {
  let all: u32 = 0
  const rowBytes = (<usize>width) << 2
  for (const end = pixels + <usize>(to - from) * rowBytes; pixels < end; pixels += rowBytes) {
    all |= load<u32>(pixels) | load<u32>(pixels + bytes)
  }
  fetched = all
}

/** `sweepMask` of a small mask: all of its box, whether covered or not. What vectors reach beside it is not covered, and stays what it is. */
function sweepSmallMask(color: u32, planeIndex: i32): void {
  const four = i32x4.splat(color)
  const nothing = i32x4.splat(0)
  const rowBytes = (<usize>width) << 2
  const columnBytes = (<usize>smallColumns) << 2
  let span = rowSpans + ((<usize>from) << 3)
  let pixels = plane(planeIndex) + <usize>from * rowBytes + ((<usize>maskColumn) << 2)
  if (!isNearby()) fetchRows(pixels, columnBytes)
  for (let at = maskAt(from, maskColumn), end = maskAt(to, maskColumn); at < end; at += SMALL_PITCH, span += 8, pixels += rowBytes) {
    let shares = v128.load(at)
    v128.store(at, nothing)
    store<i32>(span, width)
    store<i32>(span, 0, 4)
    for (let pixel = pixels, stop = pixels + columnBytes; pixel < stop; pixel += 16) {
      const spread = i8x16.shuffle(shares, shares, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3)
      v128.store(pixel, overFour(scaledFour(four, spread), v128.load(pixel)))
      shares = i32x4.shuffle(shares, shares, 1, 2, 3, 0)
    }
  }
}

/** Paints what is covered in one colour on a plane, and empties the mask. */
export function sweepMask(color: u32, planeIndex: i32): void {
  if (isSmallMask) {
    sweepSmallMask(color, planeIndex)
    return
  }
  const four = i32x4.splat(color)
  const isOpaque = color >>> 24 == 255
  const pixels = plane(planeIndex)
  if (!isNearby()) fetchPixels(pixels)
  for (let row = from; row < to; row++) {
    const span = rowSpans + ((<usize>row) << 3)
    const first = load<i32>(span),
      end = -load<i32>(span, 4)
    let at = maskAt(row, first)
    let pixel = pixels + ((<usize>row * <usize>width + <usize>first) << 2)
    store<i32>(span, width)
    store<i32>(span, 0, 4)
    let column = first
    const vectorEnd = min<i32>(end, width - 3)
    // what fills the last vector is not covered, and stays what it is
    for (; column < vectorEnd; column += 4, at += 4, pixel += 16) {
      const shares = load<u32>(at)
      if (shares == 0) {
        // what lies between the borders of a polygon is soon passed
        for (; column + 20 <= vectorEnd && !v128.any_true(v128.load(at, 4)); column += 16, at += 16) pixel += 64
        continue
      }
      store<u32>(at, 0)
      if (shares == 0xffffffff && isOpaque) v128.store(pixel, four)
      else v128.store(pixel, overFour(scaledFour(four, spread(shares)), v128.load(pixel)))
    }
    for (; column < end; column++, at++, pixel += 4) {
      const share = load<u8>(at)
      if (share == 0) continue
      store<u8>(at, 0)
      store<u32>(pixel, over(scale(color, share), load<u32>(pixel)))
    }
    // what vectors put beside the image, too
    if (end == width) v128.store(maskAt(row, width), i32x4.splat(0))
    if (first == 0) v128.store(maskAt(row, -MARGIN), i32x4.splat(0))
  }
}

/** Each of four bytes in all four bytes of a pixel. */
export function spread(shares: u32): v128 {
  const bytes = i32x4.splat(shares)
  return i8x16.shuffle(bytes, bytes, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3)
}
