// Geometries of rows brought into another CRS where they lie (see src/geo/reproject-ewkb.ts): vertices of lines and polygons by the polynomials of a patch (see
// src/geo/patched-transform.ts), worked out for x and y at once; points by the host. What is rare or malformed is left to the host, too.
//
// Memory: from `__heap_base` the rows, then where each begins.
import { room } from './output'
import { imageIn } from './patch'

const POINT: u32 = 1
const LINE: u32 = 2
const POLYGON: u32 = 3
const COLLECTION: u32 = 7
/** Collections in collections; what is deeper is the host's. */
const MOST_DEPTH: i32 = 8
const NULL: i32 = -1
const BROKEN: i32 = -2

/** Puts the patch of a square where `patchAt` says; false where there is none. */
// @ts-ignore: the host has it
declare function findPatch(column: f64, row: f64): bool
/** Puts where the projection itself has a point where `imageAt` says; throws where it has none. */
// @ts-ignore: the host has it
declare function project(row: i32, x: f64, y: f64): void
/** Does a row anew from what it was: its geometry may be spoilt. */
// @ts-ignore: the host has it
declare function doRow(row: i32): void

let input: usize = 0
let offsets: usize = 0
/** Of the patch: the middle, then the coefficients, each x and y. */
const patch = memory.data(256, 16)
const image = memory.data(16, 16)
/** Column and row of the square that the patch is of; not numbers: none yet. */
const square = memory.data<f64>([NaN, NaN])
let hasPatch: bool = false
let squaresPerUnit: f64 = 1

// The geometry at hand: where reading has come to.
let position: usize = 0
let end: usize = 0

/** Makes room for rows. */
export function layOut(bytes: i32, rows: i32): void {
  input = (__heap_base + 15) & ~15
  offsets = (input + <usize>bytes + 15) & ~15
  room(offsets, (<usize>rows + 1) << 2)
}
export function inputAt(): usize {
  return input
}
export function offsetsAt(): usize {
  return offsets
}
export function patchAt(): usize {
  return patch
}
export function imageAt(): usize {
  return image
}

/** The transform is another one, whose squares are so wide: a power of two. */
export function useSquares(size: f64): void {
  squaresPerUnit = 1 / size
  v128.store(square, f64x2.splat(NaN))
}

/** Does the geometries of a column. */
export function projectRows(count: i32, column: i32): void {
  for (let row = 0; row < count; row++) {
    const length = findField(row, column)
    if (length == NULL) continue
    end = position + <usize>length
    if (length < 0 || !projectGeometry(row, 0)) doRow(row)
  }
}

/** Puts `position` where a field begins, and returns its length: `NULL`, or `BROKEN` where the row ends before it does. */
function findField(row: i32, column: i32): i32 {
  position = input + <usize>load<u32>(offsets + ((<usize>row) << 2))
  const stop = input + <usize>load<u32>(offsets + ((<usize>row + 1) << 2))
  while (position + 4 <= stop) {
    const length = bswap<i32>(load<i32>(position))
    position += 4
    if (length > 0 && <usize>length > stop - position) return BROKEN
    if (column-- == 0) return max<i32>(length, NULL)
    position += <usize>max<i32>(length, 0)
  }
  return BROKEN
}

function projectGeometry(row: i32, depth: i32): bool {
  if (end - position < 5 || load<u8>(position) != 1 || depth > MOST_DEPTH) return false
  const type = load<u32>(position, 1)
  const kind = type & 0x1fffffff
  if (kind < POINT || kind > COLLECTION) return false
  const stride: usize = 16 + ((type & 0x80000000) != 0 ? 8 : 0) + ((type & 0x40000000) != 0 ? 8 : 0)
  position += 5
  if ((type & 0x20000000) != 0) {
    if (end - position < 4) return false
    position += 4
  }
  if (kind == POINT) return projectPoint(row, stride)
  if (kind == LINE) return projectPath(row, stride)
  let left = readCount(kind == POLYGON ? 4 : 9)
  if (left < 0) return false
  for (; left > 0; left--) if (!(kind == POLYGON ? projectPath(row, stride) : projectGeometry(row, depth + 1))) return false
  return true
}

/** A count of things of at least so many bytes; -1 where they cannot be there. */
function readCount(leastBytes: usize): i32 {
  if (end - position < 4) return -1
  const count = load<u32>(position)
  position += 4
  return <u64>count * <u64>leastBytes > <u64>(end - position) ? -1 : <i32>count
}

/** Empty points stay so. */
function projectPoint(row: i32, stride: usize): bool {
  if (end - position < stride) return false
  const x = load<f64>(position)
  if (!isNaN<f64>(x)) {
    project(row, x, load<f64>(position, 8))
    v128.store(position, v128.load(image))
  }
  position += stride
  return true
}

function projectPath(row: i32, stride: usize): bool {
  const count = readCount(stride)
  if (count < 0) return false
  let at = position
  position += <usize>count * stride
  let here = v128.load(square)
  for (; at < position; at += stride) {
    const place = f64x2.mul(v128.load(at), f64x2.splat(squaresPerUnit))
    const cell = f64x2.floor(place)
    if (!i64x2.all_true(f64x2.eq(cell, here))) {
      here = cell
      v128.store(square, cell)
      hasPatch = findPatch(f64x2.extract_lane(cell, 0), f64x2.extract_lane(cell, 1))
    }
    if (hasPatch) v128.store(at, imageIn(patch, f64x2.sub(f64x2.mul(f64x2.sub(place, cell), f64x2.splat(2)), f64x2.splat(1))))
    else {
      project(row, load<f64>(at), load<f64>(at, 8))
      v128.store(at, v128.load(image))
    }
  }
  return true
}
