import t from 'tap'
import { functionOf } from '#filters/functions/index.js'
import { geos, loadGeos } from '#filters/geos.js'
import { type Bbox, bboxesMeet } from '#geo/bbox.js'
import { clipGeometry } from '#geo/clip-geometry.js'
import { ewkbBbox, writeEwkb } from '#geo/ewkb.js'
import type { Geometry } from '#geo/geometry.js'
import { gridGeometry } from '../support/random-filter.js'
import { seeded, seededInteger } from '../support/seeded.js'

t.test('what is cut to a box is what GEOS cuts', async t => {
  await loadGeos()
  const random = seeded(77)
  const meets = geos().between('intersects')
  const measures = ['area', 'geomLength'].map(name => (wkb: Uint8Array) => Number(functionOf(name).evaluate([wkb])))
  const seen = { cut: 0, whole: 0, outside: 0 }
  for (let i = 0; i < 600; i++) {
    const parts = [gridGeometry(random), gridGeometry(random)]
    const geometry: Geometry = i % 5 ? parts[0]! : { kind: 'GeometryCollection', dimensions: 'xy', parts }
    // sides between the grid, so that nothing merely touches them
    const [x, y] = [seededInteger(random, -1, 8) + 0.25, seededInteger(random, -1, 8) + 0.25]
    const box: Bbox = [x, y, x + seededInteger(random, 2, 9) + 0.5, y + seededInteger(random, 2, 9) + 0.5]
    const wkb = writeEwkb(geometry)
    const [ours, wanted] = [clipGeometry(geometry, box), geos().clip(wkb, box)]
    const said = JSON.stringify({ geometry, box }, (_, value) => (value instanceof Float64Array ? [...value] : value))
    if (!ours || !wanted) {
      t.equal(ours === undefined, wanted === undefined, said)
      seen.outside++
      continue
    }
    const whole = ewkbBbox(wkb)!
    if (whole[0] >= box[0] && whole[1] >= box[1] && whole[2] <= box[2] && whole[3] <= box[3]) seen.whole++
    else seen.cut++
    // lines that a polygon has along the box are no more of it
    const [ofArea, ofLength] = measures.map(measure => [measure(writeEwkb(ours)), measure(wanted)] as const)
    t.ok(Math.abs(ofArea![0] - ofArea![1]) < 1e-5, `${ofArea} ${said}`)
    if (!/Polygon/.test(said)) t.ok(Math.abs(ofLength![0] - ofLength![1]) < 1e-9, `${ofLength} ${said}`)
    t.equal(meets(writeEwkb(ours.kind === 'GeometryCollection' ? ours.parts[0]! : ours), wkb), true, said)
    t.ok(bboxesMeet(ewkbBbox(writeEwkb(ours))!, box), said)
  }
  t.ok(seen.cut > 100 && seen.whole > 20 && seen.outside > 50, JSON.stringify(seen))
})

t.test('a line that leaves and comes back is two, a ring that is cut is closed', async t => {
  const coordinates = Float64Array.of(0, 0, 4, 4, 8, 0, 9, 0)
  t.same(clipGeometry({ kind: 'LineString', dimensions: 'xy', coordinates }, [-1, -1, 20, 2]), {
    kind: 'MultiLineString',
    dimensions: 'xy',
    parts: [
      { kind: 'LineString', dimensions: 'xy', coordinates: Float64Array.of(0, 0, 2, 2) },
      { kind: 'LineString', dimensions: 'xy', coordinates: Float64Array.of(6, 2, 8, 0, 9, 0) },
    ],
  })
  const rings = [Float64Array.of(0, 0, 4, 0, 4, 4, 0, 4, 0, 0)]
  const cut = clipGeometry({ kind: 'Polygon', dimensions: 'xy', rings }, [1, 1, 9, 9])
  const ring = cut?.kind === 'Polygon' ? [...cut.rings[0]!] : []
  t.same(ring.slice(0, 2), ring.slice(-2))
  t.equal(ring.length, 10)
})
