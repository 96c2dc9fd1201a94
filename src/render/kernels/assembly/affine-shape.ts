// The hot way of `shape.ts`: rings and lines on an affine map, both coordinates of a position at once. Positions that are none (NaN, infinite, too far)
// are left to the general way.
import { origin, pixelsPer } from './locate'
import { bounded, keepPoints, placeForPoints } from './path'

/** Twice the area of the last ring in source coordinates, to its first point. */
export let ringArea: f64 = 0

function position(p: usize, isSwapped: bool): v128 {
  const v = v128.load(p)
  return isSwapped ? i8x16.shuffle(v, v, 7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8) : v
}

/** What is true so far, where both coordinates are nearer than `farthest`. */
function andPlace(isTrue: v128, v: v128, farthest: f64): v128 {
  return v128.and(isTrue, f64x2.lt(f64x2.abs(v), f64x2.splat(farthest)))
}

/** Adds the `count` positions at `p`, each snapped to `1 / snaps` of a pixel and moved by `shift` (units); of equal ones that follow each other the first. False when a position is none. */
export function addRing(
  p: usize,
  count: i32,
  step: usize,
  isSwapped: bool,
  snaps: f64,
  half: f64,
  shiftX: f64,
  shiftY: f64,
  farthest: f64,
): bool {
  const to = placeForPoints(count)
  if (to == 0) return true
  const from = origin(),
    per = pixelsPer()
  const many = f64x2.splat(snaps),
    units = f64x2.splat(256 / snaps),
    justOff = f64x2.splat(half),
    shift = f64x2.replace_lane(f64x2.splat(shiftX), 1, shiftY)
  let least = f64x2.splat(Infinity),
    greatest = f64x2.splat(-Infinity),
    last = f64x2.splat(NaN)
  let areas = f64x2.splat(0),
    before = f64x2.splat(0)
  const first = position(p, isSwapped)
  let arePlaces = i64x2.splat(-1)
  let at = to
  for (let i = 0; i < count; i++, p += step) {
    const v = position(p, isSwapped)
    arePlaces = andPlace(arePlaces, v, farthest)
    const away = f64x2.sub(v, first)
    areas = f64x2.add(areas, f64x2.mul(before, i64x2.shuffle(away, away, 1, 0)))
    before = away
    const pixel = f64x2.mul(f64x2.sub(v, from), per)
    const q = bounded(f64x2.add(f64x2.mul(f64x2.floor(f64x2.add(f64x2.mul(pixel, many), justOff)), units), shift))
    if (i64x2.all_true(f64x2.eq(q, last))) continue
    v128.store(at, q)
    at += 16
    last = q
    least = f64x2.pmin(least, q)
    greatest = f64x2.pmax(greatest, q)
  }
  if (!i64x2.all_true(arePlaces)) return false
  ringArea = f64x2.extract_lane(areas, 0) - f64x2.extract_lane(areas, 1)
  keepPoints(at, least, greatest)
  return true
}

/** Share of their positions that the last lines left out, and the share from which on the processor cannot foretell which: then none is jumped over. */
let leftOut: f32 = 0
const MANY: f32 = 0.2

/** Adds the `count` positions at `p` in whole units, without those nearer than `near` (units, squared) to the one before; the last one unless it is equal. False when a position is none. */
export function addLine(p: usize, count: i32, step: usize, isSwapped: bool, half: f64, near: f64, farthest: f64): bool {
  const to = placeForPoints(count)
  if (to == 0) return true
  const from = origin(),
    per = pixelsPer()
  const many = f64x2.splat(256),
    justOff = f64x2.splat(half)
  let least = f64x2.splat(Infinity),
    greatest = f64x2.splat(-Infinity),
    last = f64x2.splat(Infinity)
  let arePlaces = i64x2.splat(-1)
  let at = to
  let nearest = f64x2.splat(near)
  const areFewLeftOut = leftOut < MANY
  for (let left = count; left > 0; left--, p += step) {
    const v = position(p, isSwapped)
    arePlaces = andPlace(arePlaces, v, farthest)
    const q = bounded(f64x2.floor(f64x2.add(f64x2.mul(f64x2.mul(f64x2.sub(v, from), per), many), justOff)))
    // of whole numbers only equal ones are nearer than one
    if (left == 1) nearest = f64x2.splat(1)
    const d = f64x2.sub(q, last)
    const squares = f64x2.mul(d, d)
    const isLeftOut = f64x2.lt(f64x2.add(squares, i64x2.shuffle(squares, squares, 1, 0)), nearest)
    v128.store(at, q)
    if (areFewLeftOut) {
      if (i32x4.extract_lane(isLeftOut, 0)) continue
      at += 16
      last = q
    } else {
      // what is left out is written over by the next
      at += 16 & ~(<usize>i32x4.extract_lane(isLeftOut, 0))
      last = v128.bitselect(last, q, isLeftOut)
    }
    least = f64x2.pmin(least, last)
    greatest = f64x2.pmax(greatest, last)
  }
  if (!i64x2.all_true(arePlaces)) return false
  if (count > 0) leftOut += (1 - <f32>((at - to) >> 4) / <f32>count - leftOut) / 8
  keepPoints(at, least, greatest)
  return true
}
