// Cuts a path into its dashes: a stage of open pieces, each with the vertices it turns at. Only dashes that could show are made, and where they
// lie is computed from the whole line, so that tiles agree.
import { distanceAt, find, foundX, foundY, isRing, measure, pointAt, roomToMeasure, segments, length as wholeLength } from './measure'
import {
  addPoint,
  beginStage,
  beginSubPath,
  endSubPath,
  firstSubPath,
  isFull,
  lastX,
  lastY,
  nextSubPath,
  pointCount,
  scratch,
  shownFrom,
  shownTo,
  showsPart,
  subPaths,
} from './path'
import { SQUARE, strokeCaps, strokeReach } from './stroke'

/** Lengths in a pattern. */
const MOST_LENGTHS: i32 = 64
/** Of one geometry: beyond, the rest of the line is drawn through. */
const MOST_DASHES: i32 = 1 << 20
/** Farther along a line (10^12 pixels) a pattern has no exact place any more. */
const FARTHEST: f64 = 1e14
/** A dash with square caps needs a direction: it is at least this long, in units. */
const SHORTEST: f64 = 64

/** Where each dash of the pattern begins and ends, in units. */
const dashes = memory.data(64 * 8, 16)
let lengths: i32 = 0
let period: f64 = 0
let phase: f64 = 0
let made: i32 = 0

/** No dashes. What is added later are lengths of dashes and gaps in turn; `offset`: how far into the pattern lines begin. All in units. */
export function clearDashes(offset: f64): void {
  lengths = 0
  period = 0
  phase = offset
}

export function addDash(length: f64): void {
  if (lengths == MOST_LENGTHS) return
  period += length
  store<f64>(dashes + ((<usize>lengths) << 3), period)
  lengths++
}

export function hasDashes(): bool {
  return lengths > 1 && period > 0
}

/** Begin (even) or end (odd) of a dash within the pattern. */
function mark(index: i32): f64 {
  return index == 0 ? 0 : load<f64>(dashes + ((<usize>(index - 1)) << 3))
}

/** The first point of the line that lies beyond `distance`, from point `near` on. */
function pointBeyond(distance: f64, near: i32): i32 {
  let i = near
  while (i > 0 && distanceAt(i) > distance) i--
  while (i < segments && distanceAt(i) <= distance) i++
  return i
}

function put(x: f64, y: f64): void {
  if (pointCount() == 0 || x != lastX() || y != lastY()) addPoint(x, y)
}

/** Makes the dash between two distances; in rings `to` may lie beyond the end. */
function makeDash(from: f64, to: f64, near: i32): void {
  if (strokeCaps() == SQUARE && to - from < SHORTEST) {
    const middle = (from + to) / 2
    from = middle - SHORTEST / 2
    to = middle + SHORTEST / 2
  }
  if (!isRing) {
    from = max<f64>(from, 0)
    to = min<f64>(to, wholeLength)
  }
  if (isFull || from > to) return
  beginSubPath()
  find(from, near)
  put(foundX, foundY)
  let i = pointBeyond(from, near)
  const end = isRing ? segments * 2 : segments
  for (; i < end && distanceAt(i) < to; i++) {
    const p = pointAt(i >= segments && isRing ? i - segments : i)
    put(load<f64>(p), load<f64>(p, 8))
  }
  find(to, i)
  put(foundX, foundY)
  endSubPath(false, 1, 1)
  made++
}

/** The whole ring lies in one dash. */
function makeRing(): void {
  beginSubPath()
  for (let i = 0; i < segments; i++) {
    const p = pointAt(i)
    put(load<f64>(p), load<f64>(p, 8))
  }
  endSubPath(true, 1, 1)
}

function dashSubPath(): void {
  // in a ring the dash in which it begins and ends is one
  let seamFrom: f64 = 0,
    seamTo: f64 = 0
  let hasSeam = false
  if (isRing) {
    seamTo = endOfDashAt(0)
    seamFrom = beginOfDashAt(wholeLength)
    hasSeam = seamTo > 0 && seamFrom < wholeLength
    if (hasSeam && seamTo >= wholeLength) {
      makeRing()
      return
    }
  }
  let drawnTo = -Infinity
  for (let k = 0; k < segments; k++) {
    if (!showsPart(pointAt(k), pointAt(k + 1), strokeReach())) continue
    const begin = distanceAt(k)
    const length = distanceAt(k + 1) - begin
    const shownEnd = begin + length * shownTo
    const from = begin + length * shownFrom
    if (shownEnd > FARTHEST) return
    let cycle = floor<f64>((from + phase) / period)
    let index = 0
    let isDone = false
    while (!isDone && !isFull) {
      const start = cycle * period - phase
      const dashFrom = start + mark(index)
      let dashTo = start + mark(index + 1)
      if (dashFrom > shownEnd) break
      if (dashTo >= from && dashFrom > drawnTo) {
        if (made > MOST_DASHES) {
          dashTo = wholeLength
          isDone = true
        }
        drawnTo = dashFrom
        if (!(hasSeam && (dashFrom <= 0 || dashTo >= wholeLength))) makeDash(dashFrom, dashTo, k)
        else if (seamTo > 0) {
          makeDash(seamFrom, wholeLength + seamTo, k)
          // once
          seamTo = 0
        }
      }
      index += 2
      if (index >= lengths) {
        index = 0
        cycle++
      }
    }
    if (isDone) return
  }
}

/** Where the dash at `distance` ends; -Infinity in a gap. */
function endOfDashAt(distance: f64): f64 {
  const cycle = floor<f64>((distance + phase) / period)
  const within = distance + phase - cycle * period
  for (let i = 0; i < lengths; i += 2) if (within >= mark(i) && within < mark(i + 1)) return cycle * period - phase + mark(i + 1)
  return -Infinity
}

/** Where the dash at `distance` begins; Infinity in a gap. */
function beginOfDashAt(distance: f64): f64 {
  const cycle = floor<f64>((distance + phase) / period)
  const within = distance + phase - cycle * period
  for (let i = 0; i < lengths; i += 2) if (within > mark(i) && within <= mark(i + 1)) return cycle * period - phase + mark(i)
  return Infinity
}

/** From the stage in use to its dashes. */
export function dashPath(): void {
  let at = firstSubPath()
  const count = subPaths
  made = 0
  // sub-paths of one stage follow each other: so all are measured into one place before it
  const room = scratch(roomToMeasure(at, count))
  beginStage()
  if (isFull) return
  for (let i = 0; i < count; i++, at = nextSubPath(at)) if (measure(at, room)) dashSubPath()
}
