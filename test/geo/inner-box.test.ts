import t from 'tap'
import { containsBbox } from '#geo/bbox.js'
import type { Geometry } from '#geo/geometry.js'
import { squaredDistance } from '#geo/hit-test.js'
import { innerBox } from '#geo/inner-box.js'
import { seeded } from '../support/seeded.js'

const polygon = (...rings: number[][]): Geometry => ({
  kind: 'Polygon',
  dimensions: 'xy',
  rings: rings.map(ring => Float64Array.from(ring)),
})

t.test('a rectangle is its own, what is turned a little loses little', async t => {
  t.same(innerBox(polygon([0, 0, 10, 0, 10, 5, 0, 5, 0, 0])), [0, 0, 10, 5])
  const [minX, minY, maxX, maxY] = innerBox(polygon([0, 0, 1000, 9, 991, 1009, -9, 1000, 0, 0]))!
  t.ok((maxX - minX) * (maxY - minY) > 0.9 * 1018 * 1009, 'nine tenths')
})

t.test('holes, notches, lines and what is empty or crosses itself have none that is wrong', async t => {
  t.equal(innerBox(polygon([0, 0, 10, 0, 10, 10, 0, 10, 0, 0], [4, 4, 6, 4, 6, 6, 4, 6, 4, 4])), undefined)
  t.equal(innerBox(polygon([0, 0, 10, 0, 10, 10, 5, 1, 0, 10, 0, 0])), undefined)
  t.equal(innerBox(polygon([0, 0, 10, 10, 10, 0, 0, 10, 0, 0])), undefined, 'a bow tie')
  t.equal(innerBox(polygon([])), undefined)
  t.equal(innerBox(polygon([0, 0, Number.NaN, 0, 10, 10, 0, 0])), undefined)
  t.equal(innerBox({ kind: 'Point', dimensions: 'xy', coordinates: Float64Array.of(1, 2) }), undefined)
  t.equal(innerBox({ kind: 'Polygon', dimensions: 'xy', rings: [] }), undefined)
})

t.test('every point of the box is in the polygon', async t => {
  const random = seeded(9)
  let found = 0
  for (let n = 0; n < 300; n++) {
    const corners = 3 + Math.floor(random() * 9)
    const ring = Array.from({ length: corners }, (_, k) => {
      const [angle, reach] = [(2 * Math.PI * k) / corners, 50 + random() * 50]
      return [reach * Math.cos(angle), reach * Math.sin(angle)]
    })
    const shape = polygon([...ring, ring[0]].flat())
    const box = innerBox(shape)
    if (!box) continue
    found++
    for (let i = 0; i <= 10; i++)
      for (let j = 0; j <= 10; j++) {
        const [x, y] = [box[0] + ((box[2] - box[0]) * i) / 10, box[1] + ((box[3] - box[1]) * j) / 10]
        if (squaredDistance(shape, x, y) > 1e-18) t.fail(`${x},${y} of ${box}`)
      }
    t.ok(containsBbox([-100, -100, 100, 100], box))
  }
  t.ok(found > 100, `${found} of 300`)
})
