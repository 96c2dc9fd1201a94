import t from 'tap'
import { cutLine, cutRing, liesIn } from '#render/vector/cut-path.js'
import { openSheet } from '#render/vector/open-sheet.js'
import { thinOut } from '#render/vector/thin-out.js'
import { seeded } from '../support/seeded.js'

const box = { minX: 0, minY: 0, maxX: 100, maxY: 60 }
const random = seeded(77)
const walk = (count: number, step: number, from = [50, 30]): Float64Array => {
  let [x, y] = from
  const points: number[] = []
  for (let i = 0; i < count; i++) {
    x += (random() - 0.5) * step
    y += (random() - 0.5) * step
    points.push(x, y)
  }
  return Float64Array.from(points)
}
const toSegment = (x: number, y: number, p: ArrayLike<number>, i: number): number => {
  const [ax, ay, bx, by] = [p[i], p[i + 1], p[i + 2], p[i + 3]]
  const length = (bx - ax) ** 2 + (by - ay) ** 2
  const share = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length))
  return Math.hypot(x - ax - share * (bx - ax), y - ay - share * (by - ay))
}
const isInside = (ring: ArrayLike<number>, x: number, y: number): boolean => {
  let is = false
  for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2)
    if (ring[i + 1] > y !== ring[j + 1] > y && x < ((ring[j] - ring[i]) * (y - ring[i + 1])) / (ring[j + 1] - ring[i + 1]) + ring[i])
      is = !is
  return is
}

t.test('what is thinned out lies within the tolerance of what is kept', async t => {
  for (const step of [0.05, 0.3, 2, 20])
    for (let round = 0; round < 20; round++) {
      const line = walk(300, step)
      const kept = Float64Array.from(thinOut(line, 0.1, 0.01), value => value / 100)
      for (let i = 0; i < line.length; i += 2) {
        let nearest = Infinity
        for (let k = 0; k + 3 < kept.length; k += 2) nearest = Math.min(nearest, toSegment(line[i], line[i + 1], kept, k))
        if (!(nearest <= 0.1 + 0.015 || kept.length < 4)) t.fail(`${nearest} from what is kept, steps of ${step}`)
      }
      for (const k of [0, 1]) {
        t.ok(Math.abs(kept[k] - line[k]) <= 0.0051)
        t.ok(Math.abs(kept.at(k - 2)! - line.at(k - 2)!) <= 0.0051)
      }
    }
})

t.test('straight runs become two points, and corners stay', async t => {
  const run = Float64Array.from({ length: 2000 }, (_, i) => (i % 2 === 0 ? i * 0.37 : i * 0.11 - 0.11))
  t.equal(thinOut(run, 0.1, 0.01).length, 4)
  const corner = Float64Array.of(0, 0, 1, 0, 2, 0, 3, 0, 3, 1, 3, 2, 3, 5)
  t.same([...thinOut(corner, 0.1, 0.01)], [0, 0, 300, 0, 300, 500])
  // there and back
  t.same([...thinOut(Float64Array.of(0, 0, 5, 0, 1, 0), 0.1, 0.01)], [0, 0, 500, 0, 100, 0])
  t.same([...thinOut(new Float64Array(0), 0.1, 0.01)], [])
  t.same([...thinOut(Float64Array.of(1, 2), 0.1, 0.01)], [100, 200])
})

t.test('rings cut to a box hold the same points of it', async t => {
  for (let round = 0; round < 40; round++) {
    const ring = walk(3 + Math.floor(random() * 12), 200)
    const cut = cutRing(ring, box)
    t.ok(liesIn(cut, { minX: -1e-9, minY: -1e-9, maxX: 100 + 1e-9, maxY: 60 + 1e-9 }))
    for (let k = 0; k < 200; k++) {
      const [x, y] = [random() * 100, random() * 60]
      if (isInside(ring, x, y) !== isInside(cut, x, y)) t.fail(`${x},${y} of ${[...ring]}`)
    }
  }
  t.equal(cutRing(Float64Array.of(200, 200, 300, 200, 300, 300), box).length, 0)
})

t.test('lines cut to a box are its parts of the line, and know how far along it they begin', async t => {
  for (let round = 0; round < 60; round++) {
    const line = walk(12, 200)
    const pieces = cutLine(line, box)
    const long = Math.max(...pieces.map(({ from }) => from), 0)
    t.ok(pieces.every(({ points }) => liesIn(points, { minX: -1e-9, minY: -1e-9, maxX: 100 + 1e-9, maxY: 60 + 1e-9 })))
    t.ok(pieces.every(({ from }, i) => i === 0 || from > pieces[i - 1].from) && long < 1e5)
    // every place of the line within the box is on a piece, as far along
    let way = 0
    for (let i = 0; i + 3 < line.length; i += 2) {
      const length = Math.hypot(line[i + 2] - line[i], line[i + 3] - line[i + 1])
      for (let k = 0; k < 20; k++) {
        const share = random()
        const [x, y] = [line[i] + share * (line[i + 2] - line[i]), line[i + 1] + share * (line[i + 3] - line[i + 1])]
        const at = way + share * length
        const isIn = x > 0 && x < 100 && y > 0 && y < 60
        const holds = pieces.some(({ points, from }) => alongPiece(points, at - from, x, y))
        if (isIn !== holds) t.fail(`${x},${y} at ${at}`)
      }
      way += length
    }
  }
})

function alongPiece(points: Float64Array, at: number, x: number, y: number): boolean {
  let left = at
  for (let i = 0; i + 3 < points.length && left >= 0; i += 2) {
    const [dx, dy] = [points[i + 2] - points[i], points[i + 3] - points[i + 1]]
    const length = Math.hypot(dx, dy)
    if (left <= length) return Math.hypot(points[i] + (dx * left) / length - x, points[i + 1] + (dy * left) / length - y) < 1e-6
    left -= length
  }
  return false
}

t.test('a drawing may have so many points, and says what would work', async t => {
  const sheet = openSheet({ points: 10 })
  sheet.count(6)
  sheet.count(4)
  t.throws(() => sheet.count(1), { reason: 'too-large', message: /more than the 10 points .* image\/png would work/ })
})
