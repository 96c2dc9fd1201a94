// Clipping in source coordinates, where straight edges are straight: against a box around what shows. Rings stay closed
// (Sutherland and Hodgman), lines fall into pieces (Liang and Barsky). The box reaches beyond the image: cuts never show.
import { sourceVertex } from './shape'

let minX: f64 = 0,
  minY: f64 = 0,
  maxX: f64 = 0,
  maxY: f64 = 0
/** Of each of the four sides: first x, first y, last x, last y, whether there was one. */
const sides = memory.data(4 * 40, 16)

export let clippedFrom: f64 = 0
export let clippedTo: f64 = 1

export function useClip(x0: f64, y0: f64, x1: f64, y1: f64): void {
  minX = x0
  minY = y0
  maxX = x1
  maxY = y1
}

/** The corners of the box. */
export function boxFrom(): v128 {
  return f64x2.replace_lane(f64x2.splat(minX), 1, minY)
}

export function boxTo(): v128 {
  return f64x2.replace_lane(f64x2.splat(maxX), 1, maxY)
}

/** False for NaN, too. */
export function isInBox(x: f64, y: f64): bool {
  return x >= minX && y >= minY && x <= maxX && y <= maxY
}

/** How far inside of a side a point lies; negative is outside. */
function depthAt(side: i32, x: f64, y: f64): f64 {
  if (side == 0) return x - minX
  if (side == 1) return maxX - x
  return side == 2 ? y - minY : maxY - y
}

export function beginClip(): void {
  memory.fill(sides, 0, 4 * 40)
}

function cross(side: i32, ax: f64, ay: f64, bx: f64, by: f64): void {
  const a = depthAt(side, ax, ay),
    b = depthAt(side, bx, by)
  if (a < 0 == b < 0) return
  const t = a / (a - b)
  vertexFrom(side + 1, ax + (bx - ax) * t, ay + (by - ay) * t)
}

function vertexFrom(side: i32, x: f64, y: f64): void {
  if (side == 4) {
    sourceVertex(x, y)
    return
  }
  const at = sides + <usize>side * 40
  if (load<i32>(at, 32)) cross(side, load<f64>(at, 16), load<f64>(at, 24), x, y)
  else {
    store<f64>(at, x)
    store<f64>(at, y, 8)
    store<i32>(at, 1, 32)
  }
  store<f64>(at, x, 16)
  store<f64>(at, y, 24)
  if (depthAt(side, x, y) >= 0) vertexFrom(side + 1, x, y)
}

/** The next vertex of a ring; what is left of it goes to `sourceVertex`. */
export function clipVertex(x: f64, y: f64): void {
  vertexFrom(0, x, y)
}

/** Closes the ring. */
export function endClip(): void {
  for (let side = 0; side < 4; side++) {
    const at = sides + <usize>side * 40
    if (load<i32>(at, 32)) cross(side, load<f64>(at, 16), load<f64>(at, 24), load<f64>(at), load<f64>(at, 8))
  }
}

function narrow(direction: f64, room: f64): bool {
  if (direction == 0) return room >= 0
  const t = room / direction
  if (direction < 0) clippedFrom = max<f64>(clippedFrom, t)
  else clippedTo = min<f64>(clippedTo, t)
  return clippedFrom <= clippedTo
}

/** Whether part of the segment lies in the box: then it is the one between the shares `clippedFrom` and `clippedTo`. */
export function clipSegment(ax: f64, ay: f64, bx: f64, by: f64): bool {
  clippedFrom = 0
  clippedTo = 1
  const dx = bx - ax,
    dy = by - ay
  return narrow(-dx, ax - minX) && narrow(dx, maxX - ax) && narrow(-dy, ay - minY) && narrow(dy, maxY - ay)
}
