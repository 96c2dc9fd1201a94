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

t.test('longitudes of other turns come back to the globe, and what crosses the antimeridian is told as the whole turn', async t => {
  const crs84 = (west: number, east: number) => extentFromStorage([west, -10, east, 10], 'EPSG:4326', 0)?.crs84
  t.same(crs84(0, 360), [-180, -10, 180, 10], 'a raster of the whole earth from Greenwich on')
  t.same(crs84(-0.5, 359.5), [-180, -10, 180, 10], 'with pixels as points')
  t.same(crs84(190, 200), [-170, -10, -160, 10])
  t.same(crs84(-200, -190), [160, -10, 170, 10])
  t.same(crs84(170, 190), [-180, -10, 180, 10])
  t.same(crs84(-180.05, -170), [-180, -10, -170, 10], 'half a pixel beyond is not the other side')
  t.same(crs84(170, 180.05), [170, -10, 180, 10])
  t.same(crs84(-180, 180), [-180, -10, 180, 10])
  t.same(crs84(2, 3), [2, -10, 3, 10])
})
