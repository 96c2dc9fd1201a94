/** Writes the exact value at x,y into `out[at]`, `out[at + 1]`; false when there is none. */
export type Evaluate = (x: number, y: number, out: Float64Array, at: number) => boolean

export interface RefineOptions {
  /** The domain: `left` and `top` are the first node, width and height reach the last. */
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
  readonly evaluate: Evaluate
  /** What x of the values repeats by. */
  readonly period?: number
  /** How wrong the interpolated value is at x,y of the domain. */
  errorOf(valueX: number, valueY: number, x: number, y: number, period: number | undefined): number
  readonly tolerance: number
  readonly maxNodes: number
}

/**
 * A transform laid down on a regular grid: between the nodes bilinear interpolation stands in for it.
 *
 * There are `columns + 1` by `rows + 1` nodes. Node (column i, row j) lies at `x0 + i * stepX`, `y0 + j * stepY` of the domain (pixels of
 * the target, or coordinates of the source) and its value is `nodes[2 * (j * (columns + 1) + i)]`, `nodes[… + 1]`: row after row, x before y.
 * Where the transform has no answer both are NaN.
 */
export interface ControlGrid {
  readonly columns: number
  readonly rows: number
  readonly x0: number
  readonly y0: number
  readonly stepX: number
  readonly stepY: number
  readonly nodes: Float64Array
  /** Largest distance, in pixels of the target, between interpolation and the exact transform, measured at every midpoint of cells and of their sides. */
  readonly error: number
  /** Some nodes are NaN: cells that touch one are not covered by `error`; ask the exact transform there. */
  readonly hasHoles: boolean
  /**
   * Values of x are continued beyond the antimeridian rather than jumping back: those that differ by this much are the same place. Absent
   * when the values' system does not repeat.
   */
  readonly period?: number
}

/** Fewest cells each way: with one, a curve that is odd about the middle would pass unseen. */
const fewest = 2
/** Where values repeat, so many that a step is always less than half a period. */
const fewestAround = 4
/** From this many cells on, halving them must bring the error down: otherwise there is a cut or a pole that no grid gets around. */
const enoughToTell = 16

/** The coarsest regular grid whose error at the midpoints of all cells and sides is within tolerance; undefined when `maxNodes` are not enough. */
export function refineGrid(options: RefineOptions): ControlGrid | undefined {
  const { tolerance, maxNodes, width, height, period } = options
  if (!(width > 0 && height > 0 && Number.isFinite(width + height))) return undefined
  let [columns, rows] = period ? [fewestAround, fewestAround] : [fewest, fewest]
  let previous = Infinity
  for (;;) {
    const grid = layGrid(options, columns, rows)
    const errors = measure(options, grid)
    const error = Math.max(errors.across, errors.down, errors.middle)
    if (error <= tolerance) return { ...grid, error }
    const isTold = Math.min(columns, rows) >= enoughToTell || Math.max(columns, rows) >= 4 * enoughToTell
    if (isTold && error > previous * 0.7) return undefined
    previous = error
    const isTwisted = errors.across <= tolerance && errors.down <= tolerance
    const next = (cells: number, own: number) => (own > tolerance ? Math.ceil(cells * growth(own / tolerance)) : cells)
    ;[columns, rows] = [next(columns, isTwisted ? error : errors.across), next(rows, isTwisted ? error : errors.down)]
    if ((columns + 1) * (rows + 1) > maxNodes) return undefined
  }
}

/** Errors fall with the square of the step; far from that regime, go by at most four. */
const growth = (excess: number): number => Math.min(4, Math.max(1.25, Math.sqrt(excess) * 1.05))

function layGrid({ left, top, width, height, evaluate, period }: RefineOptions, columns: number, rows: number): Omit<ControlGrid, 'error'> {
  const nodes = new Float64Array(2 * (columns + 1) * (rows + 1))
  const [stepX, stepY] = [width / columns, height / rows]
  let hasHoles = false
  for (let j = 0, at = 0; j <= rows; j++) {
    const y = j === rows ? top + height : top + j * stepY
    for (let i = 0; i <= columns; i++, at += 2) {
      if (evaluate(i === columns ? left + width : left + i * stepX, y, nodes, at)) continue
      nodes[at] = nodes[at + 1] = NaN
      hasHoles = true
    }
  }
  const isContinued = period !== undefined && continueTurns(nodes, columns, rows, period)
  return { columns, rows, x0: left, y0: top, stepX, stepY, nodes, hasHoles, ...(isContinued && { period }) }
}

/** Moves x of the nodes by whole periods so that each is nearest to its neighbour: the value goes on where it would have jumped back. */
function continueTurns(nodes: Float64Array, columns: number, rows: number, period: number): true {
  const line = 2 * (columns + 1)
  const middle = line * Math.floor(rows / 2) + 2 * Math.floor(columns / 2)
  const follow = (at: number, neighbour: number) => {
    const turns = (nodes[at] - nodes[neighbour]) / period
    if (Math.abs(turns) > 0.500001) nodes[at] -= period * Math.round(turns)
  }
  const row = middle - (middle % line)
  for (let at = middle + 2; at < row + line; at += 2) follow(at, at - 2)
  for (let at = middle - 2; at >= row; at -= 2) follow(at, at + 2)
  for (let at = row + line; at < nodes.length; at += 2) follow(at, at - line)
  for (let at = row - 2; at >= 0; at -= 2) follow(at, at + line)
  return true
}

interface Errors {
  across: number
  down: number
  middle: number
}

/** The largest error at the middle of the sides that run across, of those that run down, and of the cells; cells with a hole are left out. */
function measure(options: RefineOptions, grid: Omit<ControlGrid, 'error'>): Errors {
  const { columns, rows, nodes, x0, y0, stepX, stepY, period } = grid
  const line = 2 * (columns + 1)
  const errors: Errors = { across: 0, down: 0, middle: 0 }
  const errorOf = (valueX: number, valueY: number, u: number, v: number): number => {
    if (Number.isNaN(valueX) || Number.isNaN(valueY)) return 0
    const error = options.errorOf(valueX, valueY, x0 + u * stepX, y0 + v * stepY, period)
    return Number.isNaN(error) ? Infinity : error
  }
  const mean = (a: number, b: number) => (nodes[a] + nodes[b]) / 2
  for (let j = 0; j <= rows; j++) {
    for (let i = 0; i <= columns; i++) {
      const at = j * line + 2 * i
      const [right, below, across] = [at + 2, at + line, at + line + 2]
      if (i < columns) errors.across = Math.max(errors.across, errorOf(mean(at, right), mean(at + 1, right + 1), i + 0.5, j))
      if (j < rows) errors.down = Math.max(errors.down, errorOf(mean(at, below), mean(at + 1, below + 1), i, j + 0.5))
      if (i < columns && j < rows) {
        const x = (mean(at, right) + mean(below, across)) / 2
        const y = (mean(at + 1, right + 1) + mean(below + 1, across + 1)) / 2
        errors.middle = Math.max(errors.middle, errorOf(x, y, i + 0.5, j + 0.5))
      }
    }
  }
  return errors
}
