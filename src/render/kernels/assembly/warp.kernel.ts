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
    const x0 = x00 + (x01 - x00) * v
    const y0 = y00 + (y01 - y00) * v
    const dx = (x10 + (x11 - x10) * v - x0) * perWidth
    const dy = (y10 + (y11 - y10) * v - y0) * perWidth
    let at = output + ((<usize>(top + row) * <usize>outputWidth + <usize>left) << 2)
    for (let column = 0; column < width; column++) {
      const x = x0 + dx * (<f64>column + 0.5)
      const y = y0 + dy * (<f64>column + 0.5)
      if (x >= minX && x < maxX && y >= minY && y < maxY) store<u32>(at, isSmooth ? smooth(x, y) : nearest(x, y))
      at += 4
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

/** Bilinear with weights of 8 bits: exact where the position is a pixel's centre. */
function smooth(x: f64, y: f64): u32 {
  const fx = <i32>Math.floor((x - 0.5) * 256 + 0.5)
  const fy = <i32>Math.floor((y - 0.5) * 256 + 0.5)
  const column = fx >> 8
  const row = fy >> 8
  const u = fx & 255
  const v = fy & 255
  let upper: v128
  let lower: v128
  if (column >= 0 && row >= 0 && column < sourceWidth - 1 && row < sourceHeight - 1) {
    const at = source + ((<usize>row * <usize>sourceWidth + <usize>column) << 2)
    upper = v128.load64_zero(at)
    lower = v128.load64_zero(at + ((<usize>sourceWidth) << 2))
  } else {
    const c0 = <usize>inside(column, sourceWidth)
    const c1 = <usize>inside(column + 1, sourceWidth)
    const r0 = source + ((<usize>inside(row, sourceHeight) * <usize>sourceWidth) << 2)
    const r1 = source + ((<usize>inside(row + 1, sourceHeight) * <usize>sourceWidth) << 2)
    upper = v128.replace_lane<u32>(v128.load32_zero(r0 + (c0 << 2)), 1, load<u32>(r0 + (c1 << 2)))
    lower = v128.replace_lane<u32>(v128.load32_zero(r1 + (c0 << 2)), 1, load<u32>(r1 + (c1 << 2)))
  }
  // r r g g b b a a of the left and right pixel side by side, so that one multiply-and-add blends each pair.
  const zero = i8x16.splat(0)
  const a = v128.shuffle<u8>(upper, zero, 0, 16, 4, 16, 1, 16, 5, 16, 2, 16, 6, 16, 3, 16, 7, 16)
  const b = v128.shuffle<u8>(lower, zero, 0, 16, 4, 16, 1, 16, 5, 16, 2, 16, 6, 16, 3, 16, 7, 16)
  const weights = i32x4.splat((u << 16) | (256 - u))
  const above = i32x4.mul(i32x4.dot_i16x8_s(a, weights), i32x4.splat(256 - v))
  const below = i32x4.mul(i32x4.dot_i16x8_s(b, weights), i32x4.splat(v))
  const sum = i32x4.shr_u(i32x4.add(i32x4.add(above, below), i32x4.splat(32768)), 16)
  const narrow = i16x8.narrow_i32x4_s(sum, sum)
  return i32x4.extract_lane(i8x16.narrow_i16x8_u(narrow, narrow), 0)
}
