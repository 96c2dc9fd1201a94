// A point inside of polygons, as GEOS finds it: on a level line through about the middle, in the middle of the widest piece within.
// Rings are closed sub-paths in source coordinates: shells, each before its holes.
import { countOf, isClosedPath, nextSubPath, pointsOf, scratch, windingOf } from './path'

/** What `windingOf` says of rings in source coordinates. */
export const SHELL: i32 = 1
export const HOLE: i32 = 2

export let innerX: f64 = 0
export let innerY: f64 = 0
let widest: f64 = -1
let crossings: usize = 0
let crossed: i32 = 0
let above: f64 = 0
let below: f64 = 0

/** The nearest vertices above and below of the middle: between them no vertex lies on the line. */
function narrow(at: usize, middle: f64): void {
  let p = pointsOf(at)
  const end = p + ((<usize>countOf(at)) << 4)
  for (; p < end; p += 16) {
    const y = load<f64>(p, 8)
    if (y <= middle) below = max<f64>(below, y)
    else above = min<f64>(above, y)
  }
}

function cross(at: usize, level: f64): void {
  const points = pointsOf(at)
  let p = points
  const end = p + ((<usize>countOf(at)) << 4)
  let x = load<f64>(end - 16),
    y = load<f64>(end - 8)
  for (; p < end; p += 16) {
    const toX = load<f64>(p),
      toY = load<f64>(p, 8)
    if (y > level != toY > level) {
      store<f64>(crossings + ((<usize>crossed) << 3), x + ((toX - x) * (level - y)) / (toY - y))
      crossed++
    }
    x = toX
    y = toY
  }
}

function sort(): void {
  let gap = 1
  while (gap < crossed / 3) gap = gap * 3 + 1
  for (; gap > 0; gap = gap / 3) {
    for (let i = gap; i < crossed; i++) {
      const value = load<f64>(crossings + ((<usize>i) << 3))
      let j = i
      for (; j >= gap; j -= gap) {
        const other = load<f64>(crossings + ((<usize>(j - gap)) << 3))
        if (other <= value) break
        store<f64>(crossings + ((<usize>j) << 3), other)
      }
      store<f64>(crossings + ((<usize>j) << 3), value)
    }
  }
}

/** Looks through the polygon whose shell is at `at` and which has `rings` rings. */
function tryPolygon(at: usize, rings: i32): void {
  below = Infinity
  above = -Infinity
  let p = pointsOf(at)
  const end = p + ((<usize>countOf(at)) << 4)
  for (; p < end; p += 16) {
    below = min<f64>(below, load<f64>(p, 8))
    above = max<f64>(above, load<f64>(p, 8))
  }
  const middle = (below + above) / 2
  let ring = at
  for (let i = 0; i < rings; i++, ring = nextSubPath(ring)) narrow(ring, middle)
  const level = (below + above) / 2
  crossed = 0
  ring = at
  for (let i = 0; i < rings; i++, ring = nextSubPath(ring)) cross(ring, level)
  sort()
  for (let i = 0; i + 1 < crossed; i += 2) {
    const a = load<f64>(crossings + ((<usize>i) << 3)),
      b = load<f64>(crossings + ((<usize>(i + 1)) << 3))
    if (b - a > widest) {
      widest = b - a
      innerX = (a + b) / 2
      innerY = level
    }
  }
  // flat ones still have a place
  if (widest < 0) {
    widest = 0
    innerX = load<f64>(pointsOf(at))
    innerY = load<f64>(pointsOf(at), 8)
  }
}

/** Sets `innerX`, `innerY`: within the polygon that is widest there. False without polygons. */
export function findInnerPoint(from: usize, count: i32): bool {
  widest = -1
  let all = 0
  for (let i = 0, at = from; i < count; i++, at = nextSubPath(at)) all += countOf(at)
  crossings = scratch((<usize>all) << 3)
  if (crossings == 0) return false
  let at = from
  let i = 0
  while (i < count) {
    const shell = at
    let rings = 1
    at = nextSubPath(at)
    i++
    if (!isClosedPath(shell)) continue
    while (i < count && windingOf(at) == HOLE) {
      rings++
      at = nextSubPath(at)
      i++
    }
    tryPolygon(shell, rings)
  }
  return widest >= 0
}
