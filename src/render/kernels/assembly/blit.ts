// Images on planes: level ones pixel by pixel, turned ones bilinear. Premultiplied RGBA; beyond its borders an image is transparent.
import { UNIT } from './coverage'
import { over, scale } from './paint'
import { height, plane, width } from './surface'

function put(to: usize, pixel: u32, opacity: u32): void {
  if (pixel == 0) return
  if (opacity != 255) pixel = scale(pixel, opacity)
  store<u32>(to, pixel >>> 24 == 255 ? pixel : over(pixel, load<u32>(to)))
}

/** With its upper left corner at a whole pixel. */
export function blitLevel(image: usize, w: i32, h: i32, opacity: u32, left: f64, top: f64, planeIndex: i32): void {
  if (!(left < <f64>width && top < <f64>height && left + <f64>w > 0 && top + <f64>h > 0)) return
  const x = <i32>left,
    y = <i32>top
  const from = max<i32>(x, 0),
    to = min<i32>(x + w, width)
  const end = min<i32>(y + h, height)
  for (let row = max<i32>(y, 0); row < end; row++) {
    let source = image + ((<usize>((row - y) * w + from - x)) << 2)
    let target = plane(planeIndex) + ((<usize>row * <usize>width + <usize>from) << 2)
    for (let column = from; column < to; column++, source += 4, target += 4) put(target, load<u32>(source), opacity)
  }
}

function texel(image: usize, w: i32, h: i32, x: i32, y: i32): u32 {
  return x < 0 || y < 0 || x >= w || y >= h ? 0 : load<u32>(image + ((<usize>(y * w + x)) << 2))
}

/** Between the four pixels around (u, v): two rows, then two columns, eight channels at once. */
function sample(image: usize, w: i32, h: i32, u: f64, v: f64): u32 {
  const x = floor<f64>(u),
    y = floor<f64>(v)
  if (!(x >= -1 && y >= -1 && x < <f64>w && y < <f64>h)) return 0
  const column = <i32>x,
    row = <i32>y
  let above: v128
  let below: v128
  if (column >= 0 && row >= 0 && column + 1 < w && row + 1 < h) {
    const p = image + ((<usize>(row * w + column)) << 2)
    above = v128.load64_zero(p)
    below = v128.load64_zero(p + ((<usize>w) << 2))
  } else {
    above = i32x4.replace_lane(i32x4.splat(texel(image, w, h, column, row)), 1, texel(image, w, h, column + 1, row))
    below = i32x4.replace_lane(i32x4.splat(texel(image, w, h, column, row + 1)), 1, texel(image, w, h, column + 1, row + 1))
  }
  // weights of 15 bits
  const s = i16x8.splat(<i16>((u - x) * 32767)),
    t = i16x8.splat(<i16>((v - y) * 32767))
  const a = i16x8.extend_low_i8x16_u(above),
    b = i16x8.extend_low_i8x16_u(below)
  const mixed = i16x8.add(a, i16x8.q15mulr_sat_s(i16x8.sub(b, a), t))
  const right = i8x16.shuffle(mixed, mixed, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15)
  const sum = i16x8.add(mixed, i16x8.q15mulr_sat_s(i16x8.sub(right, mixed), s))
  return i32x4.extract_lane(i8x16.narrow_i16x8_u(sum, sum), 0)
}

/** Turned by (cos, sin) around its middle, which lies at (x, y), in units. */
export function blitTurned(image: usize, w: i32, h: i32, opacity: u32, x: f64, y: f64, cos: f64, sin: f64, planeIndex: i32): void {
  const middleX = x / UNIT,
    middleY = y / UNIT
  const reachX = (abs<f64>(cos) * <f64>w + abs<f64>(sin) * <f64>h) / 2 + 1,
    reachY = (abs<f64>(sin) * <f64>w + abs<f64>(cos) * <f64>h) / 2 + 1
  const from = max<f64>(floor<f64>(middleX - reachX), 0),
    to = min<f64>(ceil<f64>(middleX + reachX), <f64>width)
  const end = min<f64>(ceil<f64>(middleY + reachY), <f64>height)
  for (let row = max<f64>(floor<f64>(middleY - reachY), 0); row < end; row++) {
    let target = plane(planeIndex) + ((<usize>row * <usize>width + <usize>from) << 2)
    // differences of whole units first: exact wherever the canvas lies
    const dy = (row * UNIT + 128 - y) / UNIT
    for (let column = from; column < to; column++, target += 4) {
      const dx = (column * UNIT + 128 - x) / UNIT
      const u = dx * cos + dy * sin + <f64>w / 2 - 0.5,
        v = dy * cos - dx * sin + <f64>h / 2 - 0.5
      put(target, sample(image, w, h, u, v), opacity)
    }
  }
}
