import t from 'tap'
import type { Geometry } from '#geo/geometry.js'
import { squaredDistance } from '#geo/hit-test.js'
import { mapPositions } from '#geo/reproject.js'

const square = (min: number, max: number) => Float64Array.of(min, min, max, min, max, max, min, max, min, min)
const polygon: Geometry = { kind: 'Polygon', dimensions: 'xy', rings: [square(0, 10), square(4, 6)] }

t.test('inside is 0, a hole is outside, outside is the distance to the nearest edge', async t => {
  t.equal(squaredDistance(polygon, 2, 2), 0)
  t.equal(squaredDistance(polygon, 5, 5), 1, 'the middle of the hole is 1 from its edge')
  t.equal(squaredDistance(polygon, 13, 14), 25)
  t.equal(squaredDistance({ kind: 'MultiPolygon', dimensions: 'xy', parts: [polygon] }, 5, 2), 0)
})

t.test('lines and points, whatever ordinates they carry', async t => {
  t.equal(squaredDistance({ kind: 'LineString', dimensions: 'xyz', coordinates: Float64Array.of(0, 0, 99, 10, 0, 99) }, 5, 3), 9)
  t.equal(squaredDistance({ kind: 'Point', dimensions: 'xyzm', coordinates: Float64Array.of(1, 1, 7, 7) }, 1, 3), 4)
  t.equal(
    squaredDistance({ kind: 'LineString', dimensions: 'xy', coordinates: Float64Array.of(1, 1, 1, 1) }, 1, 2),
    1,
    'a line of one place',
  )
})

t.test('nothing is infinitely far', async t => {
  t.equal(squaredDistance({ kind: 'Point', dimensions: 'xy', coordinates: new Float64Array() }, 0, 0), Infinity)
  t.equal(squaredDistance({ kind: 'Polygon', dimensions: 'xy', rings: [] }, 0, 0), Infinity)
  t.equal(squaredDistance({ kind: 'GeometryCollection', dimensions: 'xy', parts: [] }, 0, 0), Infinity)
})

t.test('positions are mapped, Z is kept, and one place without an image makes the whole vanish', async t => {
  const line: Geometry = { kind: 'LineString', dimensions: 'xyz', srid: 2154, coordinates: Float64Array.of(1, 2, 3, 4, 5, 6) }
  t.same(
    mapPositions(line, (x, y) => [y, x]),
    { kind: 'LineString', dimensions: 'xyz', coordinates: Float64Array.of(2, 1, 3, 5, 4, 6) },
  )
  t.equal(
    mapPositions({ kind: 'MultiLineString', dimensions: 'xyz', parts: [line] }, x => (x > 2 ? undefined : [x, x])),
    undefined,
  )
})
