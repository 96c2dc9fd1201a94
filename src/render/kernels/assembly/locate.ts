// From source coordinates to pixel positions: by an affine map, or by polynomials, one for each square of the source (see src/geo/patched-transform.ts), which
// the host is asked for when they are needed; where it has none, it is asked point by point.

import { imageIn } from './patch'
import { PATCH_BYTES, patches } from './surface'

/** Puts the pixel position of a point where `setLocated` takes it; false when it has none. */
declare function askHost(x: f64, y: f64): i32
/** Puts the patch of a square at `at`: the middle and 15 coefficients, in pixels, each x and y. False when there is none. */
declare function askPatch(column: f64, row: f64, at: usize): i32

/** Patches in a row of those that are held: of a map that is no wider none takes the place of another. */
const HELD: i32 = 32
/** Of a patch that is held: its column and row, f64 each, whether it is one, i32, and from there on what the host has put. */
const IS_PATCH: usize = 16
const NUMBERS: usize = 32
/** Columns and rows beyond are the host's point by point: its numbers of squares would come round again. */
const FARTHEST: f64 = 16777216

let isByPatches: bool = false
let originX: f64 = 0,
  originY: f64 = 0,
  perX: f64 = 1,
  perY: f64 = 1
let patchesPerUnit: f64 = 1,
  piecesPerUnit: f64 = 1
/** Column and row of the patch in hand; not numbers: none. */
const square = memory.data<f64>([NaN, NaN], 16)
let inHand: usize = 0
/** Pixel position of the last located point. */
export let pixelX: f64 = 0
export let pixelY: f64 = 0

export function setLocated(x: f64, y: f64): void {
  pixelX = x
  pixelY = y
}

/** Pixel = (source - origin) * per. */
export function useAffine(x: f64, y: f64, pixelsPerX: f64, pixelsPerY: f64): void {
  isByPatches = false
  originX = x
  originY = y
  perX = pixelsPerX
  perY = pixelsPerY
}

/** Patches, and pieces of edges, in a unit of the source. */
export function usePatches(perUnit: f64, pieces: f64): void {
  isByPatches = true
  patchesPerUnit = perUnit
  piecesPerUnit = pieces
  const none = f64x2.splat(NaN)
  v128.store(square, none)
  for (let i = 0; i < HELD * HELD; i++) v128.store(patches + <usize>i * PATCH_BYTES, none)
}

/** Of the affine map, x and y. */
export function origin(): v128 {
  return f64x2.replace_lane(f64x2.splat(originX), 1, originY)
}

export function pixelsPer(): v128 {
  return f64x2.replace_lane(f64x2.splat(perX), 1, perY)
}

/** Pieces that an edge is cut into to follow what it becomes on the map; 1 at least. */
export function piecesOf(dx: f64, dy: f64): f64 {
  return max<f64>(ceil<f64>(max<f64>(abs<f64>(dx), abs<f64>(dy)) * piecesPerUnit), 1)
}

export function isAffine(): bool {
  return !isByPatches
}

/** Whether the map turns the source upside down, as maps do whose y axis points north. */
export function isMirrored(): bool {
  return isByPatches || perX * perY < 0
}

/** Takes the patch of a square in hand. */
function take(cell: v128): void {
  v128.store(square, cell)
  const column = f64x2.extract_lane(cell, 0),
    row = f64x2.extract_lane(cell, 1)
  // also catches NaN
  if (!(abs<f64>(column) < FARTHEST && abs<f64>(row) < FARTHEST)) {
    inHand = 0
    return
  }
  const slot = (<i32>column & (HELD - 1)) + (<i32>row & (HELD - 1)) * HELD
  const at = patches + <usize>slot * PATCH_BYTES
  if (!i64x2.all_true(f64x2.eq(v128.load(at), cell))) {
    v128.store(at, cell)
    store<i32>(at, askPatch(column, row, at + NUMBERS), IS_PATCH)
  }
  inHand = load<i32>(at, IS_PATCH) ? at + NUMBERS : 0
}

/** Sets `pixelX`, `pixelY`; false when the point has no place on the map. */
export function locate(x: f64, y: f64): bool {
  if (!isByPatches) {
    pixelX = (x - originX) * perX
    pixelY = (y - originY) * perY
    return pixelX == pixelX && pixelY == pixelY
  }
  const place = f64x2.mul(f64x2.replace_lane(f64x2.splat(x), 1, y), patchesPer())
  const cell = f64x2.floor(place)
  if (!takeSquare(cell)) return askHost(x, y) != 0
  const at = imageOf(place, cell)
  pixelX = f64x2.extract_lane(at, 0)
  pixelY = f64x2.extract_lane(at, 1)
  return true
}

/** Patches in a unit of the source, for x and y. */
export function patchesPer(): v128 {
  return f64x2.splat(patchesPerUnit)
}

/** Pieces likewise. */
export function piecesPer(): v128 {
  return f64x2.splat(piecesPerUnit)
}

/** Takes the patch of a square in hand; false when there is none. */
export function takeSquare(cell: v128): bool {
  if (!i64x2.all_true(f64x2.eq(cell, v128.load(square)))) take(cell)
  return inHand != 0
}

/** Where the patch in hand has what lies at `position`, in squares, in the square `cell`. */
export function imageOf(position: v128, cell: v128): v128 {
  return imageIn(inHand, f64x2.sub(f64x2.mul(f64x2.sub(position, cell), f64x2.splat(2)), f64x2.splat(1)))
}
