import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import t from 'tap'
import { gdal, gdalPython, gdalRead, withoutGdal } from '../../support/gdal.js'
import { type RunningServer, runServer } from '../../support/running-server.js'

if (withoutGdal) {
  t.test('map tiles of files that GDAL wrote', { skip: withoutGdal }, async () => {})
} else {
  const folder = mkdtempSync(join(tmpdir(), 'arpent-tiles-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  const path = (name: string) => join(folder, `${name}.tif`)

  // A seeded photograph of 1600 x 1100 pixels of 20 cm, its corner on a tile of 2154_5cm, matrix 20 (51.2 m).
  gdalPython(
    `
import math, random
random.seed(2154)
w, h = 1600, 1100
ds = gdal.GetDriverByName('GTiff').Create(sys.argv[1], w, h, 3)
from osgeo import osr
srs = osr.SpatialReference(); srs.ImportFromEPSG(2154); ds.SetProjection(srs.ExportToWkt())
ds.SetGeoTransform([51.2 * 15000, 0.2, 0, 12000000 - 51.2 * 112000, 0, -0.2])
for b in range(3):
    row = bytearray(w)
    waves = [(random.random() * 0.05, random.random() * 0.05, random.random() * 6) for _ in range(5)]
    for y in range(h):
        for x in range(0, w, 4):
            v = int(128 + 24 * sum(math.sin(a * x + c * y + p) for a, c, p in waves))
            row[x:x + 4] = bytes([max(0, min(255, v))]) * 4
        ds.GetRasterBand(b + 1).WriteRaster(0, y, w, 1, bytes(row))
ds = None
print('1')`,
    path('source'),
  )
  const tiled = (name: string, block: number, ...options: string[]) =>
    gdal(
      'gdal_translate',
      '-q',
      '-of',
      'GTiff',
      '-co',
      'TILED=YES',
      '-co',
      `BLOCKXSIZE=${block}`,
      '-co',
      `BLOCKYSIZE=${block}`,
      ...options,
      path('source'),
      path(name),
    )
  const photograph = ['-co', 'COMPRESS=JPEG', '-co', 'JPEG_QUALITY=85']
  gdal('gdal_translate', '-q', '-of', 'COG', ...['-co', 'COMPRESS=JPEG', '-co', 'BLOCKSIZE=256'], path('source'), path('ycbcr'))
  tiled('rgb', 512, ...photograph, '-co', 'PHOTOMETRIC=RGB')
  tiled('gray', 256, ...photograph, '-b', '1')
  tiled('webp', 256, '-co', 'COMPRESS=WEBP', '-co', 'WEBP_LOSSLESS=YES')
  tiled('planar', 256, ...photograph, '-co', 'INTERLEAVE=BAND')
  tiled('nodata', 256, ...photograph, '-co', 'PHOTOMETRIC=YCBCR', '-a_nodata', '0')
  tiled('deflate', 256, '-co', 'COMPRESS=DEFLATE')
  // masked: the left 300 columns hold nothing
  gdalPython(
    `
gdal.SetConfigOption('GDAL_TIFF_INTERNAL_MASK', 'YES')
ds = gdal.Open(sys.argv[1])
out = gdal.GetDriverByName('GTiff').CreateCopy(sys.argv[2], ds, options=['TILED=YES', 'BLOCKXSIZE=256', 'BLOCKYSIZE=256', 'COMPRESS=JPEG', 'PHOTOMETRIC=YCBCR'])
out.CreateMaskBand(gdal.GMF_PER_DATASET)
mask = bytes(300) + bytes([255]) * (ds.RasterXSize - 300)
for y in range(ds.RasterYSize): out.GetRasterBand(1).GetMaskBand().WriteRaster(0, y, ds.RasterXSize, 1, mask)
out = None
print('1')`,
    path('source'),
    path('masked'),
  )

  let server: RunningServer
  t.before(async () => {
    server = await runServer(['ycbcr', 'rgb', 'gray', 'webp', 'planar', 'nodata', 'deflate', 'masked'].map(path))
  })
  t.teardown(() => server.stop())
  const [column, row] = [15000, 112000]
  const tileOf = async (collection: string, place: string, query = '') => {
    const answer = await fetch(`${server.address}/collections/${collection}/map/tiles/${place}${query}`)
    return {
      answer,
      bytes: new Uint8Array(await answer.arrayBuffer()),
      type: answer.headers.get('content-type'),
      source: answer.headers.get('x-tile-source'),
    }
  }
  /** Greatest difference between a tile and what GDAL reads at the place of a block. */
  const distance = async (bytes: Uint8Array, name: string, level: number, side: number, dc: number, dr: number) => {
    const { data, info } = await sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true })
    t.same([info.width, info.height], [side, side])
    const bands = gdalRead(path(name), level, { left: dc * side, top: dr * side, width: side, height: side })
    let most = 0
    for (let b = 0; b < Math.min(3, info.channels); b++)
      for (let i = 0; i < side * side; i++)
        most = Math.max(most, Math.abs(data[i * info.channels + b] - bands[Math.min(b, bands.length - 2)][i]))
    return most
  }

  for (const [name, side, type] of [
    ['ycbcr', 256, 'image/jpeg'],
    ['gray', 256, 'image/jpeg'],
    ['rgb', 512, 'image/jpeg'],
    ['webp', 256, 'image/webp'],
  ] as const)
    t.test(`a tile on a block of ${name} is the block itself, pixel by pixel what GDAL reads`, async t => {
      const place = side === 256 ? `2154_5cm/20/${row + 2}/${column + 3}` : 'native/2/1/1'
      const { bytes, type: got, source, answer } = await tileOf(name, place)
      t.same([answer.status, got, source], [200, type, 'stored'])
      const most = await distance(bytes, name, 0, side, side === 256 ? 3 : 1, side === 256 ? 2 : 1)
      t.ok(most <= 2, `at most ${most} apart`)
    })

  t.test('an overview serves the coarser matrix', async t => {
    const { bytes, source } = await tileOf('ycbcr', `2154_5cm/19/${row / 2 + 1}/${column / 2 + 1}`)
    t.equal(source, 'stored')
    t.ok((await distance(bytes, 'ycbcr', 1, 256, 1, 1)) <= 2)
  })

  t.test('the grid of the IGN and that of EPSG:2154 under another name find the same block', async t => {
    const one = await tileOf('ycbcr', `2154_5cm/20/${row}/${column}`)
    const other = await tileOf('ycbcr', `LAMB93_5cm/20/${row}/${column}`)
    t.same(one.bytes, other.bytes)
    t.equal(other.source, 'stored')
  })

  t.test('what blocks cannot show is drawn: masks, nodata, edges, planes, other codecs, other formats', async t => {
    for (const [name, dc, dr, query = ''] of [
      ['masked', 0, 0],
      ['masked', 1, 1],
      ['nodata', 1, 1],
      ['planar', 1, 1],
      ['deflate', 1, 1],
      ['ycbcr', 6, 1],
      ['ycbcr', 1, 4],
      ['ycbcr', 1, 1, '?f=png'],
      ['ycbcr', 1, 1, '?f=webp'],
    ] as const) {
      const { answer, source } = await tileOf(name, `2154_5cm/20/${row + dr}/${column + dc}`, query)
      t.same([answer.status, source], [200, 'drawn'], `${name} ${dc} ${dr} ${query}`)
    }
    t.equal((await tileOf('masked', `2154_5cm/20/${row + 1}/${column + 2}`)).source, 'stored', 'a block without a hole')
  })

  t.test('drawn and stored tiles show the same', async t => {
    const stored = await tileOf('ycbcr', `2154_5cm/20/${row + 1}/${column + 1}`)
    const drawn = await tileOf('ycbcr', `2154_5cm/20/${row + 1}/${column + 1}`, '?f=png')
    const [a, b] = await Promise.all([stored, drawn].map(({ bytes }) => sharp(bytes).removeAlpha().raw().toBuffer()))
    // drawing decodes by the quick transform
    t.ok(a.every((value, i) => Math.abs(value - b[i]) <= 4))
  })

  t.test('empty tiles are transparent PNG, white JPEG; formats are negotiated', async t => {
    const png = await tileOf('ycbcr', '2154_5cm/20/0/0')
    t.equal(png.type, 'image/png')
    t.ok((await sharp(png.bytes).ensureAlpha().raw().toBuffer()).every(value => value === 0))
    const jpeg = await tileOf('ycbcr', '2154_5cm/20/0/0', '?f=jpeg')
    t.equal(jpeg.type, 'image/jpeg')
    t.ok((await sharp(jpeg.bytes).raw().toBuffer()).every(value => value === 255))
    const webp = await fetch(`${server.address}/collections/rgb/map/tiles/WebMercatorQuad/0/0/0`, { headers: { accept: 'image/webp' } })
    t.equal(webp.headers.get('content-type'), 'image/webp')
    const browser = await fetch(`${server.address}/collections/ycbcr/map/tiles/native/2/1/1`, {
      headers: { accept: 'image/avif,image/webp,*/*' },
    })
    t.equal(browser.headers.get('content-type'), 'image/jpeg')
    const none = await fetch(`${server.address}/collections/ycbcr/map/tiles/native/2/1/1`, { headers: { accept: 'text/csv' } })
    t.equal(none.status, 406)
  })

  t.test('a validator saves the bytes', async t => {
    const address = `${server.address}/collections/ycbcr/map/tiles/2154_5cm/20/${row}/${column}`
    const first = await fetch(address)
    const again = await fetch(address, { headers: { 'if-none-match': first.headers.get('etag') ?? '' } })
    t.same([again.status, (await again.arrayBuffer()).byteLength], [304, 0])
  })

  t.test('a quality that is asked for: then even a stored tile is encoded anew', async t => {
    const place = `2154_5cm/20/${row + 1}/${column + 1}`
    const tiles = await Promise.all(['', '?quality=30', '?quality=85', '?quality=95'].map(query => tileOf('ycbcr', place, query)))
    t.same(
      tiles.map(({ source, type }) => [source, type]),
      [['stored', 'image/jpeg'], ...Array(3).fill(['drawn', 'image/jpeg'])],
    )
    const [, low, usual, high] = tiles.map(({ bytes }) => bytes.length)
    t.ok(low < usual && usual < high, `${low} < ${usual} < ${high}`)
    t.equal(new Set(tiles.map(({ answer }) => answer.headers.get('etag'))).size, 4, 'each has a validator of its own')
    t.same((await tileOf('ycbcr', place, '?quality=85')).bytes, (await tileOf('ycbcr', place, '?f=jpeg&quality=85')).bytes)
    t.same((await tileOf('ycbcr', place, '?f=png&quality=30')).bytes, (await tileOf('ycbcr', place, '?f=png')).bytes, 'PNG has none')
    for (const quality of ['19', '96', '0', '-1', '1000', '80.5', 'high', '', '8e1', '%20'])
      for (const name of ['ycbcr', 'deflate']) {
        const { answer, bytes, type } = await tileOf(name, place, `?quality=${quality}`)
        t.same([answer.status, type], [400, 'application/problem+json'], quality)
        t.match(Buffer.from(bytes).toString(), /from 20 to 95/, quality)
      }
    t.equal((await tileOf('ycbcr', place, '?QUALITY=50')).answer.status, 400, 'names are as the document spells them')
  })

  t.test('addresses that lead nowhere say what would have worked', async t => {
    for (const [place, status, word] of [
      ['2154_5cm/20/0/999999', 404, 'columns'],
      ['2154_5cm/99/0/0', 404, '0 to 22'],
      ['nowhere/1/0/0', 404, 'WebMercatorQuad'],
      ['2154_5cm/20/-1/0', 400, 'row'],
      ['2154_5cm/20/1e3/0', 400, 'row'],
      ['2154_5cm/20/0/0?f=gif', 400, 'png'],
      ['2154_5cm/20/0/0?bbox=1,2,3,4', 400, 'bbox'],
    ] as const) {
      const { answer, bytes } = await tileOf('ycbcr', place)
      t.equal(answer.status, status, place)
      t.match(answer.headers.get('content-type'), 'application/problem+json')
      t.match(Buffer.from(bytes).toString(), word, place)
    }
    t.equal((await tileOf('missing', '2154_5cm/20/0/0')).answer.status, 404)
  })

  t.test('the grids are listed, as the OGC defines those that it does', async t => {
    const asked = async <T>(url: string) => (await fetch(url)).json() as Promise<T>
    interface Link {
      readonly rel: string
      readonly href: string
    }
    const { links } = await asked<{ links: Link[] }>(`${server.address}/?f=json`)
    const { tileMatrixSets } = await asked<{ tileMatrixSets: { id: string; links: Link[] }[] }>(
      links.find(({ rel }) => rel.endsWith('/tiling-schemes'))!.href,
    )
    const web = tileMatrixSets.find(({ id }) => id === 'WebMercatorQuad')!
    t.match(web, { uri: 'http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad', crs: /3857$/ })
    const { tileMatrices } = await asked<{ tileMatrices: Record<string, number>[] }>(web.links[0].href)
    // OGC 17-083r4, table D.1
    const scales = tileMatrices.slice(0, 3).map(({ scaleDenominator }) => Number(scaleDenominator.toPrecision(12)))
    t.same(scales, [559082264.029, 279541132.014, 139770566.007])
    t.match(tileMatrices[1], { id: '1', cornerOfOrigin: 'topLeft', matrixWidth: 2, matrixHeight: 2, tileWidth: 256 })
    const none = await fetch(`${server.address}/tileMatrixSets/nulle_part`)
    t.equal(none.status, 404)
    t.match(await none.json(), { detail: /nulle_part.*WebMercatorQuad/ })
  })

  t.test('the tileset tells where the tiles are that hold something', async t => {
    const answer = await fetch(`${server.address}/collections/ycbcr/map/tiles/2154_5cm`)
    const tileset = (await answer.json()) as {
      tileMatrixSetLimits: { tileMatrix: string; minTileRow: number; maxTileRow: number; minTileCol: number; maxTileCol: number }[]
    }
    const limits = tileset.tileMatrixSetLimits.find(({ tileMatrix }) => tileMatrix === '20')
    t.same(limits, { tileMatrix: '20', minTileRow: row, maxTileRow: row + 4, minTileCol: column, maxTileCol: column + 6 })
    const list = (await (await fetch(`${server.address}/collections/ycbcr/map/tiles`)).json()) as {
      tilesets: { tileMatrixSetId: string }[]
    }
    t.equal(list.tilesets[0].tileMatrixSetId, 'native-ycbcr')
    t.ok(list.tilesets.some(({ tileMatrixSetId }) => tileMatrixSetId === 'WebMercatorQuad'))
  })

  t.test('nothing was logged as an error', async t => {
    t.notMatch(server.output.stderr, /"level":(40|50|60)/)
  })
}
