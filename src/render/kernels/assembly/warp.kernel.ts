// Warps RGBA images (premultiplied alpha, 4 bytes a pixel) cell by cell. Source positions are given at the corners of a rectangle of
// output pixels and interpolated between them; position 0,0 is the outer corner of the first source pixel, 0.5,0.5 its centre.
//
// Memory: from `__heap_base`, or in the room that was set, what it writes to for itself, the source, then the output. One page beyond stays free: 8-byte loads may look past the last row.

import { commonest, resampleAt, resampleBytes, weighted } from './resample'

let source: usize = 0
let sourceWidth: i32 = 0
let sourceHeight: i32 = 0
let output: usize = 0
let outputWidth: i32 = 0
let outputPixels: i32 = 0

// Room for both images; without an end, memory grows.
let roomStart: usize = 0
let roomEnd: usize = 0
/** Of the row at hand: width and address of the source; from four positions to the next four. */
let ofRow: usize = 0

/** Of a kernel that shares its memory with others, of other threads, too: it writes nowhere else. */
export function setRoom(start: usize, end: usize): void {
  ofRow = (start + 15) & ~15
  resampleAt(ofRow + 64)
  roomStart = ofRow + 64 + resampleBytes
  roomEnd = end
}

setRoom(__heap_base, 0)

/** Makes room for both images and clears the output. False when there is no more memory. */
export function layOut(width: i32, height: i32, outWidth: i32, outHeight: i32): bool {
  source = (roomStart + 15) & ~15
  output = (source + <usize>width * <usize>height * 4 + 31) & ~15
  const end = output + <usize>outWidth * <usize>outHeight * 4 + 65536
  if (roomEnd > 0) {
    if (end > roomEnd) return false
  } else {
    const missing = <i32>((end + 65535) >> 16) - memory.size()
    if (missing > 0 && memory.grow(missing) < 0) return false
  }
  sourceWidth = width
  sourceHeight = height
  outputWidth = outWidth
  outputPixels = outWidth * outHeight
  filled = 0
  seen = 0xffffffff
  memory.fill(output, 0, <usize>outWidth * <usize>outHeight * 4)
  return true
}

export function sourceAt(): usize {
  return source
}

export function outputAt(): usize {
  return output
}

// Output pixels written since `layOut`, and what they have in common.
let filled: i32 = 0
let seen: u32 = 0

/** Whether every output pixel has been written, and none is transparent. */
export function isOpaque(): bool {
  return filled === outputPixels && seen >>> 24 === 255
}

function put(at: usize, color: u32): void {
  store<u32>(at, color)
  seen &= color
}

// The part of the source plane that exists, in source pixels: what lies outside stays transparent.
let minX: f64 = 0
let minY: f64 = 0
let maxX: f64 = 0
let maxY: f64 = 0

export function setExtent(x0: f64, y0: f64, x1: f64, y1: f64): void {
  minX = x0
  minY = y0
  maxX = x1
  maxY = y1
}

// Columns of the row at hand that a condition leaves: from `first` to before `last`.
let first: i32 = 0
let last: i32 = 0

function isInside(value: f64, low: f64, high: f64): bool {
  return value >= low && value < high
}

/** Narrows `first … last` to the columns whose position `start + step * (column + 0.5)` lies from `low` to before `high`. */
function narrow(start: f64, step: f64, low: f64, high: f64): void {
  if (step != 0) {
    const a = (low - start) / step
    const b = (high - start) / step
    // A pixel too many on each side, whatever the last digits say; the loops below decide.
    first = <i32>max(<f64>first, min(<f64>last, Math.floor(min(a, b)) - 1))
    last = <i32>min(<f64>last, max(<f64>first, Math.ceil(max(a, b)) + 1))
  }
  while (first < last && !isInside(start + step * (<f64>first + 0.5), low, high)) first++
  while (first < last && !isInside(start + step * (<f64>(last - 1) + 0.5), low, high)) last--
}

function narrowTo(x: f64, y: f64, dx: f64, dy: f64, left: f64, top: f64, right: f64, bottom: f64): void {
  narrow(x, dx, left, right)
  narrow(y, dy, top, bottom)
}

/** Distance from the sides of the source from which all four neighbours are in it: nothing has to be checked for each pixel. */
const border: f64 = 0.51

/** Whether that is so of a corner, beyond doubt: then it is of everything between four such corners. */
function isAmid(x: f64, y: f64): bool {
  const low = border + 0.01
  return x > max(minX, 0) + low && y > max(minY, 0) + low && x < min(maxX, <f64>sourceWidth) - low && y < min(maxY, <f64>sourceHeight) - low
}

/** Source pixels that a map pixel may be wide or high for `average`, `mode` and the wide kernels: beyond, the source is reduced before. */
const mostScale: f64 = 16.5

/**
 * Fills the output rectangle `left, top, width, height`; corners are named column then row (`x10`: right, upper).
 * `method`: its place in `resamplings`.
 */
export function warpCell(
  method: i32,
  left: i32,
  top: i32,
  width: i32,
  height: i32,
  x00: f64,
  y00: f64,
  x10: f64,
  y10: f64,
  x01: f64,
  y01: f64,
  x11: f64,
  y11: f64,
): void {
  const perHeight = 1 / <f64>height
  const perWidth = 1 / <f64>width
  // how wide and high a map pixel is in the source
  const leastScale: f64 = method === 3 || method === 4 ? 1e-6 : 1
  const scaleX = min(mostScale, max(leastScale, abs(x10 - x00) * perWidth + abs(x01 - x00) * perHeight))
  const scaleY = min(mostScale, max(leastScale, abs(y10 - y00) * perWidth + abs(y01 - y00) * perHeight))
  const isWithin = method === 1 && isAmid(x00, y00) && isAmid(x10, y10) && isAmid(x01, y01) && isAmid(x11, y11)
  for (let row = 0; row < height; row++) {
    const v = (<f64>row + 0.5) * perHeight
    const x = x00 + (x01 - x00) * v
    const y = y00 + (y01 - y00) * v
    const dx = (x10 + (x11 - x10) * v - x) * perWidth
    const dy = (y10 + (y11 - y10) * v - y) * perWidth
    const at = output + ((<usize>(top + row) * <usize>outputWidth + <usize>left) << 2)
    first = 0
    last = width
    if (!isWithin) narrowTo(x, y, dx, dy, minX, minY, maxX, maxY)
    const from = first
    const to = last
    filled += to - from
    if (method === 1) {
      if (!isWithin) narrowTo(x, y, dx, dy, border, border, <f64>sourceWidth - border, <f64>sourceHeight - border)
      if (sourceWidth > mostSide || sourceHeight > mostSide) last = first
      for (let column = from; column < first; column++) smoothAtBorder(at, column, x, y, dx, dy)
      for (let column = smoothFours(at, x, y, dx, dy); column < to; column++) smoothAtBorder(at, column, x, y, dx, dy)
      continue
    }
    for (let column = from; column < to; column++) {
      const offset = <f64>column + 0.5
      put(at + ((<usize>column) << 2), pixelAt(method, x + dx * offset, y + dy * offset, scaleX, scaleY))
    }
  }
}

function pixelAt(method: i32, x: f64, y: f64, scaleX: f64, scaleY: f64): u32 {
  if (method === 0) return nearest(x, y)
  if (method === 4) return commonest(source, sourceWidth, sourceHeight, x, y, scaleX, scaleY)
  return weighted(source, sourceWidth, sourceHeight, method, x, y, scaleX, scaleY)
}

function inside(value: i32, size: i32): i32 {
  return max(0, min(size - 1, value))
}

function nearest(x: f64, y: f64): u32 {
  // Positions on the border of two pixels go to the same one of them whatever their last digits say.
  const column = inside(<i32>Math.floor(x + 1e-6), sourceWidth)
  const row = inside(<i32>Math.floor(y + 1e-6), sourceHeight)
  return load<u32>(source + ((<usize>row * <usize>sourceWidth + <usize>column) << 2))
}

/** Positions have 16 binary digits behind the point: over a whole row they stay below the 8 digits that weights have. */
const one: f64 = 65536
/** Sides of sources up to which such positions fit 32 bits. */
const mostSide: i32 = 32767

// What every turn of the loop below needs: from memory, because the machine's compiler would build constants and splats anew in each.
const wholes: usize = memory.data<i32>([256, 256, 256, 256], 16)
const wholePairs: usize = memory.data<i16>([256, 256, 256, 256, 256, 256, 256, 256], 16)
const half: usize = memory.data<i32>([16384, 16384, 16384, 16384], 16)

/** Red, green, blue, alpha of the left and right neighbour side by side, two bytes each. */
function paired(from: usize): v128 {
  return i8x16.swizzle(v128.load64_zero(from), i8x16(0, -1, 4, -1, 1, -1, 5, -1, 2, -1, 6, -1, 3, -1, 7, -1))
}

/** One pixel between the two at `from` and the two below them; `v` has the lower weight in all words, `u` pairs of left and right weight. */
function between(from: usize, stride: usize, u: v128, v: v128): v128 {
  const upper = i16x8.mul(paired(from), i16x8.sub(v128.load(wholePairs), v))
  const lower = i16x8.mul(paired(from + stride), v)
  const sum = i32x4.dot_i16x8_s(i16x8.shr_u(i16x8.add(upper, lower), 1), u)
  return i32x4.shr_u(i32x4.add(sum, v128.load(half)), 15)
}

/** The columns from `first` on, four at a time and bilinear with weights of 8 bits: exact where the position is a pixel's centre. Returns the end. Hot. */
function smoothFours(at: usize, x: f64, y: f64, dx: f64, dy: f64): i32 {
  const fours = (last - first) >> 2
  if (fours <= 0) return first
  const row = ofRow
  const stride = (<usize>sourceWidth) << 2
  const offset = <f64>first + 0.5
  // Half a step of the weights is added, so that cutting digits off rounds.
  const startX = <i32>((x + dx * offset - 0.5) * one) + 128
  const startY = <i32>((y + dy * offset - 0.5) * one) + 128
  const stepX = <i32>floor<f64>(dx * one + 0.5)
  const stepY = <i32>floor<f64>(dy * one + 0.5)
  const lanes = i32x4(0, 1, 2, 3)
  let fx = i32x4.add(i32x4.splat(startX), i32x4.mul(lanes, i32x4.splat(stepX)))
  let fy = i32x4.add(i32x4.splat(startY), i32x4.mul(lanes, i32x4.splat(stepY)))
  v128.store(row, i32x4.splat(sourceWidth))
  v128.store(row, i32x4.splat(<i32>source), 16)
  v128.store(row, i32x4.splat(stepX << 2), 32)
  v128.store(row, i32x4.splat(stepY << 2), 48)
  let common = i32x4.splat(-1)
  let to = at + ((<usize>first) << 2)
  for (const end = to + ((<usize>fours) << 4); to < end; to += 16) {
    const index = i32x4.add(i32x4.mul(i32x4.shr_s(fy, 16), v128.load(row)), i32x4.shr_s(fx, 16))
    const from = i32x4.add(i32x4.shl(index, 2), v128.load(row, 16))
    const right = i32x4.shr_u(i32x4.shl(fx, 16), 24)
    const below = i32x4.shr_u(i32x4.shl(fy, 16), 24)
    const u = i32x4.add(i32x4.sub(i32x4.shl(right, 16), right), v128.load(wholes))
    const v = v128.or(below, i32x4.shl(below, 16))
    const p0 = between(i32x4.extract_lane(from, 0), stride, v128.shuffle<i32>(u, u, 0, 0, 0, 0), v128.shuffle<i32>(v, v, 0, 0, 0, 0))
    const p1 = between(i32x4.extract_lane(from, 1), stride, v128.shuffle<i32>(u, u, 1, 1, 1, 1), v128.shuffle<i32>(v, v, 1, 1, 1, 1))
    const p2 = between(i32x4.extract_lane(from, 2), stride, v128.shuffle<i32>(u, u, 2, 2, 2, 2), v128.shuffle<i32>(v, v, 2, 2, 2, 2))
    const p3 = between(i32x4.extract_lane(from, 3), stride, v128.shuffle<i32>(u, u, 3, 3, 3, 3), v128.shuffle<i32>(v, v, 3, 3, 3, 3))
    const pixels = i8x16.narrow_i16x8_u(i16x8.narrow_i32x4_s(p0, p1), i16x8.narrow_i32x4_s(p2, p3))
    v128.store(to, pixels)
    common = v128.and(common, pixels)
    fx = i32x4.add(fx, v128.load(row, 32))
    fy = i32x4.add(fy, v128.load(row, 48))
  }
  const pair = v128.and(common, v128.shuffle<i32>(common, common, 2, 3, 0, 1))
  seen &= i32x4.extract_lane(pair, 0) & i32x4.extract_lane(pair, 1)
  return first + (fours << 2)
}

/** One pixel whose neighbours may lie outside: the border of the source is repeated. */
function smoothAtBorder(at: usize, index: i32, x: f64, y: f64, dx: f64, dy: f64): void {
  const fx = <i32>Math.floor((x + dx * (<f64>index + 0.5) - 0.5) * 256 + 0.5)
  const fy = <i32>Math.floor((y + dy * (<f64>index + 0.5) - 0.5) * 256 + 0.5)
  const c0 = (<usize>inside(fx >> 8, sourceWidth)) << 2
  const c1 = (<usize>inside((fx >> 8) + 1, sourceWidth)) << 2
  const r0 = source + ((<usize>inside(fy >> 8, sourceHeight) * <usize>sourceWidth) << 2)
  const r1 = source + ((<usize>inside((fy >> 8) + 1, sourceHeight) * <usize>sourceWidth) << 2)
  const upper = v128.replace_lane<u32>(v128.load32_zero(r0 + c0), 1, load<u32>(r0 + c1))
  const lower = v128.replace_lane<u32>(v128.load32_zero(r1 + c0), 1, load<u32>(r1 + c1))
  put(at + ((<usize>index) << 2), blend(upper, lower, fx & 255, fy & 255))
}

/** Two pixels above, two below, weighted: all four channels at once. */
function blend(upper: v128, lower: v128, u: i32, v: i32): u32 {
  // r r g g b b a a of the left and right pixel side by side, so that one multiply-and-add blends each pair.
  const zero = i8x16.splat(0)
  const a = v128.shuffle<u8>(upper, zero, 0, 16, 4, 16, 1, 16, 5, 16, 2, 16, 6, 16, 3, 16, 7, 16)
  const b = v128.shuffle<u8>(lower, zero, 0, 16, 4, 16, 1, 16, 5, 16, 2, 16, 6, 16, 3, 16, 7, 16)
  const weights = i32x4.splat((u << 16) | (256 - u))
  const above = i32x4.mul(i32x4.dot_i16x8_s(a, weights), i32x4.splat(256 - v))
  const below = i32x4.mul(i32x4.dot_i16x8_s(b, weights), i32x4.splat(v))
  const sum = i32x4.shr_u(i32x4.add(i32x4.add(above, below), i32x4.splat(32768)), 16)
  const narrowed = i16x8.narrow_i32x4_s(sum, sum)
  return i32x4.extract_lane(i8x16.narrow_i16x8_u(narrowed, narrowed), 0)
}
