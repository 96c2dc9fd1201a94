import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import t from 'tap'
import { gdal, gdalPython, gdalRead, withoutGdal } from '../../support/gdal.js'
import { missing, unlessAll } from '../../support/programs.js'
import { type RunningServer, runServer } from '../../support/running-server.js'

const skip = unlessAll(withoutGdal)
/** `gdalinfo -json`, as much of it as is looked at. */
interface Info {
  readonly size: readonly [number, number]
  readonly coordinateSystem: { readonly wkt: string }
  readonly geoTransform: readonly number[]
  readonly bands: readonly { readonly block: readonly number[]; readonly colorInterpretation: string }[]
  readonly metadata: { readonly IMAGE_STRUCTURE: Readonly<Record<string, string>> }
}

const inQgis = `
import json, sys
from qgis.core import QgsApplication, QgsRasterLayer
app = QgsApplication([], False)
app.initQgis()
layer = QgsRasterLayer(sys.argv[1])
e = layer.extent()
print(json.dumps({'valid': layer.isValid(), 'crs': layer.crs().authid(), 'extent': [e.xMinimum(), e.yMinimum(), e.xMaximum(), e.yMaximum()],
  'bands': layer.bandCount(), 'alpha': layer.renderer().alphaBand()}))
`

t.test('maps as GeoTIFF, as GDAL sees them', { skip }, async t => {
  const folder = mkdtempSync(join(tmpdir(), 'arpent-geotiff-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  // 800 x 600 pixels of 0.5 m near Metz
  gdalPython(
    `
from osgeo import osr
ds = gdal.GetDriverByName('GTiff').Create(sys.argv[1], 800, 600, 3, options=['TILED=YES', 'COMPRESS=DEFLATE'])
srs = osr.SpatialReference(); srs.ImportFromEPSG(2154); ds.SetProjection(srs.ExportToWkt())
ds.SetGeoTransform([930000, 0.5, 0, 6890300, 0, -0.5])
for b in range(3):
    for y in range(600):
        ds.GetRasterBand(b + 1).WriteRaster(0, y, 800, 1, bytes((x * (b + 1) // 3 + y * (3 - b) // 2) & 255 for x in range(800)))
ds = None
print('1')`,
    join(folder, 'ortho.tif'),
  )
  const config = join(folder, 'arpent.yaml')
  writeFileSync(
    config,
    `stores: { files: { kind: cog, root: "${folder}" } }
collections:
  ortho: { files: ortho.tif, quality: 40 }
  usual: { files: ortho.tif }
limits: { mapSide: 1200, qualityMin: 10 }
`,
  )
  let server: RunningServer
  t.before(async () => {
    server = await runServer(['--config', config])
  })
  t.teardown(async () => server.stop())
  const ask = async (query: string) => {
    const answer = await fetch(`${server.address}/wms?SERVICE=WMS&REQUEST=GetMap&LAYERS=ortho&STYLES=&${query}`)
    return {
      status: answer.status,
      type: answer.headers.get('content-type'),
      etag: answer.headers.get('etag'),
      bytes: Buffer.from(await answer.arrayBuffer()),
    }
  }
  const corners = (crs: number): [number, number, number, number] =>
    gdalPython(
      `
from osgeo import osr
a, b = osr.SpatialReference(), osr.SpatialReference()
a.ImportFromEPSG(2154); b.ImportFromEPSG(int(sys.argv[1]))
for s in (a, b): s.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
ct = osr.CoordinateTransformation(a, b)
ps = [ct.TransformPoint(x, y)[:2] for x in (930050, 930450) for y in (6890010, 6890310)]
print(json.dumps([min(p[0] for p in ps), min(p[1] for p in ps), max(p[0] for p in ps), max(p[1] for p in ps)]))`,
      crs,
    )

  for (const [name, code, version, isFlipped] of [
    ['Lambert-93', 2154, '1.3.0', false],
    ['Web Mercator', 3857, '1.3.0', false],
    ['WGS 84, latitude first', 4326, '1.3.0', true],
    ['WGS 84, longitude first', 4326, '1.1.1', false],
    ['CC48', 3948, '1.3.0', false],
    ['RGF93, latitude first', 4171, '1.3.0', true],
  ] as const)
    for (const transparent of [false, true])
      t.test(`${name}, WMS ${version}${transparent ? ', transparent' : ''}`, async t => {
        const box = corners(code)
        const [w, s, e, n] = box
        const [width, height] = [613, 460]
        const at = `VERSION=${version}&${version === '1.3.0' ? 'CRS' : 'SRS'}=EPSG:${code}&BBOX=${isFlipped ? [s, w, n, e] : box}&WIDTH=${width}&HEIGHT=${height}&TRANSPARENT=${transparent}`
        const [tiff, png] = [await ask(`${at}&FORMAT=image/geotiff`), await ask(`${at}&FORMAT=image/png`)]
        t.same([tiff.status, tiff.type, png.status], [200, 'image/geotiff', 200])
        const path = join(folder, `map-${code}-${version}-${transparent}.tif`)
        writeFileSync(path, tiff.bytes)
        const info = JSON.parse(gdal('gdalinfo', '-json', path).toString()) as Info
        t.match(info.coordinateSystem.wkt, new RegExp(`ID\\["EPSG",${code}\\]\\]$`))
        t.same(info.size, [width, height])
        // not its corners, which it rounds to 7 decimals
        const [left, dx, , top, , dy] = info.geoTransform
        const found = [left, top + height * dy, left + width * dx, top]
        const pixel = (e - w) / width
        t.ok(
          found.every((value, i) => Math.abs(value - box[i]) < pixel / 1000),
          `${found} is ${box}`,
        )
        const colors = ['Red', 'Green', 'Blue', ...(transparent ? ['Alpha'] : [])]
        t.same(
          info.bands.map(({ colorInterpretation }) => colorInterpretation),
          colors,
        )
        t.same(info.bands[0].block, [512, 512])
        t.match(info.metadata.IMAGE_STRUCTURE, { COMPRESSION: 'DEFLATE', PREDICTOR: '2', LAYOUT: 'COG', INTERLEAVE: 'PIXEL' })
        const { data, info: head } = await sharp(png.bytes).ensureAlpha().raw().toBuffer({ resolveWithObject: true })
        t.same([head.width, head.height], [width, height])
        const bands = gdalRead(path, 0, { left: 0, top: 0, width, height }).slice(0, colors.length)
        let apart = 0
        for (const [b, band] of bands.entries())
          for (let i = 0; i < band.length; i++) if (band[i] !== data[i * 4 + b] && (b === 3 || data[i * 4 + 3] > 0)) apart++
        t.equal(apart, 0, 'the pixels are those of the PNG')
        if (transparent) t.ok(bands[3].some(v => v === 0) && bands[3].some(v => v === 255), 'there is something, and nothing beside it')
      })

  const lambert = 'VERSION=1.3.0&CRS=EPSG:2154&BBOX=930050,6890010,930450,6890310'

  t.test('large ones are in several blocks; sizes are bounded as those of other formats', async t => {
    const { bytes } = await ask(`${lambert}&WIDTH=1200&HEIGHT=900&FORMAT=image/tiff`)
    const path = join(folder, 'large.tif')
    writeFileSync(path, bytes)
    const [first] = gdalRead(path, 0, { left: 0, top: 0, width: 1200, height: 900 })
    const { data, info } = await sharp((await ask(`${lambert}&WIDTH=1200&HEIGHT=900&FORMAT=image/png`)).bytes)
      .raw()
      .toBuffer({ resolveWithObject: true })
    t.ok(first.every((value, i) => value === data[i * info.channels]))
    for (const format of ['image/png', 'image/tiff', 'image/geotiff', 'image/tiff;application=geotiff'].map(encodeURIComponent)) {
      const { status, bytes } = await ask(`${lambert}&WIDTH=1201&HEIGHT=10&FORMAT=${format}`)
      t.equal(status, 400)
      t.match(bytes.toString(), /at most 1200 pixels/)
    }
  })

  t.test(
    'QGIS opens them where they are',
    { skip: unlessAll(missing('QGIS for Python', '/usr/bin/python3', '-c', 'import qgis.core')) },
    async t => {
      const path = join(folder, 'qgis.tif')
      writeFileSync(path, (await ask(`${lambert}&WIDTH=400&HEIGHT=300&TRANSPARENT=TRUE&FORMAT=image/geotiff`)).bytes)
      const env = { ...process.env, QT_QPA_PLATFORM: 'offscreen' }
      const { stdout, stderr } = spawnSync('/usr/bin/python3', ['-c', inQgis, path], { encoding: 'utf8', env })
      t.same(
        JSON.parse(stdout || '{}'),
        { valid: true, crs: 'EPSG:2154', extent: [930050, 6890010, 930450, 6890310], bands: 4, alpha: 4 },
        stderr,
      )
    },
  )

  t.test('exceptions and legends come as TIFF where that is asked', async t => {
    const blank = await ask(`${lambert.replace('2154', '999999')}&WIDTH=40&HEIGHT=30&FORMAT=image/geotiff&EXCEPTIONS=INIMAGE`)
    t.equal(blank.type, 'image/tiff')
    const { width, height, format } = await sharp(blank.bytes).metadata()
    t.same([width, height, format], [40, 30, 'tiff'])
    const legend = await fetch(`${server.address}/wms?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetLegendGraphic&LAYER=ortho&FORMAT=image/geotiff`)
    t.equal(legend.headers.get('content-type'), 'image/tiff')
    t.equal((await sharp(Buffer.from(await legend.arrayBuffer())).metadata()).format, 'tiff')
  })

  t.test('the quality of the config is in force, and that of the request over it', async t => {
    const jpeg = (more = '') => ask(`${lambert}&WIDTH=300&HEIGHT=225&FORMAT=image/jpeg${more}`)
    const [own, forty, ninety] = await Promise.all([jpeg(), jpeg('&QUALITY=40'), jpeg('&FORMAT_OPTIONS=quality:90')])
    const usual = await jpeg('&LAYERS=usual')
    t.ok(own.bytes.equals(forty.bytes), 'quality: 40 is QUALITY=40')
    t.equal(own.etag, forty.etag)
    t.ok(
      own.bytes.length < usual.bytes.length && usual.bytes.length < ninety.bytes.length,
      `${[own, usual, ninety].map(({ bytes }) => bytes.length)}`,
    )
    t.notMatch(own.etag, usual.etag)
    t.ok((await jpeg('&LAYERS=usual&QUALITY=85')).bytes.equals(usual.bytes))
    t.ok((await jpeg('&QUALITY=3')).bytes.equals((await jpeg('&QUALITY=10')).bytes), 'clamped to limits.qualityMin')
    t.ok((await jpeg('&QUALITY=100')).bytes.equals((await jpeg('&QUALITY=95')).bytes), 'and to qualityMax')
    // the tile of the middle
    const [lon, lat] = [6.1517, (49.07 * Math.PI) / 180]
    const tiles = 2 ** 17
    const place = `17/${Math.floor(((1 - Math.asinh(Math.tan(lat)) / Math.PI) / 2) * tiles)}/${Math.floor(((lon + 180) / 360) * tiles)}`
    const tile = async (of: string, more = '') => {
      const answer = await fetch(`${server.address}/collections/${of}/map/tiles/WebMercatorQuad/${place}?f=jpeg${more}`)
      return Buffer.from(await answer.arrayBuffer())
    }
    t.ok((await tile('ortho')).equals(await tile('usual', '&quality=40')), 'tiles, too')
    t.ok((await tile('usual')).length > (await tile('ortho')).length)
  })
})
