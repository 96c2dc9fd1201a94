// The graphic in use, a mark or an image (both lie on the shelf), and how it is put on a place: turned around its anchor, then displaced.
import { blitLevel, blitTurned } from './blit'
import { coverContour, coverFill } from './cover'
import { UNIT } from './coverage'
import { dashPath, hasDashes } from './dash'
import { keepMeasure, returnMeasure } from './measure'
import {
  addPoint,
  beginStage,
  beginSubPath,
  countOf,
  endStage,
  endSubPath,
  firstSubPath,
  isClosedPath,
  lastX,
  lastY,
  nextSubPath,
  pointCount,
  pointsOf,
  subPaths,
  windingOf,
} from './path'
import { fillSmallMark, forgetSmall, isSmallMark } from './small-mark'
import { height, width } from './surface'
import { isTracing, tellPlace } from './trace'

const NONE: i32 = 0
const MARK: i32 = 1
const IMAGE: i32 = 2
/** Of a mark and what lies below it, as `small-mark.ts` knows them. */
const ABOVE: i32 = 0
const UNDER: i32 = 1

let kind: i32 = NONE
let at: usize = 0
let plane: i32 = 0
// of a mark: contours as in a path, around its middle
let contours: i32 = 0
let fill: u32 = 0
let line: u32 = 0
// a mark below it, filled only
let underAt: usize = 0
let underContours: i32 = 0
let underFill: u32 = 0
// of an image
let imageWidth: i32 = 0
let imageHeight: i32 = 0
let opacity: u32 = 255
/** How far it reaches from its middle, in units. */
let radius: f64 = 0
let cos: f64 = 1
let sin: f64 = 0
// from the middle to the anchor, and of the anchor from the place; units
let anchorX: f64 = 0,
  anchorY: f64 = 0,
  shiftX: f64 = 0,
  shiftY: f64 = 0

/** `reach`: of fill and outline, in units. A colour of 0 leaves fill or outline out; the outline is the stroke in use. */
export function useMark(shelf: usize, count: i32, reach: f64, fillColor: u32, lineColor: u32): void {
  kind = MARK
  at = shelf
  contours = count
  radius = reach
  fill = fillColor
  line = lineColor
  forgetSmall(ABOVE)
}

/** A mark that is filled below the one in use, around the same middle. `reach`: of both. */
export function useUnder(shelf: usize, count: i32, reach: f64, fillColor: u32): void {
  underAt = shelf
  underContours = count
  underFill = fillColor
  forgetSmall(UNDER)
  radius = max<f64>(radius, reach)
}

export function useImage(shelf: usize, w: i32, h: i32, opacityOf255: u32): void {
  kind = IMAGE
  at = shelf
  imageWidth = w
  imageHeight = h
  opacity = opacityOf255
  radius = sqrt<f64>(<f64>w * <f64>w + <f64>h * <f64>h) * 128 + UNIT
}

/** Turned clockwise by the angle of (cos, sin) around the anchor; then displaced. Units. */
export function setGraphicPlace(c: f64, s: f64, ax: f64, ay: f64, dx: f64, dy: f64): void {
  cos = c
  sin = s
  anchorX = ax
  anchorY = ay
  shiftX = dx
  shiftY = dy
}

export function setGraphicPlane(index: i32): void {
  plane = index
}

export function hasGraphic(): bool {
  return kind != NONE
}

export function clearGraphic(): void {
  kind = NONE
  underFill = 0
}

/** How far from its place a graphic may show. */
export function graphicReach(): f64 {
  return radius + abs<f64>(anchorX) + abs<f64>(anchorY) + abs<f64>(shiftX) + abs<f64>(shiftY)
}

function rounded(v: f64): f64 {
  return floor<f64>(v + 0.5)
}

/** On the place (x, y), whole units. */
export function stamp(x: f64, y: f64): void {
  put(x, y, cos, sin, shiftX, shiftY)
}

/** Turned with a line of the direction (dx, dy), a unit long. */
export function stampTurned(x: f64, y: f64, dx: f64, dy: f64): void {
  put(x, y, cos * dx - sin * dy, sin * dx + cos * dy, shiftX * dx - shiftY * dy, shiftX * dy + shiftY * dx)
}

/** The offset from the place is rounded alone: a graphic moved by whole pixels is the very same. */
function put(x: f64, y: f64, c: f64, s: f64, dx: f64, dy: f64): void {
  x += rounded(dx - (anchorX * c - anchorY * s))
  y += rounded(dy - (anchorX * s + anchorY * c))
  if (!(x + radius > 0 && y + radius > 0 && x - radius < <f64>width * UNIT && y - radius < <f64>height * UNIT)) return
  if (isTracing) tellPlace(x, y, c, s)
  else if (kind == MARK) putMark(x, y, c, s)
  else if (c == 1) {
    const left = floor<f64>((x - <f64>imageWidth * 128 + 128) / UNIT),
      top = floor<f64>((y - <f64>imageHeight * 128 + 128) / UNIT)
    blitLevel(at, imageWidth, imageHeight, opacity, left, top, plane)
  } else blitTurned(at, imageWidth, imageHeight, opacity, x, y, c, s, plane)
}

function putMark(x: f64, y: f64, c: f64, s: f64): void {
  if (line == 0 && fill != 0 && isSmallMark(ABOVE, at, contours, x, y, c, s)) {
    if (underFill == 0 || isSmallMark(UNDER, underAt, underContours, x, y, c, s)) {
      if (underFill) fillSmallMark(UNDER, x, y, underFill, plane)
      fillSmallMark(ABOVE, x, y, fill, plane)
      return
    }
  }
  const before = firstSubPath()
  const count = subPaths
  if (underFill) {
    beginStage()
    addContours(underAt, underContours, x, y, c, s)
    coverFill(underFill, plane)
    endStage(before, count)
  }
  beginStage()
  addContours(at, contours, x, y, c, s)
  if (fill) coverFill(fill, plane)
  if (line) {
    if (hasDashes()) {
      const mark = firstSubPath()
      const markContours = subPaths
      keepMeasure()
      dashPath()
      returnMeasure()
      coverContour(line, plane)
      endStage(mark, markContours)
    } else coverContour(line, plane)
  }
  endStage(before, count)
}

/** Contours of the shelf, turned, around a place. */
function addContours(contour: usize, contours: i32, x: f64, y: f64, c: f64, s: f64): void {
  for (let i = 0; i < contours; i++, contour = nextSubPath(contour)) {
    let p = pointsOf(contour)
    const end = p + ((<usize>countOf(contour)) << 4)
    beginSubPath()
    for (; p < end; p += 16) {
      const px = load<f64>(p),
        py = load<f64>(p, 8)
      const toX = x + rounded(px * c - py * s),
        toY = y + rounded(px * s + py * c)
      if (pointCount() == 0 || toX != lastX() || toY != lastY()) addPoint(toX, toY)
    }
    endSubPath(isClosedPath(contour), windingOf(contour), 1)
  }
}
