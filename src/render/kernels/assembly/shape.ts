// What the current pass makes of a geometry: the path of its fill or stroke, or marks at its points.
import { addLine, addRing, ringArea } from './affine-shape'
import { beginClip, clippedFrom, clippedTo, clipSegment, clipVertex, endClip } from './clip'
import { hasGraphic, stamp } from './graphic'
import { HOLE, SHELL } from './inner-point'
import { cellsBetween, isAffine, locate, pixelX, pixelY } from './locate'
import { addPoint, beginSubPath, dropLastPoint, endSubPath, isBackAtStart, lastX, lastY, pointCount } from './path'
import { isTracing } from './trace'

export const FILL: i32 = 0
export const STROKE: i32 = 1
export const GRAPHIC: i32 = 2
export const GRAPHIC_STROKE: i32 = 3

const POINTS: i32 = 1
const LINES: i32 = 2
const POLYGONS: i32 = 4

/** Fills are snapped to sixteenths of a pixel, every vertex for itself: neighbours keep their common border whatever ring it is read from. */
const SNAPS: f64 = 16
/** Strokes leave out what is closer than half a pixel to the point before; in units, squared. Those that are traced keep more. */
const NEAR: f64 = 128 * 128
const TRACED_NEAR: f64 = 16 * 16
/** Just off a half: data on a regular grid do not fall on the very border between two positions, where a hair decides. */
const HALF: f64 = 0.5064
/** Pieces that an edge is cut into at most to follow a control grid: twice across the finest one. */
const MOST_STEPS: f64 = 128
/** Coordinates beyond are no coordinates; so are NaN and infinity. */
const FARTHEST: f64 = 1e300

let kind: i32 = FILL
let classes: i32 = 0
let plane: i32 = 0
let isRing: bool = false
/** Something is measured along lines, from their very beginning: they are not clipped. */
let isMeasured: bool = false
/** The left of lines is their outer side (1), or the right (-1). */
let side: i32 = 1
// of fills, in units
let shiftX: f64 = 0,
  shiftY: f64 = 0
// twice the area of the ring in source coordinates, relative to its first point
let area: f64 = 0
let firstX: f64 = 0,
  firstY: f64 = 0,
  beforeX: f64 = 0,
  beforeY: f64 = 0
let isFirst: bool = true
// within a piece that is left after clipping
let isRunning: bool = false
let startX: f64 = 0,
  startY: f64 = 0,
  sourceX: f64 = 0,
  sourceY: f64 = 0

/** `classes`: 1 points, 2 lines, 4 polygons, added. */
export function setShape(passKind: i32, passClasses: i32, passPlane: i32): void {
  kind = passKind
  classes = passClasses
  plane = passPlane
  isMeasured = false
  shiftX = 0
  shiftY = 0
}

/** Lines stay whole, wherever they go. */
export function setMeasured(): void {
  isMeasured = true
}

/** Moves fills. Whole units. */
export function setShift(x: f64, y: f64): void {
  shiftX = x
  shiftY = y
}

/** The next lines have their outer side on the left (1) or on the right (-1). */
export function setSide(value: i32): void {
  side = value
}

export function shapeKind(): i32 {
  return kind
}

export function shapePlane(): i32 {
  return plane
}

export function wantsPoints(): bool {
  return kind == GRAPHIC && (classes & POINTS) != 0
}

export function wantsLines(): bool {
  return kind != FILL && (classes & LINES) != 0
}

export function wantsPolygons(): bool {
  return (classes & POLYGONS) != 0
}

/** Whether borders of polygons fall into pieces where they leave the box of the control grid. */
export function splitsRings(): bool {
  return kind == STROKE && !isMeasured && !isAffine()
}

function unitsOf(pixels: f64): f64 {
  return floor<f64>(pixels * 256 + HALF)
}

export function drawPoint(x: f64, y: f64): void {
  if (hasGraphic() && locate(x, y)) stamp(unitsOf(pixelX), unitsOf(pixelY))
}

/** Steps along an edge from (ax, ay) to (bx, by) that follow the curve it becomes on the map. */
function stepsAlong(ax: f64, ay: f64, bx: f64, by: f64): i32 {
  return <i32>min<f64>(max<f64>(ceil<f64>(cellsBetween(ax, ay, bx, by)), 1), MOST_STEPS)
}

export function beginLine(ring: bool): void {
  isRing = ring
  isFirst = true
  isRunning = false
  beginSubPath()
}

/** All of a line, from the `count` positions at `p`; false where they have to be added one by one. */
export function putLine(p: usize, count: i32, step: usize, isSwapped: bool): bool {
  return kind == STROKE && isAffine() && addLine(p, count, step, isSwapped, HALF, isTracing ? TRACED_NEAR : NEAR, FARTHEST)
}

/** All of a ring, likewise. */
export function putRing(p: usize, count: i32, step: usize, isSwapped: bool): bool {
  if (kind != FILL) return putLine(p, count, step, isSwapped)
  if (!isAffine()) return false
  if (!addRing(p, count, step, isSwapped, SNAPS, HALF, shiftX, shiftY, FARTHEST)) return false
  area = ringArea
  return true
}

/** Ends a piece of a line, and begins the next. */
function breakLine(): void {
  endSubPath(false, side, 1)
  beginSubPath()
}

/** The next point of a line, in source coordinates. */
export function addLinePoint(x: f64, y: f64, isLast: bool): void {
  if (kind == GRAPHIC) {
    if (abs<f64>(x) < FARTHEST && abs<f64>(y) < FARTHEST) addPoint(x, y)
    return
  }
  if (isAffine()) {
    putLinePoint(x, y, isLast)
    return
  }
  if (!(abs<f64>(x) < FARTHEST && abs<f64>(y) < FARTHEST)) return
  if (isMeasured) {
    if (!isFirst) putCurved(beforeX, beforeY, x, y)
    putLinePoint(x, y, isLast)
  } else if (!isFirst) addClipped(beforeX, beforeY, x, y, isLast)
  isFirst = false
  beforeX = x
  beforeY = y
}

/** What follows the curve that an edge becomes within the box; its ends are put by others. */
function putCurved(ax: f64, ay: f64, bx: f64, by: f64): void {
  if (!clipSegment(ax, ay, bx, by)) return
  const from = clippedFrom,
    to = clippedTo
  const dx = bx - ax,
    dy = by - ay
  const steps = stepsAlong(ax + dx * from, ay + dy * from, ax + dx * to, ay + dy * to)
  for (let i = from > 0 ? 0 : 1; i < steps; i++) {
    const t = from + ((to - from) * <f64>i) / <f64>steps
    putLinePoint(ax + dx * t, ay + dy * t, false)
  }
  if (to < 1) putLinePoint(ax + dx * to, ay + dy * to, false)
}

function addClipped(ax: f64, ay: f64, bx: f64, by: f64, isLast: bool): void {
  if (!clipSegment(ax, ay, bx, by)) return
  const from = clippedFrom,
    to = clippedTo
  const dx = bx - ax,
    dy = by - ay
  if (!isRunning || from > 0) {
    breakLine()
    putLinePoint(ax + dx * from, ay + dy * from, true)
  }
  const steps = stepsAlong(ax + dx * from, ay + dy * from, ax + dx * to, ay + dy * to)
  for (let i = 1; i < steps; i++) {
    const t = from + ((to - from) * <f64>i) / <f64>steps
    putLinePoint(ax + dx * t, ay + dy * t, false)
  }
  isRunning = to == 1
  if (isRunning) putLinePoint(bx, by, isLast)
  else putLinePoint(ax + dx * to, ay + dy * to, true)
}

function putLinePoint(x: f64, y: f64, isLast: bool): void {
  if (!locate(x, y)) {
    // no place on the map: the line goes on behind it
    if (!isRing) breakLine()
    return
  }
  const toX = unitsOf(pixelX),
    toY = unitsOf(pixelY)
  if (pointCount() > 0) {
    const dx = toX - lastX(),
      dy = toY - lastY()
    const square = dx * dx + dy * dy
    const near = isTracing ? TRACED_NEAR : NEAR
    if (square == 0 || (square < near && !isLast)) return
  }
  addPoint(toX, toY)
}

export function endLine(): void {
  if (isRing && pointCount() > 1 && isBackAtStart()) dropLastPoint()
  endSubPath(isRing, side, 1)
}

export function beginRing(): void {
  if (kind != FILL) {
    beginLine(true)
    return
  }
  area = 0
  isFirst = true
  isRunning = false
  beginSubPath()
  beginClip()
}

/** The next point of a ring, in source coordinates. */
export function addRingPoint(x: f64, y: f64, isLast: bool): void {
  if (kind != FILL) {
    addLinePoint(x, y, isLast)
    return
  }
  if (!(abs<f64>(x) < FARTHEST && abs<f64>(y) < FARTHEST)) return
  if (isFirst) {
    firstX = x
    firstY = y
    isFirst = false
  } else area += (beforeX - firstX) * (y - firstY) - (x - firstX) * (beforeY - firstY)
  beforeX = x
  beforeY = y
  if (isAffine()) putRingPoint(x, y)
  else clipVertex(x, y)
}

/** A vertex of what is left of a ring, and the points between it and the one before. */
export function sourceVertex(x: f64, y: f64): void {
  if (isRunning) putSteps(sourceX, sourceY, x, y)
  else {
    startX = x
    startY = y
    isRunning = true
  }
  putRingPoint(x, y)
  sourceX = x
  sourceY = y
}

function putSteps(ax: f64, ay: f64, bx: f64, by: f64): void {
  const steps = stepsAlong(ax, ay, bx, by)
  for (let i = 1; i < steps; i++) {
    const t = <f64>i / <f64>steps
    putRingPoint(ax + (bx - ax) * t, ay + (by - ay) * t)
  }
}

function putRingPoint(x: f64, y: f64): void {
  if (!locate(x, y)) return
  const toX = floor<f64>(pixelX * SNAPS + HALF) * 16 + shiftX,
    toY = floor<f64>(pixelY * SNAPS + HALF) * 16 + shiftY
  if (pointCount() > 0 && toX == lastX() && toY == lastY()) return
  addPoint(toX, toY)
}

/** Shells wind one way and holes the other, however they are written; what winds anything but zero times is inside. */
export function endRing(isHole: bool): void {
  if (kind != FILL) {
    if (kind == GRAPHIC) side = isHole ? HOLE : SHELL
    endLine()
    side = 1
    return
  }
  if (!isAffine()) {
    endClip()
    if (isRunning) putSteps(sourceX, sourceY, startX, startY)
  }
  if (pointCount() > 1 && isBackAtStart()) dropLastPoint()
  endSubPath(true, area < 0 == isHole ? 1 : -1, 3)
}
