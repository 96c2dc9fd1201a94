// Graphics along a path, at equal distances and turned with it.
import { graphicReach, hasGraphic, stampTurned } from './graphic'
import {
  distanceAt,
  find,
  foundDx,
  foundDy,
  foundX,
  foundY,
  measure,
  pointAt,
  roomToMeasure,
  segments,
  length as wholeLength,
} from './measure'
import { firstSubPath, isFull, nextSubPath, scratch, shownFrom, shownTo, showsPart, subPaths } from './path'

/** Of one geometry; what would come after is left out. */
const MOST: i32 = 1 << 16
const FARTHEST: f64 = 1e14

let start: f64 = 0
let step: f64 = 256
let extent: f64 = 0
let isUpright: bool = false

/** The middle of the first graphic, and from middle to middle; `size`: their extent along the line. All in units. */
export function setSpacing(firstMiddle: f64, between: f64, size: f64, upright: bool): void {
  start = firstMiddle
  step = between
  extent = size
  isUpright = upright
}

/** In the direction from where the graphic begins on the line to where it ends. */
function stampAt(distance: f64, near: i32): void {
  let dx: f64 = 1,
    dy: f64 = 0
  if (!isUpright) {
    find(distance - extent / 2, near)
    const ax = foundX,
      ay = foundY
    find(distance + extent / 2, near)
    dx = foundX - ax
    dy = foundY - ay
    find(distance, near)
    const length = sqrt<f64>(dx * dx + dy * dy)
    // a line that turns back within the graphic
    if (length < extent * 0.2 || length < 64) {
      dx = foundDx
      dy = foundDy
    } else {
      dx /= length
      dy /= length
    }
  } else find(distance, near)
  stampTurned(foundX, foundY, dx, dy)
}

/** Only graphics that fit on the line are drawn. */
function walk(): void {
  const end = wholeLength - extent / 2 + 1
  let stamped = 0
  for (let k = 0; k < segments; k++) {
    if (!showsPart(pointAt(k), pointAt(k + 1), graphicReach())) continue
    const begin = distanceAt(k)
    const length = distanceAt(k + 1) - begin
    const to = begin + length * shownTo
    if (to > FARTHEST) return
    const from = begin + length * shownFrom
    let i = max<f64>(ceil<f64>((from - start) / step), 0)
    for (; ; i++) {
      const at = start + i * step
      if (at > to || at > end) break
      // what lies on a vertex belongs to the segment that begins there
      if (at == distanceAt(k + 1) && k + 1 < segments) break
      if (++stamped > MOST) return
      stampAt(at, k)
    }
  }
}

export function stampAlong(): void {
  let at = firstSubPath()
  const count = subPaths
  if (!hasGraphic()) return
  const room = scratch(roomToMeasure(at, count))
  if (isFull) return
  for (let i = 0; i < count; i++, at = nextSubPath(at)) if (measure(at, room)) walk()
}
