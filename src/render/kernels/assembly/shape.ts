// What the current pass makes of a geometry: the path of its fill or stroke, or marks at its points.
import { addLine, addRing, ringArea } from './affine-shape'
import { beginClip, clippedFrom, clippedTo, clipSegment, clipVertex, endClip } from './clip'
import { hasGraphic, stamp } from './graphic'
import { HOLE, SHELL } from './inner-point'
import { isAffine, locate, piecesOf, pixelX, pixelY } from './locate'
import { addPatchedLine, addPatchedRing, patchedArea } from './patched-shape'
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
/** Strokes leave out what is closer than half a pixel to the point before; in units. Those that are traced keep more. */
const NEAR: f64 = 128
const TRACED_NEAR: f64 = 16
/** Just off a half: data on a regular grid do not fall on the very border between two positions, where a hair decides. */
const HALF: f64 = 0.5064
/** Pieces of an edge are counted from its beginning, wherever the map lies on it; where there were more of them, from where it enters the map. */
const MOST_PIECES: f64 = 16777216
/** Of an edge along which something is measured, which is followed from end to end; and of one that is cut off. */
const MOST_MEASURED: f64 = 1024
const MOST_CUT: f64 = 128
/** Coordinates beyond are no coordinates; so are NaN and infinity. */
const FARTHEST: f64 = 1e300

let kind: i32 = FILL
let classes: i32 = 0
let plane: i32 = 0
let isRing: bool = false
/** Something is measured along lines, from their very beginning, or what they are moved to depends on all of them: they are not clipped. */
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
/** The point before, whether it was kept or not. */
let seenX: f64 = 0,
  seenY: f64 = 0
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

/** Whether borders of polygons fall into pieces where they leave the box. */
export function splitsRings(): bool {
  return kind == STROKE && !isMeasured && !isAffine()
}

function near(): f64 {
  return isTracing ? TRACED_NEAR : NEAR
}

function unitsOf(pixels: f64): f64 {
  return floor<f64>(pixels * 256 + HALF)
}

export function drawPoint(x: f64, y: f64): void {
  if (hasGraphic() && locate(x, y)) stamp(unitsOf(pixelX), unitsOf(pixelY))
}

export function beginLine(ring: bool): void {
  isRing = ring
  isFirst = true
  isRunning = false
  beginSubPath()
}

/** All of a line, from the `count` positions at `p`; false where they have to be added one by one. */
export function putLine(p: usize, count: i32, step: usize, isSwapped: bool): bool {
  if (isAffine()) return kind == STROKE && addLine(p, count, step, isSwapped, HALF, near() * near(), FARTHEST)
  return (kind == STROKE || kind == GRAPHIC_STROKE) && !isSwapped && addPatchedLine(p, count, step, HALF, near())
}

/** All of a ring, likewise. */
export function putRing(p: usize, count: i32, step: usize, isSwapped: bool): bool {
  if (kind != FILL) return putLine(p, count, step, isSwapped)
  if (isAffine()) {
    if (!addRing(p, count, step, isSwapped, SNAPS, HALF, shiftX, shiftY, FARTHEST)) return false
    area = ringArea
    return true
  }
  if (isSwapped || !addPatchedRing(p, count, step, SNAPS, HALF, shiftX, shiftY)) return false
  area = patchedArea
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

/** What follows the curve that an edge becomes, all along it; its ends are put by others. */
function putCurved(ax: f64, ay: f64, bx: f64, by: f64): void {
  const dx = bx - ax,
    dy = by - ay
  const pieces = min<f64>(piecesOf(dx, dy), MOST_MEASURED)
  for (let i: f64 = 1; i < pieces; i++) putLinePoint(ax + dx * (i / pieces), ay + dy * (i / pieces), false)
}

/** The pieces of an edge that show in the box, each whole: so that they are the same wherever the box lies. */
function addClipped(ax: f64, ay: f64, bx: f64, by: f64, isLast: bool): void {
  if (!clipSegment(ax, ay, bx, by)) {
    isRunning = false
    return
  }
  const dx = bx - ax,
    dy = by - ay
  const pieces = piecesOf(dx, dy)
  if (pieces > MOST_PIECES) {
    addCut(ax, ay, dx, dy)
    return
  }
  const first = floor<f64>(clippedFrom * pieces),
    last = ceil<f64>(clippedTo * pieces)
  if (!isRunning || first > 0) {
    breakLine()
    putLinePoint(ax + dx * (first / pieces), ay + dy * (first / pieces), true)
  }
  for (let i = first + 1; i < last; i++) putLinePoint(ax + dx * (i / pieces), ay + dy * (i / pieces), false)
  isRunning = last == pieces
  if (isRunning) putLinePoint(bx, by, isLast)
  else putLinePoint(ax + dx * (last / pieces), ay + dy * (last / pieces), true)
}

/** What lies in the box of an edge that goes on for ever. */
function addCut(ax: f64, ay: f64, dx: f64, dy: f64): void {
  const from = clippedFrom,
    to = clippedTo
  const pieces = min<f64>(piecesOf(dx * (to - from), dy * (to - from)), MOST_CUT)
  breakLine()
  for (let i: f64 = 0; i <= pieces; i++) {
    const t = from + ((to - from) * i) / pieces
    putLinePoint(ax + dx * t, ay + dy * t, i == 0 || i == pieces)
  }
  isRunning = false
}

function putLinePoint(x: f64, y: f64, isLast: bool): void {
  if (!locate(x, y)) {
    // no place on the map: the line goes on behind it
    if (!isRing) breakLine()
    return
  }
  const toX = unitsOf(pixelX),
    toY = unitsOf(pixelY)
  if (pointCount() == 0 || !isLeftOut(toX, toY, isLast)) addPoint(toX, toY)
  seenX = toX
  seenY = toY
}

/** A line that is whole leaves out what is near to what it keeps; one that may begin anywhere, what is in the same little square as the point before, kept or not. */
function isLeftOut(x: f64, y: f64, isLast: bool): bool {
  const dx = x - lastX(),
    dy = y - lastY()
  if (dx == 0 && dy == 0) return true
  if (isLast) return false
  if (isAffine()) return dx * dx + dy * dy < near() * near()
  return floor<f64>(x / near()) == floor<f64>(seenX / near()) && floor<f64>(y / near()) == floor<f64>(seenY / near())
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
  } else {
    area += (beforeX - firstX) * (y - firstY) - (x - firstX) * (beforeY - firstY)
    if (!isAffine()) clipPieces(beforeX, beforeY, x, y)
  }
  beforeX = x
  beforeY = y
  if (isAffine()) putRingPoint(x, y)
  else clipVertex(x, y)
}

/** The ends of the pieces of an edge that show in the box: what is cut then are pieces beside it. */
function clipPieces(ax: f64, ay: f64, bx: f64, by: f64): void {
  const dx = bx - ax,
    dy = by - ay
  const pieces = piecesOf(dx, dy)
  if (pieces == 1 || pieces > MOST_PIECES || !clipSegment(ax, ay, bx, by)) return
  const last = min<f64>(ceil<f64>(clippedTo * pieces), pieces - 1)
  for (let i = max<f64>(floor<f64>(clippedFrom * pieces), 1); i <= last; i++) clipVertex(ax + dx * (i / pieces), ay + dy * (i / pieces))
}

/** A vertex of what is left of a ring, and the points between it and the one before. */
export function sourceVertex(x: f64, y: f64): void {
  if (isRunning) putPieces(sourceX, sourceY, x, y)
  else {
    startX = x
    startY = y
    isRunning = true
  }
  putRingPoint(x, y)
  sourceX = x
  sourceY = y
}

/** Of an edge that is a piece, or that runs along the box. */
function putPieces(ax: f64, ay: f64, bx: f64, by: f64): void {
  const dx = bx - ax,
    dy = by - ay
  const pieces = min<f64>(piecesOf(dx, dy), MOST_MEASURED)
  for (let i: f64 = 1; i < pieces; i++) putRingPoint(ax + dx * (i / pieces), ay + dy * (i / pieces))
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
    if (isRunning) putPieces(sourceX, sourceY, startX, startY)
  }
  if (pointCount() > 1 && isBackAtStart()) dropLastPoint()
  endSubPath(true, area < 0 == isHole ? 1 : -1, 3)
}
