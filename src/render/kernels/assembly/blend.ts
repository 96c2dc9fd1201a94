// Planes laid over each other: W3C Compositing and Blending Level 1. A pixel is one vector of four channels, premultiplied, 0 to 1.
import { over, scale } from './paint'
import { plane, planeBytes } from './surface'

const NORMAL: i32 = 0
const MULTIPLY: i32 = 1
const SCREEN: i32 = 2
const OVERLAY: i32 = 3
const DARKEN: i32 = 4
const LIGHTEN: i32 = 5
const COLOR_DODGE: i32 = 6
const COLOR_BURN: i32 = 7
const HARD_LIGHT: i32 = 8
const SOFT_LIGHT: i32 = 9
const DIFFERENCE: i32 = 10
const EXCLUSION: i32 = 11

function splat(v: f32): v128 {
  return f32x4.splat(v)
}

/** `color` times `opacity` in four channels. */
function unpacked(color: u32, opacity: f32): v128 {
  const bytes = i32x4.splat(color)
  const wide = u32x4From(bytes)
  return f32x4.mul(f32x4.convert_i32x4_u(wide), splat(opacity / 255))
}

function u32x4From(bytes: v128): v128 {
  return i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(bytes))
}

function packed(channels: v128): u32 {
  const whole = i32x4.trunc_sat_f32x4_s(f32x4.add(f32x4.mul(channels, splat(255)), splat(0.5)))
  const narrow = i16x8.narrow_i32x4_s(whole, whole)
  return i32x4.extract_lane(i8x16.narrow_i16x8_u(narrow, narrow), 0)
}

function straight(channels: v128): v128 {
  const alpha = f32x4.extract_lane(channels, 3)
  return alpha > 0 ? f32x4.min(f32x4.mul(channels, splat(1 / alpha)), splat(1)) : channels
}

function hardLight(backdrop: v128, source: v128): v128 {
  const twice = f32x4.add(source, source)
  const high = f32x4.sub(twice, splat(1))
  const screened = f32x4.sub(f32x4.add(backdrop, high), f32x4.mul(backdrop, high))
  return v128.bitselect(f32x4.mul(backdrop, twice), screened, f32x4.le(source, splat(0.5)))
}

function softLight(cb: v128, cs: v128): v128 {
  const twice = f32x4.sub(f32x4.add(cs, cs), splat(1))
  const dark = f32x4.add(cb, f32x4.mul(f32x4.mul(twice, cb), f32x4.sub(splat(1), cb)))
  // ((16 cb - 12) cb + 4) cb up to a quarter, the root above
  const low = f32x4.mul(f32x4.add(f32x4.mul(f32x4.sub(f32x4.mul(splat(16), cb), splat(12)), cb), splat(4)), cb)
  const d = v128.bitselect(low, f32x4.sqrt(cb), f32x4.le(cb, splat(0.25)))
  const light = f32x4.add(cb, f32x4.mul(twice, f32x4.sub(d, cb)))
  return v128.bitselect(dark, light, f32x4.le(cs, splat(0.5)))
}

/** B(cb, cs) of the clauses 9.1.1 ff., of colours that are not premultiplied. */
function blended(mode: i32, cb: v128, cs: v128): v128 {
  const one = splat(1)
  if (mode == MULTIPLY) return f32x4.mul(cb, cs)
  if (mode == SCREEN) return f32x4.sub(f32x4.add(cb, cs), f32x4.mul(cb, cs))
  if (mode == OVERLAY) return hardLight(cs, cb)
  if (mode == DARKEN) return f32x4.min(cb, cs)
  if (mode == LIGHTEN) return f32x4.max(cb, cs)
  if (mode == COLOR_DODGE) {
    const bright = v128.bitselect(one, f32x4.min(one, f32x4.div(cb, f32x4.sub(one, cs))), f32x4.ge(cs, one))
    return v128.bitselect(splat(0), bright, f32x4.le(cb, splat(0)))
  }
  if (mode == COLOR_BURN) {
    const dark = v128.bitselect(splat(0), f32x4.sub(one, f32x4.min(one, f32x4.div(f32x4.sub(one, cb), cs))), f32x4.le(cs, splat(0)))
    return v128.bitselect(one, dark, f32x4.ge(cb, one))
  }
  if (mode == HARD_LIGHT) return hardLight(cb, cs)
  if (mode == SOFT_LIGHT) return softLight(cb, cs)
  if (mode == DIFFERENCE) return f32x4.abs(f32x4.sub(cb, cs))
  if (mode == EXCLUSION) return f32x4.sub(f32x4.add(cb, cs), f32x4.mul(splat(2), f32x4.mul(cb, cs)))
  return cs
}

function blend(mode: i32, source: v128, backdrop: v128): v128 {
  // 'plus-lighter'
  if (mode > EXCLUSION) return f32x4.min(f32x4.add(source, backdrop), splat(1))
  const as = f32x4.extract_lane(source, 3),
    ab = f32x4.extract_lane(backdrop, 3)
  const both = f32x4.mul(blended(mode, straight(backdrop), straight(source)), splat(as * ab))
  const apart = f32x4.add(f32x4.mul(source, splat(1 - ab)), f32x4.mul(backdrop, splat(1 - as)))
  return f32x4.replace_lane(f32x4.add(apart, both), 3, as + ab - as * ab)
}

/** Plane `from`, at `opacity` of 255, over plane `to`. */
export function compose(from: i32, to: i32, opacity: u32, mode: i32): void {
  let source = plane(from)
  let target = plane(to)
  const end = source + planeBytes()
  const share = <f32>opacity / 255
  while (source < end) {
    if (source + 16 <= end && !v128.any_true(v128.load(source))) {
      source += 16
      target += 16
      continue
    }
    if (mode == NORMAL) {
      const color = opacity == 255 ? load<u32>(source) : scale(load<u32>(source), opacity)
      if (color >>> 24 == 255) store<u32>(target, color)
      else if (color) store<u32>(target, over(color, load<u32>(target)))
    } else {
      const color = load<u32>(source)
      if (color) store<u32>(target, packed(blend(mode, unpacked(color, share), unpacked(load<u32>(target), 1))))
    }
    source += 4
    target += 4
  }
}
