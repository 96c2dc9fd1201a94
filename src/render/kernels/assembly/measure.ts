// How far along its line each point of a sub-path lies. Always summed up from the first point, also of lines that begin far outside of the map:
// so every tile finds the very same numbers.
import { countOf, isClosedPath, nextSubPath, pointsOf } from './path'

/** First point of the measured sub-path; points wrap around in rings. */
export let points: usize = 0
export let count: i32 = 0
export let segments: i32 = 0
export let isRing: bool = false
/** Its length. */
export let length: f64 = 0
let sums: usize = 0
/** Position and direction (a unit long) found by `find`. */
export let foundX: f64 = 0
export let foundY: f64 = 0
export let foundDx: f64 = 1
export let foundDy: f64 = 0

export function pointAt(index: i32): usize {
  return points + ((<usize>(index >= count ? index - count : index)) << 4)
}

/** Where along the line a point lies; `index` may go around a ring once. */
export function distanceAt(index: i32): f64 {
  if (index <= segments) return load<f64>(sums + ((<usize>index) << 3))
  return length + load<f64>(sums + ((<usize>(index - segments)) << 3))
}

/** Bytes that `measure` needs for the longest of `subPathCount` sub-paths from `at`. */
export function roomToMeasure(at: usize, subPathCount: i32): usize {
  let most = 0
  for (let i = 0; i < subPathCount; i++, at = nextSubPath(at)) most = max<i32>(most, countOf(at))
  return (<usize>(most + 1)) << 3
}

/** Sums up the sub-path at `at`, into `room`; false when it has no length. */
export function measure(at: usize, room: usize): bool {
  count = countOf(at)
  points = pointsOf(at)
  isRing = isClosedPath(at) && count > 2
  segments = isRing ? count : count - 1
  if (segments < 1) return false
  sums = room
  let sum: f64 = 0
  store<f64>(sums, sum)
  let x = load<f64>(points),
    y = load<f64>(points, 8)
  for (let i = 1; i <= segments; i++) {
    const p = pointAt(i)
    const dx = load<f64>(p) - x,
      dy = load<f64>(p, 8) - y
    sum += sqrt<f64>(dx * dx + dy * dy)
    store<f64>(sums + ((<usize>i) << 3), sum)
    x = load<f64>(p)
    y = load<f64>(p, 8)
  }
  length = sum
  return sum > 0
}

/** Finds the place at `distance`, going from the segment that begins at point `near`; in rings it may lie beyond both ends. */
export function find(distance: f64, near: i32): void {
  if (isRing) {
    if (distance < 0) distance += length
    else if (distance > length) distance -= length
    if (near >= segments) near -= segments
  }
  distance = max<f64>(0, min<f64>(distance, length))
  let i = min<i32>(near, segments - 1)
  // the other way around a ring is shorter
  if (isRing && abs<f64>(distanceAt(i) - distance) > length * 0.5) i = distance > distanceAt(i) ? segments - 1 : 0
  while (i > 0 && distanceAt(i) > distance) i--
  while (i < segments - 1 && distanceAt(i + 1) < distance) i++
  const a = pointAt(i),
    b = pointAt(i + 1)
  const step = distanceAt(i + 1) - distanceAt(i)
  const dx = load<f64>(b) - load<f64>(a),
    dy = load<f64>(b, 8) - load<f64>(a, 8)
  const share = step > 0 ? (distance - distanceAt(i)) / step : 0
  foundX = load<f64>(a) + floor<f64>(dx * share + 0.5)
  foundY = load<f64>(a, 8) + floor<f64>(dy * share + 0.5)
  if (step > 0) {
    foundDx = dx / step
    foundDy = dy / step
  }
}

let keptPoints: usize = 0
let keptCount: i32 = 0
let keptSegments: i32 = 0
let keptIsRing: bool = false
let keptLength: f64 = 0
let keptSums: usize = 0

/** Sets the measured sub-path aside while that of a mark is measured. */
export function keepMeasure(): void {
  keptPoints = points
  keptCount = count
  keptSegments = segments
  keptIsRing = isRing
  keptLength = length
  keptSums = sums
}

export function returnMeasure(): void {
  points = keptPoints
  count = keptCount
  segments = keptSegments
  isRing = keptIsRing
  length = keptLength
  sums = keptSums
}
