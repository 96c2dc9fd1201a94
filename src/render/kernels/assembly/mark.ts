// Marks: small outlines (offsets from the point, in units), set once a pass and stamped at every point, halo first.
import { edge, setBand, UNIT } from './coverage'
import { sweep } from './paint'
import { bandRows, height, width } from './surface'

/** Points of the longest outline. */
const MOST: i32 = 64
const mark = memory.data(64 * 16)
const halo = memory.data(64 * 16)
let markCount: i32 = 0
let haloCount: i32 = 0
let markReach: f64 = 0
let markColor: u32 = 0
let haloColor: u32 = 0

export function setMarkColors(color: u32, colorOfHalo: u32): void {
  markColor = color
  haloColor = colorOfHalo
  markCount = 0
  haloCount = 0
  markReach = 0
}

/** Appends a point to the outline of the mark, or of its halo. Offsets are whole units. */
export function addMarkPoint(isHalo: bool, x: f64, y: f64): void {
  const count = isHalo ? haloCount : markCount
  if (count == MOST) return
  const at = (isHalo ? halo : mark) + ((<usize>count) << 4)
  store<f64>(at, x)
  store<f64>(at, y, 8)
  if (isHalo) haloCount++
  else markCount++
  markReach = max<f64>(markReach, max<f64>(abs<f64>(x), abs<f64>(y)))
}

function stamp(outline: usize, count: i32, x: f64, y: f64): void {
  if (count == 0) return
  let p = outline + ((<usize>(count - 1)) << 4)
  let fromX = x + load<f64>(p),
    fromY = y + load<f64>(p, 8)
  p = outline
  for (let i = 0; i < count; i++, p += 16) {
    const toX = x + load<f64>(p),
      toY = y + load<f64>(p, 8)
    edge(fromX, fromY, toX, toY, 1)
    fromX = toX
    fromY = toY
  }
}

/** Draws the mark with its centre at (x, y), whole units. */
export function drawMark(x: f64, y: f64, plane: i32): void {
  const right = <f64>width * UNIT,
    bottom = <f64>height * UNIT
  if (!(x + markReach > 0 && y + markReach > 0 && x - markReach < right && y - markReach < bottom)) return
  const from = <i32>max<f64>(floor<f64>((y - markReach) / UNIT), 0)
  const end = <i32>min<f64>(ceil<f64>((y + markReach) / UNIT) + 1, <f64>height)
  for (let row = from; row < end; row += bandRows) {
    setBand(row, min<i32>(row + bandRows, end))
    stamp(halo, haloCount, x, y)
    sweep(haloColor, plane)
    stamp(mark, markCount, x, y)
    sweep(markColor, plane)
  }
}
