// Warps RGBA images (premultiplied alpha, 4 bytes a pixel) cell by cell. Source positions are given at the corners of a rectangle of
// output pixels and interpolated between them; position 0,0 is the outer corner of the first source pixel, 0.5,0.5 its centre.
//
// Memory: from `__heap_base` the source, then the output. One page beyond stays free: 8-byte loads may look past the last row.

let source: usize = 0
let sourceWidth: i32 = 0
let sourceHeight: i32 = 0
let output: usize = 0
let outputWidth: i32 = 0

/** Makes room for both images and clears the output. False when there is no more memory. */
export function layOut(width: i32, height: i32, outWidth: i32, outHeight: i32): bool {
  source = (__heap_base + 15) & ~15
  output = (source + <usize>width * <usize>height * 4 + 31) & ~15
  const end = output + <usize>outWidth * <usize>outHeight * 4 + 65536
  const missing = <i32>((end + 65535) >> 16) - memory.size()
  if (missing > 0 && memory.grow(missing) < 0) return false
  sourceWidth = width
  sourceHeight = height
  outputWidth = outWidth
  memory.fill(output, 0, <usize>outWidth * <usize>outHeight * 4)
  return true
}

export function sourceAt(): usize {
  return source
}

export function outputAt(): usize {
  return output
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

/** Fills the output rectangle `left, top, width, height`; corners are named column then row (`x10`: right, upper). */
export function warpCell(
  isSmooth: bool,
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
  for (let row = 0; row < height; row++) {
    const v = (<f64>row + 0.5) * perHeight
    const x = x00 + (x01 - x00) * v
    const y = y00 + (y01 - y00) * v
    const dx = (x10 + (x11 - x10) * v - x) * perWidth
    const dy = (y10 + (y11 - y10) * v - y) * perWidth
    const at = output + ((<usize>(top + row) * <usize>outputWidth + <usize>left) << 2)
    first = 0
    last = width
    narrow(x, dx, minX, maxX)
    narrow(y, dy, minY, maxY)
    const from = first
    const to = last
    if (isSmooth) {
      // Where all four neighbours are in the source, nothing has to be checked for each pixel.
      narrow(x, dx, 0.5, <f64>sourceWidth - 0.502)
      narrow(y, dy, 0.5, <f64>sourceHeight - 0.502)
      for (let column = from; column < first; column++) smoothAtBorder(at, column, x, y, dx, dy)
      smoothRow(at, x, y, dx, dy)
      for (let column = max(from, last); column < to; column++) smoothAtBorder(at, column, x, y, dx, dy)
    } else {
      for (let column = from; column < to; column++) {
        const offset = <f64>column + 0.5
        store<u32>(at + ((<usize>column) << 2), nearest(x + dx * offset, y + dy * offset))
      }
    }
  }
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

/** 32 binary digits behind the point: a hundred thousand steps stay far below the 8 digits that weights have. */
const one: f64 = 4294967296

/** The columns `first … last`, bilinear with weights of 8 bits: exact where the position is a pixel's centre. Hot. */
function smoothRow(at: usize, x: f64, y: f64, dx: f64, dy: f64): void {
  if (first >= last) return
  const start = source
  const stride = (<usize>sourceWidth) << 2
  const offset = <f64>first + 0.5
  // Half a step of the weights is added, so that cutting digits off rounds.
  let fx = <i64>((x + dx * offset - 0.5) * one) + (1 << 23)
  let fy = <i64>((y + dy * offset - 0.5) * one) + (1 << 23)
  // The step of a single pixel is not used, and may be anything.
  const stepX = last - first > 1 ? <i64>(dx * one) : 0
  const stepY = last - first > 1 ? <i64>(dy * one) : 0
  const end = at + ((<usize>last) << 2)
  for (let to = at + ((<usize>first) << 2); to < end; to += 4) {
    const from = start + <usize>(fy >> 32) * stride + ((<usize>(fx >> 32)) << 2)
    const u = <i32>(fx >> 24) & 255
    const v = <i32>(fy >> 24) & 255
    store<u32>(to, blend(v128.load64_zero(from), v128.load64_zero(from + stride), u, v))
    fx += stepX
    fy += stepY
  }
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
  store<u32>(at + ((<usize>index) << 2), blend(upper, lower, fx & 255, fy & 255))
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
