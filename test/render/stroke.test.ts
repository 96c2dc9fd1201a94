import t from 'tap'
import { draw, line, multi, polygon, stroke } from '../support/drawing.js'
import { seeded } from '../support/seeded.js'

type Point = readonly [number, number]

function distance([px, py]: Point, [ax, ay]: Point, [bx, by]: Point): number {
  const [dx, dy] = [bx - ax, by - ay]
  const square = dx * dx + dy * dy
  const t = square === 0 ? 0 : Math.min(1, Math.max(0, ((px - ax) * dx + (py - ay) * dy) / square))
  return Math.hypot(px - ax - t * dx, py - ay - t * dy)
}

/** Share of a pixel within `half` of the path, by 16 x 16 samples: what round joins and caps must cover. */
function sampled(path: readonly Point[], half: number, x: number, y: number): number {
  let inside = 0
  for (let k = 0; k < 256; k++) {
    const p: Point = [x + ((k % 16) + 0.5) / 16, y + ((k >> 4) + 0.5) / 16]
    if (path.slice(1).some((b, i) => distance(p, path[i], b) <= half)) inside++
  }
  return inside / 256
}

const near = (actual: number, expected: number, tolerance: number) => Math.abs(actual - expected) <= tolerance

t.test('a round stroke covers what lies within half its width, once', async t => {
  const random = seeded(21)
  for (let i = 0; i < 6; i++) {
    const width = 1 + random() * 9
    const path = Array.from({ length: 2 + (i % 5) }, (): Point => [8 + random() * 32, 8 + random() * 24])
    const drawn = draw({ width: 48, height: 40, passes: [stroke(width)], geometries: [line(...path)] })
    const errors: number[] = []
    for (let y = 0; y < 40; y++)
      for (let x = 0; x < 48; x++) errors.push(Math.abs(drawn.alpha(x, y) / 255 - sampled(path, width / 2, x, y)))
    const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length
    const wrong = errors.filter(error => error > 0.15).length
    t.ok(mean < 0.006, `line ${i}, ${width.toFixed(1)} wide: ${mean.toFixed(4)} off on average`)
    // where the stroke overlaps itself within one pixel, at the inner side of sharp corners, coverage adds up
    t.ok(wrong <= 3 * path.length, `line ${i}: ${wrong} pixels off by more than 0.15`)
  }
})

t.test('widths, caps and joins', async t => {
  const cut = draw({ width: 20, height: 20, passes: [stroke(4, false)], geometries: [line([5, 10], [15, 10])] })
  t.same([cut.alpha(4, 10), cut.alpha(5, 10), cut.alpha(14, 11), cut.alpha(15, 10)], [0, 255, 255, 0], 'butt ends')
  t.same([cut.alpha(10, 7), cut.alpha(10, 8), cut.alpha(10, 11), cut.alpha(10, 12)], [0, 255, 255, 0], 'as wide as asked')
  const thin = draw({ width: 20, height: 20, passes: [stroke(0.5, false)], geometries: [line([5, 10.5], [15, 10.5])] })
  t.ok(near(thin.alpha(10, 10), 128, 1), 'half a pixel wide, half covered')
  const corner = [line([4, 16], [4, 4], [16, 4])]
  const mitre = draw({ width: 20, height: 20, passes: [stroke(4, false)], geometries: corner })
  const round = draw({ width: 20, height: 20, passes: [stroke(4)], geometries: corner })
  t.equal(mitre.alpha(2, 2), 255, 'a mitred corner is full')
  t.ok(
    near(
      round.alpha(2, 2),
      255 *
        sampled(
          [
            [4, 16],
            [4, 4],
            [16, 4],
          ],
          2,
          2,
          2,
        ),
      // by distance: askew of the pixels, and on so small a disc, up to a 13th of one is too much
      20,
    ),
    'a round one is round',
  )
  const spike = draw({ width: 40, height: 20, passes: [stroke(4, false)], geometries: [line([5, 9], [30, 10], [5, 11])] })
  t.equal(spike.alpha(33, 10), 0, 'the mitre of a spike is cut')
  const ring = draw({
    width: 20,
    height: 20,
    passes: [stroke(2, false)],
    geometries: [
      polygon([
        [5, 5],
        [15, 5],
        [15, 15],
        [5, 15],
        [5, 5],
      ]),
    ],
  })
  t.same(
    [ring.alpha(4, 4), ring.alpha(15, 4), ring.alpha(4, 15), ring.alpha(15, 15), ring.alpha(10, 10)],
    [255, 255, 255, 255, 0],
    'a border is joined where it begins, too',
  )
})

t.test('a semi-transparent stroke shows no seams, however it turns and crosses itself', async t => {
  const half = stroke(6, true, 0x80000000)
  const loop = line([5, 5], [35, 35], [35, 5], [5, 35], [20, 2])
  const drawn = draw({ width: 40, height: 40, passes: [half], geometries: [multi('MultiLineString', loop, line([2, 20], [38, 20]))] })
  t.equal(Math.max(...drawn.rgba.filter((_, i) => i % 4 === 3)), 0x80)
})

t.test('what collapses to a point is a dot', async t => {
  const drawn = draw({ width: 10, height: 10, passes: [stroke(4)], geometries: [line([5, 5], [5.001, 5])] })
  t.equal(drawn.alpha(5, 5), 255)
})
