// Planes laid over each other: W3C Compositing and Blending Level 1. A pixel is one vector of four channels, premultiplied, 0 to 1.
import { over, overFour, scale, scaledFour } from './paint'
import { plane, planeBytes } from './surface'

/** Nearer to 0 and 1 than a channel of 8 bits can be: what is divided by alpha does not come back exactly. */
const NOTHING: f32 = 0.001
const ALL: f32 = 0.999

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

/** Two times the product where the source is dark, the inverse of that of the inverses where it is light. Premultiplied. */
function hardLight(cb: v128, cs: v128, ab: v128, as: v128): v128 {
  const dark = f32x4.mul(f32x4.add(cs, cs), cb)
  const light = f32x4.sub(as, cs)
  const rest = f32x4.mul(f32x4.add(light, light), f32x4.sub(ab, cb))
  return v128.bitselect(dark, f32x4.sub(f32x4.mul(as, ab), rest), f32x4.le(f32x4.add(cs, cs), as))
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

function colorDodge(cb: v128, cs: v128): v128 {
  const one = splat(1)
  const bright = v128.bitselect(one, f32x4.min(one, f32x4.div(cb, f32x4.sub(one, cs))), f32x4.ge(cs, splat(ALL)))
  return v128.bitselect(splat(0), bright, f32x4.le(cb, splat(NOTHING)))
}

function colorBurn(cb: v128, cs: v128): v128 {
  const one = splat(1)
  const dark = f32x4.sub(one, f32x4.min(one, f32x4.div(f32x4.sub(one, cb), cs)))
  return v128.bitselect(one, v128.bitselect(splat(0), dark, f32x4.le(cs, splat(NOTHING))), f32x4.ge(cb, splat(ALL)))
}

/** B(cb, cs) of the clauses 9.1.1 ff. times both alphas, of premultiplied colours: most modes need no division then. */
function blended(mode: i32, cb: v128, cs: v128, ab: v128, as: v128): v128 {
  if (mode == MULTIPLY) return f32x4.mul(cb, cs)
  if (mode == OVERLAY) return hardLight(cs, cb, as, ab)
  if (mode == HARD_LIGHT) return hardLight(cb, cs, ab, as)
  if (mode >= COLOR_DODGE && mode <= SOFT_LIGHT) {
    const backdrop = straight(cb),
      source = straight(cs)
    let color = backdrop
    if (mode == COLOR_DODGE) color = colorDodge(backdrop, source)
    else if (mode == COLOR_BURN) color = colorBurn(backdrop, source)
    else color = softLight(backdrop, source)
    return f32x4.mul(color, f32x4.mul(as, ab))
  }
  const s = f32x4.mul(cs, ab),
    b = f32x4.mul(cb, as)
  if (mode == DARKEN) return f32x4.min(b, s)
  if (mode == LIGHTEN) return f32x4.max(b, s)
  if (mode == DIFFERENCE) return f32x4.abs(f32x4.sub(b, s))
  const both = f32x4.mul(cb, cs)
  const screened = f32x4.sub(f32x4.add(b, s), both)
  return mode == SCREEN ? screened : f32x4.sub(screened, both)
}

function blend(mode: i32, source: v128, backdrop: v128): v128 {
  // 'plus-lighter'
  if (mode > EXCLUSION) return f32x4.min(f32x4.add(source, backdrop), splat(1))
  const as = f32x4.extract_lane(source, 3),
    ab = f32x4.extract_lane(backdrop, 3)
  const apart = f32x4.add(f32x4.mul(source, splat(1 - ab)), f32x4.mul(backdrop, splat(1 - as)))
  const both = blended(mode, backdrop, source, splat(ab), splat(as))
  return f32x4.replace_lane(f32x4.add(apart, both), 3, as + ab - as * ab)
}

/** Sixteen pixels. */
function isEmpty(at: usize): bool {
  const first = v128.or(v128.load(at), v128.load(at, 16)),
    second = v128.or(v128.load(at, 32), v128.load(at, 48))
  return !v128.any_true(v128.or(first, second))
}

/** Sixteen pixels over others. */
function overSixteen(source: usize, target: usize, opacity: u32): void {
  const shares = i8x16.splat(<i8>opacity)
  for (const end = source + 64; source < end; source += 16, target += 16) {
    const four = v128.load(source)
    v128.store(target, overFour(opacity == 255 ? four : scaledFour(four, shares), v128.load(target)))
  }
}

/** Plane `from`, at `opacity` of 255, over plane `to`. */
export function compose(from: i32, to: i32, opacity: u32, mode: i32): void {
  let source = plane(from)
  let target = plane(to)
  const end = source + planeBytes()
  const share = <f32>opacity / 255
  while (source < end) {
    if (source + 64 <= end) {
      // most of a plane is empty
      const isNothing = isEmpty(source)
      if (!isNothing && mode == NORMAL) overSixteen(source, target, opacity)
      if (isNothing || mode == NORMAL) {
        source += 64
        target += 64
        continue
      }
    }
    const color = load<u32>(source)
    if (color && mode == NORMAL) store<u32>(target, over(scale(color, opacity), load<u32>(target)))
    else if (color) store<u32>(target, packed(blend(mode, unpacked(color, share), unpacked(load<u32>(target), 1))))
    source += 4
    target += 4
  }
}
