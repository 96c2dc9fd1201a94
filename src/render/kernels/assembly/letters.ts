// Texts from masks of their letters: joined to one first, so that no letter and no halo shines through another, then painted in one colour.
import { spread } from './mask'
import { over, overFour, scale, scaledFour } from './paint'
import { height, path, plane, reach, width } from './surface'

/** Of a mask in a list: where its opacities are, the pixel of its upper left corner, columns and rows; i32 each. A row of opacities is whole vectors. */
const ENTRY: usize = 20
/** Pixels a text may cover as one mask. */
const MOST: i64 = 4000000

let left: i32 = 0
let top: i32 = 0
let columns: i32 = 0
let rows: i32 = 0
/** Bytes of a row of what is joined. */
let pitch: usize = 0

/** Rows that are painted; others stay as they are. */
let firstRow: i32 = 0
let endRow: i32 = i32.MAX_VALUE

export function useLetterRows(from: i32, end: i32): void {
  firstRow = from
  endRow = end
}

/** The box around the masks of a list; false when it is too large, or there is no memory for it. */
function measure(list: usize, count: i32): bool {
  let right = i32.MIN_VALUE,
    bottom = i32.MIN_VALUE
  left = top = i32.MAX_VALUE
  for (let i = 0; i < count; i++, list += ENTRY) {
    const x = load<i32>(list, 4),
      y = load<i32>(list, 8)
    left = min<i32>(left, x)
    top = min<i32>(top, y)
    right = max<i32>(right, x + load<i32>(list, 12))
    bottom = max<i32>(bottom, y + load<i32>(list, 16))
  }
  columns = right - left
  rows = bottom - top
  if (<i64>columns * <i64>rows > MOST) return false
  // what the last vector of a row has too much lies behind it
  pitch = (<usize>columns + 31) & ~15
  return reach(path + pitch * <usize>rows + 16)
}

/** Letters that touch fill a pixel together; halos overlap, and the higher opacity holds. */
function join(list: usize, count: i32, isHalo: bool): void {
  memory.fill(path, 0, pitch * <usize>rows + 16)
  for (let i = 0; i < count; i++, list += ENTRY) {
    let from = <usize>load<u32>(list)
    let row = path + <usize>(load<i32>(list, 8) - top) * pitch + <usize>(load<i32>(list, 4) - left)
    const wide = <usize>load<i32>(list, 12)
    for (let k = load<i32>(list, 16); k > 0; k--, row += pitch) {
      for (let at: usize = 0; at < wide; at += 16, from += 16) {
        const mask = v128.load(from),
          before = v128.load(row + at)
        v128.store(row + at, isHalo ? i8x16.max_u(before, mask) : i8x16.add_sat_u(before, mask))
      }
    }
  }
}

/** Paints a colour through what is joined. */
function paint(color: u32, planeIndex: i32): void {
  const four = i32x4.splat(color)
  const from = max<i32>(0, -left)
  const end = min<i32>(columns, width - left)
  const last = min<i32>(rows, min<i32>(height, endRow) - top)
  for (let row = max<i32>(0, max<i32>(0, firstRow) - top); row < last; row++) {
    let at = path + <usize>row * pitch + <usize>from
    let to = plane(planeIndex) + ((<usize>(top + row) * <usize>width + <usize>(left + from)) << 2)
    let column = from
    for (; column + 4 <= end; column += 4, at += 4, to += 16) {
      const shares = load<u32>(at)
      if (shares) v128.store(to, overFour(scaledFour(four, spread(shares)), v128.load(to)))
    }
    for (; column < end; column++, at++, to += 4) {
      const share = load<u8>(at)
      if (share) store<u32>(to, over(scale(color, share), load<u32>(to)))
    }
  }
}

/** Draws `halos` masks of the list as one, then the `letters` masks behind them as one. False, and nothing drawn, where there is no room for that. */
export function drawMasks(list: usize, halos: i32, haloColor: u32, letters: i32, color: u32, planeIndex: i32): bool {
  const second = list + <usize>halos * ENTRY
  if (letters > 0 && !measure(second, letters)) return false
  if (halos > 0) {
    if (!measure(list, halos)) return false
    join(list, halos, true)
    paint(haloColor, planeIndex)
  }
  if (letters > 0) {
    measure(second, letters)
    join(second, letters, false)
    paint(color, planeIndex)
  }
  return true
}
