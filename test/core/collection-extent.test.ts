import t from 'tap'
import { extentFromStorage } from '#core/collection-extent.js'

t.test('a single point gets an extent one can zoom to, a small picture keeps its own', async t => {
  const point = extentFromStorage([930_000, 6_890_000, 930_000, 6_890_000], 'EPSG:2154')
  t.same(point?.storage, [929_950, 6_889_950, 930_050, 6_890_050])
  const picture = extentFromStorage([930_000, 6_890_000, 930_020, 6_890_010], 'EPSG:2154', 0)
  t.same(picture?.storage, [930_000, 6_890_000, 930_020, 6_890_010])
  const [west, , east] = picture?.crs84 ?? [0, 0, 0]
  t.ok(east - west < 0.0004, `${east - west} degrees are about 20 m`)
})

t.test('nothing, nonsense and places where the CRS is not have no extent (T-26)', async t => {
  for (const box of [undefined, [Number.NaN, 0, 1, 1], [1, 1, 0, 0], [-Infinity, 0, 1, 1], [1e12, 1e12, 2e12, 2e12]] as const)
    t.equal(extentFromStorage(box, 'EPSG:2154'), undefined, String(box))
})
