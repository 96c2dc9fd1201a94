// Walks EWKB (and ISO WKB) of types 1 to 7, Z and M and both byte orders, and never past the end of its bytes.
import { isInBox } from './clip'
import { isMirrored } from './locate'
import { hasOffset } from './offset'
import {
  addLinePoint,
  addRingPoint,
  beginLine,
  beginRing,
  drawPoint,
  endLine,
  endRing,
  putLine,
  putRing,
  setSide,
  splitsRings,
  wantsLines,
  wantsPoints,
  wantsPolygons,
} from './shape'

export const DRAWN: i32 = 0
/** A curve, a surface, or unknown: the host turns what it can into types 1 to 7. */
export const OTHER_TYPE: i32 = 1
/** Counts that exceed the bytes, or nesting beyond reason. */
export const MALFORMED: i32 = 2

const DEEPEST: i32 = 16
let cursor: usize = 0
let end: usize = 0
let isSwapped: bool = false
/** Bytes of a position: 16, 24 or 32. */
let step: usize = 16

function u32At(p: usize): u32 {
  const v = load<u32>(p)
  return isSwapped ? bswap<u32>(v) : v
}

function f64At(p: usize): f64 {
  return isSwapped ? reinterpret<f64>(bswap<u64>(load<u64>(p))) : load<f64>(p)
}

/** A count of things of at least `size` bytes each; -1 when the bytes cannot hold them. */
function countOfThings(size: usize): i32 {
  if (end - cursor < 4) return -1
  const count = u32At(cursor)
  cursor += 4
  return <usize>count > (end - cursor) / size ? -1 : <i32>count
}

function lineString(): i32 {
  const count = countOfThings(step)
  if (count < 0) return MALFORMED
  if (wantsLines()) {
    beginLine(false)
    if (putLine(cursor, count, step, isSwapped)) cursor += <usize>count * step
    else for (let i = 0; i < count; i++, cursor += step) addLinePoint(f64At(cursor), f64At(cursor + 8), i == count - 1)
    endLine()
  } else cursor += <usize>count * step
  return DRAWN
}

function polygon(): i32 {
  const rings = countOfThings(4)
  if (rings < 0) return MALFORMED
  for (let ring = 0; ring < rings; ring++) {
    const count = countOfThings(step)
    if (count < 0) return MALFORMED
    if (!wantsPolygons()) {
      cursor += <usize>count * step
      continue
    }
    if (hasOffset()) setSide(sideOfRing(count, ring > 0))
    const outside = splitsRings() ? firstOutside(count) : -1
    if (outside < 0) {
      beginRing()
      if (putRing(cursor, count, step, isSwapped)) cursor += <usize>count * step
      else for (let i = 0; i < count; i++, cursor += step) addRingPoint(f64At(cursor), f64At(cursor + 8), i == count - 1)
      endRing(ring > 0)
    } else {
      brokenRing(count, outside)
      setSide(1)
    }
  }
  return DRAWN
}

/** Whether the outside of the polygon is on the left (1) or on the right (-1) of a ring, as it is on the map. */
function sideOfRing(count: i32, isHole: bool): i32 {
  let area: f64 = 0
  const x = f64At(cursor),
    y = f64At(cursor + 8)
  for (let i = 1; i + 1 < count; i++) {
    const p = cursor + <usize>i * step
    area += (f64At(p) - x) * (f64At(p + step + 8) - y) - (f64At(p + step) - x) * (f64At(p + 8) - y)
  }
  return (area > 0 == isMirrored()) == isHole ? 1 : -1
}

/** The first point of a ring that lies outside the box, NaN included; -1 when there is none. */
function firstOutside(count: i32): i32 {
  for (let i = 0; i < count; i++) {
    const p = cursor + <usize>i * step
    if (!isInBox(f64At(p), f64At(p + 8))) return i
  }
  return -1
}

/** The border of a ring that leaves the box: a line once around, from a point outside to itself, so that no join inside is lost. */
function brokenRing(count: i32, start: i32): void {
  beginLine(false)
  // the last point repeats the first
  for (let k = 0; k < count; k++) {
    const i = count > 1 ? (start + k) % (count - 1) : 0
    const p = cursor + <usize>i * step
    addLinePoint(f64At(p), f64At(p + 8), k == count - 1)
  }
  endLine()
  cursor += <usize>count * step
}

function geometry(depth: i32): i32 {
  if (depth > DEEPEST || end - cursor < 9) return MALFORMED
  const outerSwapped = isSwapped
  const outerStep = step
  const order = load<u8>(cursor)
  if (order > 1) return MALFORMED
  isSwapped = order == 0
  const code = u32At(cursor + 1)
  cursor += 5
  if (code & 0x20000000) {
    cursor += 4
    if (end - cursor < 4) return MALFORMED
  }
  // extended flags, or thousands as ISO has them
  const plain = code & 0x0fffffff
  const iso = plain / 1000
  const kind = plain % 1000
  if (iso > 3 || kind < 1 || kind > 7) return OTHER_TYPE
  const hasZ = (code & 0x80000000) != 0 || iso == 1 || iso == 3
  const hasM = (code & 0x40000000) != 0 || iso >= 2
  step = 16 + (hasZ ? 8 : 0) + (hasM ? 8 : 0)
  let status = DRAWN
  if (kind == 1) {
    if (end - cursor < step) return MALFORMED
    if (wantsPoints()) drawPoint(f64At(cursor), f64At(cursor + 8))
    cursor += step
  } else if (kind == 2) status = lineString()
  else if (kind == 3) status = polygon()
  else {
    const count = countOfThings(9)
    if (count < 0) return MALFORMED
    for (let i = 0; i < count && status == DRAWN; i++) status = geometry(depth + 1)
  }
  isSwapped = outerSwapped
  step = outerStep
  return status
}

/** Hands every part of the geometry at `at` to the shape being built. */
export function walk(at: usize, length: usize): i32 {
  cursor = at
  end = at + length
  return geometry(0)
}
