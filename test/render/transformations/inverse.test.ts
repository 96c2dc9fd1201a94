import t from 'tap'
import { bufferBbox } from '#geo/bbox.js'
import { inversePolygons } from '#render/transformations/inverse.js'
import { columnIndex, RowView } from '#rows/row-view.js'
import { batchOf, draw, fill, multi, point, polygon } from '../../support/drawing.js'
import { seeded } from '../../support/seeded.js'

type Ring = readonly (readonly [number, number])[]
const box = (left: number, top: number, right: number, bottom: number): Ring => [
  [left, top],
  [right, top],
  [right, bottom],
  [left, bottom],
  [left, top],
]

/** What is outside of `geometries` (pixels of a map of 100 x 80 of which `left`, `top` is the corner drawn), as a geometry in pixels. */
function inverseOf(geometries: readonly (Uint8Array | null)[], [left, top, width, height] = [0, 0, 100, 80]): Uint8Array {
  const inverse = inversePolygons({ geometry: 'geom', columns: ['name'] }, [width, height], 3)
  inverse.take(batchOf(geometries), (x, y) => [x - left, y - top], bufferBbox([left, top, left + width, top + height], 200), 0.1)
  const batch = inverse.finish()
  t.equal(batch.count, 1)
  return new RowView(batch).at(0).bytes(columnIndex(batch.schema.columns, 'geom'))!
}

const alphas = (geometries: readonly Uint8Array[], width = 100, height = 80) => {
  const { rgba } = draw({ width, height, passes: [fill(0xff000000)], geometries })
  return rgba.filter((_, i) => i % 4 === 3)
}

const random = seeded(11)
/** A star with a hole in it, the ring written either way. */
function star(x: number, y: number): Ring[] {
  const ring = (radius: number): Ring => {
    const points = Array.from({ length: 12 }, (_, i) => {
      const far = radius * (0.7 + 0.3 * random())
      return [x + far * Math.cos((i * Math.PI) / 6), y + far * Math.sin((i * Math.PI) / 6)] as const
    })
    const closed = [...points, points[0]]
    return random() < 0.5 ? closed : closed.toReversed()
  }
  return [ring(18), ring(6)]
}

t.test('what is outside of polygons is all that they do not cover, to the pixel', async t => {
  const stars = [star(20, 20), star(62, 24), star(90, 70), star(-5, 60)].map(rings => polygon(...rings))
  const [inside, outside] = [alphas([multi('MultiPolygon', ...stars)]), alphas([inverseOf(stars)])]
  t.ok(inside.some(alpha => alpha === 255) && inside.some(alpha => alpha > 40 && alpha < 200))
  const wrong = inside.filter((alpha, i) => Math.abs(255 - alpha - outside[i]) > 2).length
  t.equal(wrong, 0)
  t.strictSame(alphas([inverseOf([multi('MultiPolygon', ...stars)])]), outside, 'in one geometry or in many')
})

t.test('between neighbours there is no seam, and what lies within a hole of another is not outside', async t => {
  const slanted: Ring = [
    [10, 10],
    [50.3, 10],
    [43.7, 70],
    [10, 70],
    [10, 10],
  ]
  const beside: Ring = [
    [50.3, 10],
    [90, 10],
    [90, 70],
    [43.7, 70],
    [50.3, 10],
  ]
  const island = box(20.5, 20.5, 30.25, 30.25)
  const outside = alphas([inverseOf([polygon(slanted, island), polygon(beside.toReversed()), polygon(island)])])
  const at = (x: number, y: number) => outside[y * 100 + x]
  for (let y = 11; y < 69; y++) for (let x = 11; x < 89; x++) if (at(x, y) !== 0) t.fail(`${at(x, y)} at ${x},${y}`)
  t.same([at(5, 40), at(95, 40), at(50, 5)], [255, 255, 255])
})

t.test('a tile is as the cut of a bigger map', async t => {
  const stars = [star(20, 20), star(52, 24), star(47, 60)].map(rings => polygon(...rings))
  const whole = alphas([inverseOf(stars)])
  const tile = alphas([inverseOf(stars, [40, 10, 30, 60])], 30, 60)
  const cut = Uint8Array.from({ length: 30 * 60 }, (_, i) => whole[(10 + Math.floor(i / 30)) * 100 + 40 + (i % 30)])
  t.strictSame(Array.from(tile), Array.from(cut))
})

t.test('where there is no polygon, all is outside; points, empty and broken geometries take nothing away', async t => {
  for (const none of [[], [point(50, 40), null, Uint8Array.of(1, 2, 3), polygon()]])
    t.ok(alphas([inverseOf(none)]).every(alpha => alpha === 255))
})
