// Strokes by distance: a pixel is covered as far as its middle is within half a width of the line. Every segment says what it covers of the
// pixels around it, four at once, and the most that any says holds: so joins and ends are round, and what meets itself covers once.
// Everything is computed from differences of positions: a stroke moved by whole pixels covers the very same way.
import { UNIT, wholes } from './coverage'
import { columnsBetween, isSmallMask, maskAt, maskPitch, touchRow, touchRows } from './mask'
import { countOf, isClosedPath, pointsOf } from './path'
import { coverRing } from './ribbon-block'
import { BUTT, halfWidth, MITRE, MITRE_COSINE, ROUND, SQUARE, strokeCaps, strokeJoins } from './stroke'
import { height, width } from './surface'

/** Wider strokes are filled contours: there, that is less work. Half widths, in units. */
const WIDEST: f64 = 1536
/** Up to here nobody sees whether a corner is cut or round, as bevels are and what is too sharp for a mitre. */
const WIDEST_CUT: f64 = 256
/** Mitres that reach less farther than a round join are round: a quarter of a pixel. */
const LEAST_MITRE: f32 = 0.25
/** Rows of boxes wider than this, in pixels, are looked at only where the line runs. */
const NARROW: i32 = 16
const FARAWAY: f32 = 1e9

let half: f32 = 0
/** Distance at which nothing is covered any more. */
let reach: f32 = 0
/** What lines thinner than a pixel cover at most. */
let most: f32 = 1
/** Of no corner. */
const NEVER: f32 = -2
/** Corners of a cosine between this and the sharpest one have a mitre. */
let mitredBelow: f32 = NEVER

// Rows and columns of the image that a box of a segment meets; columns begin at a multiple of four from the box's own side.
let firstRow: i32 = 0
let endRow: i32 = 0
let firstColumn: i32 = 0
let endColumn: i32 = 0

/** Whether strokes like the one in use are ribbons. */
export function isRibbon(): bool {
  return halfWidth() <= (strokeJoins() == ROUND ? WIDEST : WIDEST_CUT)
}

export function beginRibbon(): void {
  half = <f32>(halfWidth() / UNIT)
  reach = half + 0.5
  most = min<f32>(1, half * 2)
  // a mitre reaches half / cos(turn / 2)
  const least = half / (half + LEAST_MITRE)
  const below: f32 = 2 * least * least - 1
  mitredBelow = strokeJoins() == MITRE && below > <f32>MITRE_COSINE ? below : NEVER
}

function pair(x: f64, y: f64): v128 {
  return f64x2.replace_lane(f64x2.splat(x), 1, y)
}

/** Makes a box that goes `away` beyond the ends of a segment by `d` from `place` (x, y in pixels) the one in use. False when nothing of it shows. */
function useBox(place: v128, d: v128, away: f64): bool {
  const nothing = f64x2.splat(0),
    size = pair(<f64>width, <f64>height)
  const least = f64x2.sub(f64x2.add(place, f64x2.pmin(nothing, d)), f64x2.splat(away)),
    most = f64x2.add(f64x2.add(place, f64x2.pmax(nothing, d)), f64x2.splat(away))
  if (!i64x2.all_true(v128.and(f64x2.lt(least, size), f64x2.gt(most, nothing)))) return false
  const starts = f64x2.floor(f64x2.add(least, f64x2.splat(0.5)))
  const from = wholes(f64x2.pmax(nothing, starts)),
    to = wholes(f64x2.ceil(f64x2.sub(f64x2.pmin(size, most), f64x2.splat(0.5))))
  firstRow = i32x4.extract_lane(from, 2)
  endRow = i32x4.extract_lane(to, 2)
  firstColumn = i32x4.extract_lane(from, 0)
  endColumn = i32x4.extract_lane(to, 0)
  const left = f64x2.extract_lane(starts, 0)
  if (left < 0) firstColumn = <i32>(left + floor<f64>(-left / 4) * 4)
  if (firstRow >= endRow || firstColumn >= endColumn) return false
  touchRows(firstRow, endRow)
  return true
}

/** The most of what four pixels have and `shares` (0 to 1). */
function cover(at: usize, shares: v128): void {
  // the mantissa is the rounded number
  const bits = f32x4.add(f32x4.mul(shares, f32x4.splat(255)), f32x4.splat(8388608))
  const bytes = i8x16.shuffle(bits, bits, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12)
  v128.store32_lane(at, i8x16.max_u(bytes, v128.load32_zero(at)), 0)
}

/** How much of a pixel lies within half a width of a line whose distance is `d`. */
function within(d: v128): v128 {
  return f32x4.pmax(f32x4.splat(0), f32x4.pmin(f32x4.splat(most), f32x4.sub(f32x4.splat(reach), d)))
}

/** The first of four values `base` and, from pixel to pixel, `step` more. */
function four(base: f64, step: f64): v128 {
  return f32x4.add(f32x4.splat(<f32>base), f32x4.mul(f32x4(0, 1, 2, 3), f32x4.splat(<f32>step)))
}

/** From `place` by `d` (x, y in pixels), with round ends. */
export function roundSegment(place: v128, d: v128): void {
  const away = <f64>reach
  if (!useBox(place, d, away)) return
  const squares = f64x2.mul(d, d)
  const length = sqrt<f64>(f64x2.extract_lane(squares, 0) + f64x2.extract_lane(squares, 1))
  const u = length > 0 ? f64x2.div(d, f64x2.splat(length)) : pair(1, 0)
  const ux = f64x2.extract_lane(u, 0),
    uy = f64x2.extract_lane(u, 1)
  const isNarrow = endColumn - firstColumn > NARROW && abs<f64>(uy) > 0.05
  // along a row, the line is this far from where it meets the row
  const beside = isNarrow ? away / abs<f64>(uy) + 1 : 0
  const lean = isNarrow ? ux / uy : 0
  const vx = <f64>firstColumn + 0.5 - f64x2.extract_lane(place, 0)
  const end = f32x4.splat(<f32>length),
    start = f32x4.splat(0)
  const fourT = f32x4.splat(<f32>(4 * ux)),
    fourP = f32x4.splat(<f32>(4 * uy))
  const besideT = four(0, ux),
    besideP = four(0, uy)
  let column = firstColumn,
    last = endColumn,
    columns = columnsBetween(column, last)
  let alongT = vx * ux,
    alongP = vx * uy
  let vy = <f64>firstRow + 0.5 - f64x2.extract_lane(place, 1)
  let rowAt = maskAt(firstRow, 0)
  for (let row = firstRow; row < endRow; row++, vy += 1, rowAt += maskPitch) {
    if (isNarrow) {
      const middle = vy * lean - vx
      const skipped = floor<f64>(max<f64>(middle - beside, 0) / 4) * 4
      column = <i32>min<f64>(<f64>firstColumn + skipped, <f64>endColumn)
      last = <i32>min<f64>(max<f64>(<f64>firstColumn + middle + beside, <f64>column), <f64>endColumn)
      alongT = (vx + skipped) * ux
      alongP = (vx + skipped) * uy
      columns = columnsBetween(column, last)
    }
    touchRow(row, columns)
    let t = f32x4.add(f32x4.splat(<f32>(alongT + vy * uy)), besideT),
      p = f32x4.add(f32x4.splat(<f32>(alongP - vy * ux)), besideP)
    for (let at = rowAt + <usize>column, to = rowAt + <usize>last; at < to; at += 4) {
      const beyond = f32x4.sub(t, f32x4.pmax(start, f32x4.pmin(end, t)))
      cover(at, within(f32x4.sqrt(f32x4.add(f32x4.mul(p, p), f32x4.mul(beyond, beyond)))))
      t = f32x4.add(t, fourT)
      p = f32x4.add(p, fourP)
    }
  }
}

/** Of the sub-path's two flat ends: a point on the cut, and the direction outwards, in pixels. */
let startX: f64 = 0,
  startY: f64 = 0,
  startOutX: f64 = 0,
  startOutY: f64 = 0,
  endX: f64 = 0,
  endY: f64 = 0,
  endOutX: f64 = 0,
  endOutY: f64 = 0

/** A segment near flat ends, which cut the round ends of others and what of the first and the last goes on beyond them. */
function cutSegment(x: f64, y: f64, dx: f64, dy: f64, isFirst: bool, isLast: bool, isCutAtStart: bool, isCutAtEnd: bool): void {
  const away = <f64>(half * 2 + 1)
  if (!useBox(pair(x, y), pair(dx, dy), away)) return
  const length = sqrt<f64>(dx * dx + dy * dy)
  const ux = length > 0 ? dx / length : 1,
    uy = length > 0 ? dy / length : 0
  const start = f32x4.splat(isFirst ? -FARAWAY : 0),
    end = f32x4.splat(isLast ? FARAWAY : <f32>length)
  const ahead = f32x4.splat(isFirst ? FARAWAY : 0),
    behind = f32x4.splat(isLast ? -FARAWAY : <f32>length)
  const vx = <f64>firstColumn + 0.5 - x
  const nothing = f32x4.splat(0),
    all = f32x4.splat(1),
    halfPixel = f32x4.splat(0.5)
  for (let row = firstRow; row < endRow; row++) {
    const vy = <f64>row + 0.5 - y
    touchRow(row, columnsBetween(firstColumn, endColumn))
    let skipped: f64 = 0
    for (let at = maskAt(row, firstColumn), to = maskAt(row, endColumn); at < to; at += 4, skipped += 4) {
      const t = four((vx + skipped) * ux + vy * uy, ux)
      const p = four((vx + skipped) * uy - vy * ux, uy)
      const beyond = f32x4.sub(t, f32x4.pmax(start, f32x4.pmin(end, t)))
      let shares = within(f32x4.sqrt(f32x4.add(f32x4.mul(p, p), f32x4.mul(beyond, beyond))))
      let outside = nothing
      if (isCutAtStart) {
        const out = four((vx + skipped + (x - startX)) * startOutX + (vy + (y - startY)) * startOutY, startOutX)
        outside = v128.and(f32x4.lt(t, ahead), f32x4.pmax(nothing, f32x4.pmin(all, f32x4.add(out, halfPixel))))
      }
      if (isCutAtEnd) {
        const out = four((vx + skipped + (x - endX)) * endOutX + (vy + (y - endY)) * endOutY, endOutX)
        outside = f32x4.add(outside, v128.and(f32x4.gt(t, behind), f32x4.pmax(nothing, f32x4.pmin(all, f32x4.add(out, halfPixel)))))
      }
      shares = f32x4.mul(shares, f32x4.pmax(nothing, f32x4.sub(all, outside)))
      cover(at, shares)
    }
  }
}

/** The corner at (x, y) between two segments of directions a and b, in pixels: what lies beyond the one, ahead of the other and within both widths. */
function mitre(x: f64, y: f64, ax: f64, ay: f64, bx: f64, by: f64): void {
  const cosine = ax * bx + ay * by
  // from the corner outwards: against what the directions have in common
  const grow = <f64>reach / (1 + cosine)
  const side: f64 = ax * by - ay * bx > 0 ? 1 : -1
  const tipX = (ay + by) * grow * side,
    tipY = -(ax + bx) * grow * side
  if (!useBox(pair(x, y), pair(tipX, tipY), 1)) return
  const vx = <f64>firstColumn + 0.5 - x
  const nothing = f32x4.splat(0)
  for (let row = firstRow; row < endRow; row++) {
    const vy = <f64>row + 0.5 - y
    touchRow(row, columnsBetween(firstColumn, endColumn))
    let skipped: f64 = 0
    for (let at = maskAt(row, firstColumn), to = maskAt(row, endColumn); at < to; at += 4, skipped += 4) {
      const wx = vx + skipped
      const isBetween = v128.and(f32x4.ge(four(wx * ax + vy * ay, ax), nothing), f32x4.le(four(wx * bx + vy * by, bx), nothing))
      if (!v128.any_true(isBetween)) continue
      const d = f32x4.pmax(f32x4.abs(four(wx * ay - vy * ax, ay)), f32x4.abs(four(wx * by - vy * bx, by)))
      cover(at, v128.and(isBetween, within(d)))
    }
  }
}

/** Whether corners of the stroke in use may have mitres. */
export function hasMitres(): bool {
  return mitredBelow != NEVER
}

/** How far the stroke in use reaches, in pixels, where it has no mitres. */
export function ribbonReach(): f64 {
  return <f64>reach
}

/** Whether a sub-path is covered all around. */
export function isRing(at: usize): bool {
  return isClosedPath(at) && countOf(at) > 2
}

/** Covers one sub-path. Neighbouring points must differ. */
export function ribbonSubPath(at: usize): void {
  const count = countOf(at)
  const points = pointsOf(at)
  if (isSmallMask) coverRing(points, count, reach, most)
  else if (isRing(at)) run(points, count, true)
  else if (count == 1) dot(load<f64>(points) / UNIT, load<f64>(points, 8) / UNIT)
  else if (strokeCaps() == ROUND) run(points, count, false)
  else cutRun(points, count)
}

/** A line without length: a disc, a square, or nothing. */
function dot(x: f64, y: f64): void {
  if (strokeCaps() == ROUND) roundSegment(pair(x, y), pair(0, 0))
  if (strokeCaps() != SQUARE) return
  setStart(x, y, -1, 0, half)
  setEnd(x, y, 1, 0, half)
  cutSegment(x, y, 0, 0, true, true, true, true)
}

function setStart(x: f64, y: f64, outX: f64, outY: f64, extra: f32): void {
  startX = x + outX * <f64>extra
  startY = y + outY * <f64>extra
  startOutX = outX
  startOutY = outY
}

function setEnd(x: f64, y: f64, outX: f64, outY: f64, extra: f32): void {
  endX = x + outX * <f64>extra
  endY = y + outY * <f64>extra
  endOutX = outX
  endOutY = outY
}

/** All segments with round ends. */
function run(points: usize, count: i32, isClosed: bool): void {
  const end = points + ((<usize>count) << 4)
  const toPixels = f64x2.splat(1 / UNIT)
  let p = isClosed ? end - 16 : points
  for (let to = isClosed ? points : points + 16; to < end; p = to, to += 16) {
    const place = v128.load(p)
    const d = f64x2.mul(f64x2.sub(v128.load(to), place), toPixels)
    roundSegment(f64x2.mul(place, toPixels), d)
    if (mitredBelow == NEVER) continue
    const next = to + 16 < end ? to + 16 : points
    if (isClosed || next != points) corner(to, f64x2.extract_lane(d, 0), f64x2.extract_lane(d, 1), next)
  }
}

function lengthOf(p: usize): f64 {
  const dx = (load<f64>(p, 16) - load<f64>(p)) / UNIT,
    dy = (load<f64>(p, 24) - load<f64>(p, 8)) / UNIT
  return sqrt<f64>(dx * dx + dy * dy)
}

/** Segments of a line with flat ends: what is as near to an end as the round ends of segments reach is cut there. */
function cutRun(points: usize, count: i32): void {
  const last = points + ((<usize>(count - 1)) << 4)
  const extra = strokeCaps() == SQUARE ? half : 0
  const first = lengthOf(points),
    final = lengthOf(last - 16)
  const x0 = load<f64>(points) / UNIT,
    y0 = load<f64>(points, 8) / UNIT
  const x1 = load<f64>(last) / UNIT,
    y1 = load<f64>(last, 8) / UNIT
  setStart(x0, y0, (x0 - load<f64>(points, 16) / UNIT) / first, (y0 - load<f64>(points, 24) / UNIT) / first, extra)
  setEnd(x1, y1, (x1 - load<f64>(last - 16) / UNIT) / final, (y1 - load<f64>(last - 8) / UNIT) / final, extra)
  const near = <f64>(half + 1)
  let cutFrom = last - 16
  for (let left = final; cutFrom > points && left < near; left += lengthOf(cutFrom)) cutFrom -= 16
  let gone: f64 = 0
  for (let p = points; p < last; p += 16) {
    const x = load<f64>(p),
      y = load<f64>(p, 8)
    const dx = (load<f64>(p, 16) - x) / UNIT,
      dy = (load<f64>(p, 24) - y) / UNIT
    const isCutAtStart = gone < near,
      isCutAtEnd = p >= cutFrom
    if (isCutAtStart || isCutAtEnd) cutSegment(x / UNIT, y / UNIT, dx, dy, p == points, p + 16 == last, isCutAtStart, isCutAtEnd)
    else roundSegment(pair(x / UNIT, y / UNIT), pair(dx, dy))
    if (isCutAtStart) gone += lengthOf(p)
    if (mitredBelow != NEVER && p + 16 < last) corner(p + 16, dx, dy, p + 32)
  }
}

/** Puts a mitre on the corner at `p`, which is reached by (dx, dy), where its turn wants one. */
function corner(p: usize, dx: f64, dy: f64, next: usize): void {
  const x = load<f64>(p),
    y = load<f64>(p, 8)
  const ex = (load<f64>(next) - x) / UNIT,
    ey = (load<f64>(next, 8) - y) / UNIT
  const lengths = sqrt<f64>((dx * dx + dy * dy) * (ex * ex + ey * ey))
  const cosine = <f32>((dx * ex + dy * ey) / lengths)
  if (cosine >= mitredBelow || cosine <= <f32>MITRE_COSINE) return
  const before = sqrt<f64>(dx * dx + dy * dy),
    behind = sqrt<f64>(ex * ex + ey * ey)
  mitre(x / UNIT, y / UNIT, dx / before, dy / before, ex / behind, ey / behind)
}
