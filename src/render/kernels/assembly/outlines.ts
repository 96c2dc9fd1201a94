// Outlines that the host has ready: glyphs. All that belong together (the glyphs of one label) are one shape, so that none shines through
// another; their halo lies beneath all of them. Input, in words of 32 bits, glyph after glyph: number of contours; winding (1 or -1) that
// makes outer contours run as a stroke does; origin x, y (i32, whole units); cosine and sine (f32) of the turn around it; and for each
// contour the number of its points and their x, y (i32, units from the origin).
import { fillPath, strokePath } from './cover'
import { setBand } from './coverage'
import { sweep } from './paint'
import {
  addPoint,
  beginSubPath,
  clearPath,
  dropLastPoint,
  endRow,
  endSubPath,
  firstRow,
  isBackAtStart,
  isFull,
  isVisible,
  lastX,
  lastY,
  pointCount,
} from './path'
import { ROUND, setStroke, strokeReach } from './stroke'
import { bandRows } from './surface'

/** Turned and rounded about the origin alone, so that a glyph moved by whole pixels has the very same shape. */
function addTurned(at: usize, x: f64, y: f64, cosine: f64, sine: f64): void {
  const dx = <f64>load<i32>(at),
    dy = <f64>load<i32>(at, 4)
  const toX = x + floor<f64>(dx * cosine - dy * sine + 0.5),
    toY = y + floor<f64>(dx * sine + dy * cosine + 0.5)
  if (pointCount() == 0 || toX != lastX() || toY != lastY()) addPoint(toX, toY)
}

/** Makes the outlines between `at` and `end` the path. */
function read(at: usize, end: usize): void {
  clearPath()
  while (at < end && !isFull) {
    const contours = load<i32>(at)
    const winding = load<i32>(at, 4)
    const x = <f64>load<i32>(at, 8),
      y = <f64>load<i32>(at, 12)
    const cosine = <f64>load<f32>(at, 16),
      sine = <f64>load<f32>(at, 20)
    at += 24
    for (let i = 0; i < contours; i++) {
      beginSubPath()
      const last = at + 4 + ((<usize>load<i32>(at)) << 3)
      for (at += 4; at < last; at += 8) addTurned(at, x, y, cosine, sine)
      if (pointCount() > 1 && isBackAtStart()) dropLastPoint()
      endSubPath(true, winding, 3)
    }
  }
}

/**
 * Draws the outlines in `length` bytes at `at` on a plane: their halo, wider by `halo` units on all sides, in `haloColor`, then themselves
 * in `color`. Without a halo where that is 0. False when the path is more than memory holds.
 */
export function drawOutlines(at: usize, length: usize, halo: f64, haloColor: u32, color: u32, plane: i32): bool {
  read(at, at + length)
  if (isFull) return false
  const isHaloed = halo > 0 && haloColor != 0
  setStroke(halo, ROUND, ROUND)
  const reach: f64 = isHaloed ? strokeReach() : 0
  if (!isVisible(reach)) return true
  const end = endRow(reach)
  for (let row = firstRow(reach); row < end; row += bandRows) {
    setBand(row, min<i32>(row + bandRows, end))
    if (isHaloed) {
      strokePath()
      fillPath()
      sweep(haloColor, plane)
    }
    fillPath()
    sweep(color, plane)
  }
  return true
}
