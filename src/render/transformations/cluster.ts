import { type CloudPoint, cellKey, unitsPerPixel, within } from './units.js'

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

/** Pixels. Farther apart than this nothing is one: how far tiles look around grows with it. */
export const mostDistance = 128
/** Stacks in the distance: the diagonal of one is 0.36 of it. */
const stacksAcross = 4
/** Cells from the edge of a map to the last point that bears on it, see `createClusters`. */
const cellsAround = 7

/** Pixels around a map whose points bear on the clusters that lie on it. */
export function clusterReach(distance: number): number {
  return Math.ceil((cellsAround * stacksAcross * stackSide(distance)) / unitsPerPixel) + 1
}

const stackSide = (distance: number) => Math.max(1, Math.ceil((bounded(distance) * unitsPerPixel) / stacksAcross))
const bounded = (distance: number) => within(distance, 0, mostDistance, 0)

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
  readonly #bySquare = new Map<number, number>()

  constructor(side: number) {
    this.side = side
  }

  add(x: number, y: number): number {
    const { side } = this
    const [column, row] = [Math.floor(x / side), Math.floor(y / side)]
    const key = cellKey(column, row)
    const known = this.#bySquare.get(key)
    const stack = known ?? this.count.length
    if (known === undefined) {
      this.#bySquare.set(key, stack)
      this.left.push(column * side)
      this.top.push(row * side)
      this.count.push(0)
      this.sumX.push(0)
      this.sumY.push(0)
    }
    this.count[stack]++
    this.sumX[stack] += x - this.left[stack]
    this.sumY[stack] += y - this.top[stack]
    return known === undefined ? stack : -1
  }
}

interface Seed extends CloudPoint {
  readonly stack: number
}

function clustersOf(stacks: Stacks, cellSide: number, distance: number): readonly Cluster[] {
  const { left, top, count, sumX, sumY } = stacks
  const places = count.map((n, i): Seed => ({ x: left[i] + Math.round(sumX[i] / n), y: top[i] + Math.round(sumY[i] / n), stack: i }))
  const seeds = seedsOf(places, count, cellSide, distance)
  const members = new Map<number, number[]>()
  for (const place of places) {
    const { stack } = nearestSeed(seeds, place, cellSide)
    const others = members.get(stack)
    if (others) others.push(place.stack)
    else members.set(stack, [place.stack])
  }
  const clusters = [...members].map(([seed, own]): Cluster => {
    const total = own.reduce((sum, i) => sum + count[i], 0)
    const middle = (corner: readonly number[], sums: readonly number[]) =>
      corner[seed] + Math.round(own.reduce((sum, i) => sum + (corner[i] - corner[seed]) * count[i] + sums[i], 0) / total)
    return { x: middle(left, sumX), y: middle(top, sumY), count: total, stack: seed }
  })
  return clusters.sort((a, b) => a.count - b.count || a.y - b.y || a.x - b.x)
}

/** Seeds by the cell they lie in. */
type Seeds = Map<number, Seed[]>

function seedsOf(places: readonly Seed[], count: readonly number[], cellSide: number, distance: number): Seeds {
  const seeds: Seeds = new Map()
  const colorOf = ({ x, y }: Seed) => 2 * (Math.abs(Math.floor(y / cellSide)) % 2) + (Math.abs(Math.floor(x / cellSide)) % 2)
  const byColor = [0, 1, 2, 3].map(color => places.filter(place => colorOf(place) === color))
  for (const alike of byColor)
    for (const place of alike.sort((a, b) => count[b.stack] - count[a.stack] || a.y - b.y || a.x - b.x)) {
      if (isNearSeed(seeds, place, cellSide, distance)) continue
      const key = cellKey(Math.floor(place.x / cellSide), Math.floor(place.y / cellSide))
      const others = seeds.get(key)
      if (others) others.push(place)
      else seeds.set(key, [place])
    }
  return seeds
}

function isNearSeed(seeds: Seeds, place: Seed, cellSide: number, distance: number): boolean {
  let isNear = false
  eachSeedAround(seeds, place, cellSide, (_, squared) => {
    if (squared < distance * distance) isNear = true
  })
  return isNear
}

/** There is one: what no seed is near to is a seed itself. */
function nearestSeed(seeds: Seeds, place: Seed, cellSide: number): Seed {
  let nearest = place
  let least = Number.POSITIVE_INFINITY
  eachSeedAround(seeds, place, cellSide, (seed, squared) => {
    if (squared > least || (squared === least && (seed.y - nearest.y || seed.x - nearest.x) > 0)) return
    nearest = seed
    least = squared
  })
  return nearest
}

/** Seeds in the nine cells around a place. Hot. */
function eachSeedAround(seeds: Seeds, { x, y }: CloudPoint, cellSide: number, use: (seed: Seed, squared: number) => void): void {
  const [column, row] = [Math.floor(x / cellSide), Math.floor(y / cellSide)]
  for (let j = row - 1; j <= row + 1; j++)
    for (let i = column - 1; i <= column + 1; i++)
      for (const seed of seeds.get(cellKey(i, j)) ?? []) use(seed, (seed.x - x) * (seed.x - x) + (seed.y - y) * (seed.y - y))
}
