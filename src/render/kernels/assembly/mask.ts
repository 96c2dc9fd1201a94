// Opacities of one stroke while it is drawn, a byte a pixel; and from them to pixels.
import { over, overFour, scale, scaledFour } from './paint'
import { height, mask, maskPitch, plane, rowSpans, width } from './surface'

/** Pixels a vector may lie left of the image. */
export const MARGIN: i32 = 16

let from: i32 = 0
let to: i32 = 0

/** Nothing is touched yet: before the first segment of a stroke. */
export function emptyMask(): void {
  from = height
  to = 0
}

/** Where the pixel at `column` of `row` has its opacity; columns from -MARGIN on. */
export function maskAt(row: i32, column: i32): usize {
  return mask + <usize>row * maskPitch + <usize>(column + MARGIN)
}

/** What covers rows `first … end - 1` will be said row by row. */
export function touchRows(first: i32, end: i32): void {
  if (first < from) from = first
  if (end > to) to = end
}

/** Pixels `first … end - 1` of a row may be covered. */
export function touchRow(row: i32, first: i32, end: i32): void {
  const at = rowSpans + ((<usize>row) << 3)
  if (first < load<i32>(at)) store<i32>(at, max<i32>(first, 0))
  if (end > load<i32>(at, 4)) store<i32>(at, min<i32>(end, width), 4)
}

/** Paints what is covered in one colour on a plane, and empties the mask. */
export function sweepMask(color: u32, planeIndex: i32): void {
  const four = i32x4.splat(color)
  const isOpaque = color >>> 24 == 255
  for (let row = from; row < to; row++) {
    const span = rowSpans + ((<usize>row) << 3)
    const first = load<i32>(span),
      end = load<i32>(span, 4)
    store<i32>(span, width)
    store<i32>(span, 0, 4)
    let at = maskAt(row, first)
    let pixel = plane(planeIndex) + ((<usize>row * <usize>width + <usize>first) << 2)
    let column = first
    for (; column + 4 <= end; column += 4, at += 4, pixel += 16) {
      const shares = load<u32>(at)
      if (shares == 0) continue
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
    v128.store(maskAt(row, width), i32x4.splat(0))
    v128.store(maskAt(row, -MARGIN), i32x4.splat(0))
  }
  emptyMask()
}

/** Each of four bytes in all four bytes of a pixel. */
export function spread(shares: u32): v128 {
  const bytes = i32x4.splat(shares)
  return i8x16.shuffle(bytes, bytes, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3)
}
