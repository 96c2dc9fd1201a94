// The quick inverse cosine transform of libjpeg (Arai, Agui and Nakajima; `jidctfst`), in 16 bits as its vector code has it: the same to the bit.

/** Products of quantisation and scale, four tables in natural order, 16 bits each. */
const factors = memory.data(4 * 128, 16)
/** 64 steps of a table as they are in the file, one or two bytes each: where a table is put before it is set. */
const definition = memory.data(128, 16)
/** What columns and rows have to be multiplied by for this transform: cos(k π / 16) √2 but for the first. */
const scales = memory.data<f64>([
  1, 1.387039845322148, 1.306562964876377, 1.175875602419359, 1, 0.785694958387102, 0.541196100146197, 0.275899379282943,
])
/** By the order in the file, where a coefficient lies in a block, in bytes of 16-bit numbers in natural order. */
export const places = memory.data<u8>([
  0, 2, 16, 32, 18, 4, 6, 20, 34, 48, 64, 50, 36, 22, 8, 10, 24, 38, 52, 66, 80, 96, 82, 68, 54, 40, 26, 12, 14, 28, 42, 56, 70, 84, 98,
  112, 114, 100, 86, 72, 58, 44, 30, 46, 60, 74, 88, 102, 116, 118, 104, 90, 76, 62, 78, 92, 106, 120, 122, 108, 94, 110, 124, 126,
])

export function stepsAt(): usize {
  return definition
}

/** Sets a quantisation table from its steps. */
export function setSteps(table: i32, isWide: bool): void {
  const own = factors + ((<usize>table) << 7)
  for (let i: usize = 0; i < 64; i++) {
    const place = <usize>load<u8>(places + i)
    const scale = load<f64>(scales + ((place >> 4) << 3)) * load<f64>(scales + (((place & 15) >> 1) << 3))
    // libjpeg has these products with 14 bits after the point
    const rounded = <i64>(scale * 16384 + 0.5)
    const step = isWide ? <i64>bswap<u16>(load<u16>(definition + (i << 1))) : <i64>load<u8>(definition + i)
    store<i16>(own + place, <i16>((step * rounded + (1 << 11)) >> 12))
  }
}

/** Upper 16 bits of products. */
function high(a: v128, b: v128): v128 {
  return i8x16.shuffle(
    i32x4.extmul_low_i16x8_s(a, b),
    i32x4.extmul_high_i16x8_s(a, b),
    2, 3, 6, 7, 10, 11, 14, 15, 18, 19, 22, 23, 26, 27, 30, 31,
  ) // biome-ignore format: pairs
}

/** Transforms `block`, which is zeros then, to 8 rows of 8 bytes, `stride` apart. */
export function transform(block: usize, table: i32, to: usize, stride: usize): void {
  const own = factors + ((<usize>table) << 7)
  // what is multiplied is multiplied by 4 before, so that 6 bits are left for the constants, which have 8 after the point
  const f1082 = i16x8.splat(277 << 6)
  const f1414 = i16x8.splat(362 << 6)
  const f1613 = i16x8.splat(-(413 << 6))
  const f1847 = i16x8.splat(473 << 6)
  let r0 = i16x8.mul(v128.load(block, 0), v128.load(own, 0))
  let r1 = i16x8.mul(v128.load(block, 16), v128.load(own, 16))
  let r2 = i16x8.mul(v128.load(block, 32), v128.load(own, 32))
  let r3 = i16x8.mul(v128.load(block, 48), v128.load(own, 48))
  let r4 = i16x8.mul(v128.load(block, 64), v128.load(own, 64))
  let r5 = i16x8.mul(v128.load(block, 80), v128.load(own, 80))
  let r6 = i16x8.mul(v128.load(block, 96), v128.load(own, 96))
  let r7 = i16x8.mul(v128.load(block, 112), v128.load(own, 112))
  clear(block)
  // columns, then rows, which the change of both makes columns
  for (let pass = 0; pass < 2; pass++) {
    // even part
    let a = i16x8.add(r0, r4)
    let b = i16x8.sub(r0, r4)
    let c = i16x8.add(r2, r6)
    let d = i16x8.sub(high(i16x8.shl(i16x8.sub(r2, r6), 2), f1414), c)
    const e0 = i16x8.add(a, c)
    const e3 = i16x8.sub(a, c)
    const e1 = i16x8.add(b, d)
    const e2 = i16x8.sub(b, d)
    // odd part
    const z13 = i16x8.add(r5, r3)
    const z10 = i16x8.sub(r5, r3)
    const z11 = i16x8.add(r1, r7)
    const z12 = i16x8.sub(r1, r7)
    const o7 = i16x8.add(z11, z13)
    const z5 = high(i16x8.shl(i16x8.add(z10, z12), 2), f1847)
    a = high(i16x8.shl(i16x8.sub(z11, z13), 2), f1414)
    b = i16x8.sub(high(i16x8.shl(z12, 2), f1082), z5)
    c = i16x8.add(i16x8.sub(high(i16x8.shl(z10, 2), f1613), z10), z5)
    const o6 = i16x8.sub(c, o7)
    const o5 = i16x8.sub(a, o6)
    const o4 = i16x8.add(b, o5)
    r0 = i16x8.add(e0, o7)
    r7 = i16x8.sub(e0, o7)
    r1 = i16x8.add(e1, o6)
    r6 = i16x8.sub(e1, o6)
    r2 = i16x8.add(e2, o5)
    r5 = i16x8.sub(e2, o5)
    r4 = i16x8.add(e3, o4)
    r3 = i16x8.sub(e3, o4)
    // rows for columns
    a = lower16(r0, r1)
    b = upper16(r0, r1)
    c = lower16(r2, r3)
    d = upper16(r2, r3)
    const e = lower16(r4, r5)
    const f = upper16(r4, r5)
    const g = lower16(r6, r7)
    const h = upper16(r6, r7)
    r0 = lower32(a, c)
    r1 = upper32(a, c)
    r2 = lower32(b, d)
    r3 = upper32(b, d)
    r4 = lower32(e, g)
    r5 = upper32(e, g)
    r6 = lower32(f, h)
    r7 = upper32(f, h)
    a = lower64(r0, r4)
    b = upper64(r0, r4)
    c = lower64(r1, r5)
    d = upper64(r1, r5)
    const i = lower64(r2, r6)
    const j = upper64(r2, r6)
    const k = lower64(r3, r7)
    const l = upper64(r3, r7)
    r0 = a
    r1 = b
    r2 = c
    r3 = d
    r4 = i
    r5 = j
    r6 = k
    r7 = l
  }
  putRows(to, stride, r0, r1)
  to += stride << 1
  putRows(to, stride, r2, r3)
  to += stride << 1
  putRows(to, stride, r4, r5)
  to += stride << 1
  putRows(to, stride, r6, r7)
}

/** The same for a block of nothing but its DC coefficient. */
export function transformFlat(block: usize, table: i32, to: usize, stride: usize): void {
  const level = <i16>(<i32>load<i16>(block) * <i32>load<i16>(factors + ((<usize>table) << 7)))
  store<u16>(block, 0)
  const bytes = i8x16.splat(<i8>(min<i32>(127, max<i32>(-128, <i32>level >> 5)) + 128))
  for (let y = 0; y < 8; y++, to += stride) v128.store64_lane(to, bytes, 0)
}

/** Makes a block zeros. */
export function clear(block: usize): void {
  const zeros = i16x8.splat(0)
  for (let i: usize = 0; i < 128; i += 16) v128.store(block + i, zeros)
}

function putRows(to: usize, stride: usize, a: v128, b: v128): void {
  const bytes = i8x16.add(i8x16.narrow_i16x8_s(i16x8.shr_s(a, 5), i16x8.shr_s(b, 5)), i8x16.splat(-128))
  v128.store64_lane(to, bytes, 0)
  v128.store64_lane(to + stride, bytes, 1)
}

function lower16(a: v128, b: v128): v128 {
  return i16x8.shuffle(a, b, 0, 8, 1, 9, 2, 10, 3, 11)
}

function upper16(a: v128, b: v128): v128 {
  return i16x8.shuffle(a, b, 4, 12, 5, 13, 6, 14, 7, 15)
}

function lower32(a: v128, b: v128): v128 {
  return i32x4.shuffle(a, b, 0, 4, 1, 5)
}

function upper32(a: v128, b: v128): v128 {
  return i32x4.shuffle(a, b, 2, 6, 3, 7)
}

function lower64(a: v128, b: v128): v128 {
  return i64x2.shuffle(a, b, 0, 2)
}

function upper64(a: v128, b: v128): v128 {
  return i64x2.shuffle(a, b, 1, 3)
}
