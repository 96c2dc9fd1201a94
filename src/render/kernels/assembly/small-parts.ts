// Parts of the edges of small shapes, each within one row and two columns, four at once: a part covers two cells, of which the second takes nothing where
// there is one. Parts are collected before they cover: two short loops one after the other leave a processor more to do side by side than a long one.
import { smallCells } from './small-cells'

/** Of four parts: x, to x, height, winding, and how far from the first cell their rows begin, in bytes. */
const RECORD: usize = 80
const MOST: usize = 32
const records = memory.data(32 * 80, 16)
let end: usize = records

/** Constants come cheaper from memory than from code. The last is what a number of fewer than 22 places has to be added to for its places to be whole. */
const floats = memory.data<f32>([512, 512, 512, 512, 0.5, 0.5, 0.5, 0.5, 12582912, 12582912, 12582912, 12582912], 16)
const numbers = memory.data<i32>([255, 255, 255, 255, 256, 256, 256, 256], 16)

export function addParts(x: v128, toX: v128, heights: v128, signs: v128, rows: v128): void {
  const to = end
  v128.store(to, x)
  v128.store(to, toX, 16)
  v128.store(to, heights, 32)
  v128.store(to, signs, 48)
  v128.store(to, rows, 64)
  end = to + RECORD
  if (end == records + MOST * RECORD) coverParts()
}

/** Covers what the parts say that were added. */
export function coverParts(): void {
  const stop = end
  for (let at = records; at < stop; at += RECORD) {
    coverFour(v128.load(at), v128.load(at, 16), v128.load(at, 32), v128.load(at, 48), v128.load(at, 64))
  }
  end = records
}

/** What is taken from a product of whole numbers below 2^18 before it is divided: the quotient of two of them below 2^10 is held in 32 binary places, cut off. So a product that would be whole is just not, unless the quotient is exact. */
function cutOff(quotient: v128): v128 {
  // as nine places tell
  const places = f32x4.mul(quotient, v128.load(floats))
  return v128.and(f32x4.lt(f32x4.floor(places), places), v128.load(floats, 16))
}

/** `wide` times `part` by `tall`, rounded down, as `ratio` would have it. Garbage where `tall` is 0. */
export function share(part: v128, wide: v128, tall: v128): v128 {
  const w = f32x4.convert_i32x4_s(wide),
    t = f32x4.convert_i32x4_s(tall)
  const less = v128.and(cutOff(f32x4.div(w, t)), i32x4.gt_s(wide, i32x4.splat(0)))
  return whole(f32x4.floor(f32x4.div(f32x4.sub(f32x4.mul(f32x4.convert_i32x4_s(part), w), less), t)))
}

function whole(v: v128): v128 {
  const places = v128.load(floats, 32)
  return i32x4.sub(f32x4.add(v, places), places)
}

function coverFour(x: v128, toX: v128, heights: v128, signs: v128, rows: v128): void {
  const fraction = v128.load(numbers),
    unit = v128.load(numbers, 16)
  const left = i32x4.min_s(x, toX),
    right = i32x4.max_s(x, toX)
  const cell = i32x4.shr_s(left, 8)
  const isOne = i32x4.eq(cell, i32x4.shr_s(right, 8))
  const width = f32x4.convert_i32x4_s(i32x4.sub(right, left)),
    height = f32x4.convert_i32x4_s(heights)
  const before = i32x4.sub(unit, v128.and(left, fraction)),
    behind = v128.and(right, fraction)
  const cut = f32x4.sub(f32x4.mul(height, f32x4.convert_i32x4_s(before)), cutOff(f32x4.div(height, width)))
  // all of it where the second cell is not reached, as of what has no width
  const first = whole(f32x4.pmin(height, f32x4.floor(f32x4.div(cut, width))))
  // twice the middle of what is in the first cell, from its right side
  const middle = i32x4.add(before, v128.and(isOne, i32x4.sub(unit, behind)))
  const one = i32x4.dot_i16x8_s(first, i16x8.mul(middle, signs)),
    three = i32x4.dot_i16x8_s(i32x4.sub(heights, first), i16x8.mul(behind, signs)),
    two = i32x4.sub(i32x4.sub(i32x4.dot_i16x8_s(heights, i32x4.shl(signs, 9)), one), three)
  const at = i32x4.add(rows, i32x4.shl(cell, 2))
  const none = i32x4.splat(0)
  const lowerOuter = i32x4.shuffle(one, three, 0, 4, 1, 5),
    upperOuter = i32x4.shuffle(one, three, 2, 6, 3, 7)
  const lowerInner = i32x4.shuffle(two, none, 0, 4, 1, 5),
    upperInner = i32x4.shuffle(two, none, 2, 6, 3, 7)
  add(i32x4.extract_lane(at, 0), i32x4.shuffle(lowerOuter, lowerInner, 0, 4, 1, 5))
  add(i32x4.extract_lane(at, 1), i32x4.shuffle(lowerOuter, lowerInner, 2, 6, 3, 7))
  add(i32x4.extract_lane(at, 2), i32x4.shuffle(upperOuter, upperInner, 0, 4, 1, 5))
  add(i32x4.extract_lane(at, 3), i32x4.shuffle(upperOuter, upperInner, 2, 6, 3, 7))
}

function add(place: i32, areas: v128): void {
  const at = smallCells + <usize>place
  v128.store(at, i32x4.add(v128.load(at), areas))
}
