import t from 'tap'
import { markShape } from '#render/mark-shapes.js'

t.test('marks of GeoServer that spell their shape', async t => {
  t.strictSame(markShape('wkt://MULTILINESTRING((0 0.25, 0.5 0.25), (0.25 0, 0.25 0.5))'), [
    { points: [[0, -0.5], [1, -0.5]], isOpen: true },
    { points: [[0.5, -0], [0.5, -1]], isOpen: true },
  ]) // biome-ignore format: a shape a line
  t.strictSame(markShape('wkt://POLYGON ((-0.5 -0.5, 0.5 -0.5, 0 0.5))'), [{ points: [[-1, 1], [1, 1], [0, -1]] }]) // biome-ignore format: as above
  t.equal(markShape('wkt://MULTIPOLYGON(((0 0, 0.5 0, 0 0.5)),((0 0, -0.5 0, 0 -0.5)))')?.length, 2)
})

t.test('what is none', async t => {
  const texts = ['', 'POINT(0 0)', 'LINESTRING', 'LINESTRING()', 'LINESTRING(0 0)', 'LINESTRING(0 0, 1)', 'LINESTRING(0 0, 1 NaN)', 'LINESTRING(0 0, 1e9 1)', 'POLYGON((0 0, 1 1) x)', `LINESTRING(${'0 0,'.repeat(2000)}0 0)`] // biome-ignore format: a table
  for (const text of texts) t.equal(markShape(`wkt://${text}`), undefined, text.slice(0, 40))
})
