// The drawing kernel: geometries as EWKB in, premultiplied RGBA out, all in one linear memory. See surface.ts for its layout.
import { useClip as useClipBox } from './clip'
import { setBand } from './coverage'
import { DRAWN, walk } from './ewkb'
import { setLocated as setLocatedAt, useAffine as useAffineMap, useGrid as useGridMap, useHost as useHostMap } from './locate'
import { addMarkPoint as addMarkPointTo, setMarkColors as setMarkColorsTo } from './mark'
import { drawOutlines as drawOutlinesAt, fillPath, strokePath } from './outlines'
import { clear as clearPlane, compose as composePlanes, paintMask as paintMaskAt, straighten as straightenPlane, sweep } from './paint'
import { clearPath, endRow, firstRow, isFull, isVisible } from './path'
import { FILL, MARK, setShape, shapeKind, shapePlane } from './shape'
import { setStroke as setStrokeTo, strokeReach } from './stroke'
import { bandRows, grid, input, layInput as layInputAt, layOut as layOutAt, plane } from './surface'

/** More memory than the kernel may have. */
const TOO_BIG: i32 = 3
let color: u32 = 0

export function layOut(width: i32, height: i32, planes: i32, gridNodes: i32): bool {
  return layOutAt(width, height, planes, gridNodes)
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
export function gridAt(): usize {
  return grid
}
export function clear(index: i32, value: u32): void {
  clearPlane(index, value)
}
export function compose(from: i32, to: i32, opacity: u32): void {
  composePlanes(from, to, opacity)
}
export function straighten(index: i32): void {
  straightenPlane(index)
}
export function useAffine(x: f64, y: f64, pixelsPerX: f64, pixelsPerY: f64): void {
  useAffineMap(x, y, pixelsPerX, pixelsPerY)
}
export function useGrid(x: f64, y: f64, cellsPerX: f64, cellsPerY: f64, columns: i32, rows: i32): void {
  useGridMap(x, y, cellsPerX, cellsPerY, columns, rows)
}
export function useHost(x: f64, y: f64, cellsPerX: f64, cellsPerY: f64): void {
  useHostMap(x, y, cellsPerX, cellsPerY)
}
/** The part of the source that a grid, or the host, is asked for; without effect on affine maps. */
export function useClip(minX: f64, minY: f64, maxX: f64, maxY: f64): void {
  useClipBox(minX, minY, maxX, maxY)
}
export function setLocated(x: f64, y: f64): void {
  setLocatedAt(x, y)
}
/** Kind (0 fill, 1 stroke, 2 mark), classes of geometries (1 points, 2 lines, 4 polygons, added), plane and premultiplied colour of what follows. */
export function usePass(kind: i32, classes: i32, planeIndex: i32, rgba: u32): void {
  setShape(kind, classes, planeIndex)
  color = rgba
}
export function setStroke(halfWidth: f64, isRound: bool): void {
  setStrokeTo(halfWidth, isRound)
}
export function setMarkColors(rgba: u32, halo: u32): void {
  setMarkColorsTo(rgba, halo)
}
export function addMarkPoint(isHalo: bool, x: f64, y: f64): void {
  addMarkPointTo(isHalo, x, y)
}

/** Draws the geometry in `length` bytes at `at`, as the pass says. 0 drawn, 1 another type, 2 malformed, 3 too big. */
export function draw(at: usize, length: i32): i32 {
  clearPath()
  const status = walk(at, <usize>length)
  if (status != DRAWN) return status
  if (isFull) return TOO_BIG
  const kind = shapeKind()
  if (kind == MARK) return DRAWN
  const reach: f64 = kind == FILL ? 0 : strokeReach()
  if (!isVisible(reach)) return DRAWN
  const end = endRow(reach)
  for (let row = firstRow(reach); row < end; row += bandRows) {
    setBand(row, min<i32>(row + bandRows, end))
    if (kind == FILL) fillPath()
    else strokePath()
    sweep(color, shapePlane())
  }
  return DRAWN
}

/** Draws outlines (see outlines.ts for their form) and, `halo` units around them, their halo. 0 drawn, 3 too big. */
export function drawOutlines(at: usize, length: i32, halo: f64, haloColor: u32, rgba: u32, planeIndex: i32): i32 {
  return drawOutlinesAt(at, <usize>length, halo, haloColor, rgba, planeIndex) ? DRAWN : TOO_BIG
}

/** Paints a colour through a mask of opacities at `at`, its upper left corner at pixel x,y. */
export function paintMask(at: usize, x: i32, y: i32, columns: i32, rows: i32, rgba: u32, planeIndex: i32): void {
  paintMaskAt(at, x, y, columns, rows, rgba, planeIndex)
}
