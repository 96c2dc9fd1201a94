// From the path in use to coverage, band by band, and to pixels.
import { edge, edgeInside, setBand, touchBox, UNIT, wholes } from './coverage'
import { openMask, sweepMask } from './mask'
import { isCrisp, sweep } from './paint'
import {
  countOf,
  endColumn,
  endRow,
  firstColumn,
  firstRow,
  firstSubPath,
  isClosedPath,
  isSmall,
  isVisible,
  leftColumn,
  nextSubPath,
  pointsOf,
  rightColumn,
  subPaths,
  windingOf,
} from './path'
import { hasPattern, sweepPattern } from './pattern'
import { isRibbon, ribbonSubPath } from './ribbon'
import { strokeReach, strokeSubPath } from './stroke'
import { bandRows, isNearby, width } from './surface'

function fillSubPath(at: usize): void {
  const winding = windingOf(at)
  let p = pointsOf(at)
  const end = p + ((<usize>countOf(at)) << 4)
  let x = load<f64>(end - 16),
    y = load<f64>(end - 8)
  for (; p < end; p += 16) {
    const toX = load<f64>(p),
      toY = load<f64>(p, 8)
    edge(x, y, toX, toY, winding)
    x = toX
    y = toY
  }
}

/** Wider shapes say of each row what they touch, in pixels. */
const SMALL: f64 = 32

function fillSubPathInside(at: usize): void {
  const winding = windingOf(at)
  let p = pointsOf(at)
  const end = p + ((<usize>countOf(at)) << 4)
  let from = wholes(v128.load(end - 16))
  for (; p < end; p += 16) {
    const to = wholes(v128.load(p))
    edgeInside(i32x4.extract_lane(from, 0), i32x4.extract_lane(from, 2), i32x4.extract_lane(to, 0), i32x4.extract_lane(to, 2), winding)
    from = to
  }
}

/** All of a small path within the image. */
function fillInside(from: i32, to: i32): void {
  setBand(from, to)
  let at = firstSubPath()
  for (let i = 0; i < subPaths; i++, at = nextSubPath(at)) if (isClosedPath(at)) fillSubPathInside(at)
  touchBox(from, to, firstColumn(), endColumn())
}

/** Adds the edges of all closed sub-paths, each with its winding. */
export function fillPath(): void {
  let at = firstSubPath()
  for (let i = 0; i < subPaths; i++, at = nextSubPath(at)) if (isClosedPath(at)) fillSubPath(at)
}

/** Adds the strokes along all sub-paths. */
export function strokePath(): void {
  let at = firstSubPath()
  for (let i = 0; i < subPaths; i++, at = nextSubPath(at)) strokeSubPath(at)
}

/** Boxes of what ribbons are made of are rounded up to whole pixels. */
const BESIDE: f64 = 2 * UNIT

function ribbonPath(): void {
  if (isNearby()) openMask(0, 0, width)
  else {
    const reach = strokeReach() + BESIDE
    openMask(firstRow(reach), leftColumn(reach), rightColumn(reach))
  }
  let at = firstSubPath()
  for (let i = 0; i < subPaths; i++, at = nextSubPath(at)) ribbonSubPath(at)
}

/** Covers what its closed sub-paths enclose. */
export function coverFill(color: u32, plane: i32): void {
  if (!isVisible(0)) return
  const end = endRow(0)
  if (isSmall(SMALL) && end - firstRow(0) <= bandRows) {
    fillInside(firstRow(0), end)
    if (hasPattern()) sweepPattern(plane)
    else sweep(color, plane)
    return
  }
  for (let row = firstRow(0); row < end; row += bandRows) {
    setBand(row, min<i32>(row + bandRows, end))
    fillPath()
    if (hasPattern()) sweepPattern(plane)
    else sweep(color, plane)
  }
}

/** Covers a stroke along it. */
export function coverStroke(color: u32, plane: i32): void {
  if (isCrisp || hasPattern() || !isRibbon()) coverContour(color, plane)
  else if (isVisible(strokeReach())) {
    ribbonPath()
    sweepMask(color, plane)
  }
}

/** The same, exact whatever its width. */
export function coverContour(color: u32, plane: i32): void {
  const reach = strokeReach()
  if (!isVisible(reach)) return
  const end = endRow(reach)
  for (let row = firstRow(reach); row < end; row += bandRows) {
    setBand(row, min<i32>(row + bandRows, end))
    strokePath()
    if (hasPattern()) sweepPattern(plane)
    else sweep(color, plane)
  }
}
