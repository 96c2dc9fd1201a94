// Pixels out of more than their four neighbours. Positions are in source pixels, 0,0 the outer corner of the first; what lies outside of the
// source has no weight. The weights of a row of columns and those of a column of rows are multiplied.

/** Columns or rows that one pixel is made of, at most: 6 of Lanczos, sixteen times as wide. */
const most: i32 = 112
let weightsX: usize = 0
let weightsY: usize = 0
/** Slots of the table in which colours are counted: colour, count, and the round it is of. A power of two above the square of 18. */
const slots: i32 = 1024
let table: usize = 0
let round: u32 = 0

/** Bytes that this needs. */
export const resampleBytes: usize = 2 * 112 * 4 + 1024 * 12

/** Where they are: nobody else may write there. */
export function resampleAt(at: usize): void {
  weightsX = at
  weightsY = at + 112 * 4
  table = at + 2 * 112 * 4
  memory.fill(table, 0, 1024 * 12)
}

let from: i32 = 0
let count: i32 = 0

function cubic(t: f64): f64 {
  const x = abs(t)
  if (x <= 1) return (1.5 * x - 2.5) * x * x + 1
  return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0
}

function lanczos(t: f64): f64 {
  const x = abs(t) * Math.PI
  if (x < 1e-9) return 1
  return x < 3 * Math.PI ? (3 * Math.sin(x) * Math.sin(x / 3)) / (x * x) : 0
}

/** Weights of the columns (or rows) around `x`, where a map pixel is `scale` source pixels wide: sets `from` and `count`; returns their sum. */
function weigh(method: i32, x: f64, scale: f64, size: i32, weights: usize): f64 {
  let sum: f64 = 0
  if (method === 3) {
    // what the map pixel covers of each
    const low = x - scale * 0.5
    const high = x + scale * 0.5
    from = max(0, <i32>Math.floor(low))
    count = min(most, min(size, <i32>Math.ceil(high)) - from)
    for (let i = 0; i < count; i++) {
      const weight = max<f64>(0, min(<f64>(from + i + 1), high) - max(<f64>(from + i), low))
      store<f32>(weights + ((<usize>i) << 2), <f32>weight)
      sum += weight
    }
    return sum
  }
  const reach = (method === 2 ? 2.0 : 3.0) * scale
  const centre = x - 0.5
  from = max(0, <i32>Math.ceil(centre - reach))
  count = min(most, min(size - 1, <i32>Math.floor(centre + reach)) - from + 1)
  for (let i = 0; i < count; i++) {
    const t = (<f64>(from + i) - centre) / scale
    const weight = method === 2 ? cubic(t) : lanczos(t)
    store<f32>(weights + ((<usize>i) << 2), <f32>weight)
    sum += weight
  }
  return sum
}

/** 2: cubic, 3: average, 5: Lanczos. `scaleX`, `scaleY`: source pixels that a map pixel is wide and high. */
export function weighted(source: usize, width: i32, height: i32, method: i32, x: f64, y: f64, scaleX: f64, scaleY: f64): u32 {
  const sumX = weigh(method, x, scaleX, width, weightsX)
  const left = from
  const columns = count
  const sumY = weigh(method, y, scaleY, height, weightsY)
  if (columns <= 0 || count <= 0 || abs(sumX * sumY) < 1e-9) return 0
  let total = f32x4.splat(0)
  for (let j = 0; j < count; j++) {
    let row = f32x4.splat(0)
    let at = source + ((<usize>(from + j) * <usize>width + <usize>left) << 2)
    for (let i = 0; i < columns; i++, at += 4) {
      const pixel = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(at)))
      row = f32x4.add(row, f32x4.mul(f32x4.convert_i32x4_u(pixel), f32x4.splat(load<f32>(weightsX + ((<usize>i) << 2)))))
    }
    total = f32x4.add(total, f32x4.mul(row, f32x4.splat(load<f32>(weightsY + ((<usize>j) << 2)))))
  }
  const scaled = f32x4.mul(total, f32x4.splat(<f32>(1 / (sumX * sumY))))
  const rounded = i32x4.trunc_sat_f32x4_s(f32x4.add(f32x4.max(scaled, f32x4.splat(0)), f32x4.splat(0.5)))
  // premultiplied: no colour is more than its alpha
  const alpha = min(255, i32x4.extract_lane(rounded, 3))
  const bounded = i32x4.min_s(rounded, i32x4.splat(alpha))
  const words = i16x8.narrow_i32x4_s(bounded, bounded)
  return i32x4.extract_lane(i8x16.narrow_i16x8_u(words, words), 0)
}

/** The colour of most pixels whose centres, or parts, a map pixel covers; the first of those that are as many. Transparent ones count when there is nothing else. */
export function commonest(source: usize, width: i32, height: i32, x: f64, y: f64, scaleX: f64, scaleY: f64): u32 {
  const left = max(0, <i32>Math.floor(x - scaleX * 0.5 + 1e-10))
  const top = max(0, <i32>Math.floor(y - scaleY * 0.5 + 1e-10))
  const right = min(width, min(left + 17, max(left + 1, <i32>Math.ceil(x + scaleX * 0.5 - 1e-10))))
  const bottom = min(height, min(top + 17, max(top + 1, <i32>Math.ceil(y + scaleY * 0.5 - 1e-10))))
  round++
  let best: u32 = 0
  let bestCount: u32 = 0
  for (let row = top; row < bottom; row++)
    for (let column = left; column < right; column++) {
      const color = load<u32>(source + ((<usize>row * <usize>width + <usize>column) << 2))
      if (color >>> 24 === 0) continue
      let slot = <i32>((color * 0x9e3779b1) >>> 22)
      let at = table + <usize>(slot * 12)
      while (load<u32>(at + 8) === round && load<u32>(at) !== color) {
        slot = (slot + 1) & (slots - 1)
        at = table + <usize>(slot * 12)
      }
      const now = load<u32>(at + 8) === round ? load<u32>(at + 4) + 1 : 1
      store<u32>(at, color)
      store<u32>(at + 4, now)
      store<u32>(at + 8, round)
      if (now > bestCount) {
        bestCount = now
        best = color
      }
    }
  return best
}
