import t from 'tap'
import { type Cluster, clusterReach, createClusters } from '#render/transformations/cluster.js'
import { seeded } from '../../support/seeded.js'

type Point = readonly [x: number, y: number]

const unit = 256

/** Points of a town: some crowds, some alone, in whole 256ths of a pixel. */
function town(seed: number, count: number, size: number, corner: Point = [0, 0]): readonly Point[] {
  const random = seeded(seed)
  const crowds = Array.from({ length: 12 }, () => [random() * size, random() * size])
  return Array.from({ length: count }, () => {
    const [x, y] = crowds[Math.floor(random() * crowds.length)]
    const [dx, dy] = random() < 0.6 ? [(random() - 0.5) * 60, (random() - 0.5) * 60] : [(random() - 0.5) * size, (random() - 0.5) * size]
    return [Math.round((corner[0] + x + dx) * unit), Math.round((corner[1] + y + dy) * unit)] as const
  })
}

function clustersOf(points: readonly Point[], distance: number): readonly Cluster[] {
  const clusters = createClusters(distance)
  for (const [x, y] of points) clusters.add(x, y)
  return clusters.finish()
}

const apart = (a: { x: number; y: number }, b: { x: number; y: number }) => Math.hypot(a.x - b.x, a.y - b.y) / unit
const shown = (clusters: readonly Cluster[]) => clusters.map(({ x, y, count }) => [x, y, count])

function shuffled<T>(items: readonly T[], random: () => number): readonly T[] {
  return items
    .map(item => [random(), item] as const)
    .sort(([a], [b]) => a - b)
    .map(([, item]) => item)
}

t.test('every point is in one cluster, near to it, and points that stay alone are farther apart than the distance', async t => {
  for (const distance of [3, 10, 25.5, 60]) {
    const points = town(distance, 1500, 500)
    const clusters = clustersOf(points, distance)
    t.equal(
      clusters.reduce((sum, { count }) => sum + count, 0),
      points.length,
    )
    const far = points.filter(([x, y]) => clusters.every(cluster => apart(cluster, { x, y }) > 2.8 * distance))
    t.same(far, [])
    const single = clusters.filter(({ count }) => count === 1)
    t.ok(single.length > 1)
    const near = single.flatMap((a, i) => single.slice(i + 1).filter(b => apart(a, b) < distance))
    t.same(near, [], `of ${single.length} at ${distance}`)
    t.ok(
      single.every(({ x, y }) => points.some(point => point[0] === x && point[1] === y)),
      'and they lie where the points do',
    )
  }
})

t.test('crowds apart from each other are one cluster each, in the middle of their points', async t => {
  const random = seeded(7)
  const distance = 40
  const crowds = Array.from({ length: 36 }, (_, i) => {
    const [x, y] = [(i % 6) * 130 + random() * 20, Math.floor(i / 6) * 130 + random() * 20]
    const length = 1 + Math.floor(random() * 30)
    return Array.from({ length }, (): Point => [Math.round((x + random() * 20) * unit), Math.round((y + random() * 20) * unit)])
  })
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const expected = crowds.map(points => [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y)), points.length])
  const clusters = clustersOf(shuffled(crowds.flat(), random), distance)
  t.equal(clusters.length, crowds.length)
  for (const [x, y, count] of expected)
    t.ok(
      clusters.some(cluster => cluster.count === count && Math.abs(cluster.x - x) <= 0.5 && Math.abs(cluster.y - y) <= 0.5),
      `${count} at ${x} ${y}`,
    )
})

t.test('order does not matter, and parts see the same clusters as the whole', async t => {
  const random = seeded(3)
  // also where absolute positions are as large as they get
  for (const corner of [
    [0, 0],
    [-900, -700],
    [1e9, -7e8],
  ] as const)
    for (const distance of [8, 20, 45]) {
      const points = town(distance, 4000, 900, corner)
      const whole = clustersOf(points, distance)
      t.same(shown(clustersOf(shuffled(points, random), distance)), shown(whole))
      for (let i = 0; i < 12; i++) {
        const [left, top] = [corner[0] + random() * 700, corner[1] + random() * 700].map(value => Math.round(value) * unit)
        const isIn = (x: number, y: number, margin: number) =>
          x >= left - margin && y >= top - margin && x <= left + 200 * unit + margin && y <= top + 200 * unit + margin
        const seen = points.filter(([x, y]) => isIn(x, y, clusterReach(distance) * unit))
        const inTile = (clusters: readonly Cluster[]) => shown(clusters.filter(({ x, y }) => isIn(x, y, 0)))
        t.same(inTile(clustersOf(seen, distance)), inTile(whole), `${distance} at ${left} ${top}`)
      }
    }
})

t.test('evenly spread points, where each choice depends on the one beside it, too', async t => {
  const random = seeded(11)
  const distance = 8
  const points = Array.from({ length: 9000 }, (): Point => [Math.floor(random() * 300 * unit), Math.floor(random() * 300 * unit)])
  const whole = clustersOf(points, distance)
  const isIn = ([x, y]: Point, left: number, top: number, margin: number) =>
    x >= left - margin && y >= top - margin && x <= left + 8 * unit + margin && y <= top + 8 * unit + margin
  let off = 0
  for (let i = 0; i < 400; i++) {
    const [left, top] = [(70 + random() * 150) * unit, (70 + random() * 150) * unit]
    const seen = points.filter(point => isIn(point, left, top, clusterReach(distance) * unit))
    const inTile = (clusters: readonly Cluster[]) => JSON.stringify(shown(clusters.filter(({ x, y }) => isIn([x, y], left, top, 0))))
    if (inTile(clustersOf(seen, distance)) !== inTile(whole)) off++
  }
  t.equal(off, 0)
})

t.test('distances that mean nothing', async t => {
  const points: readonly Point[] = [
    [0, 0],
    [0, 0],
    [100, 0],
    [600, 500],
  ]
  for (const distance of [0, -5, Number.NaN])
    t.same(shown(clustersOf(points, distance)), shown(clustersOf(points, 1)), `${distance} is one pixel`)
  t.same(shown(clustersOf(points, 1)), [
    [600, 500, 1],
    [33, 0, 3],
  ])
  for (const distance of [1e9, Number.POSITIVE_INFINITY]) {
    t.equal(clustersOf(points, distance).length, 1)
    t.ok(clusterReach(distance) < 1024)
  }
  t.same(clustersOf([], 10), [])
})
