// The hot way of `shape.ts` in another CRS: rings and lines that lie in one patch and in the box, none of whose edges needs pieces, both coordinates of a
// position at once. All others, and positions that are none, are left to the general way, which makes the same points.
import { boxFrom, boxTo } from './clip'
import { imageOf, patchesPer, piecesPer, takeSquare } from './locate'
import { bounded, keepPoints, placeForPoints } from './path'

/** Twice the area of the last ring in source coordinates, to its first point. */
export let patchedArea: f64 = 0

/** Whether a position is in the box, in the patch whose square is `cell`, and no farther from the one before than a piece. */
function isNear(v: v128, before: v128, place: v128, cell: v128): bool {
  const isIn = v128.and(f64x2.ge(v, boxFrom()), f64x2.le(v, boxTo()))
  const isShort = f64x2.le(f64x2.mul(f64x2.abs(f64x2.sub(v, before)), piecesPer()), f64x2.splat(1))
  return i64x2.all_true(v128.and(v128.and(isIn, isShort), f64x2.eq(f64x2.floor(place), cell)))
}

/** Whether a line begins and ends in the box: of those that do not, too little would be gained. */
function beginsAndEndsInside(p: usize, count: i32, step: usize): bool {
  const first = v128.load(p),
    last = v128.load(p + <usize>(count - 1) * step)
  return i64x2.all_true(v128.and(f64x2.ge(f64x2.pmin(first, last), boxFrom()), f64x2.le(f64x2.pmax(first, last), boxTo())))
}

/** As `addRing` of affine maps. False when it is to be done in the general way. */
export function addPatchedRing(p: usize, count: i32, step: usize, snaps: f64, half: f64, shiftX: f64, shiftY: f64): bool {
  if (count == 0) return true
  if (!beginsAndEndsInside(p, count, step)) return false
  const first = v128.load(p)
  const per = patchesPer()
  const square = f64x2.floor(f64x2.mul(first, per))
  if (!takeSquare(square)) return false
  const to = placeForPoints(count)
  if (to == 0) return true
  const many = f64x2.splat(snaps),
    units = f64x2.splat(256 / snaps),
    justOff = f64x2.splat(half),
    shift = f64x2.replace_lane(f64x2.splat(shiftX), 1, shiftY)
  let least = f64x2.splat(Infinity),
    greatest = f64x2.splat(-Infinity),
    last = f64x2.splat(NaN)
  let areas = f64x2.splat(0),
    away = f64x2.splat(0),
    before = first
  let at = to
  for (let i = 0; i < count; i++, p += step) {
    const v = v128.load(p)
    const place = f64x2.mul(v, per)
    if (!isNear(v, before, place, square)) return false
    before = v
    const further = f64x2.sub(v, first)
    areas = f64x2.add(areas, f64x2.mul(away, i64x2.shuffle(further, further, 1, 0)))
    away = further
    const pixel = imageOf(place, square)
    const q = bounded(f64x2.add(f64x2.mul(f64x2.floor(f64x2.add(f64x2.mul(pixel, many), justOff)), units), shift))
    if (i64x2.all_true(f64x2.eq(q, last))) continue
    v128.store(at, q)
    at += 16
    last = q
    least = f64x2.pmin(least, q)
    greatest = f64x2.pmax(greatest, q)
  }
  patchedArea = f64x2.extract_lane(areas, 0) - f64x2.extract_lane(areas, 1)
  keepPoints(at, least, greatest)
  return true
}

/** As `addLine` of affine maps, but that it leaves out what is in the same little square, `near` units wide, as the position before. False when it is to be done in the general way. */
export function addPatchedLine(p: usize, count: i32, step: usize, half: f64, near: f64): bool {
  if (count == 0) return true
  if (!beginsAndEndsInside(p, count, step)) return false
  const first = v128.load(p)
  const per = patchesPer()
  const square = f64x2.floor(f64x2.mul(first, per))
  if (!takeSquare(square)) return false
  const to = placeForPoints(count)
  if (to == 0) return true
  const many = f64x2.splat(256),
    justOff = f64x2.splat(half),
    perSquare = f64x2.splat(1 / near)
  let least = f64x2.splat(Infinity),
    greatest = f64x2.splat(-Infinity),
    last = f64x2.splat(NaN),
    seen = f64x2.splat(NaN)
  let before = first
  let at = to
  for (let left = count; left > 0; left--, p += step) {
    const v = v128.load(p)
    const place = f64x2.mul(v, per)
    if (!isNear(v, before, place, square)) return false
    before = v
    const q = bounded(f64x2.floor(f64x2.add(f64x2.mul(imageOf(place, square), many), justOff)))
    const little = f64x2.floor(f64x2.mul(q, perSquare))
    const isSame = i64x2.all_true(f64x2.eq(little, seen))
    seen = little
    if (i64x2.all_true(f64x2.eq(q, last)) || (isSame && left > 1)) continue
    v128.store(at, q)
    at += 16
    last = q
    least = f64x2.pmin(least, q)
    greatest = f64x2.pmax(greatest, q)
  }
  keepPoints(at, least, greatest)
  return true
}
