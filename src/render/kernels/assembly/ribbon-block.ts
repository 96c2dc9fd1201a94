// The hot way of `ribbon.ts`, for small shapes: a short segment covers pixels in a square of four by four, which are computed at once, whether it covers
// fewer or not. The very same numbers. A row of the mask is one vector, so that what the segment before has just put there need not reach memory first.
// Segments are aimed before they cover: two short loops one after the other leave a processor more to do side by side than a long one.
import { UNIT, wholes } from './coverage'
import { maskAt, maskColumn } from './mask'
import { roundSegment } from './ribbon'

/** Of a segment, from the middle of the square's first pixel: along it from its start, for no row; what rows add to that and to what is beside it; the row; its direction and length in f32; the column and row of the square. */
const SEGMENT: usize = 80
const MOST: usize = 32
const segments = memory.data(32 * 80, 16)

/** For each row of the square 32 bytes, read at 16 less a column: they pick its four of sixteen bytes, and put them at that column. */
const PICKS: usize = 32
const picks = memory.data<u8>(
  [
    128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 0, 1, 2, 3, 128, 128, 128, 128, 128, 128, 128, 128, 128,
    128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 4, 5, 6, 7, 128, 128, 128, 128, 128, 128,
    128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 8, 9, 10, 11, 128, 128,
    128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 12,
    13, 14, 15, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128,
    128, 128, 128,
  ],
  16,
)

/** Constants come cheaper from memory than from code. */
const doubles = memory.data<f64>([0.5, 0.5, 1, -1, 1, 1], 16)
const floats = memory.data<f32>([0, 1, 2, 3, 255, 255, 255, 255, 8388608, 8388608, 8388608, 8388608], 16)

/** The segments of a ring, in units, in a small mask. Neighbouring points differ. */
export function coverRing(points: usize, count: i32, reach: f32, most: f32): void {
  const toPixels = f64x2.splat(1 / UNIT)
  // within less than four pixels there are the middles of four at most
  const longest = f64x2.splat(4 - 2 * <f64>reach)
  const away = f64x2.splat(<f64>reach)
  const end = points + ((<usize>count) << 4)
  let from = f64x2.mul(v128.load(end - 16), toPixels)
  for (let p = points; p < end; ) {
    let at = segments
    for (const stop = min<usize>(end, p + (MOST << 4)); p < stop; p += 16) {
      const to = f64x2.mul(v128.load(p), toPixels)
      const d = f64x2.sub(to, from)
      if (i64x2.all_true(f64x2.lt(f64x2.abs(d), longest))) {
        aim(at, from, d, away)
        at += SEGMENT
      } else roundSegment(from, d)
      from = to
    }
    coverSquares(at, reach, most)
  }
}

function aim(at: usize, place: v128, d: v128, away: v128): void {
  const halfPixel = v128.load(doubles)
  const least = f64x2.sub(f64x2.add(place, f64x2.pmin(f64x2.splat(0), d)), away)
  const starts = f64x2.floor(f64x2.add(least, halfPixel))
  const squares = f64x2.mul(d, d)
  const length = f64x2.sqrt(f64x2.add(squares, i64x2.shuffle(squares, squares, 1, 0)))
  const u = f64x2.div(d, length)
  const v = f64x2.sub(f64x2.add(starts, halfPixel), place)
  v128.store(at, f64x2.mul(i64x2.shuffle(v, v, 0, 0), u))
  // (uy, -ux)
  v128.store(at, f64x2.mul(i64x2.shuffle(u, u, 1, 0), v128.load(doubles, 16)), 16)
  v128.store(at, i64x2.shuffle(v, v, 1, 1), 32)
  v128.store(at, i64x2.shuffle(f32x4.demote_f64x2_zero(u), f32x4.demote_f64x2_zero(length), 0, 2), 48)
  v128.store(at, wholes(starts), 64)
}

/** What `roundSegment` covers, of the segments before `stop`: no more than the square is within `reach`. */
function coverSquares(stop: usize, reach: f32, most: f32): void {
  const within = f32x4.splat(reach)
  const full = i8x16.splat(<i8>reinterpret<i32>(most * 255 + 8388608))
  const rows = maskAt(0, maskColumn),
    columns = picks + 16 + <usize>maskColumn
  const nextRow = v128.load(doubles, 32),
    pixels = v128.load(floats)
  for (let at = segments; at < stop; at += SEGMENT) {
    const along = v128.load(at),
      turned = v128.load(at, 16)
    const v0 = v128.load(at, 32)
    const v1 = f64x2.add(v0, nextRow)
    const v2 = f64x2.add(v1, nextRow)
    const v3 = f64x2.add(v2, nextRow)
    const line = v128.load(at, 48)
    const besideT = f32x4.mul(pixels, i32x4.shuffle(line, line, 0, 0, 0, 0)),
      besideP = f32x4.mul(pixels, i32x4.shuffle(line, line, 1, 1, 1, 1)),
      end = i32x4.shuffle(line, line, 2, 2, 2, 2)
    const row0 = shares(f64x2.add(along, f64x2.mul(v0, turned)), besideT, besideP, end, within),
      row1 = shares(f64x2.add(along, f64x2.mul(v1, turned)), besideT, besideP, end, within),
      row2 = shares(f64x2.add(along, f64x2.mul(v2, turned)), besideT, besideP, end, within),
      row3 = shares(f64x2.add(along, f64x2.mul(v3, turned)), besideT, besideP, end, within)
    const square = i8x16.min_u(full, i8x16.narrow_i16x8_u(i16x8.narrow_i32x4_s(row0, row1), i16x8.narrow_i32x4_s(row2, row3)))
    const row = rows + ((<usize>load<i32>(at, 72)) << 4)
    const pick = columns - <usize>load<i32>(at, 64)
    v128.store(row, i8x16.max_u(v128.load(row), i8x16.swizzle(square, v128.load(pick))))
    v128.store(row, i8x16.max_u(v128.load(row, 16), i8x16.swizzle(square, v128.load(pick, PICKS))), 16)
    v128.store(row, i8x16.max_u(v128.load(row, 32), i8x16.swizzle(square, v128.load(pick, 2 * PICKS))), 32)
    v128.store(row, i8x16.max_u(v128.load(row, 48), i8x16.swizzle(square, v128.load(pick, 3 * PICKS))), 48)
  }
}

/** What four pixels of a row are covered, of 255: none or less where they are not, and more where all of them is. */
function shares(row: v128, besideT: v128, besideP: v128, end: v128, reach: v128): v128 {
  const first = f32x4.demote_f64x2_zero(row)
  const t = f32x4.add(i32x4.shuffle(first, first, 0, 0, 0, 0), besideT),
    p = f32x4.add(i32x4.shuffle(first, first, 1, 1, 1, 1), besideP)
  const beyond = f32x4.sub(t, f32x4.pmax(f32x4.splat(0), f32x4.pmin(end, t)))
  const d = f32x4.sqrt(f32x4.add(f32x4.mul(p, p), f32x4.mul(beyond, beyond)))
  const whole = v128.load(floats, 32)
  // the mantissa is the rounded number
  return i32x4.sub(f32x4.add(f32x4.mul(f32x4.sub(reach, d), v128.load(floats, 16)), whole), whole)
}
