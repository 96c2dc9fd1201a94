// The hot way of `coverFill`, for small shapes that lie whole in the image: most of their edges are shorter than a pixel, and what is done for one depends
// on where it lies, which no processor foretells. So an edge of up to two rows and two columns takes one way without a branch: two parts, of which the
// second is of no height where there is one row, and two cells, of which the second takes nothing where there is one. The very same numbers.
import { ratio, UNIT, wholes } from './coverage'
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
import { CELLS, coverSmall, paintSmall, smallCells } from './small-cells'

/** 2^32 and its inverse: of numbers with 32 binary places. */
const PLACES: f64 = 4294967296

/** Fills the path, which `isSmall`. */
export function fillSmall(color: u32, planeIndex: i32): void {
  const column = firstColumn(),
    row = topRow()
  const origin = f64x2.replace_lane(f64x2.splat(<f64>column * UNIT), 1, <f64>row * UNIT)
  let at = firstSubPath()
  for (let i = 0; i < subPaths; i++, at = nextSubPath(at)) if (isClosedPath(at)) coverRing(at, origin)
  paintSmall(column, row, lastColumn() - column + 2, bottomRow() - row + 1, color, planeIndex)
}

function coverRing(at: usize, origin: v128): void {
  const winding = f64x2.splat(<f64>windingOf(at))
  let p = pointsOf(at)
  const end = p + ((<usize>countOf(at)) << 4)
  let from = f64x2.sub(v128.load(end - 16), origin)
  for (; p < end; p += 16) {
    const to = f64x2.sub(v128.load(p), origin)
    const y = i64x2.shuffle(from, from, 1, 1),
      toY = i64x2.shuffle(to, to, 1, 1)
    if (v128.any_true(f64x2.ne(y, toY))) {
      const isUp = f64x2.gt(y, toY)
      coverEdge(v128.bitselect(to, from, isUp), v128.bitselect(from, to, isUp), v128.xor(winding, v128.and(isUp, f64x2.splat(-0.0))))
    }
    from = to
  }
}

/** Downwards from `a` to `b`, not level. No scalar is compared or chosen: that would be branches. */
function coverEdge(a: v128, b: v128, winding: v128): void {
  const perPixel = f64x2.splat(1 / UNIT)
  const cellOfA = f64x2.floor(f64x2.mul(a, perPixel))
  // a row ends before the next begins
  const cellOfB = f64x2.floor(f64x2.mul(f64x2.sub(b, f64x2(0, 1)), perPixel))
  if (!i64x2.all_true(f64x2.le(f64x2.abs(f64x2.sub(cellOfB, cellOfA)), f64x2.splat(1)))) {
    coverLong(wholes(a), wholes(b), i32x4.extract_lane(wholes(winding), 0))
    return
  }
  const unit = f64x2.splat(UNIT)
  const d = f64x2.sub(b, a)
  const tall = i64x2.shuffle(d, d, 1, 1)
  const row = i64x2.shuffle(cellOfA, cellOfA, 1, 1)
  const upper = f64x2.pmin(f64x2.sub(f64x2.mul(f64x2.add(row, f64x2.splat(1)), unit), i64x2.shuffle(a, a, 1, 1)), tall)
  const heights = i64x2.shuffle(upper, f64x2.sub(tall, upper), 0, 2)
  // where it leaves the first row
  const slope = f64x2.trunc(f64x2.div(f64x2.mul(d, f64x2.splat(PLACES)), tall))
  const between = f64x2.add(a, f64x2.floor(f64x2.mul(f64x2.mul(upper, slope), f64x2.splat(1 / PLACES))))
  const middle = v128.bitselect(b, between, f64x2.eq(upper, tall))
  // of both parts
  const from = i64x2.shuffle(a, middle, 0, 2),
    to = i64x2.shuffle(middle, b, 0, 2)
  const left = f64x2.pmin(from, to),
    right = f64x2.pmax(from, to)
  const cell = f64x2.floor(f64x2.mul(left, perPixel)),
    lastCell = f64x2.floor(f64x2.mul(right, perPixel))
  const inFirst = f64x2.sub(left, f64x2.mul(cell, unit)),
    inLast = f64x2.sub(right, f64x2.mul(lastCell, unit))
  const areTwo = f64x2.ne(cell, lastCell)
  const rise = f64x2.trunc(f64x2.div(f64x2.mul(heights, f64x2.splat(PLACES)), f64x2.sub(right, left)))
  const reached = v128.and(areTwo, f64x2.floor(f64x2.mul(f64x2.mul(f64x2.sub(unit, inFirst), rise), f64x2.splat(1 / PLACES))))
  const first = f64x2.mul(reached, winding),
    rest = f64x2.mul(f64x2.sub(heights, reached), winding)
  const firstSide = f64x2.mul(first, f64x2.add(inFirst, unit)),
    restSide = f64x2.mul(rest, f64x2.add(v128.andnot(inFirst, areTwo), inLast))
  const firstOwn = f64x2.sub(f64x2.mul(first, f64x2.splat(2 * UNIT)), firstSide),
    restOwn = f64x2.sub(f64x2.mul(rest, f64x2.splat(2 * UNIT)), restSide)
  const one = wholes(f64x2.add(firstOwn, v128.andnot(restOwn, areTwo))),
    two = wholes(f64x2.add(firstSide, v128.bitselect(restOwn, restSide, areTwo))),
    three = wholes(v128.and(restSide, areTwo))
  const places = wholes(f64x2.mul(f64x2.add(cell, f64x2.mul(row, f64x2.splat(CELLS))), f64x2.splat(4)))
  add(
    smallCells + <usize>i32x4.extract_lane(places, 0),
    i32x4.extract_lane(one, 0),
    i32x4.extract_lane(two, 0),
    i32x4.extract_lane(three, 0),
  )
  add(
    smallCells + CELLS * 4 + <usize>i32x4.extract_lane(places, 2),
    i32x4.extract_lane(one, 2),
    i32x4.extract_lane(two, 2),
    i32x4.extract_lane(three, 2),
  )
}

function add(at: usize, one: i32, two: i32, three: i32): void {
  store<i32>(at, load<i32>(at) + one)
  store<i32>(at, load<i32>(at, 4) + two, 4)
  store<i32>(at, load<i32>(at, 8) + three, 8)
}

function coverLong(a: v128, b: v128, winding: i32): void {
  const x0 = i32x4.extract_lane(a, 0),
    y0 = i32x4.extract_lane(a, 2)
  const x1 = i32x4.extract_lane(b, 0),
    y1 = i32x4.extract_lane(b, 2)
  coverSmall(x0, y0, x1, y1, winding, ratio(x1 - x0, y1 - y0))
}
