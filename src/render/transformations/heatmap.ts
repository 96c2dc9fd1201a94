import { unitsPerPixel, within } from './units.js'

/** A part of the plane in whole absolute pixels. */
export interface HeatBox {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

export interface Heat {
  /** Weights that are no numbers, or below 0, count for nothing. */
  add(x: number, y: number, weight: number): void
  /** Row by row; 0 and more. To be asked for once: the points are used up. `check` is called now and then; what it throws ends the work. */
  densities(check?: () => void): Float32Array
}

/** Pixels. */
const [leastRadius, usualRadius, mostRadius] = [1, 30, 256]
/** Height of the normal distribution, which MapLibre takes for the middle of a point of weight 1. */
const peak = 1 / Math.sqrt(2 * Math.PI)
/** Where the bell ends, in its standard deviations: 0.0003 of its height. */
const bellEnd = 4
/** Standard deviation in cells from which on they are made coarser. */
const coarseFrom = 8

const deviationOf = (radius: number) => within(radius, leastRadius, mostRadius, usualRadius) / 3

/** Pixels around a map whose points warm it. */
export function heatReach(radius: number): number {
  return Math.ceil(bellEnd * deviationOf(radius)) + 3 * stepOf(deviationOf(radius))
}

/** Pixels in a cell, a power of two: the bell stays 4 to 8 cells wide, so that cost does not grow with the radius. */
const stepOf = (deviation: number) => 2 ** Math.max(0, Math.ceil(Math.log2(deviation / coarseFrom)))

/**
 * The density of points as MapLibre defines it: each adds its weight times a bell, whose standard deviation is a third of `radius` and whose height
 * 0.399, wherever the map ends. So 1 means the same on all tiles.
 *
 * Points are laid into the four nearest cells of a grid fixed to absolute pixels, which is then blurred along rows and along columns: the cost of a
 * point does not depend on the radius, that of a pixel not on the points.
 */
export function createHeat(radius: number, box: HeatBox): Heat {
  const deviation = deviationOf(radius)
  const step = stepOf(deviation)
  const bell = bellOf(deviation / step, step > 1)
  const around = bell.length - 1
  // cells whose middles are needed between pixels of the box, and as far as the bell reaches around
  const left = Math.floor((box.left + 0.5) / step - 0.5) - around
  const top = Math.floor((box.top + 0.5) / step - 0.5) - around
  const columns = Math.floor((box.left + box.width - 0.5) / step - 0.5) + 1 + around - left + 1
  const rows = Math.floor((box.top + box.height - 0.5) / step - 0.5) + 1 + around - top + 1
  let cells = new Float64Array(columns * rows)
  const unitsPerCell = step * unitsPerPixel
  return {
    add(x, y, weight) {
      if (!(weight > 0 && weight < Number.POSITIVE_INFINITY)) return
      // exact, so that sums of whole weights are the same in any order
      const [u, v] = [x - unitsPerCell / 2, y - unitsPerCell / 2]
      const [absoluteColumn, absoluteRow] = [Math.floor(u / unitsPerCell), Math.floor(v / unitsPerCell)]
      const [column, row] = [absoluteColumn - left, absoluteRow - top]
      if (!(column >= 0 && row >= 0 && column + 1 < columns && row + 1 < rows)) return
      const [right, below] = [u / unitsPerCell - absoluteColumn, v / unitsPerCell - absoluteRow]
      const at = row * columns + column
      cells[at] += weight * (1 - right) * (1 - below)
      cells[at + 1] += weight * right * (1 - below)
      cells[at + columns] += weight * (1 - right) * below
      cells[at + columns + 1] += weight * right * below
    },
    densities(check = () => {}) {
      const grid = { columns: columns - 2 * around, rows: rows - 2 * around, cells: blurred(cells, columns, rows, bell, check) }
      // as much memory as the map itself and again
      cells = new Float64Array(0)
      return step === 1 ? cut(grid, box) : enlarged(grid, { left: left + around, top: top + around }, step, box)
    },
  }
}

/**
 * From the middle outwards; the last is 0: points in the outermost cells are half outside and must not show. It is narrower and higher by what laying
 * points into four cells, and reading between four, widens it on average: a sixth of a cell squared each.
 */
function bellOf(deviation: number, isRead: boolean): Float64Array {
  const wide = deviation * deviation
  const narrow = Math.max(wide / 2, wide - (isRead ? 2 : 1) / 6)
  const last = Math.ceil(bellEnd * deviation) + 1
  const height = Math.sqrt(wide / narrow)
  return Float64Array.from({ length: last + 1 }, (_, i) => (i === last ? 0 : height * Math.exp(-(i * i) / (2 * narrow))))
}

/** Rows between two checks. */
const checkRows = 64

/**
 * Without the border that the bell reaches over; `cells` are overwritten. Every value is summed in the same order wherever the grid begins: tiles agree
 * to the last bit. Hot.
 */
function blurred(cells: Float64Array, columns: number, rows: number, bell: Float64Array, check: () => void): Float32Array {
  const around = bell.length - 1
  const [width, height] = [columns - 2 * around, rows - 2 * around]
  const isEmpty = new Uint8Array(rows)
  const blurredRow = new Float64Array(width)
  for (let row = 0; row < rows; row++) {
    if (row % checkRows === 0) check()
    const from = row * columns
    if (cells.subarray(from, from + columns).every(isZero)) {
      isEmpty[row] = 1
      continue
    }
    for (let x = 0; x < width; x++) {
      const middle = from + x + around
      let sum = cells[middle] * bell[0]
      for (let i = 1; i <= around; i++) sum += (cells[middle - i] + cells[middle + i]) * bell[i]
      blurredRow[x] = sum
    }
    cells.set(blurredRow, from)
  }
  const out = new Float32Array(width * height)
  const sums = new Float64Array(width)
  for (let y = 0; y < height; y++) {
    if (y % checkRows === 0) check()
    sums.fill(0)
    for (let i = -around; i <= around; i++) {
      const row = y + around + i
      if (isEmpty[row]) continue
      const weight = bell[Math.abs(i)] * peak
      for (let x = 0, at = row * columns; x < width; x++, at++) sums[x] += cells[at] * weight
    }
    out.set(sums, y * width)
  }
  return out
}

const isZero = (value: number) => value === 0

interface Grid {
  readonly columns: number
  readonly rows: number
  readonly cells: Float32Array
}

/** Cells are pixels. */
function cut({ columns, cells }: Grid, { width, height }: HeatBox): Float32Array {
  const out = new Float32Array(width * height)
  for (let y = 0; y < height; y++) out.set(cells.subarray(y * columns, y * columns + width), y * width)
  return out
}

/** Bilinear between the middles of cells; `left` and `top` count cells. */
function enlarged({ columns, cells }: Grid, { left, top }: Pick<HeatBox, 'left' | 'top'>, step: number, box: HeatBox): Float32Array {
  const { width, height } = box
  const out = new Float32Array(width * height)
  for (let y = 0; y < height; y++) {
    const v = (box.top + y + 0.5) / step - 0.5 - top
    const row = Math.floor(v)
    const below = v - row
    for (let x = 0; x < width; x++) {
      const u = (box.left + x + 0.5) / step - 0.5 - left
      const column = Math.floor(u)
      const right = u - column
      const at = row * columns + column
      const upper = cells[at] + (cells[at + 1] - cells[at]) * right
      const lower = cells[at + columns] + (cells[at + columns + 1] - cells[at + columns]) * right
      out[y * width + x] = upper + (lower - upper) * below
    }
  }
  return out
}
