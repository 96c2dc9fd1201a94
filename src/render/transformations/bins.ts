import { CellTable } from './cell-table.js'
import { SteadySum } from './steady-sum.js'
import { type CloudPoint, unitsPerPixel, within } from './units.js'

/** A hexagon or square and what lies in it; `x` and `y` are its middle. */
export interface Bin extends CloudPoint {
  readonly count: number
  /** Sum of the weights. */
  readonly value: number
  /** Closed, x and y in turn. */
  readonly ring: readonly number[]
}

export interface Bins {
  /** Weights that are no numbers count as 0. */
  add(x: number, y: number, weight: number): void
  /** From north to south. */
  finish(): readonly Bin[]
}

export type BinShape = 'hexagon' | 'square'

/** Pixels. */
const [leastSize, usualSize, mostSize] = [4, 20, 512]

const bounded = (size: number) => within(size, leastSize, mostSize, usualSize)

/** Pixels around a map whose points lie in bins that show on it: a hexagon is higher than wide. */
export function binReach(size: number): number {
  return Math.ceil(bounded(size) * 1.1548) + 1
}

/** Counts points in bins of `size` pixels across (hexagons stand on a corner), fixed to the absolute pixels. A point on a border belongs to one of both. */
export function createBins(shape: BinShape, size: number): Bins {
  const lattice = (shape === 'hexagon' ? hexagons : squares)(Math.round(bounded(size) * unitsPerPixel))
  const bins: { readonly middle: CloudPoint; count: number; readonly sum: SteadySum }[] = []
  const byCell = new CellTable()
  return {
    add(x, y, weight) {
      const [column, row] = lattice.cellOf(x, y)
      let index = byCell.get(column, row)
      if (index < 0) {
        index = bins.push({ middle: lattice.middleOf(column, row), count: 0, sum: new SteadySum() }) - 1
        byCell.set(column, row, index)
      }
      const bin = bins[index]
      bin.count++
      if (Number.isFinite(weight)) bin.sum.add(weight)
    },
    finish() {
      const all = bins.map(({ middle, count, sum }): Bin => ({ ...middle, count, value: sum.value, ring: ringAt(middle, lattice.corners) }))
      return all.sort((a, b) => a.y - b.y || a.x - b.x)
    },
  }
}

interface Lattice {
  cellOf(x: number, y: number): readonly [column: number, row: number]
  middleOf(column: number, row: number): CloudPoint
  /** From the middle. */
  readonly corners: readonly CloudPoint[]
}

function squares(side: number): Lattice {
  const half = side / 2
  return {
    cellOf: (x, y) => [Math.floor(x / side), Math.floor(y / side)],
    middleOf: (column, row) => ({ x: (column + 0.5) * side, y: (row + 0.5) * side }),
    corners: [
      { x: -half, y: -half },
      { x: half, y: -half },
      { x: half, y: half },
      { x: -half, y: half },
    ],
  }
}

/** Odd rows are shifted by half a width. */
function hexagons(width: number): Lattice {
  const rowHeight = (width * Math.sqrt(3)) / 2
  const middleOf = (column: number, row: number) => ({ x: (column + (row & 1) / 2) * width, y: row * rowHeight })
  const [half, edge] = [width / 2, width / Math.sqrt(3)]
  return {
    /** Of the nearest middles of the two rows a place lies between. */
    cellOf(x, y) {
      const above = Math.floor(y / rowHeight)
      let nearest: readonly [number, number] = [0, 0]
      let least = Number.POSITIVE_INFINITY
      for (const row of [above, above + 1]) {
        const column = Math.round(x / width - (row & 1) / 2)
        const middle = middleOf(column, row)
        const squared = (middle.x - x) ** 2 + (middle.y - y) ** 2
        if (squared < least) [nearest, least] = [[column, row], squared]
      }
      return nearest
    },
    middleOf,
    corners: [
      { x: 0, y: -edge },
      { x: half, y: -edge / 2 },
      { x: half, y: edge / 2 },
      { x: 0, y: edge },
      { x: -half, y: edge / 2 },
      { x: -half, y: -edge / 2 },
    ],
  }
}

/** In whole units, so that neighbours share their corners. */
function ringAt(middle: CloudPoint, corners: readonly CloudPoint[]): readonly number[] {
  const ring: number[] = []
  for (const { x, y } of corners) ring.push(Math.round(middle.x + x), Math.round(middle.y + y))
  ring.push(ring[0], ring[1])
  return ring
}
