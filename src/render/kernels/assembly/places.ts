// The places of a graphic on lines and polygons, whose points are collected in source coordinates: clipped to nothing, so that every tile
// finds the same.
import { hasGraphic, stamp, stampTurned } from './graphic'
import { findInnerPoint, innerX, innerY, SHELL } from './inner-point'
import { locate, pixelX, pixelY } from './locate'
import { countOf, firstSubPath, isClosedPath, nextSubPath, pointsOf, subPaths, windingOf } from './path'

/** Numbers of the parts: the inner point (of lines their middle), and what `GeometryChoice.part` names. */
const INNER: i32 = 0
const CENTROID: i32 = 1
const VERTICES: i32 = 2
const START: i32 = 3
const END: i32 = 4
const MIDDLE: i32 = 5
const BOUNDARY: i32 = 6
/** Graphics on vertices of one geometry. */
const MOST: i32 = 1 << 16
/** Vertices closer than half a pixel to the last are left out. */
const NEAR: f64 = 0.5

let part: i32 = INNER
let turns: bool = false
let stamped: i32 = 0

/** `isTurned`: with the line, where the place lies on one. */
export function setPart(value: i32, isTurned: bool): void {
  part = value
  turns = isTurned
}

function units(pixels: f64): f64 {
  return floor<f64>(pixels * 256 + 0.5064)
}

function x(points: usize, i: i32): f64 {
  return load<f64>(points + ((<usize>i) << 4))
}

function y(points: usize, i: i32): f64 {
  return load<f64>(points + ((<usize>i) << 4), 8)
}

/** On a place of the source; where it is turned, in the direction from (ax, ay) to (bx, by) as it is on the map. */
function put(px: f64, py: f64, ax: f64, ay: f64, bx: f64, by: f64): void {
  let dx: f64 = 1,
    dy: f64 = 0
  if (turns && (ax != bx || ay != by)) {
    if (!locate(ax, ay)) return
    const fromX = pixelX,
      fromY = pixelY
    if (!locate(bx, by)) return
    const length = sqrt<f64>((pixelX - fromX) * (pixelX - fromX) + (pixelY - fromY) * (pixelY - fromY))
    if (length > 0) {
      dx = (pixelX - fromX) / length
      dy = (pixelY - fromY) / length
    }
  }
  if (!locate(px, py)) return
  stamped++
  if (dx == 1) stamp(units(pixelX), units(pixelY))
  else stampTurned(units(pixelX), units(pixelY), dx, dy)
}

function putAt(points: usize, i: i32, before: i32, after: i32): void {
  put(x(points, i), y(points, i), x(points, before), y(points, before), x(points, after), y(points, after))
}

function putVertices(points: usize, count: i32, isRing: bool): void {
  let lastX = Infinity,
    lastY = Infinity
  for (let i = 0; i < count && stamped < MOST; i++) {
    if (!locate(x(points, i), y(points, i))) continue
    if (abs<f64>(pixelX - lastX) < NEAR && abs<f64>(pixelY - lastY) < NEAR) continue
    lastX = pixelX
    lastY = pixelY
    putAt(points, i, i > 0 ? i - 1 : isRing ? count - 1 : 0, i + 1 < count ? i + 1 : isRing ? 0 : i)
  }
}

function lengthOf(points: usize, count: i32, isRing: bool): f64 {
  let sum: f64 = 0
  for (let i = 0; i + 1 < count || (isRing && i < count); i++) sum += stepOf(points, i, i + 1 < count ? i + 1 : 0)
  return sum
}

function stepOf(points: usize, i: i32, j: i32): f64 {
  const dx = x(points, j) - x(points, i),
    dy = y(points, j) - y(points, i)
  return sqrt<f64>(dx * dx + dy * dy)
}

function putMiddle(points: usize, count: i32, isRing: bool): void {
  let rest = lengthOf(points, count, isRing) / 2
  for (let i = 0; i + 1 < count || (isRing && i < count); i++) {
    const j = i + 1 < count ? i + 1 : 0
    const step = stepOf(points, i, j)
    if (step >= rest && step > 0) {
      const t = rest / step
      const px = x(points, i) + (x(points, j) - x(points, i)) * t,
        py = y(points, i) + (y(points, j) - y(points, i)) * t
      put(px, py, x(points, i), y(points, i), x(points, j), y(points, j))
      return
    }
    rest -= step
  }
  putAt(points, 0, 0, 0)
}

function putPart(at: usize): void {
  const points = pointsOf(at)
  const count = countOf(at)
  const isRing = isClosedPath(at)
  if (part == VERTICES) putVertices(points, count, isRing)
  else if (part == MIDDLE || (part == BOUNDARY && isRing)) putMiddle(points, count, isRing)
  else {
    if (part == START || part == BOUNDARY) putAt(points, 0, 0, count > 1 ? 1 : 0)
    if (part == END || part == BOUNDARY) {
      if (isRing) putAt(points, 0, count - 1, 0)
      else putAt(points, count - 1, max<i32>(count - 2, 0), count - 1)
    }
  }
}

/** Of areas where there are any, else of lines, weighed by their size. */
function putCentroid(from: usize, count: i32): void {
  const x0 = x(pointsOf(from), 0),
    y0 = y(pointsOf(from), 0)
  let area: f64 = 0,
    areaX: f64 = 0,
    areaY: f64 = 0,
    length: f64 = 0,
    lengthX: f64 = 0,
    lengthY: f64 = 0
  for (let i = 0, at = from; i < count; i++, at = nextSubPath(at)) {
    const points = pointsOf(at)
    const n = countOf(at)
    const isRing = isClosedPath(at)
    let ring: f64 = 0,
      ringX: f64 = 0,
      ringY: f64 = 0
    for (let k = 0; k + 1 < n || (isRing && k < n); k++) {
      const j = k + 1 < n ? k + 1 : 0
      const ax = x(points, k) - x0,
        ay = y(points, k) - y0,
        bx = x(points, j) - x0,
        by = y(points, j) - y0
      const step = stepOf(points, k, j)
      length += step
      lengthX += (ax + bx) * step
      lengthY += (ay + by) * step
      const cross = ax * by - bx * ay
      ring += cross
      ringX += (ax + bx) * cross
      ringY += (ay + by) * cross
    }
    if (!isRing) continue
    // however they are written, holes take away
    const isShell = windingOf(at) == SHELL
    const sign: f64 = ring > 0 == isShell ? 1 : -1
    area += ring * sign
    areaX += ringX * sign
    areaY += ringY * sign
  }
  if (area > 0) put(x0 + areaX / area / 3, y0 + areaY / area / 3, 0, 0, 0, 0)
  else if (length > 0) put(x0 + lengthX / length / 2, y0 + lengthY / length / 2, 0, 0, 0, 0)
  else put(x0, y0, 0, 0, 0, 0)
}

function putInner(from: usize, count: i32): void {
  if (findInnerPoint(from, count)) {
    put(innerX, innerY, 0, 0, 0, 0)
    return
  }
  let longest: f64 = -1
  let best = from
  for (let i = 0, at = from; i < count; i++, at = nextSubPath(at)) {
    const length = lengthOf(pointsOf(at), countOf(at), false)
    if (length > longest) {
      longest = length
      best = at
    }
  }
  putMiddle(pointsOf(best), countOf(best), false)
}

export function stampPlaces(): void {
  const from = firstSubPath()
  const count = subPaths
  if (count == 0 || !hasGraphic()) return
  stamped = 0
  if (part == INNER) putInner(from, count)
  else if (part == CENTROID) putCentroid(from, count)
  else for (let i = 0, at = from; i < count; i++, at = nextSubPath(at)) putPart(at)
}
