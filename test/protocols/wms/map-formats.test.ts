import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import t from 'tap'
import { mapFormatNames } from '#protocols/wms/map-formats.js'
import { gdalPython, withoutGdal } from '../../support/gdal.js'
import { kmlFaults, withoutOgcSchemas } from '../../support/ogc-schemas.js'
import { readPicture } from '../../support/picture.js'
import { unlessAll } from '../../support/programs.js'
import { type RunningServer, runServer } from '../../support/running-server.js'
import { getMap111, getMap130, testWms, withParameters } from './wms-support.js'

t.test('formats that are the features: names, places, and what is said of them', async t => {
  const { ask, jobs } = testWms()
  for (const [FORMAT, mediaType, sent = mediaType] of [
    ['application/vnd.google-earth.kml+xml', 'application/vnd.google-earth.kml+xml'],
    ['application/vnd.google-earth.kml xml', 'application/vnd.google-earth.kml+xml'],
    ['kml', 'application/vnd.google-earth.kml+xml'],
    ['application/vnd.google-earth.kml+xml;mode=networklink', 'application/vnd.google-earth.kml+xml'],
    ['KMZ', 'application/vnd.google-earth.kmz'],
    ['application/json; type=utfgrid', 'application/json;type=utfgrid'],
    ['utfgrid', 'application/json;type=utfgrid'],
    ['application/json;type=geojson', 'application/json;type=geojson'],
    ['application/geo+json', 'application/json;type=geojson'],
  ]) {
    const answer = await ask(withParameters(getMap130, { FORMAT, LAYERS: 'communes,ortho', LANGUAGE: 'en' }))
    t.same([answer.mediaType, jobs.at(-1)?.mediaType], [sent, mediaType], FORMAT)
    t.same(
      jobs.at(-1)?.layers.map(layer => 'name' in layer && layer.name),
      [
        { id: 'communes', title: 'Municipalities' },
        { id: 'ortho', title: 'Orthophoto' },
      ],
    )
    const name = /km[lz]/i.exec(FORMAT)?.[0].toLowerCase()
    t.equal(answer.headers?.['content-disposition'], name && `attachment; filename="map.${name}"`)
  }
  for (const FORMAT of ['application/json', 'application/json;type=topojson', 'application/vnd.google-earth'])
    t.equal((await ask(withParameters(getMap130, { FORMAT }))).status, 400, FORMAT)
  t.equal(jobs.at(-1)?.data?.resolution, undefined)
  for (const [said, resolution] of [
    ['8', 8],
    ['1', 1],
    ['0', undefined],
    ['65', undefined],
    ['x', undefined],
  ] as const) {
    await ask(withParameters(getMap130, { FORMAT: 'utfgrid', FORMAT_OPTIONS: `dpi:96;utfResolution:${said}` }))
    t.equal(jobs.at(-1)?.data?.resolution, resolution, said)
  }
})

t.test('KML is longitude and latitude, and knows where its pictures are', async t => {
  const { ask, jobs } = testWms()
  await ask(withParameters(getMap130, { FORMAT: 'kml', TIME: '2020', BBOX: '0,6000000,100000,6100000' }))
  const [{ crs, bbox, width, height, data }] = jobs
  t.same([crs, width, height], ['EPSG:4326', 256, 256])
  // 100 km of web mercator from Greenwich, by the formula of the sphere
  const latitude = (y: number) => (Math.atan(Math.sinh(y / 6378137)) * 180) / Math.PI
  const wanted = [0, latitude(6e6), (1e5 / 6378137) * (180 / Math.PI), latitude(6.1e6)]
  t.ok(
    bbox.every((value, i) => Math.abs(value - wanted[i]) < 1e-6),
    `${bbox} is ${wanted}`,
  )
  const picture = new URL(data?.pictureAddress ?? '').searchParams
  t.equal(data?.pictureAddress?.split('?')[0], 'https://maps.example.org/wms')
  t.same(
    ['VERSION', 'SRS', 'CRS', 'FORMAT', 'TRANSPARENT', 'TIME', 'LAYERS', 'WIDTH'].map(name => picture.get(name)),
    ['1.1.1', 'EPSG:4326', null, 'image/png', 'TRUE', '2020', 'communes', '256'],
  )
  t.same(picture.get('BBOX')?.split(',').map(Number), bbox)
  const archive = new URL(data?.kmzAddress ?? '').searchParams
  t.same(
    [archive.get('FORMAT'), archive.get('BBOX'), archive.get('CRS')],
    ['application/vnd.google-earth.kmz', '0,6000000,100000,6100000', 'EPSG:3857'],
  )
  // what the address says is the map that the document shows
  await ask(picture.toString())
  t.same([jobs[1].bbox, jobs[1].crs, jobs[1].width], [bbox, crs, width])
  await ask(archive.toString())
  t.same([jobs[2].bbox, jobs[2].crs, jobs[2].mediaType], [bbox, crs, 'application/vnd.google-earth.kmz'])

  for (const [more, mostFeatures, hasAttributes] of [
    [{ KMSCORE: '0', KMATTR: 'false' }, 0, false],
    [{ FORMAT_OPTIONS: 'kmscore:45;kmattr:no' }, 1000, false],
    [{ KMSCORE: '100', KMATTR: 'true' }, Number.MAX_SAFE_INTEGER, undefined],
    [{ KMSCORE: '-1' }, undefined, undefined],
  ] as const) {
    await ask(withParameters(getMap111, { FORMAT: 'kml', ...more }))
    t.same([jobs.at(-1)?.data?.mostFeatures, jobs.at(-1)?.data?.hasAttributes], [mostFeatures, hasAttributes], JSON.stringify(more))
  }
  const far = await ask(withParameters(getMap130, { FORMAT: 'kml', CRS: 'CRS:84', BBOX: '200,10,210,20' }))
  t.match(far.text, /no place in longitude and latitude/)
  await ask(withParameters(getMap130, { FORMAT: 'kml', CRS: 'CRS:84', BBOX: '-200,-100,200,100' }))
  t.same(jobs.at(-1)?.bbox, [-180, -90, 180, 90])
  const long = await ask(`${withParameters(getMap130, { FORMAT: 'kml' })}&X=${'x'.repeat(9000)}`)
  t.equal(long.status, 200)
  t.equal(jobs.at(-1)?.data?.pictureAddress, undefined, 'longer than programs take')
})

t.test('a photograph with a border of nothing, in every format', { skip: unlessAll(withoutGdal) }, async t => {
  const folder = mkdtempSync(join(tmpdir(), 'arpent-formats-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  // 300 x 300 pixels of 1 m
  gdalPython(
    `
from osgeo import osr
import numpy
rng = numpy.random.default_rng(7)
y, x = numpy.mgrid[0:300, 0:300]
ds = gdal.GetDriverByName('GTiff').Create(sys.argv[1], 300, 300, 3, options=['TILED=YES'])
srs = osr.SpatialReference(); srs.ImportFromEPSG(2154); ds.SetProjection(srs.ExportToWkt())
ds.SetGeoTransform([930000, 1, 0, 6890300, 0, -1])
for b in range(3):
    ds.GetRasterBand(b + 1).WriteArray((120 + 60 * numpy.sin(x / (17 + 5 * b)) * numpy.cos(y / 23) + rng.normal(0, 4, x.shape)).clip(0, 255).astype('uint8'))
ds = None
print('1')`,
    join(folder, 'photo.tif'),
  )
  const config = join(folder, 'arpent.yaml')
  writeFileSync(config, `stores: { files: { kind: cog, root: "${folder}" } }\ncollections: { photo: { files: photo.tif } }\n`)
  let server: RunningServer
  t.before(async () => {
    server = await runServer(['--config', config])
  })
  t.teardown(async () => server.stop())
  const get = async (query: string) => {
    const answer = await fetch(`${server.address}/wms?SERVICE=WMS&VERSION=1.1.1&LAYERS=photo&STYLES=&${query}`)
    return { status: answer.status, type: answer.headers.get('content-type'), bytes: Buffer.from(await answer.arrayBuffer()) }
  }
  const [inside, across] = ['930020,6890020,930220,6890220', '929900,6890100,930100,6890300']
  const map = (format: string, box: string, more = '&TRANSPARENT=TRUE') =>
    get(`REQUEST=GetMap&SRS=EPSG:2154&BBOX=${box}&WIDTH=200&HEIGHT=200&FORMAT=${encodeURIComponent(format)}${more}`)
  const far = (a: Buffer, b: Buffer) => {
    let sum = 0
    for (let i = 0; i < a.length; i++) sum += (a[i] * (i % 4 === 3 ? 1 : a[i | 3] / 255) - b[i] * (i % 4 === 3 ? 1 : b[i | 3] / 255)) ** 2
    return Math.sqrt(sum / a.length)
  }

  t.test('all that is listed comes under its name', async t => {
    for (const name of mapFormatNames) {
      const { status, type } = await map(name, inside)
      t.same([status, type], [200, name], name)
    }
  })

  t.test('pictures show what the PNG shows, transparent where it is', async t => {
    const reference = await readPicture((await map('image/png', across)).bytes)
    for (const [name, format, most] of [
      ['image/png8', 'png', 6],
      ['image/gif', 'gif', 6],
      ['image/webp', 'webp', 6],
      ['image/avif', 'heif', 6],
      ['image/vnd.jpeg-png', 'png', 0],
      ['image/vnd.jpeg-png8', 'png', 6],
    ] as const) {
      const picture = await readPicture((await map(name, across)).bytes)
      t.same([picture.format, picture.size], [format, '200x200'], name)
      const distance = far(picture.pixels, reference.pixels)
      t.ok(distance <= most, `${name}: ${distance.toFixed(2)}`)
      const wrong = picture.pixels.filter((value, i) => i % 4 === 3 && Math.abs(value - reference.pixels[i]) > 2).length
      t.equal(wrong, 0, `${name}: as transparent`)
    }
  })

  t.test('JPEG-PNG is what it is', async t => {
    for (const [box, more, type, format] of [
      [inside, '&TRANSPARENT=TRUE', 'image/jpeg', 'jpeg'],
      [across, '&TRANSPARENT=TRUE', 'image/png', 'png'],
      [across, '', 'image/jpeg', 'jpeg'],
    ]) {
      const answer = await map('image/vnd.jpeg-png', box, more)
      t.same([answer.type, (await sharp(answer.bytes).metadata()).format], [type, format])
    }
    for (const format of ['image/vnd.jpeg-png8', 'image/png8']) t.equal((await map(format, across)).type, 'image/png', format)
    const lossy = await Promise.all(['30', '90'].map(quality => map('image/vnd.jpeg-png', inside, `&TRANSPARENT=TRUE&QUALITY=${quality}`)))
    t.ok(lossy[0].bytes.length < lossy[1].bytes.length, 'quality is heeded')
  })

  t.test('BGCOLOR lies under what is not there', async t => {
    for (const format of ['image/png8', 'image/gif', 'image/webp', 'image/vnd.jpeg-png']) {
      const { pixels } = await readPicture((await map(format, across, '&BGCOLOR=0x3366CC')).bytes)
      t.ok(
        Math.abs(pixels[0] - 0x33) + Math.abs(pixels[1] - 0x66) + Math.abs(pixels[2] - 0xcc) < 8,
        `${format}: ${[...pixels.subarray(0, 4)]}`,
      )
      t.equal(pixels[3], 255)
    }
  })

  t.test('exceptions and legends come so, too', async t => {
    for (const [format, type, kind] of [
      ['image/gif', 'image/gif', 'gif'],
      ['image/webp', 'image/webp', 'webp'],
      ['image/png8', 'image/png', 'png'],
      ['image/vnd.jpeg-png', 'image/png', 'png'],
      ['kml', 'image/png', 'png'],
    ]) {
      const blank = await map(format, inside, '&SRS=EPSG:999999&EXCEPTIONS=application/vnd.ogc.se_inimage')
      t.same([blank.status, blank.type, (await sharp(blank.bytes).metadata()).format], [200, type, kind], format)
    }
    for (const [format, kind] of [
      ['image/gif', 'gif'],
      ['image/png8', 'png'],
    ]) {
      const legend = await get(`REQUEST=GetLegendGraphic&LAYER=photo&FORMAT=${format}`)
      t.same([legend.type, (await sharp(legend.bytes).metadata()).format], [`image/${kind}`, kind])
    }
    t.equal((await get('REQUEST=GetLegendGraphic&LAYER=photo&FORMAT=kml')).status, 400)
  })

  t.test('as KML a raster is a picture on the ground', { skip: withoutOgcSchemas }, async t => {
    const document = (await map('kml', inside)).bytes.toString()
    t.equal(kmlFaults(document), '')
    const address = /<href>(.*)<\/href>/.exec(document)?.[1].replaceAll('&amp;', '&') ?? ''
    const picture = await fetch(address)
    t.equal(picture.headers.get('content-type'), 'image/png')
    const linked = Buffer.from(await picture.arrayBuffer())
    const archive = join(folder, 'map.kmz')
    writeFileSync(archive, (await map('kmz', inside)).bytes)
    const inArchive = gdalPython<string>(
      `
import zipfile, base64
print(json.dumps(base64.b64encode(zipfile.ZipFile(sys.argv[1]).read('files/map-1.png')).decode()))`,
      archive,
    )
    t.ok(Buffer.from(inArchive, 'base64').equals(linked), 'the same as in the archive')
    t.same(JSON.parse((await map('geojson', inside)).bytes.toString()).features, [], 'no features')
  })
})
