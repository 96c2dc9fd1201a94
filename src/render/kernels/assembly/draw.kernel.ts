// The drawing kernel: geometries as EWKB in, premultiplied RGBA out, all in one linear memory. See surface.ts for its layout.
import { setSpacing as setSpacingTo, stampAlong } from './along'
import { compose as composePlanes } from './blend'
import { useClip as useClipBox } from './clip'
import { coverFill, coverStroke } from './cover'
import { addDash as addDashTo, clearDashes, dashPath, hasDashes } from './dash'
import { DRAWN, walk } from './ewkb'
import {
  clearGraphic,
  setGraphicPlace as setGraphicPlaceTo,
  setGraphicPlane,
  useImage as useImageOn,
  useMark as useMarkOn,
  useUnder as useUnderMark,
} from './graphic'
import { drawMasks as drawMasksAt, useLetterRows as useRowsOfLetters } from './letters'
import { setLocated as setLocatedAt, useAffine as useAffineMap, usePatches as usePatchesOf } from './locate'
import { hasOffset, offsetPath, setOffset as setOffsetTo } from './offset'
import { drawOutlines as drawOutlinesAt } from './outlines'
import { clear as clearPlane, setCrisp as setCrispTo, straighten as straightenPlane } from './paint'
import { clearPath, firstSubPath, isFull, isVisible, subPaths } from './path'
import {
  addHatchDash as addHatchDashTo,
  clearPattern,
  setPatternOpacity as setPatternOpacityTo,
  setPhase as setPhaseTo,
  useHatch as useHatchOf,
  useTexture as useTextureOf,
} from './pattern'
import { setPart as setPartTo, stampPlaces } from './places'
import { field, fieldLength, findField } from './row'
import { FILL, GRAPHIC, GRAPHIC_STROKE, setMeasured, setShape, setShift as setShiftTo, shapeKind, shapePlane } from './shape'
import { setStroke, strokeReach } from './stroke'
import { input, layInput as layInputAt, layOut as layOutAt, layouts as layoutsSoFar, plane, shelf } from './surface'
import { setTracing } from './trace'

/** More memory than the kernel may have. */
const TOO_BIG: i32 = 3
let color: u32 = 0

export function layOut(width: i32, height: i32, planes: i32, patches: i32, shelfBytes: i32): bool {
  return layOutAt(width, height, planes, patches, shelfBytes)
}
/** How often the memory was laid out: what lay on the shelf before is lost. */
export function layouts(): i32 {
  return layoutsSoFar
}
export function shelfAt(): usize {
  return shelf
}
export function layInput(bytes: i32): bool {
  return layInputAt(<usize>bytes)
}
export function planeAt(index: i32): usize {
  return plane(index)
}
export function inputAt(): usize {
  return input
}
export function clear(index: i32, value: u32): void {
  clearPlane(index, value)
}
/** Modes: 0 normal, 1 multiply, 2 screen, 3 overlay, 4 darken, 5 lighten, 6 color-dodge, 7 color-burn, 8 hard-light, 9 soft-light, 10 difference, 11 exclusion, 12 add. */
export function compose(from: i32, to: i32, opacity: u32, mode: i32): void {
  composePlanes(from, to, opacity, mode)
}
export function straighten(index: i32): void {
  straightenPlane(index)
}
export function useAffine(x: f64, y: f64, pixelsPerX: f64, pixelsPerY: f64): void {
  useAffineMap(x, y, pixelsPerX, pixelsPerY)
}
/** Places by patches, which the host is asked for; long edges are cut into pieces. Both are so many in a unit of the source. */
export function usePatches(patchesPerUnit: f64, piecesPerUnit: f64): void {
  usePatchesOf(patchesPerUnit, piecesPerUnit)
}
/** The part of the source that is drawn by patches; without effect on affine maps. */
export function useClip(minX: f64, minY: f64, maxX: f64, maxY: f64): void {
  useClipBox(minX, minY, maxX, maxY)
}
export function setLocated(x: f64, y: f64): void {
  setLocatedAt(x, y)
}
/** Absolute position of the upper left corner of the canvas, in whole pixels: where patterns are fixed. */
export function setPhase(x: f64, y: f64): void {
  setPhaseTo(x, y)
}
/** Kind (0 fill, 1 stroke, 2 graphic, 3 graphics along lines), classes, plane, and premultiplied colour. All else is as it was at first: no dashes, offset, pattern, graphic. */
export function usePen(kind: i32, classes: i32, planeIndex: i32, rgba: u32): void {
  setShape(kind, classes, planeIndex)
  color = rgba
  clearDashes(0)
  setOffsetTo(0)
  clearPattern()
  clearGraphic()
  setGraphicPlane(planeIndex)
  if (kind == GRAPHIC_STROKE) setMeasured()
}
/** Moves fills. Units. */
export function setShift(x: f64, y: f64): void {
  setShiftTo(x, y)
}
/** Half width in units; caps: 0 butt, 1 round, 2 square; joins: 0 mitre, 1 round, 2 bevel. */
export function useStroke(halfWidth: f64, caps: i32, joins: i32): void {
  setStroke(halfWidth, caps, joins)
}
/** How far into the pattern of dashes lines begin, in units; `addDash` follows for each dash and gap. */
export function setDashOffset(offset: f64): void {
  clearDashes(offset)
  setMeasured()
}
export function addDash(length: f64): void {
  addDashTo(length)
}
/** Units to the left of lines, and outwards of polygons. */
export function setOffset(units: f64): void {
  setOffsetTo(units)
  // a tight corner swallows what is far from it
  if (units != 0) setMeasured()
}
export function useHatch(cos: f64, sin: f64, spacing: f64, offset: f64, halfWidth: f64, rgba: u32): void {
  useHatchOf(cos, sin, spacing, offset, halfWidth, rgba)
}
export function addHatchDash(length: f64, offset: f64): void {
  addHatchDashTo(length, offset)
}
export function useTexture(at: usize, width: i32, height: i32): void {
  useTextureOf(at, width, height)
}
export function setPatternOpacity(value: u32): void {
  setPatternOpacityTo(value)
}
export function useMark(at: usize, contours: i32, reach: f64, fill: u32, line: u32): void {
  useMarkOn(at, contours, reach, fill, line)
}
/** A mark below the one in use. */
export function useUnder(at: usize, contours: i32, reach: f64, fill: u32): void {
  useUnderMark(at, contours, reach, fill)
}
export function useImage(at: usize, width: i32, height: i32, opacity: u32): void {
  useImageOn(at, width, height, opacity)
}
export function setGraphicPlace(cos: f64, sin: f64, anchorX: f64, anchorY: f64, shiftX: f64, shiftY: f64): void {
  setGraphicPlaceTo(cos, sin, anchorX, anchorY, shiftX, shiftY)
}
/** Where on lines and polygons: 0 inner point, 1 centroid, 2 vertices, 3 start, 4 end, 5 middle, 6 boundary. */
export function setPart(part: i32, isTurned: bool): void {
  setPartTo(part, isTurned)
}
export function setSpacing(first: f64, step: f64, extent: f64, isUpright: bool): void {
  setSpacingTo(first, step, extent, isUpright)
}

/** From now on pixels are painted whole or not at all. */
export function setCrisp(value: bool): void {
  setCrispTo(value)
}

/** Draws the geometry in `length` bytes at `at`, with the pen. 0 drawn, 1 another type, 2 malformed, 3 too big. */
export function draw(at: usize, length: i32): i32 {
  clearPath()
  const status = walk(at, <usize>length)
  if (status != DRAWN) return status
  if (isFull) return TOO_BIG
  const kind = shapeKind()
  if (kind == FILL) coverFill(color, shapePlane())
  else if (kind == GRAPHIC) stampPlaces()
  else {
    if (hasOffset()) offsetPath()
    if (kind == GRAPHIC_STROKE) stampAlong()
    else {
      if (hasDashes()) dashPath()
      if (isFull) return TOO_BIG
      coverStroke(color, shapePlane())
    }
  }
  return isFull ? TOO_BIG : DRAWN
}

/**
 * Draws what stands in a column of rows that lie at `bytes`, from `row` to before `end`, each as `draw` would. `offsets` is where the numbers are that
 * say where a row begins. Stops at the first row that is broken off, or that `draw` would not have drawn; returns its index, or `end`.
 */
export function drawRows(offsets: usize, bytes: usize, row: i32, end: i32, column: i32): i32 {
  for (; row < end; row++) {
    const next = offsets + ((<usize>row) << 2)
    if (!findField(bytes + load<i32>(next), bytes + load<i32>(next, 4), column)) return row
    if (fieldLength > 0 && draw(field, fieldLength) != DRAWN) return row
  }
  return end
}

/**
 * Where `draw` would have drawn the geometry, with nothing drawn: the places of graphics are told one by one, and of fills and strokes the path stays,
 * with `tracedPaths` sub-paths from `tracedAt` on, offset and not dashed. The answers are those of `draw`.
 */
export function trace(at: usize, length: i32): i32 {
  setTracing(true)
  const status = tracing(at, length)
  setTracing(false)
  return status
}

function tracing(at: usize, length: i32): i32 {
  clearPath()
  const kind = shapeKind()
  const status = walk(at, <usize>length)
  if (status != DRAWN) clearPath()
  if (status != DRAWN || isFull) return isFull ? TOO_BIG : status
  if (kind == GRAPHIC) stampPlaces()
  else if (kind != FILL) {
    if (hasOffset()) offsetPath()
    if (kind == GRAPHIC_STROKE) stampAlong()
  }
  const isPath = kind != GRAPHIC && kind != GRAPHIC_STROKE
  if (!isPath || !isVisible(kind == FILL ? 0 : strokeReach())) clearPath()
  return isFull ? TOO_BIG : DRAWN
}

export function tracedPaths(): i32 {
  return subPaths
}
export function tracedAt(): usize {
  return firstSubPath()
}

/** Draws outlines (see outlines.ts for their form) and, `halo` units around them, their halo. 0 drawn, 3 too big. */
export function drawOutlines(at: usize, length: i32, halo: f64, haloColor: u32, rgba: u32, planeIndex: i32): i32 {
  return drawOutlinesAt(at, <usize>length, halo, haloColor, rgba, planeIndex) ? DRAWN : TOO_BIG
}

/** Texts from masks are painted in rows `from` to before `end` only. */
export function useLetterRows(from: i32, end: i32): void {
  useRowsOfLetters(from, end)
}

/**
 * Draws a text from masks (see letters.ts for their form): `halos` at `at` as one, then `letters` behind them as one. False, and nothing drawn, where they
 * take more memory than there is.
 */
export function drawMasks(at: usize, halos: i32, haloColor: u32, letters: i32, rgba: u32, planeIndex: i32): bool {
  return drawMasksAt(at, halos, haloColor, letters, rgba, planeIndex)
}
