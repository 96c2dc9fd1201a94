import { join } from 'node:path'
import t from 'tap'
import { buildMosaic } from '#core/mosaic.js'
import { rasterProfile } from '#core/raster-profile.js'
import { rasterStatistics } from '#core/raster-statistics.js'
import { sampleMosaic } from '#core/sample-raster.js'
import type { Geometry } from '#geo/geometry.js'
import { transformBetween } from '#geo/transform.js'
import { openCogStore } from '#stores/cog/cog-store.js'
import { gdalPython, withoutGdal } from '../support/gdal.js'
import { type TiffSpec, writeTiff } from '../support/make-tiff.js'
import { seeded } from '../support/seeded.js'

const folder = t.testdir()
const store = openCogStore({ id: 'values', root: folder })
t.teardown(() => store.close())
const crs = 'EPSG:2154'

const random = seeded(93)
const noise = Float32Array.from({ length: 120 * 90 }, () => random() * 1000 - 200)
const dem: TiffSpec = {
  width: 120,
  height: 90,
  type: 'float32',
  tile: [32, 32],
  nodata: '-9999',
  bands: [(x, y) => (x > 20 && x < 30 && y > 40 && y < 50 ? -9999 : noise[y * 120 + x]), (x, y) => x + 1000 * y],
  place: [700000, 6600000, 2, 2],
  epsg: 2154,
}
async function mosaicOf(...specs: readonly TiffSpec[]) {
  const described = await Promise.all(
    specs.map((spec, i) => store.describe(writeTiff(join(folder, `${t.counts.total}-${i}-${random()}.tif`), [spec]))),
  )
  return { mosaic: buildMosaic(described.map(({ file }) => file)), bands: described[0].bands }
}
const polygon = (...positions: number[]): Geometry => ({ kind: 'Polygon', dimensions: 'xy', rings: [Float64Array.from(positions)] })

t.test('a place has the stored values, and between centres what lies between them', async t => {
  const source = await mosaicOf(dem)
  const at = async (x: number, y: number, sampling: 'nearest' | 'bilinear' = 'nearest') =>
    (await sampleMosaic(store, source, { crs, x, y }, { sampling }))?.map(({ value }) => value)
  t.same(await at(700000 + 2 * 7.9, 6600000 - 2 * 3.1), [noise[3 * 120 + 7], 3007])
  const [smooth, ramp] = (await at(700000 + 2 * 8, 6600000 - 2 * 4, 'bilinear'))!
  const mean = (noise[3 * 120 + 7] + noise[3 * 120 + 8] + noise[4 * 120 + 7] + noise[4 * 120 + 8]) / 4
  t.ok(Math.abs(smooth! - mean) < 1e-3 && ramp === 3507.5)
  t.same(await at(700000 + 2 * 0.1, 6600000 - 0.1, 'bilinear'), [noise[0], 0], 'at the edge the nearest')
  t.equal((await at(700000 + 2 * 25.5, 6600000 - 2 * 45.5))?.[0], null, 'nodata of one band')
  t.equal(await at(699999, 6600001), undefined)
  const [lon, lat] = transformBetween(crs, 'EPSG:4326').point(700000 + 2 * 7.9, 6600000 - 2 * 3.1)!
  t.equal((await sampleMosaic(store, source, { crs: 'EPSG:4326', x: lon, y: lat }))?.[1].value, 3007, 'from another CRS')
})

t.test('the topmost file that has a value answers', async t => {
  const lower: TiffSpec = { ...dem, bands: [() => 1, () => 1] }
  const upper: TiffSpec = { ...dem, bands: [(x: number) => (x < 60 ? -9999 : 2), (x: number) => (x < 60 ? -9999 : 2)] }
  const source = await mosaicOf(lower, upper)
  const at = async (x: number) => (await sampleMosaic(store, source, { crs, x: 700000 + 2 * x, y: 6599950 }))?.[0].value
  t.same([await at(10.5), await at(80.5)], [1, 2])
  const whole = polygon(700000, 6599820, 700240, 6599820, 700240, 6600000, 700000, 6600000, 700000, 6599820)
  const { bands } = await rasterStatistics(store, source, { crs, geometry: whole }, { bins: 2 })
  t.match(bands[0], { count: 120 * 90, sum: 60 * 90 + 2 * 60 * 90, histogram: { counts: [60 * 90, 60 * 90] } }, 'and nothing counts twice')
})

t.test('a profile goes along its line at even distances', async t => {
  const source = await mosaicOf(dem)
  const line = { crs, coordinates: Float64Array.of(700001, 6599999, 700101, 6599999, 700101, 6599899) }
  const points = await rasterProfile(store, source, line, { count: 101 })
  t.equal(points.length, 101)
  t.same(points[0], { distance: 0, x: 700001, y: 6599999, values: points[0].values })
  t.same([points[50].x, points[50].y, points[100].y, points[100].distance], [700101, 6599999, 6599899, 200])
  t.same(
    points.map(({ values }) => values?.[1].value),
    Array.from({ length: 101 }, (_, i) => (i <= 50 ? i : 50 + 1000 * (i - 50))),
  )
  await t.rejects(rasterProfile(store, source, { crs, coordinates: Float64Array.of(1, 1, 1, 1) }, { count: 5 }), {
    message: /two different places/,
  })
  await t.rejects(rasterProfile(store, source, line, { count: 1e6 }), { message: /2 to 10000/ })
})

t.test('statistics of seeded polygons are those of GDAL', { skip: withoutGdal }, async t => {
  const path = writeTiff(join(folder, 'statistics.tif'), [dem])
  const { file, bands } = await store.describe(path)
  const source = { mosaic: buildMosaic([file]), bands }
  const stars = Array.from({ length: 12 }, () => {
    const [cx, cy, n] = [700000 + random() * 240, 6600000 - random() * 180, 3 + Math.floor(random() * 9)]
    const ring = Array.from({ length: n }, (_, i) => {
      const radius = 10 + random() * 90
      return [cx + radius * Math.cos((i * 2 * Math.PI) / n), cy + radius * Math.sin((i * 2 * Math.PI) / n)]
    })
    return [...ring, ring[0]]
  })
  const right = gdalPython<{ count: number; sum: number; least: number; greatest: number }[]>(
    `
from osgeo import ogr, osr
ds = gdal.Open(sys.argv[1]); w, h = ds.RasterXSize, ds.RasterYSize
import struct
values = struct.unpack('%df' % (w * h), ds.GetRasterBand(1).ReadRaster(buf_type=gdal.GDT_Float32))
out = []
for star in json.loads(sys.argv[2]):
    mask = gdal.GetDriverByName('MEM').Create('', w, h, 1); mask.SetGeoTransform(ds.GetGeoTransform()); mask.SetProjection(ds.GetProjection())
    source = ogr.GetDriverByName('Memory').CreateDataSource('x'); layer = source.CreateLayer('x', osr.SpatialReference(ds.GetProjection()))
    feature = ogr.Feature(layer.GetLayerDefn()); feature.SetGeometry(ogr.CreateGeometryFromWkt('POLYGON((' + ','.join('%r %r' % tuple(p) for p in star) + '))')); layer.CreateFeature(feature)
    gdal.RasterizeLayer(mask, [1], layer, burn_values=[1])
    inside = [v for v, m in zip(values, mask.GetRasterBand(1).ReadRaster()) if m == 1 and v != -9999]
    out.append(dict(count=len(inside), sum=sum(inside), least=min(inside, default=0), greatest=max(inside, default=0)))
print(json.dumps(out))`,
    path,
    JSON.stringify(stars),
  )
  for (const [i, star] of stars.entries()) {
    const { bands: got, isExact } = await rasterStatistics(store, source, { crs, geometry: polygon(...star.flat()) }, { bins: 10 })
    t.equal(isExact, true)
    t.equal(got[0].count, right[i].count, `${right[i].count} pixels`)
    if (right[i].count === 0) continue
    t.ok(Math.abs(got[0].sum! - right[i].sum) < 1e-3 * right[i].count)
    t.same([got[0].least, got[0].greatest], [right[i].least, right[i].greatest])
    t.equal(
      got[0].histogram?.counts.reduce((sum, count) => sum + count),
      right[i].count,
    )
  }
  t.ok(right.filter(({ count }) => count > 100).length > 5, 'most polygons hold something')
})

t.test('large areas are measured on a coarser level, and say so', async t => {
  const path = writeTiff(join(folder, 'levels.tif'), [
    { ...dem, bands: [() => 5] },
    { ...dem, width: 60, height: 45, subfile: 1, bands: [() => 5] },
  ])
  const { file, bands } = await store.describe(path)
  const whole = polygon(700000, 6599820, 700240, 6599820, 700240, 6600000, 700000, 6600000, 700000, 6599820)
  const { bands: got, isExact } = await rasterStatistics(
    store,
    { mosaic: buildMosaic([file]), bands },
    { crs, geometry: whole },
    { maxPixels: 3000 },
  )
  t.equal(isExact, false)
  t.match(got[0], { count: 60 * 45, mean: 5, deviation: 0 })
  await t.rejects(
    rasterStatistics(
      store,
      { mosaic: buildMosaic([file]), bands },
      { crs, geometry: { kind: 'Point', dimensions: 'xy', coordinates: Float64Array.of(0, 0) } },
    ),
    {
      message: /polygon/,
    },
  )
})
