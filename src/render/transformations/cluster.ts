import { CellTable } from './cell-table.js'
import { type CloudPoint, unitsPerPixel, within } from './units.js'

/** Points that are drawn as one, in their middle. */
export interface Cluster extends CloudPoint {
  readonly count: number
  /** Stack of its first point: of the point itself where `count` is 1. */
  readonly stack: number
}

export interface Clusters {
  /** Takes a point; tells its stack where it is the first of one, else -1. Stacks are numbered from 0. */
  add(x: number, y: number): number
  /** By rising count, then from north to south: the order they are drawn in. */
  finish(): readonly Cluster[]
}

/** Pixels. Nearer than the first all is one, farther apart than the last nothing: how far tiles look around grows with it. */
const [leastDistance, mostDistance] = [1, 128]
/** Stacks in the distance: the diagonal of one is 0.36 of it. */
const stacksAcross = 4
/** Cells from the edge of a map to the last point that bears on it, see `createClusters`. */
const cellsAround = 7

/** Pixels around a map whose points bear on the clusters that lie on it. */
export function clusterReach(distance: number): number {
  return Math.ceil((cellsAround * stacksAcross * stackSide(distance)) / unitsPerPixel) + 1
}

const stackSide = (distance: number) => Math.ceil((bounded(distance) * unitsPerPixel) / stacksAcross)
const bounded = (distance: number) => within(distance, leastDistance, mostDistance, leastDistance)

/**
 * Clusters of points: no two seeds are nearer than `distance` pixels, every other point is nearer than that to a seed and belongs to the nearest. So of
 * points that stay alone no two are nearer than `distance`.
 *
 * Points are first gathered into stacks, a quarter of the distance across and one from there on: so cost is the points and the area, however dense they
 * lie. Seeds are chosen cell by cell, the fullest stack first. Cells are as wide as the distance, fixed to absolute pixels, and have four colours:
 * those of one colour do not touch, and each heeds the seeds of lower colours around it. So a seed depends on three cells around its own, and on no order;
 * its members on the seeds around them; and its middle lies at most a distance beside it: seven cells, within which tiles must see all points to agree.
 */
export function createClusters(distance: number): Clusters {
  const side = stackSide(distance)
  const stacks = new Stacks(side)
  return {
    add: (x, y) => stacks.add(x, y),
    finish: () => clustersOf(stacks, side * stacksAcross, bounded(distance) * unitsPerPixel),
  }
}

/** Points by the square they lie in. */
class Stacks {
  readonly side: number
  /** Upper left corners. */
  readonly left: number[] = []
  readonly top: number[] = []
  readonly count: number[] = []
  /** Sums of the distances of points from the corner: whole numbers, so exact in any order. */
  readonly sumX: number[] = []
  readonly sumY: number[] = []
  readonly #bySquare = new CellTable()

  constructor(side: number) {
    this.side = side
  }

  add(x: number, y: number): number {
    const { side } = this
    const [column, row] = [Math.floor(x / side), Math.floor(y / side)]
    const known = this.#bySquare.get(column, row)
    const stack = known < 0 ? this.count.length : known
    if (known < 0) {
      this.#bySquare.set(column, row, stack)
      this.left.push(column * side)
      this.top.push(row * side)
      this.count.push(0)
      this.sumX.push(0)
      this.sumY.push(0)
    }
    this.count[stack]++
    this.sumX[stack] += x - this.left[stack]
    this.sumY[stack] += y - this.top[stack]
    return known < 0 ? stack : -1
  }
}

function clustersOf(stacks: Stacks, cellSide: number, distance: number): readonly Cluster[] {
  const { left, top, count, sumX, sumY } = stacks
  const x = Float64Array.from(count, (n, i) => left[i] + Math.round(sumX[i] / n))
  const y = Float64Array.from(count, (n, i) => top[i] + Math.round(sumY[i] / n))
  const seeds = new Seeds(x, y, cellSide)
  const colorOf = (i: number) => 2 * parity(y[i] / cellSide) + parity(x[i] / cellSide)
  const byColor: number[][] = [[], [], [], []]
  for (let i = 0; i < x.length; i++) byColor[colorOf(i)].push(i)
  for (const alike of byColor)
    for (const i of alike.sort((a, b) => count[b] - count[a] || y[a] - y[b] || x[a] - x[b]))
      if (!(seeds.nearest(i) >= 0 && seeds.squared < distance * distance)) seeds.add(i)
  const total = new Int32Array(x.length)
  // from the corner of the seed, in whole numbers
  const [totalX, totalY] = [new Float64Array(x.length), new Float64Array(x.length)]
  for (let i = 0; i < x.length; i++) {
    const seed = seeds.nearest(i)
    total[seed] += count[i]
    totalX[seed] += (left[i] - left[seed]) * count[i] + sumX[i]
    totalY[seed] += (top[i] - top[seed]) * count[i] + sumY[i]
  }
  const middle = (seed: number): Cluster => ({
    x: left[seed] + Math.round(totalX[seed] / total[seed]),
    y: top[seed] + Math.round(totalY[seed] / total[seed]),
    count: total[seed],
    stack: seed,
  })
  return seeds.all.map(middle).sort((a, b) => a.count - b.count || a.y - b.y || a.x - b.x)
}

const parity = (value: number) => Math.abs(Math.floor(value)) % 2

/** Seeds by the cell they lie in. */
class Seeds {
  readonly all: number[] = []
  /** Of what `nearest` found last: how far it lies. */
  squared = 0
  readonly #x: Float64Array
  readonly #y: Float64Array
  readonly #cellSide: number
  /** The last seed of a cell, and of each the one before it in its cell, or -1. */
  readonly #lastIn = new CellTable()
  readonly #before: Int32Array

  constructor(x: Float64Array, y: Float64Array, cellSide: number) {
    this.#x = x
    this.#y = y
    this.#cellSide = cellSide
    this.#before = new Int32Array(x.length)
  }

  add(stack: number): void {
    const [column, row] = [Math.floor(this.#x[stack] / this.#cellSide), Math.floor(this.#y[stack] / this.#cellSide)]
    this.all.push(stack)
    this.#before[stack] = this.#lastIn.get(column, row)
    this.#lastIn.set(column, row, stack)
  }

  /** In the nine cells around a stack; of several the northernmost, then the westernmost; -1 where there is none. Hot. */
  nearest(stack: number): number {
    const [xs, ys, before, lastIn] = [this.#x, this.#y, this.#before, this.#lastIn]
    const [x, y] = [xs[stack], ys[stack]]
    const [column, row] = [Math.floor(x / this.#cellSide), Math.floor(y / this.#cellSide)]
    let nearest = -1
    let least = Number.POSITIVE_INFINITY
    for (let j = row - 1; j <= row + 1; j++)
      for (let i = column - 1; i <= column + 1; i++)
        for (let seed = lastIn.get(i, j); seed >= 0; seed = before[seed]) {
          const squared = (xs[seed] - x) ** 2 + (ys[seed] - y) ** 2
          if (squared > least || (squared === least && (ys[seed] - ys[nearest] || xs[seed] - xs[nearest]) > 0)) continue
          nearest = seed
          least = squared
        }
    this.squared = least
    return nearest
  }
}
