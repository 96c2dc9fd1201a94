import t from 'tap'
import { createHeat, type HeatBox, heatReach } from '#render/transformations/heatmap.js'
import { seeded } from '../../support/seeded.js'

const unit = 256

interface Weighed {
  readonly x: number
  readonly y: number
  readonly weight: number
}

const scattered = (seed: number, count: number, size: number, corner: number): readonly Weighed[] => {
  const random = seeded(seed)
  const place = () => Math.round((corner + random() * size) * unit)
  return Array.from({ length: count }, () => ({ x: place(), y: place(), weight: 1 + Math.floor(random() * 3) }))
}

function densitiesOf(radius: number, box: HeatBox, points: readonly Weighed[]): Float32Array {
  const heat = createHeat(radius, box)
  for (const { x, y, weight } of points) heat.add(x, y, weight)
  return heat.densities()
}

t.test('densities are those of the formula', async t => {
  for (const [radius, corner] of [
    [6, 0],
    [10, 0],
    [26, 40],
    [30, -5000],
    [47, 1e6],
    [120, 777],
    [256, 1e6],
  ]) {
    const box = { left: corner + 20, top: corner + 30, width: 90, height: 60 }
    const points = scattered(radius, 60, 140, corner)
    const found = densitiesOf(radius, box, points)
    let [worst, most] = [0, 0]
    for (let i = 0; i < found.length; i++) {
      const [x, y] = [box.left + (i % box.width) + 0.5, box.top + Math.floor(i / box.width) + 0.5]
      const expected = points.reduce((sum, point) => {
        const away = Math.hypot(point.x / unit - x, point.y / unit - y)
        return sum + point.weight * 0.3989423 * Math.exp(-4.5 * (away / radius) ** 2)
      }, 0)
      worst = Math.max(worst, Math.abs(expected - found[i]))
      most = Math.max(most, expected)
    }
    t.ok(worst < most * (radius < 10 ? 0.03 : 0.01), `radius ${radius}: ${worst.toFixed(4)} of ${most.toFixed(2)}`)
  }
})

t.test('parts are the same as the whole, bit for bit, in whatever order', async t => {
  for (const radius of [5, 30, 200]) {
    const points = scattered(radius, 400, 600, 3000)
    const whole = densitiesOf(radius, { left: 3100, top: 3150, width: 400, height: 300 }, points)
    for (const [left, top] of [
      [3100, 3150],
      [3228, 3150],
      [3301, 3333],
    ]) {
      const reach = heatReach(radius)
      const seen = points.filter(
        ({ x, y }) => x / unit > left - reach && y / unit > top - reach && x / unit < left + 128 + reach && y / unit < top + 100 + reach,
      )
      const part = densitiesOf(radius, { left, top, width: 128, height: 100 }, seen.toReversed())
      let different = 0
      for (let i = 0; i < part.length; i++)
        if (part[i] !== whole[(top - 3150 + Math.floor(i / 128)) * 400 + left - 3100 + (i % 128)]) different++
      t.equal(different, 0, `radius ${radius} at ${left} ${top}`)
    }
  }
})

t.test('weights and radii that mean nothing', async t => {
  const box = { left: 0, top: 0, width: 20, height: 20 }
  const heat = createHeat(10, box)
  for (const weight of [Number.NaN, Number.POSITIVE_INFINITY, -3, 0]) heat.add(10 * unit, 10 * unit, weight)
  t.ok(heat.densities().every(value => value === 0))
  const far = createHeat(10, box)
  for (const at of [-1e12, 1e12, Number.NaN]) far.add(at, 5, 1)
  t.ok(far.densities().every(value => value === 0))
  for (const radius of [0, -1, Number.NaN, 1e9]) {
    const found = densitiesOf(radius, box, [{ x: 10 * unit, y: 10 * unit, weight: 1 }])
    t.ok(found.every(value => value >= 0 && value < 0.41) && found.some(value => value > 0.05), `${radius}`)
    t.ok(heatReach(radius) < 1024)
  }
})
