// A stroke as one coverage shape: the contour runs along one side and back along the other, with joins and caps. Where it overlaps itself
// the winding adds up, and counts once. Segments that cannot show are left out, which moves nothing of what shows.
import { edge, UNIT } from './coverage'
import { countOf, isClosedPath, isWithin, pointsOf } from './path'
import { height, width } from './surface'

/** Chords of round joins and caps stay this close to the circle, in units: a twentieth of a pixel. */
const SAGITTA: f64 = 12
/** Half widths below a tenth of a pixel have no round ends: nobody could see them. */
const THIN: f64 = 25
/** Mitres reach at most twice the half width (turns up to 120 degrees); sharper corners are cut. */
export const MITRE_COSINE: f64 = -0.5
/** Turns below some 25 degrees are mitred whatever the join: the difference to a round one does not show. */
const SMALL_TURN: f64 = 0.9

export const BUTT: i32 = 0
export const MITRE: i32 = 0
export const ROUND: i32 = 1
export const SQUARE: i32 = 2
export const BEVEL: i32 = 2

/** Round joins whose mitre would reach less farther than this, in units, are mitred: an eighth of a pixel. */
const NEARLY_ROUND: f64 = 32

let half: f64 = 0
/** Turns of a greater cosine are mitred on their outer side. */
let mitredCosine: f64 = SMALL_TURN
let caps: i32 = BUTT
let joins: i32 = MITRE
/** Only finding out where a join leads to. */
let isSilent: bool = false
let leftX: f64 = 0,
  leftY: f64 = 0,
  rightX: f64 = 0,
  rightY: f64 = 0
// the segment being walked: direction normal (length `half`) and length
let nX: f64 = 0,
  nY: f64 = 0,
  length: f64 = 0

/** Half width in units; caps: 0 butt, 1 round, 2 square; joins: 0 mitre, 1 round, 2 bevel. */
export function setStroke(halfWidth: f64, capKind: i32, joinKind: i32): void {
  half = halfWidth
  caps = capKind
  joins = joinKind
  const halfTurn = halfWidth / (halfWidth + NEARLY_ROUND)
  mitredCosine = joinKind == ROUND ? min<f64>(SMALL_TURN, 2 * halfTurn * halfTurn - 1) : SMALL_TURN
}

export function strokeCaps(): i32 {
  return caps
}

export function strokeJoins(): i32 {
  return joins
}

/** In units. */
export function halfWidth(): f64 {
  return half
}

/** How far a stroke reaches from its path, in units. */
export function strokeReach(): f64 {
  return half * 2 + UNIT
}

function rounded(v: f64): f64 {
  return floor<f64>(v + 0.5)
}

function go(isLeft: bool, x: f64, y: f64): void {
  if (isLeft) {
    if (!isSilent) edge(leftX, leftY, x, y, 1)
    leftX = x
    leftY = y
  } else {
    if (!isSilent) edge(x, y, rightX, rightY, 1)
    rightX = x
    rightY = y
  }
}

/** The offset is rounded alone, so that a stroke moved by whole pixels has the very same shape. */
function goBy(isLeft: bool, x: f64, y: f64, dx: f64, dy: f64): void {
  go(isLeft, x + rounded(dx), y + rounded(dy))
}

/** Along the circle around (x, y) from offset a to offset b, less than a half turn apart; a itself has been reached. */
function arc(isLeft: bool, x: f64, y: f64, ax: f64, ay: f64, bx: f64, by: f64, depth: i32): void {
  const sumX = ax + bx,
    sumY = ay + by
  const sum = sqrt<f64>(sumX * sumX + sumY * sumY)
  if (depth == 0 || sum < 1e-9 || half - sum * 0.5 < SAGITTA) {
    goBy(isLeft, x, y, bx, by)
    return
  }
  const grow = half / sum
  const mx = sumX * grow,
    my = sumY * grow
  arc(isLeft, x, y, ax, ay, mx, my, depth - 1)
  arc(isLeft, x, y, mx, my, bx, by, depth - 1)
}

/** Goes around the point of a join on its outer side. */
function outer(isLeft: bool, x: f64, y: f64, ax: f64, ay: f64, bx: f64, by: f64, cosine: f64): void {
  const square = half * half
  if (cosine > mitredCosine || (joins == MITRE && cosine > MITRE_COSINE)) {
    const reach = 1 / (1 + cosine)
    goBy(isLeft, x, y, (ax + bx) * reach, (ay + by) * reach)
    return
  }
  goBy(isLeft, x, y, ax, ay)
  if (joins == ROUND && half > THIN) {
    if (cosine < -0.99) {
      // nearly back on itself: by way of straight on
      const side: f64 = isLeft ? 1 : -1
      const mx = -ay * side,
        my = ax * side
      if (mx * mx + my * my > square * 0.5) {
        arc(isLeft, x, y, ax, ay, mx, my, 6)
        arc(isLeft, x, y, mx, my, bx, by, 6)
        return
      }
    }
    arc(isLeft, x, y, ax, ay, bx, by, 6)
  } else goBy(isLeft, x, y, bx, by)
}

/** The inner side: the crossing of the two offset lines where both segments are long enough for it, else by way of the point itself. */
function inner(isLeft: bool, x: f64, y: f64, ax: f64, ay: f64, bx: f64, by: f64, cosine: f64, shorter: f64): void {
  const back = half * half * (1 - cosine)
  if (cosine > SMALL_TURN || back <= shorter * shorter * (1 + cosine)) {
    const reach = 1 / (1 + cosine)
    goBy(isLeft, x, y, (ax + bx) * reach, (ay + by) * reach)
    return
  }
  goBy(isLeft, x, y, ax, ay)
  go(isLeft, x, y)
  goBy(isLeft, x, y, bx, by)
}

/** A cap from side to side around the end (x, y) of a line whose outward direction is the normal (ax, ay) turned; ends opposite to a. */
function cap(isLeft: bool, x: f64, y: f64, ax: f64, ay: f64, outX: f64, outY: f64): void {
  if (caps == ROUND && half > THIN) {
    arc(isLeft, x, y, ax, ay, outX, outY, 6)
    arc(isLeft, x, y, outX, outY, -ax, -ay, 6)
  } else if (caps == SQUARE) {
    goBy(isLeft, x, y, ax + outX, ay + outY)
    goBy(isLeft, x, y, outX - ax, outY - ay)
  }
}

function aim(from: usize, to: usize): void {
  const dx = load<f64>(to) - load<f64>(from)
  const dy = load<f64>(to, 8) - load<f64>(from, 8)
  length = sqrt<f64>(dx * dx + dy * dy)
  nX = (dy / length) * half
  nY = (-dx / length) * half
}

function start(p: usize): void {
  const x = load<f64>(p),
    y = load<f64>(p, 8)
  leftX = x + rounded(nX)
  leftY = y + rounded(nY)
  rightX = x - rounded(nX)
  rightY = y - rounded(nY)
}

function startCap(p: usize): void {
  const x = load<f64>(p),
    y = load<f64>(p, 8)
  const toX = leftX,
    toY = leftY
  leftX = rightX
  leftY = rightY
  // from right to left behind the start: against the direction, which is (-nY, nX)
  cap(true, x, y, -nX, -nY, nY, -nX)
  go(true, toX, toY)
}

function endCap(p: usize): void {
  const x = load<f64>(p),
    y = load<f64>(p, 8)
  goBy(true, x, y, nX, nY)
  goBy(false, x, y, -nX, -nY)
  cap(true, x, y, nX, nY, -nY, nX)
  go(true, rightX, rightY)
}

/** Joins the segment before to the one that leads to `to`, at `p`. */
function join(p: usize, to: usize): void {
  const ax = nX,
    ay = nY,
    before = length
  aim(p, to)
  const x = load<f64>(p),
    y = load<f64>(p, 8)
  const square = half * half
  const cosine = (ax * nX + ay * nY) / square
  const isLeftOuter = ax * nY - ay * nX > 0
  const shorter = min<f64>(before, length)
  outer(isLeftOuter, x, y, isLeftOuter ? ax : -ax, isLeftOuter ? ay : -ay, isLeftOuter ? nX : -nX, isLeftOuter ? nY : -nY, cosine)
  inner(!isLeftOuter, x, y, isLeftOuter ? -ax : ax, isLeftOuter ? -ay : ay, isLeftOuter ? -nX : nX, isLeftOuter ? -nY : nY, cosine, shorter)
}

function shows(a: usize, b: usize): bool {
  const reach = strokeReach()
  return (
    max<f64>(load<f64>(a), load<f64>(b)) + reach > 0 &&
    max<f64>(load<f64>(a, 8), load<f64>(b, 8)) + reach > 0 &&
    min<f64>(load<f64>(a), load<f64>(b)) - reach < <f64>width * UNIT &&
    min<f64>(load<f64>(a, 8), load<f64>(b, 8)) - reach < <f64>height * UNIT
  )
}

function dot(p: usize): void {
  nX = half
  nY = 0
  start(p)
  startCap(p)
  endCap(p)
}

/** Where the contour stands behind the join at `p`, without drawing it: how a ring begins, and what follows a piece that does not show. */
function startBehindJoin(before: usize, p: usize, to: usize): void {
  isSilent = true
  aim(before, p)
  start(p)
  join(p, to)
  isSilent = false
}

/** Adds the coverage of one stroked sub-path. Neighbouring points must differ. */
export function strokeSubPath(at: usize): void {
  const count = countOf(at)
  const points = pointsOf(at)
  if (count == 1) {
    if (caps != BUTT) dot(points)
    return
  }
  const isRing = isClosedPath(at) && count > 2
  const segments = isRing ? count : count - 1
  // a ring begins behind a segment that does not show, if there is one
  const gap = isRing && !isWithin(strokeReach()) ? firstGap(points, count) : -1
  const isWhole = isRing && gap < 0
  const last = points + ((<usize>(count - 1)) << 4)
  let isRunning = isWhole
  if (isWhole) startBehindJoin(last, points, points + 16)
  let before = gap < 0 ? last : points + ((<usize>gap) << 4)
  let p = gap < 0 || gap + 1 == count ? points : points + ((<usize>(gap + 1)) << 4)
  for (let k = 0; k < segments; k++) {
    const q = p == last ? points : p + 16
    const isEnd = !isRing && k == 0
    if (isWhole) {
      if (k > 0) join(p, q)
    } else if (!shows(p, q)) {
      // the next segment is joined all the same, so that this one is as if it showed
      if (isRunning) {
        join(p, q)
        edge(leftX, leftY, rightX, rightY, 1)
      }
      isRunning = false
    } else if (isRunning) join(p, q)
    else {
      if (isEnd) {
        aim(p, q)
        start(p)
        startCap(p)
      } else {
        startBehindJoin(before, p, q)
        edge(rightX, rightY, leftX, leftY, 1)
      }
      isRunning = true
    }
    before = p
    p = q
  }
  if (!isRunning) return
  if (isWhole) join(points, points + 16)
  else endCap(p)
}

/** The first segment of a ring that does not show, by the index of its first point; -1 when all do. */
function firstGap(points: usize, count: i32): i32 {
  for (let i = 0; i < count; i++) {
    const next = i + 1 == count ? 0 : i + 1
    if (!shows(points + ((<usize>i) << 4), points + ((<usize>next) << 4))) return i
  }
  return -1
}
