// The parallel of a path at a distance, as a stage of its own. Segments are moved one after the other and cut where they meet the one before;
// those that a tight inner corner swallows are left out. One pass, so that a hostile line costs no more than its length.
import {
  addPoint,
  beginStage,
  beginSubPath,
  builtPoints,
  countOf,
  endSubPath,
  firstSubPath,
  isClosedPath,
  isFull,
  lastX,
  lastY,
  nextSubPath,
  pointCount,
  pointsOf,
  scratch,
  subPaths,
  windingOf,
} from './path'
import { MITRE, ROUND, strokeJoins } from './stroke'

/** A moved segment: its start before it was moved, its direction (a unit long), its length, where it begins and ends now, how it is joined. */
const ENTRY: usize = 64
/** Chords of arcs stay this close to them, in units. */
const SAGITTA: f64 = 12
const MITRE_COSINE: f64 = -0.5
const SMALL_TURN: f64 = 0.9
/** Joined where both meet, by a chord, or by an arc. */
const MEET: i32 = 0
const CHORD: i32 = 1
const ARC: i32 = 2

let offset: f64 = 0
let stack: usize = 0
let bottom: i32 = 0
let top: i32 = 0
// of the sub-path: to the left of its direction
let by: f64 = 0
let meetA: f64 = 0
let meetB: f64 = 0

/** Units to the left of lines, and outwards of polygons. */
export function setOffset(units: f64): void {
  offset = units
}

export function hasOffset(): bool {
  return offset != 0
}

function entry(index: i32): usize {
  return stack + <usize>index * ENTRY
}

/** Cross product of the directions of two segments; the offset lines meet at `meetA` and `meetB` along them. */
function meet(a: usize, b: usize): f64 {
  const ax = load<f64>(a, 16),
    ay = load<f64>(a, 24),
    bx = load<f64>(b, 16),
    by_ = load<f64>(b, 24)
  const cross = ax * by_ - ay * bx
  if (abs<f64>(cross) < 1e-9) return cross
  const dx = load<f64>(b) - load<f64>(a) + (by_ - ay) * by,
    dy = load<f64>(b, 8) - load<f64>(a, 8) - (bx - ax) * by
  meetA = (dx * by_ - dy * bx) / cross
  meetB = (dx * ay - dy * ax) / cross
  return cross
}

/** Joins two segments; false when `a` is swallowed and must go. */
function corner(a: usize, b: usize, isNeighbour: bool): bool {
  const cosine = load<f64>(a, 16) * load<f64>(b, 16) + load<f64>(a, 24) * load<f64>(b, 24)
  const cross = meet(a, b)
  const isParallel = abs<f64>(cross) < 1e-9
  const isInner = cross * by < 0
  const joins = strokeJoins()
  let way = MEET
  if (isParallel) {
    if (cosine < 0 && !isNeighbour) return false
    way = cosine < 0 && joins == ROUND ? ARC : CHORD
  } else if (!isInner && !isNeighbour) {
    const far = 2 * abs<f64>(by)
    if (meetA > load<f64>(a, 32) + far || meetB < -far) way = CHORD
  } else if (!isInner && cosine < SMALL_TURN && (joins != MITRE || cosine < MITRE_COSINE)) way = joins == ROUND ? ARC : CHORD
  if (way != MEET) {
    meetA = load<f64>(a, 32)
    meetB = 0
  }
  // it would end before it begins
  if (meetA < load<f64>(a, 40)) return false
  store<f64>(a, meetA, 48)
  store<f64>(b, meetB, 40)
  store<i32>(b, way, 56)
  return true
}

function push(p: usize, q: usize): void {
  const dx = load<f64>(q) - load<f64>(p),
    dy = load<f64>(q, 8) - load<f64>(p, 8)
  const length = sqrt<f64>(dx * dx + dy * dy)
  if (length == 0) return
  const e = entry(top)
  store<f64>(e, load<f64>(p))
  store<f64>(e, load<f64>(p, 8), 8)
  store<f64>(e, dx / length, 16)
  store<f64>(e, dy / length, 24)
  store<f64>(e, length, 32)
  store<f64>(e, 0, 40)
  store<f64>(e, length, 48)
  store<i32>(e, MEET, 56)
  let isNeighbour = true
  let i = top - 1
  while (i >= bottom && !corner(entry(i), e, isNeighbour)) {
    isNeighbour = false
    i--
  }
  // takes the place of those that went
  if (i + 1 != top) memory.copy(entry(i + 1), e, ENTRY)
  top = i + 2
}

/** Joins the last segment of a ring to the first; both may be swallowed. */
function closeRing(): void {
  let isNeighbour = true
  while (top - bottom > 2) {
    const a = entry(top - 1),
      b = entry(bottom)
    const end = load<f64>(b, 48)
    if (!corner(a, b, isNeighbour)) top--
    else if (load<f64>(b, 40) > end) bottom++
    else return
    isNeighbour = false
  }
}

function put(e: usize, along: f64): void {
  const dx = load<f64>(e, 16),
    dy = load<f64>(e, 24)
  putBy(e, dy * by + dx * along, -dx * by + dy * along)
}

/** The offset is rounded alone: a line moved by whole pixels has the very same parallel. */
function putBy(e: usize, dx: f64, dy: f64): void {
  const x = load<f64>(e) + floor<f64>(dx + 0.5),
    y = load<f64>(e, 8) + floor<f64>(dy + 0.5)
  if (pointCount() == 0 || x != lastX() || y != lastY()) addPoint(x, y)
}

/** Around the start of `e` from offset a to offset b; a itself has been put. */
function arc(e: usize, ax: f64, ay: f64, bx: f64, by_: f64, depth: i32): void {
  const radius = abs<f64>(by)
  const sumX = ax + bx,
    sumY = ay + by_
  const sum = sqrt<f64>(sumX * sumX + sumY * sumY)
  if (depth == 0 || sum < 1e-9 || radius - sum * 0.5 < SAGITTA) {
    putBy(e, bx, by_)
    return
  }
  const mx = (sumX * radius) / sum,
    my = (sumY * radius) / sum
  arc(e, ax, ay, mx, my, depth - 1)
  arc(e, mx, my, bx, by_, depth - 1)
}

/** The corner at which `e` begins, behind the segment `a`. */
function putCorner(a: usize, e: usize): void {
  const way = load<i32>(e, 56)
  if (way == MEET) {
    put(e, load<f64>(e, 40))
    return
  }
  put(a, load<f64>(a, 48))
  if (way == ARC) {
    const ax = load<f64>(a, 24) * by,
      ay = -load<f64>(a, 16) * by
    const bx = load<f64>(e, 24) * by,
      by_ = -load<f64>(e, 16) * by
    if (ax * bx + ay * by_ < -0.98 * by * by) {
      // back on itself: by way of straight on
      const mx = load<f64>(a, 16) * abs<f64>(by),
        my = load<f64>(a, 24) * abs<f64>(by)
      arc(e, ax, ay, mx, my, 6)
      arc(e, mx, my, bx, by_, 6)
    } else arc(e, ax, ay, bx, by_, 6)
  }
  put(e, load<f64>(e, 40))
}

/** Twice the area of a ring, relative to its first point. */
function areaOf(points: usize, count: i32): f64 {
  const x = load<f64>(points),
    y = load<f64>(points, 8)
  let area: f64 = 0
  for (let i = 1; i < count - 1; i++) {
    const p = points + ((<usize>i) << 4)
    area += (load<f64>(p) - x) * (load<f64>(p, 24) - y) - (load<f64>(p, 16) - x) * (load<f64>(p, 8) - y)
  }
  return area
}

function offsetSubPath(at: usize): void {
  const count = countOf(at)
  const points = pointsOf(at)
  const isRing = isClosedPath(at) && count > 2
  if (count < 2) return
  by = offset * <f64>windingOf(at)
  bottom = top = 0
  const segments = isRing ? count : count - 1
  for (let k = 0; k < segments; k++) push(points + ((<usize>k) << 4), k + 1 == count ? points : points + ((<usize>(k + 1)) << 4))
  if (isRing) closeRing()
  // the last one may be swallowed by the one before
  else if (top - bottom > 1 && load<f64>(entry(top - 1), 40) >= load<f64>(entry(top - 1), 48)) top--
  const least = isRing ? 3 : 1
  if (top - bottom < least) return
  beginSubPath()
  const begin = entry(bottom)
  if (isRing) putCorner(entry(top - 1), begin)
  else put(begin, load<f64>(begin, 40))
  for (let i = bottom + 1; i < top; i++) putCorner(entry(i - 1), entry(i))
  if (!isRing) put(entry(top - 1), load<f64>(entry(top - 1), 48))
  endRingOrLine(isRing, points, count)
}

/** A ring that has turned inside out is gone. */
function endRingOrLine(isRing: bool, points: usize, count: i32): void {
  if (isFull) return
  const made = pointCount()
  const isTurned = isRing && areaOf(points, count) > 0 != areaOf(builtPoints(), made) > 0
  endSubPath(isRing, 1, isTurned ? i32.MAX_VALUE : isRing ? 3 : 2)
}

/** From the stage in use to its parallel. */
export function offsetPath(): void {
  let at = firstSubPath()
  const count = subPaths
  let most = 0
  for (let i = 0, p = at; i < count; i++, p = nextSubPath(p)) most = max<i32>(most, countOf(p))
  stack = scratch(<usize>(most + 1) * ENTRY)
  beginStage()
  if (isFull) return
  for (let i = 0; i < count; i++, at = nextSubPath(at)) offsetSubPath(at)
}
