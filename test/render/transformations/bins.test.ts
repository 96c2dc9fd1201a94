import t from 'tap'
import { type Bin, type BinShape, binReach, createBins } from '#render/transformations/bins.js'
import { seeded } from '../../support/seeded.js'

const unit = 256

interface Weighed {
  readonly x: number
  readonly y: number
  readonly weight: number
}

const scattered = (seed: number, count: number, size: number, corner = 0): readonly Weighed[] => {
  const random = seeded(seed)
  const place = () => Math.round((corner + random() * size) * unit)
  return Array.from({ length: count }, () => ({ x: place(), y: place(), weight: random() * 3 }))
}

function binsOf(shape: BinShape, size: number, points: readonly Weighed[]): readonly Bin[] {
  const bins = createBins(shape, size)
  for (const { x, y, weight } of points) bins.add(x, y, weight)
  return bins.finish()
}

/** How many of the sides a place lies beyond, the sum of what all sides say. */
function isInside({ ring }: Bin, { x, y }: Weighed): boolean {
  for (let i = 0; i + 3 < ring.length; i += 2) {
    const cross = (ring[i + 2] - ring[i]) * (y - ring[i + 1]) - (ring[i + 3] - ring[i + 1]) * (x - ring[i])
    // corners are whole units: a hair of tolerance
    if (cross < -2 * Math.hypot(ring[i + 2] - ring[i], ring[i + 3] - ring[i + 1])) return false
  }
  return true
}

t.test('points are counted in the bin that they lie in', async t => {
  for (const shape of ['hexagon', 'square'] as const)
    for (const [size, corner] of [
      [12, -80],
      [31.7, 1e6],
    ]) {
      const points = scattered(size, 900, 200, corner)
      const bins = binsOf(shape, size, points)
      t.equal(
        bins.reduce((sum, { count }) => sum + count, 0),
        points.length,
      )
      const off = bins.filter(bin => {
        const inside = points.filter(point => isInside(bin, point))
        const least = inside.filter(point => bins.every(other => other === bin || !isInside(other, point)))
        return bin.count < least.length || bin.count > inside.length
      })
      t.same(off, [], `${shape} ${size}`)
      const clear = bins.filter(bin => points.filter(point => isInside(bin, point)).length === bin.count)
      t.ok(clear.length > bins.length * 0.9)
      for (const bin of clear) {
        const value = points.filter(point => isInside(bin, point)).reduce((sum, { weight }) => sum + weight, 0)
        if (Math.abs(value - bin.value) > 1e-6) t.fail(`${value} is not ${bin.value}`)
      }
    }
})

t.test('bins cover the plane: neighbours share their corners, and hexagons are regular', async t => {
  const points = scattered(5, 4000, 120)
  const bins = binsOf('hexagon', 20, points)
  const corners = new Map<string, number>()
  for (const { ring } of bins)
    for (let i = 0; i + 2 < ring.length; i += 2) {
      const key = `${ring[i]} ${ring[i + 1]}`
      corners.set(key, (corners.get(key) ?? 0) + 1)
    }
  t.equal(Math.max(...corners.values()), 3)
  t.ok([...corners.values()].filter(count => count === 3).length > bins.length)
  const [{ ring }] = bins
  for (let i = 0; i + 3 < ring.length; i += 2)
    t.ok(Math.abs(Math.hypot(ring[i + 2] - ring[i], ring[i + 3] - ring[i + 1]) - (20 * unit) / Math.sqrt(3)) < 2)
})

t.test('parts see the same bins as the whole, in whatever order', async t => {
  const points = scattered(9, 3000, 400, 5e8)
  for (const shape of ['hexagon', 'square'] as const) {
    const whole = binsOf(shape, 24, points)
    const [left, right] = [5e8 + 100, 5e8 + 220].map(value => value * unit)
    const margin = binReach(24) * unit
    const touches = ({ ring }: Bin) =>
      ring.some(value => value >= left && value <= right) &&
      ring.every((value, i) => i % 2 === 1 || (value >= left - margin && value <= right + margin))
    const seen = points.filter(({ x }) => x >= left - margin && x <= right + margin).toReversed()
    const shows = (bins: readonly Bin[]) =>
      bins.filter(bin => touches(bin) && bin.ring.some((value, i) => i % 2 === 0 && value >= left && value <= right))
    t.same(shows(binsOf(shape, 24, seen)), shows(whole))
  }
})

t.test('weights and sizes that mean nothing', async t => {
  const bins = createBins('square', 10)
  for (const weight of [1, Number.NaN, Number.POSITIVE_INFINITY, 2.5]) bins.add(5, 5, weight)
  t.match(bins.finish(), [{ count: 4, value: 3.5 }])
  for (const size of [0, -1, Number.NaN, 1e9, Number.POSITIVE_INFINITY]) {
    t.equal(
      binsOf('hexagon', size, scattered(1, 100, 100)).reduce((sum, { count }) => sum + count, 0),
      100,
    )
    t.ok(binReach(size) < 1024)
  }
  t.same(binsOf('hexagon', 10, []), [])
})
