// From source coordinates to pixel positions: by an affine map, by a bilinear control grid, or by asking the host point by point.

import { grid } from './surface'

/** Puts the pixel position of a point where `setLocated` takes it; false when it has none. */
declare function askHost(x: f64, y: f64): i32

let mode: i32 = 0
let originX: f64 = 0,
  originY: f64 = 0,
  perX: f64 = 1,
  perY: f64 = 1
let columns: i32 = 0
let rows: i32 = 0
/** Pixel position of the last located point. */
export let pixelX: f64 = 0
export let pixelY: f64 = 0

export function setLocated(x: f64, y: f64): void {
  pixelX = x
  pixelY = y
}

/** Pixel = (source - origin) * per. */
export function useAffine(x: f64, y: f64, pixelsPerX: f64, pixelsPerY: f64): void {
  mode = 0
  originX = x
  originY = y
  perX = pixelsPerX
  perY = pixelsPerY
}

/** A grid of `c` by `r` cells from `origin`, `per` cells in a source unit; nodes are pixel positions (f64 pairs), row by row, in `grid`. */
export function useGrid(x: f64, y: f64, cellsPerX: f64, cellsPerY: f64, c: i32, r: i32): void {
  mode = 1
  originX = x
  originY = y
  perX = cellsPerX
  perY = cellsPerY
  columns = c
  rows = r
}

/** Every point for itself; the cells only say how finely long edges are followed. */
export function useHost(x: f64, y: f64, cellsPerX: f64, cellsPerY: f64): void {
  mode = 2
  originX = x
  originY = y
  perX = cellsPerX
  perY = cellsPerY
}

/** Of the affine map, x and y. */
export function origin(): v128 {
  return f64x2.replace_lane(f64x2.splat(originX), 1, originY)
}

export function pixelsPer(): v128 {
  return f64x2.replace_lane(f64x2.splat(perX), 1, perY)
}

/** How many cells of the grid an edge runs through, about. */
export function cellsBetween(ax: f64, ay: f64, bx: f64, by: f64): f64 {
  return max<f64>(abs<f64>((bx - ax) * perX), abs<f64>((by - ay) * perY))
}

export function isAffine(): bool {
  return mode == 0
}

/** Whether the map turns the source upside down, as maps do whose y axis points north. */
export function isMirrored(): bool {
  return mode != 0 || perX * perY < 0
}

/** Sets `pixelX`, `pixelY`; false when the point has no place on the map. */
export function locate(x: f64, y: f64): bool {
  if (mode == 0) {
    pixelX = (x - originX) * perX
    pixelY = (y - originY) * perY
  } else if (mode == 2) {
    if (!askHost(x, y)) return false
  } else {
    const u = (x - originX) * perX
    const v = (y - originY) * perY
    // also catches NaN
    if (!(u >= 0 && v >= 0 && u <= <f64>columns && v <= <f64>rows)) return askHost(x, y) != 0
    const i = min<i32>(<i32>u, columns - 1)
    const j = min<i32>(<i32>v, rows - 1)
    const a = grid + ((<usize>(j * (columns + 1) + i)) << 4)
    const b = a + ((<usize>(columns + 1)) << 4)
    const s = u - <f64>i
    const t = v - <f64>j
    const x0 = load<f64>(a) + (load<f64>(a, 16) - load<f64>(a)) * s
    const x1 = load<f64>(b) + (load<f64>(b, 16) - load<f64>(b)) * s
    const y0 = load<f64>(a, 8) + (load<f64>(a, 24) - load<f64>(a, 8)) * s
    const y1 = load<f64>(b, 8) + (load<f64>(b, 24) - load<f64>(b, 8)) * s
    pixelX = x0 + (x1 - x0) * t
    pixelY = y0 + (y1 - y0) * t
    // a corner of the cell has no place on the map
    if (pixelX != pixelX || pixelY != pixelY) return askHost(x, y) != 0
  }
  return pixelX == pixelX && pixelY == pixelY
}
