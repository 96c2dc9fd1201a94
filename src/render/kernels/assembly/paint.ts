// From coverage to pixels. Colours are premultiplied RGBA, one u32 a pixel, red in the lowest byte.
import { bandTop, FULL, resetTouched, touchedFrom, touchedTo } from './coverage'
import { cells, height, plane, planeBytes, rowFirst, rowLast, stride, width } from './surface'

/** All four channels times `k` / 255, rounded. */
export function scale(color: u32, k: u32): u32 {
  let even = (color & 0xff00ff) * k + 0x800080
  let odd = ((color >>> 8) & 0xff00ff) * k + 0x800080
  even = ((even + ((even >>> 8) & 0xff00ff)) >>> 8) & 0xff00ff
  odd = (odd + ((odd >>> 8) & 0xff00ff)) & 0xff00ff00
  return even | odd
}

/** `source` over `target`. */
export function over(source: u32, target: u32): u32 {
  return source + scale(target, 255 - (source >>> 24))
}

export let isCrisp: bool = false

/** Whether pixels are painted whole or not at all: those that a quarter of is covered. */
export function setCrisp(value: bool): void {
  isCrisp = value
}

/** `scale` of four pixels, each byte of which has its share. */
export function scaledFour(color: v128, shares: v128): v128 {
  return i8x16.narrow_i16x8_u(divided(i16x8.extmul_low_i8x16_u(color, shares)), divided(i16x8.extmul_high_i8x16_u(color, shares)))
}

/** By 255, rounded. */
function divided(products: v128): v128 {
  const sum = i16x8.add(products, i16x8.splat(128))
  return i16x8.shr_u(i16x8.add(sum, i16x8.shr_u(sum, 8)), 8)
}

/** `over` of four pixels. */
export function overFour(source: v128, target: v128): v128 {
  const alphas = i8x16.shuffle(source, source, 3, 3, 3, 3, 7, 7, 7, 7, 11, 11, 11, 11, 15, 15, 15, 15)
  return i8x16.add(source, scaledFour(target, v128.not(alphas)))
}

/** 0 to 255 from a doubled area; windings beyond one count once. */
export function opacityOf(area: i32): u32 {
  const size = min<u32>(<u32>abs<i32>(area), <u32>FULL)
  if (isCrisp) return size < <u32>(FULL >> 2) ? 0 : 255
  return (size * 255 + <u32>(FULL >> 1)) >>> 17
}

/** The same of four areas, each in all four bytes of a pixel. */
export function opacitiesOf(areas: v128): v128 {
  const sizes = i32x4.min_u(i32x4.abs(areas), i32x4.splat(FULL))
  if (isCrisp) return i32x4.ge_u(sizes, i32x4.splat(FULL >> 2))
  const shares = i32x4.shr_u(i32x4.add(i32x4.mul(sizes, i32x4.splat(255)), i32x4.splat(FULL >> 1)), 17)
  return i8x16.shuffle(shares, shares, 0, 0, 0, 0, 4, 4, 4, 4, 8, 8, 8, 8, 12, 12, 12, 12)
}

/** Each of four numbers and those before it. */
export function sums(numbers: v128): v128 {
  const nothing = i32x4.splat(0)
  const pairs = i32x4.add(numbers, i8x16.shuffle(nothing, numbers, 0, 1, 2, 3, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27))
  return i32x4.add(pairs, i8x16.shuffle(nothing, pairs, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23))
}

/** `count` pixels of one colour; not transparent. */
function span(at: usize, count: i32, color: u32): void {
  const end = at + ((<usize>count) << 2)
  for (; at + 16 <= end; at += 16) fourOf(at, color)
  for (; at < end; at += 4) store<u32>(at, over(color, load<u32>(at)))
}

function fourOf(at: usize, color: u32): void {
  const four = i32x4.splat(color)
  v128.store(at, color >>> 24 == 255 ? four : overFour(four, v128.load(at)))
}

/** Paints the coverage of the band in one colour on a plane, and clears it. Non-zero winding. */
export function sweep(color: u32, planeIndex: i32): void {
  const top = bandTop()
  const isOpaque = color >>> 24 == 255
  for (let row = touchedFrom; row < touchedTo; row++) {
    const local = <usize>(row - top)
    let cell = load<i32>(rowFirst + (local << 2))
    const last = load<i32>(rowLast + (local << 2))
    store<i32>(rowFirst + (local << 2), width)
    store<i32>(rowLast + (local << 2), -1)
    if (last < 0) continue
    let area = 0
    let at = cells + ((local * <usize>stride + <usize>cell) << 2)
    let to = plane(planeIndex) + ((<usize>row * <usize>width + <usize>cell) << 2)
    const end = min<i32>(last, width - 1)
    while (cell <= end) {
      if (cell + 4 <= width) {
        const four = v128.load(at)
        if (v128.any_true(four)) {
          v128.store(at, i32x4.splat(0))
          const areas = i32x4.add(sums(four), i32x4.splat(area))
          area = i32x4.extract_lane(areas, 3)
          v128.store(to, overFour(scaledFour(i32x4.splat(color), opacitiesOf(areas)), v128.load(to)))
        } else {
          // without an edge the coverage stays what it is, here and in what follows
          const k = opacityOf(area)
          const plain = k == 255 ? color : scale(color, k)
          if (k) fourOf(to, plain)
          for (; cell + 8 <= width && cell + 4 <= end && !v128.any_true(v128.load(at, 16)); cell += 4, at += 16) {
            to += 16
            if (k) fourOf(to, plain)
          }
        }
        cell += 4
        at += 16
        to += 16
        continue
      }
      area += load<i32>(at)
      store<i32>(at, 0)
      const k = opacityOf(area)
      if (k == 255 && isOpaque) store<u32>(to, color)
      else if (k) store<u32>(to, over(scale(color, k), load<u32>(to)))
      cell++
      at += 4
      to += 4
    }
    if (last >= width) store<i32>(cells + ((local * <usize>stride + <usize>width) << 2), 0)
    // edges right of the image are left out, so the last coverage holds up to the border
    const k = opacityOf(area)
    if (k && cell < width) span(to, width - cell, scale(color, k))
  }
  resetTouched()
}

/** Fills a plane with one premultiplied colour. */
export function clear(planeIndex: i32, color: u32): void {
  let at = plane(planeIndex)
  const end = at + planeBytes()
  const four = i32x4.splat(color)
  for (; at + 16 <= end; at += 16) v128.store(at, four)
  for (; at < end; at += 4) store<u32>(at, color)
}

/** A premultiplied pixel with straight alpha: each channel times 255 by alpha, rounded. The division of such small numbers is never off enough to change a whole one. */
function straightened(color: u32): u32 {
  const a = color >>> 24
  if (a == 255 || a == 0) return color
  const channels = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(i32x4.splat(color)))
  const wide = i32x4.add(i32x4.mul(channels, i32x4.splat(255)), i32x4.splat(a >>> 1))
  const whole = i32x4.trunc_sat_f32x4_s(f32x4.div(f32x4.convert_i32x4_s(wide), f32x4.splat(<f32>a)))
  const narrow = i16x8.narrow_i32x4_s(whole, whole)
  return (i32x4.extract_lane(i8x16.narrow_i16x8_u(narrow, narrow), 0) & 0xffffff) | (a << 24)
}

/** Turns a premultiplied plane into straight alpha, in place. */
export function straighten(planeIndex: i32): void {
  let at = plane(planeIndex)
  const end = at + planeBytes()
  const opaque = i32x4.splat(0xff000000)
  // surfaces of one faint colour are straightened once
  let last = i32x4.splat(0),
    done = i32x4.splat(0)
  for (; at + 16 <= end; at += 16) {
    const four = v128.load(at)
    // four opaque pixels stay what they are
    if (i32x4.all_true(i32x4.eq(v128.and(four, opaque), opaque))) continue
    if (!i32x4.all_true(i32x4.eq(four, last))) {
      for (let k: usize = 0; k < 16; k += 4) store<u32>(at + k, straightened(load<u32>(at + k)))
      last = four
      done = v128.load(at)
    } else v128.store(at, done)
  }
  for (; at < end; at += 4) store<u32>(at, straightened(load<u32>(at)))
}
