// The path of one shape: sub-paths one behind the other, each a head (count i32, is closed i32, winding i32, free i32) and its points
// (x, y in f64, whole units of 1/256 pixel). What is made of a path (its parallel, its dashes) is a further stage behind it.

import { UNIT } from './coverage'
import { height, path, reach, width } from './surface'

const HEAD: usize = 16
/** Farther out than any map reaches (2^40 pixels); keeps sums exact in f64. */
const FAR: f64 = 281474976710656

let base: usize = 0
let head: usize = 0
let tip: usize = 0
export let subPaths: i32 = 0
export let isFull: bool = false
let minX: f64 = 0,
  minY: f64 = 0,
  maxX: f64 = 0,
  maxY: f64 = 0

export function clearPath(): void {
  tip = path
  isFull = false
  beginStage()
}

/** Begins a further path behind the one so far, which stays as it is. */
export function beginStage(): void {
  base = tip
  subPaths = 0
  minX = minY = Infinity
  maxX = maxY = -Infinity
}

/** Forgets the last stage: back to the one that began at `at` and has `count` sub-paths. */
export function endStage(at: usize, count: i32): void {
  tip = base
  base = at
  subPaths = count
}

/** Room for `bytes` between the path so far and the stage that will begin next; 0 when there is none. */
export function scratch(bytes: usize): usize {
  const at = tip
  if (!reach(at + bytes + 16)) isFull = true
  if (isFull) return 0
  tip = at + ((bytes + 7) & ~7)
  return at
}

export function beginSubPath(): void {
  head = tip
  if (!reach(head + HEAD)) {
    isFull = true
    return
  }
  store<i32>(head, 0)
  tip = head + HEAD
}

export function pointCount(): i32 {
  return load<i32>(head)
}

/** The points of the sub-path being built. */
export function builtPoints(): usize {
  return head + HEAD
}

export function lastX(): f64 {
  return load<f64>(tip - 16)
}

export function lastY(): f64 {
  return load<f64>(tip - 8)
}

export function addPoint(x: f64, y: f64): void {
  if (!reach(tip + 16)) isFull = true
  if (isFull) return
  x = min<f64>(max<f64>(x, -FAR), FAR)
  y = min<f64>(max<f64>(y, -FAR), FAR)
  store<f64>(tip, x)
  store<f64>(tip, y, 8)
  tip += 16
  store<i32>(head, load<i32>(head) + 1)
  if (x < minX) minX = x
  if (x > maxX) maxX = x
  if (y < minY) minY = y
  if (y > maxY) maxY = y
}

/** Where at most `count` points of a sub-path that has none yet may be put, for `keepPoints`; 0 when there is no room. */
export function placeForPoints(count: i32): usize {
  if (!reach(tip + ((<usize>count) << 4))) isFull = true
  return isFull ? 0 : tip
}

/** The points that were put there end before `end`; the corners of their box are x and y each. */
export function keepPoints(end: usize, least: v128, greatest: v128): void {
  store<i32>(head, <i32>((end - tip) >> 4))
  tip = end
  minX = min<f64>(minX, f64x2.extract_lane(least, 0))
  minY = min<f64>(minY, f64x2.extract_lane(least, 1))
  maxX = max<f64>(maxX, f64x2.extract_lane(greatest, 0))
  maxY = max<f64>(maxY, f64x2.extract_lane(greatest, 1))
}

/** A point, x and y, no farther out than any may be. */
export function bounded(v: v128): v128 {
  return f64x2.pmax(f64x2.splat(-FAR), f64x2.pmin(f64x2.splat(FAR), v))
}

/** Whether the last point is where the sub-path began. */
export function isBackAtStart(): bool {
  return load<f64>(head + HEAD) == lastX() && load<f64>(head + HEAD, 8) == lastY()
}

export function dropLastPoint(): void {
  tip -= 16
  store<i32>(head, load<i32>(head) - 1)
}

/** Keeps the sub-path when it has at least `least` points. */
export function endSubPath(isClosed: bool, winding: i32, least: i32): void {
  if (isFull) return
  if (pointCount() < least) {
    tip = head
    return
  }
  store<i32>(head, <i32>isClosed, 4)
  store<i32>(head, winding, 8)
  subPaths++
}

export function firstSubPath(): usize {
  return base
}

export function nextSubPath(at: usize): usize {
  return at + HEAD + ((<usize>load<i32>(at)) << 4)
}

export function countOf(at: usize): i32 {
  return load<i32>(at)
}

export function isClosedPath(at: usize): bool {
  return load<i32>(at, 4) != 0
}

export function windingOf(at: usize): i32 {
  return load<i32>(at, 8)
}

export function pointsOf(at: usize): usize {
  return at + HEAD
}

/** Whether anything within `reachUnits` of the path could show. */
export function isVisible(reachUnits: f64): bool {
  return (
    subPaths > 0 &&
    minX - reachUnits < <f64>width * UNIT &&
    minY - reachUnits < <f64>height * UNIT &&
    maxX + reachUnits > 0 &&
    maxY + reachUnits > 0
  )
}

/** Whether all of the path lies in the image, and its box is at most `pixels` wide and high. */
export function isSmall(pixels: f64): bool {
  return (
    minX >= 0 && minY >= 0 && maxX < <f64>width * UNIT && maxY < <f64>height * UNIT && max<f64>(maxX - minX, maxY - minY) <= pixels * UNIT
  )
}

/** Of a path within the image: the rows and columns that its box meets. */
export function topRow(): i32 {
  return <i32>minY >> 8
}

export function bottomRow(): i32 {
  return <i32>maxY >> 8
}

export function firstColumn(): i32 {
  return <i32>minX >> 8
}

export function lastColumn(): i32 {
  return <i32>maxX >> 8
}

/** Whether all of the path lies in the image or within `reachUnits` of it. */
export function isWithin(reachUnits: f64): bool {
  return minX + reachUnits > 0 && minY + reachUnits > 0 && maxX - reachUnits < <f64>width * UNIT && maxY - reachUnits < <f64>height * UNIT
}

/** First image row the path may touch, and one past the last. */
export function firstRow(reachUnits: f64): i32 {
  return <i32>max<f64>(floor<f64>((minY - reachUnits) / UNIT), 0)
}

export function endRow(reachUnits: f64): i32 {
  return <i32>min<f64>(ceil<f64>((maxY + reachUnits) / UNIT) + 1, <f64>height)
}

/** First image column the path may touch, and one past the last. */
export function leftColumn(reachUnits: f64): i32 {
  return <i32>max<f64>(floor<f64>((minX - reachUnits) / UNIT), 0)
}

export function rightColumn(reachUnits: f64): i32 {
  return <i32>min<f64>(ceil<f64>((maxX + reachUnits) / UNIT) + 1, <f64>width)
}

export let shownFrom: f64 = 0
export let shownTo: f64 = 1

function narrow(direction: f64, room: f64): bool {
  if (direction == 0) return room >= 0
  const t = room / direction
  if (direction < 0) shownFrom = max<f64>(shownFrom, t)
  else shownTo = min<f64>(shownTo, t)
  return shownFrom <= shownTo
}

/** Whether what lies within `reachUnits` of a segment could show: then it is the part between the shares `shownFrom` and `shownTo`. */
export function showsPart(a: usize, b: usize, reachUnits: f64): bool {
  shownFrom = 0
  shownTo = 1
  const x = load<f64>(a),
    y = load<f64>(a, 8)
  const dx = load<f64>(b) - x,
    dy = load<f64>(b, 8) - y
  const right = <f64>width * UNIT + reachUnits,
    bottom = <f64>height * UNIT + reachUnits
  return narrow(-dx, x + reachUnits) && narrow(dx, right - x) && narrow(-dy, y + reachUnits) && narrow(dy, bottom - y)
}
