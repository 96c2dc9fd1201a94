import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { openCogStore } from '#stores/cog/cog-store.js'
import { type TiffSpec, writeTiff } from '../../support/make-tiff.js'

const folder = t.testdir()
const store = openCogStore({ id: 'rasters', root: folder })
t.teardown(() => store.close())

const plain: TiffSpec = { width: 10, height: 8, bands: [() => 1] }
const place = [700000, 6600000, 2, 2] as const
const describe = (name: string, image: Partial<TiffSpec>, sidecars: Record<string, string> = {}) => {
  const path = writeTiff(join(folder, name), [{ ...plain, ...image }])
  for (const [extension, text] of Object.entries(sidecars))
    writeFileSync(extension.startsWith('.') ? path.replace(/\.tif$/, extension) : path + extension, text)
  return store.describe(path)
}

t.test('pixels are areas or points, north up, south up or turned', async t => {
  const area = await describe('area.tif', { place, epsg: 2154 })
  t.same(area.file.transform, [700000, 2, 0, 6600000, 0, -2])
  t.same(area.file.bbox, [700000, 6599984, 700020, 6600000])
  const point = await describe('point.tif', { place, epsg: 2154, isPoint: true })
  t.same(point.file.transform, [699999, 2, 0, 6600001, 0, -2], 'the tie point is the centre of the first pixel')
  const south = await describe('south.tif', { matrix: [2, 0, 0, 100, 0, 2, 0, 50, 0, 0, 0, 0, 0, 0, 0, 1], epsg: 2154 })
  t.same(south.file.transform, [100, 2, 0, 50, 0, 2])
  t.same(south.file.bbox, [100, 50, 120, 66])
  const turned = await describe('turned.tif', { matrix: [1, 1, 0, 100, 1, -1, 0, 50, 0, 0, 0, 0, 0, 0, 0, 1], epsg: 2154 })
  t.same(turned.file.transform, [100, 1, 1, 50, 1, -1])
  t.same(turned.file.bbox, [100, 42, 118, 60])
})

t.test('a world file, a .prj and a .aux.xml stand in for tags, the .aux.xml wins', async t => {
  const wkt = 'PROJCS["RGF93_Lambert_93",GEOGCS["GCS_RGF_1993"],PROJECTION["Lambert_Conformal_Conic"]]'
  const world = await describe('world.tif', {}, { '.tfw': '0.5\n0\n0\n-0.5\n1000.25\n1999.75\n', '.prj': wkt })
  t.same(world.file.transform, [1000, 0.5, 0, 2000, 0, -0.5])
  t.equal(world.file.crs, 'EPSG:2154')
  const pam =
    '<PAMDataset><SRS dataAxisToSRSAxisMapping="1,2">PROJCS["x",GEOGCS["y",AUTHORITY["EPSG","4171"]],AUTHORITY["EPSG","3948"]]</SRS>' +
    '<GeoTransform> 5.0e+01, 1.0, 0.0, 60, 0, -1</GeoTransform><PAMRasterBand band="1"><NoDataValue>1</NoDataValue><Description>height</Description>' +
    '<UnitType>m</UnitType></PAMRasterBand></PAMDataset>'
  const both = await describe('pam.tif', { place, epsg: 2154 }, { '.aux.xml': '', '.tif.aux.xml': pam })
  t.same(both.file.transform, [50, 1, 0, 60, 0, -1])
  t.equal(both.file.crs, 'EPSG:3948')
  t.match(both.bands[0], { name: 'height', unit: 'm', nodata: 1 })
})

t.test('reference systems are known by code, name and parameters', async t => {
  const crs = async (name: string, image: Partial<TiffSpec>) => (await describe(`crs-${name}.tif`, { place, ...image })).file.crs
  t.equal(await crs('projected', { epsg: 3948 }), 'EPSG:3948')
  t.equal(await crs('geographic', { epsg: 4326, isGeographic: true }), 'EPSG:4326')
  const named = (citation: string) => ({
    geoKeys: [
      [1024, 0, 1, 1],
      [3072, 0, 1, 32767],
      [3073, 34737, citation.length + 1, 0],
    ] as const,
    geoAscii: `${citation}|`,
  })
  t.equal(await crs('citation', named('RGF93 / Lambert-93')), 'EPSG:2154')
  t.equal(await crs('v1', named('RGF93 v1 / Lambert-93')), 'EPSG:2154')
  t.equal(await crs('cc', named('RGF93 / CC48')), 'EPSG:3948')
  t.equal(await crs('esri', named('RGF_1993_CC49')), 'EPSG:3949')
  t.equal(await crs('code', named('EPSG:2972')), 'EPSG:2972')
  t.equal(await crs('utm', named('WGS 84 / UTM zone 31N')), 'EPSG:32631')
  t.equal(await crs('mercator', named('WGS 84 / Pseudo-Mercator')), 'EPSG:3857')
  t.equal(await crs('unknown', named('Grille locale')), '')
  const lambert = (latitude: number, p1: number, p2: number, east: number, north: number) => ({
    geoKeys: [
      [1024, 0, 1, 1],
      [2048, 0, 1, 4171],
      [3072, 0, 1, 32767],
      [3075, 0, 1, 8],
      [3078, 34736, 1, 0],
      [3079, 34736, 1, 1],
      [3084, 34736, 1, 2],
      [3085, 34736, 1, 3],
      [3086, 34736, 1, 4],
      [3087, 34736, 1, 5],
    ] as const,
    geoDoubles: [p1, p2, 3, latitude, east, north],
  })
  t.equal(await crs('lambert-93', lambert(46.5, 49, 44, 700000, 6600000)), 'EPSG:2154')
  t.equal(await crs('cc-zone', lambert(44, 43.25, 44.75, 1700000, 3200000)), 'EPSG:3944')
  t.equal(await crs('other', lambert(46.5, 49, 45, 700000, 6600000)), '')
})

t.test('what hurts is told with its cure', async t => {
  const codes = async (name: string, image: Partial<TiffSpec>) => (await describe(name, { place, ...image })).notes.map(({ code }) => code)
  t.same(await codes('fine.tif', { epsg: 2154, nodata: '0' }), [])
  t.same(await codes('bare.tif', {}), ['unknown-srid', 'no-nodata'])
  const large = { width: 2500, height: 2000, bands: [() => 1], epsg: 2154, nodata: '0', missing: Array.from({ length: 20 }, (_, i) => i) }
  t.same(await codes('large.tif', { ...large, rowsPerStrip: 100 }), ['no-overviews', 'not-tiled'])
  const half: TiffSpec = { width: 5, height: 4, bands: [() => 1], subfile: 1 }
  const mask: TiffSpec = { width: 10, height: 8, bits: 1, bands: [() => 1], subfile: 4, photometric: 4 }
  const bare = await store.describe(writeTiff(join(folder, 'bare-overview.tif'), [{ ...plain, place, epsg: 2154 }, mask, half]))
  t.match(bare.notes, [{ code: 'overviews-without-mask', cure: /gdal_translate -of COG/ }])
  const { notes } = await describe('large-tiled.tif', { ...large, place, tile: [512, 512] })
  t.match(notes, [{ code: 'no-overviews', severity: 'warning', cure: 'gdaladdo -r average large-tiled.tif' }])
})
