// What the current pass makes of a geometry: the path of its fill or stroke, or marks at its points.
import { locate, pixelX, pixelY } from './locate'
import { drawMark } from './mark'
import { addPoint, beginSubPath, dropLastPoint, endSubPath, isBackAtStart, lastX, lastY, pointCount } from './path'

export const FILL: i32 = 0
export const STROKE: i32 = 1
export const MARK: i32 = 2

const POINTS: i32 = 1
const LINES: i32 = 2
const POLYGONS: i32 = 4

/** Fills are snapped to sixteenths of a pixel, every vertex for itself: neighbours keep their common border whatever ring it is read from. */
const SNAPS: f64 = 16
/** Strokes leave out what is closer than half a pixel to the point before; in units, squared. */
const NEAR: f64 = 128 * 128
/** Just off a half: data on a regular grid do not fall on the very border between two positions, where a hair decides. */
const HALF: f64 = 0.5064

let kind: i32 = FILL
let classes: i32 = 0
let plane: i32 = 0
let isRing: bool = false
// twice the area of the ring in source coordinates, relative to its first point
let area: f64 = 0
let firstX: f64 = 0,
  firstY: f64 = 0,
  beforeX: f64 = 0,
  beforeY: f64 = 0
let isFirst: bool = true

/** `classes`: 1 points, 2 lines, 4 polygons, added. */
export function setShape(passKind: i32, passClasses: i32, passPlane: i32): void {
  kind = passKind
  classes = passClasses
  plane = passPlane
}

export function shapeKind(): i32 {
  return kind
}

export function shapePlane(): i32 {
  return plane
}

export function wantsPoints(): bool {
  return kind == MARK && (classes & POINTS) != 0
}

export function wantsLines(): bool {
  return kind == STROKE && (classes & LINES) != 0
}

export function wantsPolygons(): bool {
  return kind != MARK && (classes & POLYGONS) != 0
}

function unitsOf(pixels: f64): f64 {
  return floor<f64>(pixels * 256 + HALF)
}

export function drawPoint(x: f64, y: f64): void {
  if (locate(x, y)) drawMark(unitsOf(pixelX), unitsOf(pixelY), plane)
}

export function beginLine(ring: bool): void {
  isRing = ring
  beginSubPath()
}

export function addLinePoint(x: f64, y: f64, isLast: bool): void {
  if (!locate(x, y)) {
    // no place on the map: the line goes on behind it
    if (!isRing) {
      endLine()
      beginSubPath()
    }
    return
  }
  const toX = unitsOf(pixelX),
    toY = unitsOf(pixelY)
  if (pointCount() > 0) {
    const dx = toX - lastX(),
      dy = toY - lastY()
    const square = dx * dx + dy * dy
    if (square == 0 || (square < NEAR && !isLast)) return
  }
  addPoint(toX, toY)
}

export function endLine(): void {
  if (isRing) {
    const at = pointCount()
    if (at > 1 && isBackAtStart()) dropLastPoint()
  }
  endSubPath(isRing, 1, 1)
}

export function beginRing(): void {
  area = 0
  isFirst = true
  if (kind == STROKE) beginLine(true)
  else beginSubPath()
}

export function addRingPoint(x: f64, y: f64, isLast: bool): void {
  if (kind == STROKE) {
    addLinePoint(x, y, isLast)
    return
  }
  if (isFirst) {
    firstX = x
    firstY = y
    isFirst = false
  } else area += (beforeX - firstX) * (y - firstY) - (x - firstX) * (beforeY - firstY)
  beforeX = x
  beforeY = y
  if (!locate(x, y)) return
  const toX = floor<f64>(pixelX * SNAPS + HALF) * 16,
    toY = floor<f64>(pixelY * SNAPS + HALF) * 16
  if (pointCount() > 0 && toX == lastX() && toY == lastY()) return
  addPoint(toX, toY)
}

/** Shells wind one way and holes the other, however they are written; what winds anything but zero times is inside. */
export function endRing(isHole: bool): void {
  if (kind == STROKE) {
    endLine()
    return
  }
  if (pointCount() > 1 && isBackAtStart()) dropLastPoint()
  endSubPath(true, area < 0 == isHole ? 1 : -1, 3)
}
