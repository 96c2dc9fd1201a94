// From the path in use to coverage, band by band, and to pixels.
import { edge, setBand, UNIT } from './coverage'
import { openMask, openSmallMask, SMALL_PITCH, sweepMask } from './mask'
import { isCrisp, sweep } from './paint'
import {
  countOf,
  endRow,
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
import { beginRibbon, hasMitres, isRibbon, isRing, ribbonReach, ribbonSubPath } from './ribbon'
import { LARGEST } from './small-cells'
import { fillSmall } from './small-fill'
import { strokeReach, strokeSubPath } from './stroke'
import { bandRows, height, isNearby, width } from './surface'

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

/** Whether the path is rings alone, and their ribbon fits into a small mask, which then is open. */
function opensSmall(): bool {
  // boxes of mitres and of ends are larger
  if (hasMitres()) return false
  let at = firstSubPath()
  for (let i = 0; i < subPaths; i++, at = nextSubPath(at)) if (!isRing(at)) return false
  // the middles of pixels within reach
  const reach = ribbonReach() * UNIT - UNIT / 2
  const row = firstRow(reach),
    end = endRow(reach) - 1
  const from = leftColumn(reach),
    to = rightColumn(reach) - 1
  if (to - from > <i32>SMALL_PITCH || from == 0 || to + 1 == width || row == 0 || end + 1 == height) return false
  openSmallMask(row, end, from, to)
  return true
}

function ribbonPath(): void {
  beginRibbon()
  if (opensSmall()) {
    // all of it is said
  } else if (isNearby()) openMask(0, 0, width)
  else {
    const reach = strokeReach() + BESIDE
    openMask(firstRow(reach), leftColumn(reach), rightColumn(reach))
  }
  let at = firstSubPath()
  for (let i = 0; i < subPaths; i++, at = nextSubPath(at)) ribbonSubPath(at)
}

/** Covers what its closed sub-paths enclose. */
export function coverFill(color: u32, plane: i32): void {
  if (isSmall(<f64>LARGEST) && subPaths > 0 && !hasPattern()) {
    fillSmall(color, plane)
    return
  }
  if (!isVisible(0)) return
  const end = endRow(0)
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
