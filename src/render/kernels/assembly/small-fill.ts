// The hot way of `coverFill`, for small shapes that lie whole in the image. What is done for an edge depends on where it lies, which no processor
// foretells. So four edges are cut into parts at once (see small-parts.ts), all the same way: one part in the row where the edge begins and one in the
// next, of no height where it does not reach there. The very same numbers.
import { acrossCells, UNIT } from './coverage'
import {
  bottomRow,
  countOf,
  firstColumn,
  firstSubPath,
  isClosedPath,
  lastColumn,
  nextSubPath,
  pointsOf,
  subPaths,
  topRow,
  windingOf,
} from './path'
import { paintSmall, smallCells } from './small-cells'
import { addParts, coverParts, share } from './small-parts'

/** What a number of fewer than 51 places has to be added to for its last places to be those of a whole number. */
const WHOLE: f64 = 6755399441055744
/** 2^32: of numbers with 32 binary places. */
const PLACES: f64 = 4294967296
/** Four edges downwards that lie in more than two rows or columns: x, y, to x, to y, winding. */
const long = memory.data(5 * 16, 16)
/** Four parts of edges that lie in more than two cells of a row: left, right, height by winding, and how far from the first cell the row begins, in bytes. */
const wide = memory.data(4 * 16, 16)

/** Constants come cheaper from memory than from code. The last is the bytes of a row of cells. */
const numbers = memory.data<i32>([1, 1, 1, 1, 255, 255, 255, 255, 256, 256, 256, 256, 112, 112, 112, 112], 16)

/** Fills the path, which `isSmall`. */
export function fillSmall(color: u32, planeIndex: i32): void {
  const column = firstColumn(),
    row = topRow()
  const toWhole = f64x2.replace_lane(f64x2.splat(WHOLE - <f64>column * UNIT), 1, WHOLE - <f64>row * UNIT)
  let at = firstSubPath()
  for (let i = 0; i < subPaths; i++, at = nextSubPath(at)) if (isClosedPath(at) && countOf(at) > 2) coverRing(at, toWhole)
  coverParts()
  paintSmall(column, row, lastColumn() - column + 2, bottomRow() - row + 1, color, planeIndex)
}

/** Four edges at once, from the four quarters of the ring: neighbours would wait for each other's cells. Those beyond the last point have no length. */
function coverRing(at: usize, toWhole: v128): void {
  const count = countOf(at)
  const winding = i32x4.splat(windingOf(at))
  const points = pointsOf(at)
  const last = points + ((<usize>(count - 1)) << 4)
  const quarter = (<usize>((count + 3) >> 2)) << 4
  let a = f64x2.add(v128.load(last), toWhole),
    b = f64x2.add(v128.load(points + quarter - 16), toWhole),
    c = f64x2.add(v128.load(notBehind(points + 2 * quarter - 16, last)), toWhole),
    d = f64x2.add(v128.load(notBehind(points + 3 * quarter - 16, last)), toWhole)
  let x = abscissas(a, b, c, d),
    y = ordinates(a, b, c, d)
  for (let p = points, end = points + quarter; p < end; p += 16) {
    a = f64x2.add(v128.load(p), toWhole)
    b = f64x2.add(v128.load(p + quarter), toWhole)
    c = f64x2.add(v128.load(notBehind(p + 2 * quarter, last)), toWhole)
    d = f64x2.add(v128.load(notBehind(p + 3 * quarter, last)), toWhole)
    const toX = abscissas(a, b, c, d),
      toY = ordinates(a, b, c, d)
    coverFour(x, y, toX, toY, winding)
    x = toX
    y = toY
  }
}

function notBehind(p: usize, last: usize): usize {
  const behind = <i32>(p - last)
  return last + <usize>(behind & (behind >> 31))
}

function abscissas(a: v128, b: v128, c: v128, d: v128): v128 {
  return i64x2.shuffle(i32x4.shuffle(a, b, 0, 4, 1, 5), i32x4.shuffle(c, d, 0, 4, 1, 5), 0, 2)
}

function ordinates(a: v128, b: v128, c: v128, d: v128): v128 {
  return i64x2.shuffle(i32x4.shuffle(a, b, 2, 6, 3, 7), i32x4.shuffle(c, d, 2, 6, 3, 7), 0, 2)
}

/** Edges from the first cell on, in units. */
function coverFour(x: v128, y: v128, toX: v128, toY: v128, winding: v128): void {
  const one = v128.load(numbers)
  const isUp = i32x4.gt_s(y, toY)
  const top = i32x4.min_s(y, toY),
    bottom = i32x4.max_s(y, toY)
  const exchanged = v128.and(v128.xor(x, toX), isUp)
  const from = v128.xor(x, exchanged),
    to = v128.xor(toX, exchanged)
  const signs = i32x4.sub(v128.xor(winding, isUp), isUp)
  const row = i32x4.shr_s(top, 8)
  const height = i32x4.sub(bottom, top)
  // a row ends before the next begins
  const rows = i32x4.sub(i32x4.shr_s(i32x4.sub(bottom, one), 8), row),
    columns = i32x4.abs(i32x4.sub(i32x4.shr_s(to, 8), i32x4.shr_s(from, 8)))
  const isLong = v128.andnot(i32x4.gt_s(i32x4.max_s(rows, columns), one), i32x4.eq(height, i32x4.splat(0)))
  if (v128.any_true(isLong)) coverLong(from, top, to, bottom, signs, i32x4.bitmask(isLong))
  const tall = v128.andnot(height, isLong)
  const upper = i32x4.min_s(i32x4.sub(v128.load(numbers, 32), v128.and(top, v128.load(numbers, 16))), tall)
  // where it leaves the first row
  const between = v128.bitselect(to, i32x4.add(from, share(upper, i32x4.sub(to, from), tall)), i32x4.eq(upper, tall))
  const at = i32x4.dot_i16x8_s(row, v128.load(numbers, 48))
  addParts(from, between, upper, signs, at)
  addParts(between, to, i32x4.sub(tall, upper), signs, i32x4.add(at, v128.load(numbers, 48)))
}

/** Those of four edges whose bits are set. */
function coverLong(x: v128, y: v128, toX: v128, toY: v128, signs: v128, which: i32): void {
  v128.store(long, x)
  v128.store(long, y, 16)
  v128.store(long, toX, 32)
  v128.store(long, toY, 48)
  v128.store(long, signs, 64)
  for (; which != 0; which &= which - 1) {
    const at = long + ((<usize>ctz<i32>(which)) << 2)
    coverRows(load<i32>(at), load<i32>(at, 16), load<i32>(at, 32), load<i32>(at, 48), load<i32>(at, 64))
  }
}

/** An edge downwards, four of its rows at once. */
function coverRows(x: i32, y: i32, toX: i32, toY: i32, sign: i32): void {
  const slope = f64x2.splat(trunc<f64>((<f64>(toX - x) * PLACES) / <f64>(toY - y)) / PLACES)
  const start = f64x2.splat(WHOLE + <f64>x)
  const end = i32x4.splat(toX),
    bottom = i32x4.splat(toY),
    top = i32x4.splat(y),
    signs = i32x4.splat(sign)
  const last = (toY - 1) >> 8
  let before = i32x4.splat(x)
  for (let row = y >> 8; row <= last; row += 4) {
    const rows = i32x4.add(i32x4.splat(row), i32x4(0, 1, 2, 3))
    const ends = i32x4.min_s(bottom, i32x4.shl(i32x4.add(rows, v128.load(numbers)), 8))
    const heights = i32x4.sub(ends, i32x4.min_s(bottom, i32x4.max_s(top, i32x4.shl(rows, 8))))
    // where it leaves the rows
    const down = i32x4.sub(ends, top)
    const a = f64x2.add(f64x2.floor(f64x2.mul(f64x2.convert_low_i32x4_s(down), slope)), start),
      b = f64x2.add(f64x2.floor(f64x2.mul(f64x2.convert_low_i32x4_s(i64x2.shuffle(down, down, 1, 1)), slope)), start)
    const to = v128.bitselect(end, i32x4.shuffle(a, b, 0, 2, 4, 6), i32x4.eq(ends, bottom))
    const from = i32x4.shuffle(before, to, 3, 4, 5, 6)
    before = to
    const at = i32x4.dot_i16x8_s(i32x4.min_s(rows, i32x4.splat(last)), v128.load(numbers, 48))
    const columns = i32x4.abs(i32x4.sub(i32x4.shr_s(to, 8), i32x4.shr_s(from, 8)))
    const isWide = i32x4.gt_s(columns, v128.load(numbers))
    if (v128.any_true(isWide)) coverWide(from, to, i32x4.dot_i16x8_s(heights, signs), at, i32x4.bitmask(isWide))
    addParts(from, to, v128.andnot(heights, isWide), signs, at)
  }
}

/** Those of four parts whose bits are set. */
function coverWide(from: v128, to: v128, covers: v128, at: v128, which: i32): void {
  v128.store(wide, i32x4.min_s(from, to))
  v128.store(wide, i32x4.max_s(from, to), 16)
  v128.store(wide, covers, 32)
  v128.store(wide, at, 48)
  for (; which != 0; which &= which - 1) {
    const p = wide + ((<usize>ctz<i32>(which)) << 2)
    acrossCells(smallCells + <usize>load<i32>(p, 48), load<i32>(p), load<i32>(p, 16), load<i32>(p, 32))
  }
}
