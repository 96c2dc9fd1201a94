// What shows through a shape instead of one colour: parallel lines, or a small image again and again. Every pixel is computed by its absolute
// position (that of the canvas is its phase), so nothing is kept between shapes, and tiles agree.
import { bandTop, resetTouched, touchedFrom, touchedTo } from './coverage'
import { opacityOf, over, scale } from './paint'
import { cells, plane, rowFirst, rowLast, stride, width } from './surface'

const NONE: i32 = 0
const HATCH: i32 = 1
const TEXTURE: i32 = 2
const MOST_LENGTHS: i32 = 64

let kind: i32 = NONE
let phaseX: f64 = 0,
  phaseY: f64 = 0
let opacity: u32 = 255
// of a hatch, in pixels: normal of its lines, distance between them, of the first from the origin, half their width
let nX: f64 = 0,
  nY: f64 = 1,
  spacing: f64 = 1,
  shift: f64 = 0,
  half: f64 = 0
let color: u32 = 0
const dashes = memory.data(64 * 8, 16)
let lengths: i32 = 0
let period: f64 = 0
let dashPhase: f64 = 0
// the ramp of a pixel that an edge in this direction crosses
let longer: f64 = 1,
  shorter: f64 = 0
// of a texture
let image: usize = 0
let imageWidth: i64 = 1
let imageHeight: i64 = 1

/** Absolute position, in whole pixels, of the upper left corner of the canvas. */
export function setPhase(x: f64, y: f64): void {
  phaseX = floor<f64>(x)
  phaseY = floor<f64>(y)
}

export function clearPattern(): void {
  kind = NONE
}

export function hasPattern(): bool {
  return kind != NONE
}

/** Of the pattern as a whole, of 255. */
export function setPatternOpacity(value: u32): void {
  opacity = value
}

/** Lines in the direction (cos, sin), y down. Lengths in pixels. */
export function useHatch(cos: f64, sin: f64, between: f64, offset: f64, halfWidth: f64, rgba: u32): void {
  kind = HATCH
  nX = -sin
  nY = cos
  spacing = between
  shift = offset
  half = halfWidth
  color = rgba
  lengths = 0
  period = 0
  longer = max<f64>(abs<f64>(cos), abs<f64>(sin))
  shorter = min<f64>(abs<f64>(cos), abs<f64>(sin))
}

/** Lengths of dashes and gaps of the lines in turn, in pixels. */
export function addHatchDash(length: f64, offset: f64): void {
  if (lengths == MOST_LENGTHS) return
  period += length
  dashPhase = offset
  store<f64>(dashes + ((<usize>lengths) << 3), period)
  lengths++
}

/** An image on the shelf. */
export function useTexture(at: usize, w: i32, h: i32): void {
  kind = TEXTURE
  image = at
  imageWidth = w
  imageHeight = h
}

/** Share of a pixel that lies before an edge `d` pixels beyond its middle: exact for a straight edge. */
function share(d: f64): f64 {
  const outer = (longer + shorter) / 2
  if (d <= -outer) return 0
  if (d >= outer) return 1
  const inner = (longer - shorter) / 2
  if (abs<f64>(d) <= inner) return 0.5 + d / longer
  const rest = outer - abs<f64>(d)
  const cut = (rest * rest) / (2 * shorter * longer)
  return d < 0 ? cut : 1 - cut
}

function lineShare(d: f64): f64 {
  const reach = half + (longer + shorter) / 2
  const end = floor<f64>((d + reach) / spacing)
  let sum: f64 = 0
  for (let k = ceil<f64>((d - reach) / spacing); k <= end; k++) {
    const off = d - k * spacing
    sum += share(half - off) - share(-half - off)
  }
  return min<f64>(sum, 1)
}

function dashShare(along: f64): f64 {
  const at = along + dashPhase
  const reach = (longer + shorter) / 2
  const end = floor<f64>((at + reach) / period)
  let sum: f64 = 0
  for (let k = floor<f64>((at - reach) / period); k <= end; k++) {
    const within = at - k * period
    let from: f64 = 0
    for (let i = 0; i + 1 < lengths; i += 2) {
      const to = load<f64>(dashes + ((<usize>i) << 3))
      if (to > from) sum += share(to - within) - share(from - within)
      from = load<f64>(dashes + ((<usize>(i + 1)) << 3))
    }
  }
  return min<f64>(sum, 1)
}

function wrapped(value: i64, size: i64): i64 {
  const rest = value % size
  return rest < 0 ? rest + size : rest
}

function pixelAt(column: i32, row: i32): u32 {
  if (kind == TEXTURE) {
    const x = wrapped(<i64>phaseX + column, imageWidth),
      y = wrapped(<i64>phaseY + row, imageHeight)
    return load<u32>(image + ((<usize>(y * imageWidth + x)) << 2))
  }
  const x = phaseX + <f64>column + 0.5,
    y = phaseY + <f64>row + 0.5
  let k = lineShare(x * nX + y * nY - shift)
  if (k > 0 && lengths > 1) k *= dashShare(x * nY - y * nX)
  return k <= 0 ? 0 : scale(color, <u32>(k * 255 + 0.5))
}

function put(to: usize, column: i32, row: i32, k: u32): void {
  let pixel = pixelAt(column, row)
  if (pixel == 0) return
  if (opacity != 255) pixel = scale(pixel, opacity)
  if (k != 255) pixel = scale(pixel, k)
  store<u32>(to, pixel >>> 24 == 255 ? pixel : over(pixel, load<u32>(to)))
}

/** Paints the coverage of the band with the pattern on a plane, and clears it. Non-zero winding. */
export function sweepPattern(planeIndex: i32): void {
  const top = bandTop()
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
    for (; cell < width; cell++, at += 4, to += 4) {
      if (cell <= end) {
        area += load<i32>(at)
        store<i32>(at, 0)
      } else if (area == 0) break
      const k = opacityOf(area)
      if (k) put(to, cell, row, k)
    }
    if (last >= width) store<i32>(cells + ((local * <usize>stride + <usize>width) << 2), 0)
  }
  resetTouched()
}
