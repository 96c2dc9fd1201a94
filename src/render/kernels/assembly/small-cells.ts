// Coverage of small shapes that lie whole in the image, in a few cells of its own, which stay in the nearest cache.
import { opacitiesOf, overFour, scaledFour, sums } from './paint'
import { plane, width } from './surface'

/** Widest and highest shape, in pixels. */
export const LARGEST: i32 = 24
/** Cells in a row: those of the shape, its first pixel and what spills to the right, in whole vectors. */
export const CELLS: i32 = 28
export const smallCells = memory.data(28 * 26 * 4, 16)

/** Paints what is covered, and empties the cells. Behind the last pixel nothing is covered, and what lies there stays what it is. */
export function paintSmall(column: i32, row: i32, columns: i32, rows: i32, color: u32, planeIndex: i32): void {
  const four = i32x4.splat(color)
  const nothing = i32x4.splat(0)
  const pitch = (<usize>width) << 2
  let line = plane(planeIndex) + <usize>row * pitch + ((<usize>column) << 2)
  let from = smallCells
  for (let end = smallCells + <usize>rows * (CELLS * 4); from < end; from += CELLS * 4, line += pitch) {
    let area = nothing
    let to = line
    for (let at = from, stop = from + ((<usize>columns) << 2); at < stop; at += 16, to += 16) {
      const areas = i32x4.add(sums(v128.load(at)), area)
      v128.store(at, nothing)
      area = i8x16.shuffle(areas, areas, 12, 13, 14, 15, 12, 13, 14, 15, 12, 13, 14, 15, 12, 13, 14, 15)
      if (v128.any_true(areas)) v128.store(to, overFour(scaledFour(four, opacitiesOf(areas)), v128.load(to)))
    }
  }
}
