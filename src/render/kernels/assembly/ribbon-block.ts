// The hot way of `ribbon.ts`, for small shapes: a short segment covers pixels in a square of four by four, which are computed at once, whether it covers
// fewer or not. The very same numbers. A row of the mask is one vector, so that what the segment before has just put there need not reach memory first.
import { UNIT, wholes } from './coverage'
import { maskAt, maskColumn, SMALL_PITCH } from './mask'
import { roundSegment } from './ribbon'

/** Read at 16 less a column: picks the first four of sixteen bytes, and puts them at that column. */
const places = memory.data<u8>(
  [
    128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 0, 1, 2, 3, 128, 128, 128, 128, 128, 128, 128, 128, 128,
    128, 128, 128, 128, 128, 128, 128,
  ],
  16,
)

/** The segments of a ring, in units, in a small mask. Neighbouring points differ. */
export function coverRing(points: usize, count: i32, reach: f32, most: f32): void {
  const toPixels = f64x2.splat(1 / UNIT)
  // within less than four pixels there are the middles of four at most
  const longest = f64x2.splat(4 - 2 * <f64>reach)
  const end = points + ((<usize>count) << 4)
  let from = f64x2.mul(v128.load(end - 16), toPixels)
  for (let p = points; p < end; p += 16) {
    const to = f64x2.mul(v128.load(p), toPixels)
    const d = f64x2.sub(to, from)
    if (i64x2.all_true(f64x2.lt(f64x2.abs(d), longest))) coverBlock(from, d, reach, most)
    else roundSegment(from, d)
    from = to
  }
}

/** As `roundSegment`, where no more than the square is within `reach`. */
function coverBlock(place: v128, d: v128, reach: f32, most: f32): void {
  const halfPixel = f64x2.splat(0.5)
  const least = f64x2.sub(f64x2.add(place, f64x2.pmin(f64x2.splat(0), d)), f64x2.splat(<f64>reach))
  const starts = f64x2.floor(f64x2.add(least, halfPixel))
  const squares = f64x2.mul(d, d)
  const length = f64x2.sqrt(f64x2.add(squares, i64x2.shuffle(squares, squares, 1, 0)))
  const u = f64x2.div(d, length)
  // (uy, -ux)
  const turned = f64x2.mul(i64x2.shuffle(u, u, 1, 0), f64x2(1, -1))
  const v = f64x2.sub(f64x2.add(starts, halfPixel), place)
  const along = f64x2.mul(i64x2.shuffle(v, v, 0, 0), u)
  const vy = i64x2.shuffle(v, v, 1, 1)
  const narrow = f32x4.demote_f64x2_zero(u),
    columns = f32x4(0, 1, 2, 3)
  const besideT = f32x4.mul(columns, i32x4.shuffle(narrow, narrow, 0, 0, 0, 0)),
    besideP = f32x4.mul(columns, i32x4.shuffle(narrow, narrow, 1, 1, 1, 1))
  const end = f32x4.splat(<f32>f64x2.extract_lane(length, 0))
  const middle = f32x4.splat(reach),
    full = f32x4.splat(most)
  const row0 = shares(rowOf(along, vy, turned, 0), besideT, besideP, end, middle, full),
    row1 = shares(rowOf(along, vy, turned, 1), besideT, besideP, end, middle, full),
    row2 = shares(rowOf(along, vy, turned, 2), besideT, besideP, end, middle, full),
    row3 = shares(rowOf(along, vy, turned, 3), besideT, besideP, end, middle, full)
  const square = i8x16.narrow_i16x8_u(i16x8.narrow_i32x4_s(row0, row1), i16x8.narrow_i32x4_s(row2, row3))
  const corner = wholes(starts)
  const at = maskAt(i32x4.extract_lane(corner, 2), maskColumn)
  const picked = v128.load(places + <usize>(16 - (i32x4.extract_lane(corner, 0) - maskColumn)))
  most4(at, i8x16.swizzle(square, picked))
  most4(at + SMALL_PITCH, i8x16.swizzle(square, i8x16.add(picked, i8x16.splat(4))))
  most4(at + 2 * SMALL_PITCH, i8x16.swizzle(square, i8x16.add(picked, i8x16.splat(8))))
  most4(at + 3 * SMALL_PITCH, i8x16.swizzle(square, i8x16.add(picked, i8x16.splat(12))))
}

/** Along and beside the line, of the first pixel in a row of the square. */
function rowOf(along: v128, vy: v128, turned: v128, row: f64): v128 {
  return f32x4.demote_f64x2_zero(f64x2.add(along, f64x2.mul(f64x2.add(vy, f64x2.splat(row)), turned)))
}

/** What four pixels are covered, as whole numbers up to 255. */
function shares(first: v128, besideT: v128, besideP: v128, end: v128, reach: v128, most: v128): v128 {
  const t = f32x4.add(i32x4.shuffle(first, first, 0, 0, 0, 0), besideT),
    p = f32x4.add(i32x4.shuffle(first, first, 1, 1, 1, 1), besideP)
  const nothing = f32x4.splat(0)
  const beyond = f32x4.sub(t, f32x4.pmax(nothing, f32x4.pmin(end, t)))
  const d = f32x4.sqrt(f32x4.add(f32x4.mul(p, p), f32x4.mul(beyond, beyond)))
  const share = f32x4.pmax(nothing, f32x4.pmin(most, f32x4.sub(reach, d)))
  // the mantissa is the rounded number
  return i32x4.sub(f32x4.add(f32x4.mul(share, f32x4.splat(255)), f32x4.splat(8388608)), i32x4.splat(0x4b000000))
}

function most4(at: usize, shares: v128): void {
  v128.store(at, i8x16.max_u(v128.load(at), shares))
}
