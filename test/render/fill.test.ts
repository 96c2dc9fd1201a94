import t from 'tap'
import { draw, fill, multi, polygon } from '../support/drawing.js'
import { seeded } from '../support/seeded.js'

type Ring = [number, number][]

/** A star-shaped ring around a centre, closed. */
function star(random: () => number, cx: number, cy: number, least: number, most: number, count: number): Ring {
  const ring = Array.from({ length: count }, (_, i): [number, number] => {
    const angle = ((i + random() * 0.8) / count) * 2 * Math.PI
    const radius = least + random() * (most - least)
    return [cx + radius * Math.cos(angle), cy + radius * Math.sin(angle)]
  })
  return [...ring, ring[0]]
}

const areaOf = (ring: Ring) => Math.abs(ring.slice(1).reduce((sum, [x, y], i) => sum + ring[i][0] * y - x * ring[i][1], 0)) / 2
const sumOfAlpha = (rgba: Uint8Array) => rgba.reduce((sum, v, i) => (i % 4 === 3 ? sum + v / 255 : sum), 0)

/** Share of a pixel inside, by 24 x 24 samples and winding numbers made even-odd by construction. */
function sampled(rings: readonly Ring[], x: number, y: number): number {
  const side = 24
  let inside = 0
  for (let i = 0; i < side; i++) {
    const py = y + (i + 0.5) / side
    const crossings = rings.flatMap(ring =>
      ring.slice(1).flatMap(([bx, by], k) => {
        const [ax, ay] = ring[k]
        return ay > py === by > py ? [] : [ax + ((py - ay) / (by - ay)) * (bx - ax)]
      }),
    )
    for (let j = 0; j < side; j++) {
      const px = x + (j + 0.5) / side
      if (crossings.filter(at => at < px).length % 2 === 1) inside++
    }
  }
  return inside / side ** 2
}

t.test('the coverage of a polygon is its area', async t => {
  const random = seeded(11)
  for (let i = 0; i < 40; i++) {
    const shell = star(random, 100 + random() * 8, 100 + random() * 8, 40, 85, 5 + Math.floor(random() * 200))
    const hole = star(random, 104, 104, 5, 30, 9)
    const drawn = draw({ width: 200, height: 200, passes: [fill()], geometries: [polygon(shell, hole)] })
    const area = areaOf(shell) - areaOf(hole)
    t.ok(Math.abs(sumOfAlpha(drawn.rgba) - area) < area * 1e-3, `polygon ${i}: ${sumOfAlpha(drawn.rgba)} pixels of ${area}`)
  }
})

t.test('every pixel is covered as much as samples say', async t => {
  const random = seeded(12)
  for (let i = 0; i < 3; i++) {
    const rings = [star(random, 24, 20, 10, 30, 12), star(random, 24, 20, 2, 8, 6)]
    const drawn = draw({ width: 48, height: 40, passes: [fill()], geometries: [polygon(...rings)] })
    let most = 0
    for (let y = 0; y < 40; y++)
      for (let x = 0; x < 48; x++) most = Math.max(most, Math.abs(drawn.alpha(x, y) / 255 - sampled(rings, x, y)))
    t.ok(most < 0.07, `polygon ${i}: off by ${most.toFixed(3)} at most`)
  }
})

t.test('rings count as shell and holes however they are wound, and parts that overlap are one shape', async t => {
  const square = (x: number, y: number, size: number): Ring => [
    [x, y],
    [x + size, y],
    [x + size, y + size],
    [x, y + size],
    [x, y],
  ]
  const [shell, hole] = [square(10, 10, 40), square(20, 20, 20)]
  const expected = draw({ width: 60, height: 60, passes: [fill()], geometries: [polygon(shell, hole)] }).rgba
  for (const rings of [
    [shell.toReversed(), hole],
    [shell, hole.toReversed()],
    [shell.toReversed(), hole.toReversed()],
  ]) {
    t.same(draw({ width: 60, height: 60, passes: [fill()], geometries: [polygon(...rings)] }).rgba, expected)
  }
  const half = fill(0x80000080)
  const both = multi('MultiPolygon', polygon(square(10, 10, 20)), polygon(square(20, 20, 20).toReversed()))
  const union = draw({ width: 60, height: 60, passes: [half], geometries: [both] })
  t.equal(union.alpha(25, 25), 0x80, 'where both parts are, the colour lies once')
  t.equal(union.alpha(15, 15), 0x80)
  const apart = draw({ width: 60, height: 60, passes: [half], geometries: [polygon(square(10, 10, 20)), polygon(square(20, 20, 20))] })
  t.equal(apart.alpha(25, 25), 0xc0, 'two features lie one over the other')
  const inHole = multi('MultiPolygon', polygon(shell, hole), polygon(square(25, 25, 10)))
  const island = draw({ width: 60, height: 60, passes: [fill()], geometries: [inHole] })
  t.same([island.alpha(15, 15), island.alpha(22, 22), island.alpha(30, 30)], [255, 0, 255], 'an island in the hole of another part')
})

t.test('neighbours share their border: what one leaves out of a pixel the other fills', async t => {
  const random = seeded(13)
  for (let i = 0; i < 20; i++) {
    const count = 2 + Math.floor(random() * (i % 2 ? 4000 : 12))
    const border = Array.from({ length: count }, (_, k): [number, number] => [30 + random() * 20, (k / (count - 1)) * 100 - 10])
    const [top, bottom] = [border[0], border[count - 1]]
    const left: Ring = [[-20, top[1]], ...border, [-20, bottom[1]], [-20, top[1]]]
    const right: Ring = [[120, bottom[1]], ...border.toReversed(), [120, top[1]], [120, bottom[1]]]
    const one = (ring: Ring) => draw({ width: 80, height: 80, passes: [fill()], geometries: [polygon(ring)] })
    const [a, b] = [one(left), one(right)]
    let most = 0
    for (let y = 0; y < 80; y++) for (let x = 0; x < 80; x++) most = Math.max(most, Math.abs(a.alpha(x, y) + b.alpha(x, y) - 255))
    // a border that folds back on itself within a pixel is covered more than once by both
    if (count < 20) t.ok(most <= 1, `border ${i} of ${count} points: off by ${most} of 255`)
    const gap = Array.from({ length: 80 * 80 }, (_, k) => a.rgba[k * 4 + 3] + b.rgba[k * 4 + 3]).filter(sum => sum < 254).length
    t.equal(gap, 0, `border ${i} of ${count} points: no gap`)
  }
})

t.test('semi-transparent colours blend over transparent and opaque ground', async t => {
  const square = polygon([
    [0, 0],
    [8, 0],
    [8, 8],
    [0, 8],
    [0, 0],
  ])
  // half red, premultiplied
  const red = fill(0x80000080)
  const over = draw({ width: 8, height: 8, passes: [red], geometries: [square] })
  t.same([...over.rgba.subarray(0, 4)], [255, 0, 0, 128])
  const onWhite = draw({ width: 8, height: 8, passes: [red], geometries: [square], background: 0xffffff })
  t.same([...onWhite.rgba.subarray(0, 4)], [255, 127, 127, 255])
  const planes = draw({ width: 8, height: 8, passes: [red, red], geometries: [square], background: 0xffffff })
  t.same([...planes.rgba.subarray(0, 4)], [255, 63, 63, 255], 'a second pass lies over the first')
})
