// Upsampling and colours of libjpeg, in vectors: the same to the bit. Rows may be read 16 bytes too far and written 32.

/** Twice as many samples of a row: three quarters of the nearer one, a quarter of the other one. One more on both sides is read. */
export function widen(row: usize, to: usize, end: usize): void {
  const one = i16x8.splat(1)
  const two = i16x8.splat(2)
  for (; to < end; row += 8, to += 16) {
    const middle = v128.load_ext<u8>(row)
    const thrice = i16x8.add(i16x8.add(middle, middle), middle)
    const even = i16x8.shr_u(i16x8.add(i16x8.add(thrice, v128.load_ext<u8>(row - 1)), one), 2)
    const odd = i16x8.shr_u(i16x8.add(i16x8.add(thrice, v128.load_ext<u8>(row + 1)), two), 2)
    v128.store(to, v128.or(even, i16x8.shl(odd, 8)))
  }
}

/** Of sums of two rows, three parts of the nearer one. */
function sums(near: usize, far: usize): v128 {
  const samples = v128.load_ext<u8>(near)
  return i16x8.add(i16x8.add(i16x8.add(samples, samples), samples), v128.load_ext<u8>(far))
}

/** The same where there are twice as many rows, too. */
export function widenBetween(near: usize, far: usize, to: usize, end: usize): void {
  const seven = i16x8.splat(7)
  const eight = i16x8.splat(8)
  for (; to < end; near += 8, far += 8, to += 16) {
    const middle = sums(near, far)
    const thrice = i16x8.add(i16x8.add(middle, middle), middle)
    const even = i16x8.shr_u(i16x8.add(i16x8.add(thrice, sums(near - 1, far - 1)), eight), 4)
    const odd = i16x8.shr_u(i16x8.add(i16x8.add(thrice, sums(near + 1, far + 1)), seven), 4)
    v128.store(to, v128.or(even, i16x8.shl(odd, 8)))
  }
}

/** (a * x + b * y + half) / 65536 of eight pairs. */
function weighted(x: v128, y: v128, weights: v128, half: v128): v128 {
  return i16x8.narrow_i32x4_s(
    i32x4.shr_s(i32x4.add(i32x4.dot_i16x8_s(i16x8.shuffle(x, y, 0, 8, 1, 9, 2, 10, 3, 11), weights), half), 16),
    i32x4.shr_s(i32x4.add(i32x4.dot_i16x8_s(i16x8.shuffle(x, y, 4, 12, 5, 13, 6, 14, 7, 15), weights), half), 16),
  )
}

function putPixels(to: usize, r: v128, g: v128, b: v128): void {
  const opaque = i8x16.splat(-1)
  const rg = i8x16.shuffle(r, g, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
  const ba = i8x16.shuffle(b, opaque, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
  v128.store(to, i16x8.shuffle(rg, ba, 0, 8, 1, 9, 2, 10, 3, 11))
  v128.store(to, i16x8.shuffle(rg, ba, 4, 12, 5, 13, 6, 14, 7, 15), 16)
}

/** Pixels, opaque, of rows of luminance and chrominance. */
export function putYcc(luma: usize, blue: usize, red: usize, to: usize, end: usize): void {
  const middle = i16x8.splat(128)
  const half = i32x4.splat(32768)
  const none = i32x4.splat(0)
  const two = i16x8.splat(2)
  // 1.402 - 1, with half of 65536 beside it; 1.772 - 2 likewise; -0.34414 and 1 - 0.71414
  const toRed = i32x4.splat((16384 << 16) | 26345)
  const toBlue = i32x4.splat((16384 << 16) | (-14942 & 0xffff))
  const toGreen = i32x4.splat((18734 << 16) | (-22554 & 0xffff))
  for (; to < end; luma += 8, blue += 8, red += 8, to += 32) {
    const y = v128.load_ext<u8>(luma)
    const cb = i16x8.sub(v128.load_ext<u8>(blue), middle)
    const cr = i16x8.sub(v128.load_ext<u8>(red), middle)
    const r = i16x8.add(i16x8.add(y, cr), weighted(cr, two, toRed, none))
    const b = i16x8.add(i16x8.add(y, i16x8.add(cb, cb)), weighted(cb, two, toBlue, none))
    const g = i16x8.add(i16x8.sub(y, cr), weighted(cb, cr, toGreen, half))
    putPixels(to, i8x16.narrow_i16x8_u(r, r), i8x16.narrow_i16x8_u(g, g), i8x16.narrow_i16x8_u(b, b))
  }
}

/** Pixels, opaque, of rows of red, green and blue. */
export function putRgb(red: usize, green: usize, blue: usize, to: usize, end: usize): void {
  for (; to < end; red += 8, green += 8, blue += 8, to += 32)
    putPixels(to, v128.load64_zero(red), v128.load64_zero(green), v128.load64_zero(blue))
}
