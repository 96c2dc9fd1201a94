import t from 'tap'
import { Problem } from '#core/problem.js'
import { attributeOf, childOf, readXml, textOf } from '#xml/read.js'
import { atlas, getMap111, getMap130, onePixelPng, testWms, viewOf, withParameters } from './wms-support.js'

const codeOf = (body: string) => attributeOf(childOf(readXml(body), 'ServiceException')!, 'code')
const messageOf = (body: string) => textOf(childOf(readXml(body), 'ServiceException')!)

t.test('a map is drawn as asked and sent as it is', async t => {
  const { ask, jobs, logged } = testWms()
  const answer = await ask(getMap130)
  t.equal(answer.status, 200)
  t.equal(answer.mediaType, 'image/png')
  t.same(answer.body, onePixelPng)
  const [job] = jobs
  t.match(job, { width: 256, height: 256, crs: 'EPSG:3857', bbox: [0, 6000000, 100000, 6100000], mediaType: 'image/png' })
  t.same(job.background, { color: 0xffffff, isTransparent: false }, 'white and opaque unless asked otherwise')
  t.same(
    job.layers.map(layer => layer.kind === 'features' && layer.source.table),
    ['communes'],
  )
  t.same(logged, [])
})

t.test('axis order: version by form of the CRS (T-1, T-4)', async t => {
  const lonLat = '6,49,7,50'
  const latLon = '49,6,50,7'
  const xy = '930000,6890000,940000,6900000'
  const cc48 = '1930000,7210000,1940000,7220000'
  // version, CRS, BBOX as sent, bbox as drawn, code
  const cases: [string, string, string, string, string][] = [
    ['1.3.0', 'EPSG:4326', latLon, lonLat, 'EPSG:4326'],
    ['1.1.1', 'EPSG:4326', lonLat, lonLat, 'EPSG:4326'],
    ['1.3.0', 'CRS:84', lonLat, lonLat, 'OGC:CRS84'],
    ['1.1.1', 'CRS:84', lonLat, lonLat, 'OGC:CRS84'],
    ['1.3.0', 'urn:ogc:def:crs:OGC:1.3:CRS84', lonLat, lonLat, 'OGC:CRS84'],
    ['1.3.0', 'urn:ogc:def:crs:EPSG::4326', latLon, lonLat, 'EPSG:4326'],
    ['1.1.1', 'urn:ogc:def:crs:EPSG::4326', latLon, lonLat, 'EPSG:4326'],
    ['1.3.0', 'http://www.opengis.net/def/crs/EPSG/0/4326', latLon, lonLat, 'EPSG:4326'],
    ['1.1.1', 'http://www.opengis.net/gml/srs/epsg.xml#4326', lonLat, lonLat, 'EPSG:4326'],
    ['1.3.0', 'EPSG:4258', latLon, lonLat, 'EPSG:4258'],
    ['1.1.1', 'EPSG:4258', lonLat, lonLat, 'EPSG:4258'],
    ['1.3.0', 'EPSG:2154', xy, xy, 'EPSG:2154'],
    ['1.1.1', 'EPSG:2154', xy, xy, 'EPSG:2154'],
    ['1.3.0', 'urn:ogc:def:crs:EPSG::2154', xy, xy, 'EPSG:2154'],
    ['1.3.0', 'EPSG:3948', cc48, cc48, 'EPSG:3948'],
    ['1.3.0', 'IGNF:LAMB93', xy, xy, 'IGNF:LAMB93'],
    ['1.3.0', 'EPSG:3857', xy, xy, 'EPSG:3857'],
    ['1.3.0', 'EPSG:900913', xy, xy, 'EPSG:3857'],
    ['1.1.1', 'epsg:3857', xy, xy, 'EPSG:3857'],
    // Gauss-Krüger zone 3: northing first by the authority
    ['1.3.0', 'EPSG:31467', '5400000,3400000,5500000,3500000', '3400000,5400000,3500000,5500000', 'EPSG:31467'],
    ['1.1.1', 'EPSG:31467', '3400000,5400000,3500000,5500000', '3400000,5400000,3500000,5500000', 'EPSG:31467'],
  ]
  for (const parameter of ['CRS', 'SRS']) {
    for (const [version, crs, sent, drawn, code] of cases) {
      const { ask, jobs } = testWms()
      const query = withParameters(getMap130, { VERSION: version, CRS: undefined, [parameter]: crs, BBOX: sent })
      t.equal((await ask(query)).status, 200, `${version} ${parameter}=${crs}`)
      t.equal(jobs[0].bbox.join(','), drawn, `${version} ${parameter}=${crs}: box`)
      t.equal(jobs[0].crs, code)
    }
  }
})

t.test('the version decides which of CRS and SRS counts when both are sent (T-4)', async t => {
  for (const [version, crs] of [
    ['1.3.0', 'EPSG:3857'],
    ['1.1.1', 'EPSG:2154'],
  ]) {
    const { ask, jobs } = testWms()
    await ask(withParameters(getMap130, { VERSION: version, CRS: 'EPSG:3857', SRS: 'EPSG:2154' }))
    t.equal(jobs[0].crs, crs)
  }
})

t.test('layers and styles in order, empty ones are the default', async t => {
  const drawn = async (LAYERS: string, STYLES: string | undefined) => {
    const { ask, jobs } = testWms()
    const answer = await ask(withParameters(getMap130, { LAYERS, STYLES }))
    return answer.status === 200
      ? jobs[0].layers.map(layer => (layer.kind === 'features' ? layer.source.table : 'ortho')).join()
      : codeOf(answer.text)
  }
  t.equal(await drawn('communes,arbres', ''), 'communes,arbres')
  t.equal(await drawn('arbres,communes,ortho', ',,'), 'arbres,communes,ortho', 'bottom first')
  t.equal(await drawn('communes,arbres', undefined), 'communes,arbres')
  t.equal(await drawn('communes,arbres', 'contour,'), 'communes,arbres')
  t.equal(await drawn('communes,arbres', ',default'), 'communes,arbres')
  t.equal(await drawn('communes,communes', 'contour,plein'), 'communes,communes', 'the same one twice')
  t.equal(await drawn('communes', 'default'), 'communes', 'default stands for the default style (Leaflet, QGIS)')
  t.equal(await drawn('ws:vide', ''), 'vide')
  t.equal(await drawn('eau:arbres', ''), 'arbres', 'by space and id')
  t.equal(await drawn('communes:arbres', ''), 'LayerNotDefined')
  t.equal(await drawn('communes,arbres', 'contour'), 'InvalidParameterValue')
  t.equal(await drawn('communes', 'contour,plein'), 'InvalidParameterValue')
  t.equal(await drawn('communes', 'nope'), 'StyleNotDefined')
  t.equal(await drawn('communes', 'constructor'), 'StyleNotDefined')
  t.equal(await drawn('nope', ''), 'LayerNotDefined')
  t.equal(await drawn('communes,,arbres', ''), 'LayerNotDefined')
  t.equal(await drawn('Communes', ''), 'LayerNotDefined', 'names are case-sensitive')
  t.equal(await drawn('liste', ''), 'LayerNotDefined', 'a table without geometry is not a layer')
  t.equal(await drawn('', ''), 'MissingParameterValue')
  t.equal(await drawn(Array(51).fill('communes').join(), ''), 'InvalidParameterValue')
})

t.test('a theme is asked for by its name and draws all that is in it (INSPIRE View TG, requirement 49)', async t => {
  const { ask, jobs } = testWms()
  t.equal((await ask(withParameters(getMap130, { LAYERS: 'administratif-limites' }))).status, 200)
  t.same(
    jobs[0].layers.map(layer => layer.kind === 'features' && layer.source.table),
    ['communes', 'vide'],
  )
  t.equal((await ask(withParameters(getMap130, { LAYERS: 'nature/vegetation' }))).status, 200)
  t.equal((await ask(withParameters(getMap130, { LAYERS: 'nature' }))).status, 200)
})

t.test('a space shows its own layers only', async t => {
  const view = viewOf('eau')
  const { ask } = testWms()
  t.equal((await ask(withParameters(getMap130, { LAYERS: 'arbres' }), { view })).status, 200)
  t.equal((await ask(withParameters(getMap130, { LAYERS: 'eau:arbres' }), { view })).status, 200)
  t.equal(codeOf((await ask(getMap130, { view })).text), 'LayerNotDefined')
})

t.test('boxes that are none', async t => {
  const { ask, jobs } = testWms()
  const bad = [
    '',
    '1,2,3',
    '1,2,3,4,5',
    'a,b,c,d',
    '1,2,NaN,4',
    '1,2,Infinity,4',
    '3,2,1,4',
    '1,4,3,2',
    '1,2,1,4',
    '1,2,3,2',
    '0x1,2,3,4',
    '1e999,0,2e999,1',
  ]
  for (const BBOX of [...bad, '-1e308,0,1e308,1', '1,,3,4', '1;2;3;4', '1e,2,3,4']) {
    const answer = await ask(withParameters(getMap130, { BBOX }))
    t.equal(answer.status, 400, BBOX)
    t.match(messageOf(answer.text), /BBOX/, BBOX)
  }
  t.equal(jobs.length, 0)
})

t.test('boxes in exponent notation, with signs and spaces', async t => {
  const { ask, jobs } = testWms()
  for (const BBOX of ['-1.5e2,+.5,1E+2,3.', '-150,0.5,100,3', ' -150 , 0.5 , 100 , 3 ']) await ask(withParameters(getMap130, { BBOX }))
  await ask(`${withParameters(getMap130, { BBOX: undefined })}&BBOX=-1.5e+2,5e-1,1e+2,3`)
  for (const job of jobs) t.same(job.bbox, [-150, 0.5, 100, 3])
  t.equal(jobs.length, 4)
})

t.test('sizes', async t => {
  for (const WIDTH of ['0', '-1', 'a', '1.5', '1e3', '99999999999', '0x10', '8193']) {
    const answer = await testWms().ask(withParameters(getMap130, { WIDTH }))
    t.equal(answer.status, 400, WIDTH)
    t.match(messageOf(answer.text), /WIDTH|8192/, WIDTH)
  }
  const { ask, jobs } = testWms()
  t.equal((await ask(withParameters(getMap130, { WIDTH: '8', HEIGHT: '5.0' }))).status, 200)
  t.match(jobs[0], { width: 8, height: 5 })
  t.equal((await ask(withParameters(getMap130, { WIDTH: '8192', HEIGHT: '8192' }))).status, 400, 'more pixels than allowed')
})

t.test('formats that clients send', async t => {
  const { ask, jobs } = testWms()
  const png = ['image/png', 'image/png24', 'image/png;mode=24bit', 'IMAGE/PNG', 'png']
  for (const FORMAT of png) t.equal((await ask(withParameters(getMap130, { FORMAT }))).mediaType, 'image/png', FORMAT)
  for (const FORMAT of ['image/jpeg', 'image/jpg', 'jpeg'])
    t.equal((await ask(withParameters(getMap130, { FORMAT, TRANSPARENT: 'TRUE' }))).mediaType, 'image/jpeg', FORMAT)
  t.equal(jobs.at(-1)?.background.isTransparent, false, 'JPEG has no transparency')
  for (const [FORMAT, sent] of [
    ['image/tiff', 'image/tiff'],
    ['image/geotiff', 'image/geotiff'],
    ['image/tiff;application=geotiff', 'image/tiff;application=geotiff'],
    ['IMAGE/TIFF; Application=GeoTIFF', 'image/tiff;application=geotiff'],
    ['image/tiff; mode=8bit', 'image/tiff'],
    ['image/geotiff8', 'image/tiff'],
  ]) {
    const answer = await ask(withParameters(getMap130, { FORMAT, TRANSPARENT: 'TRUE' }))
    t.same([answer.mediaType, jobs.at(-1)?.mediaType, jobs.at(-1)?.background.isTransparent], [sent, 'image/tiff', true], FORMAT)
  }
  for (const [FORMAT, drawn] of [
    ['image/png8', 'image/png; mode=8bit'],
    ['image/png; mode=8bit', 'image/png; mode=8bit'],
    ['image/png;mode=8BIT', 'image/png; mode=8bit'],
    ['image/vnd.jpeg-png', 'image/vnd.jpeg-png'],
    ['image/vnd.jpeg-png8', 'image/vnd.jpeg-png8'],
    ['image/webp', 'image/webp'],
    ['image/avif', 'image/avif'],
    ['image/gif', 'image/gif'],
    ['image/svg xml', 'image/svg+xml'],
  ]) {
    t.equal((await ask(withParameters(getMap130, { FORMAT, TRANSPARENT: 'TRUE' }))).mediaType, drawn, FORMAT)
    t.same([jobs.at(-1)?.mediaType, jobs.at(-1)?.background.isTransparent], [drawn, true], FORMAT)
  }
  for (const FORMAT of ['image/jp2', 'image/bmp', 'image', 'text/xml', 'constructor', '<b>'])
    t.equal(codeOf((await ask(withParameters(getMap130, { FORMAT }))).text), 'InvalidFormat', FORMAT)
  t.equal(codeOf((await ask(withParameters(getMap130, { FORMAT: undefined }))).text), 'MissingParameterValue')
})

t.test('background', async t => {
  const cases: [Record<string, string>, number, boolean][] = [
    [{ TRANSPARENT: 'TRUE' }, 0xffffff, true],
    [{ TRANSPARENT: 'true', BGCOLOR: '0x00FF7f' }, 0x00ff7f, true],
    [{ BGCOLOR: '#abcdef' }, 0xabcdef, false],
    [{ BGCOLOR: '000000', TRANSPARENT: 'FALSE' }, 0, false],
    [{ TRANSPARENT: 'undefined' }, 0xffffff, false],
  ]
  for (const [parameters, color, isTransparent] of cases) {
    const { ask, jobs } = testWms()
    await ask(withParameters(getMap130, parameters))
    t.same(jobs[0].background, { color, isTransparent }, JSON.stringify(parameters))
  }
  for (const BGCOLOR of ['red', '0xFFF', '0x1234567', '-1'])
    t.equal((await testWms().ask(withParameters(getMap130, { BGCOLOR }))).status, 400, BGCOLOR)
})

t.test('the resolution of the client, told in three ways at once by QGIS (T-3)', async t => {
  const ratio = async (parameters: Record<string, string>) => {
    const { ask, jobs } = testWms()
    await ask(withParameters(getMap130, parameters))
    return Number((jobs[0].pixelRatio * (0.0254 / 0.00028)).toFixed(3))
  }
  t.equal(await ratio({}), 90.714)
  t.equal(await ratio({ DPI: '96', MAP_RESOLUTION: '96', FORMAT_OPTIONS: 'dpi:96' }), 96)
  t.equal(await ratio({ MAP_RESOLUTION: '180' }), 180)
  t.equal(await ratio({ FORMAT_OPTIONS: 'antialias:on;dpi:300' }), 300)
  for (const DPI of ['0', '-96', 'NaN', '1e9', 'x']) t.equal(await ratio({ DPI }), 90.714, DPI)
})

t.test('a form is read like an address, and over it (T-24)', async t => {
  const { ask, jobs } = testWms()
  const contentType = 'application/x-www-form-urlencoded; charset=UTF-8'
  t.equal((await ask('', { method: 'POST', body: getMap130, contentType })).status, 200)
  t.equal((await ask(getMap130, { method: 'POST', body: 'WIDTH=99', contentType })).status, 200)
  t.equal(jobs[1].width, 99)
  const xml = await ask('', {
    method: 'POST',
    body: '<!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]><x>&y;</x>',
    contentType: 'text/xml',
  })
  t.equal(xml.status, 400)
  t.equal((await ask('', { method: 'POST', body: '{}', contentType: 'application/json' })).status, 501)
  t.equal((await ask('', { method: 'POST', body: '', contentType })).status, 400)
  t.equal((await ask('', { method: 'POST', body: `a=${'x'.repeat(2e6)}`, contentType })).status, 413)
})

t.test('parameters of no meaning here are ignored; names come in any case (T-29)', async t => {
  const { ask, jobs } = testWms()
  const mixed = getMap130.replace(/(\w+)=/g, (_, name: string) => `${[...name].map((c, i) => (i % 2 ? c.toLowerCase() : c)).join('')}=`)
  t.equal((await ask(`${mixed}&TIME=2017&ELEVATION=5&TILED=true&CQL_FILTER=1=1&_=12&service=WMS`)).status, 200)
  t.equal((await ask(`${getMap130.replace('SERVICE=WMS&', '')}`)).status, 200, 'the path says WMS')
  t.equal((await ask(`?${getMap130}`)).status, 200)
  t.equal(jobs.length, 3)
  t.equal((await ask(getMap130.replace('SERVICE=WMS', 'SERVICE=WFS'))).status, 400)
})

t.test('requests of mviewer, OpenLayers and QGIS as they are (M1, M2, K1)', async t => {
  const { ask, jobs } = testWms()
  for (const query of [
    'SERVICE=WMS&VERSION=1.1.1&REQUEST=GetMap&FORMAT=image%2Fjpeg&TRANSPARENT=false&TILED=true&LAYERS=ortho&WIDTH=256&HEIGHT=256&SRS=EPSG%3A3857&STYLES=&BBOX=0%2C6000000%2C100000%2C6100000',
    'SERVICE=WMS&VERSION=1.3.0&REQUEST=GetMap&FORMAT=image%2Fpng&TRANSPARENT=true&LAYERS=communes%2Carbres&STYLES=contour%2C&CRS=EPSG%3A3857&WIDTH=1200&HEIGHT=800&BBOX=0%2C6000000%2C100000%2C6100000',
    'SERVICE=WMS&VERSION=1.3.0&REQUEST=GetMap&BBOX=48,2,49,3&CRS=EPSG:4326&WIDTH=256&HEIGHT=256&LAYERS=arbres&STYLES=&FORMAT=image/png&DPI=96&MAP_RESOLUTION=96&FORMAT_OPTIONS=dpi:96&TRANSPARENT=TRUE',
    'service=WMS&request=map&version=1.1.1&layers=arbres&styles=&srs=EPSG:4326&bbox=2,48,3,49&width=8&height=5&format=image/png',
  ])
    t.equal((await ask(query)).status, 200, query)
  t.same(jobs[3].bbox, jobs[2].bbox)
})

t.test('without VERSION an exception, unless the server is told to be lenient', async t => {
  const query = getMap111.replace('VERSION=1.1.1&', '')
  t.equal((await testWms().ask(query)).status, 400)
  const lenient = testWms({ ...atlas, service: { ...atlas.service, lenient: true } })
  t.equal((await lenient.ask(withParameters(query, { SRS: 'EPSG:4326', BBOX: '6,49,7,50' }))).status, 200)
  t.same(lenient.jobs[0].bbox, [6, 49, 7, 50], 'SRS speaks for 1.1.1')
})

t.test('what the renderer throws is told in the words of the service', async t => {
  const failing = (error: unknown) => testWms(atlas, { draw: () => Promise.reject(error) })
  const overloaded = await failing(new Problem('overloaded', 'Too many maps.', { retryAfter: 2.5 })).ask(getMap130)
  t.equal(overloaded.status, 503)
  t.equal(overloaded.headers?.['retry-after'], '3')
  t.equal(overloaded.cacheSeconds, 0)
  const service = failing(new Error('select * from /secret/path'))
  const broken = await service.ask(getMap130)
  t.equal(broken.status, 500)
  t.notMatch(broken.text, /secret/)
  t.same(service.logged, ['a WMS request failed'])
  const timeout = await failing(new DOMException('late', 'TimeoutError')).ask(getMap130)
  t.equal(timeout.status, 503)
})

t.test('a name that was escaped twice is found (the LayerLimit test of CITE sends it so); other escapes are part of the name', async t => {
  const { ask, jobs } = testWms()
  t.equal((await ask(withParameters(getMap130, { LAYERS: '%63ommunes' }))).status, 200, 'sent as %2563ommunes')
  t.match(jobs[0].layers[0], { source: { table: 'communes' } })
  for (const name of ['%2563ommunes', '%zz', '%E9', '%']) {
    const answer = await ask(withParameters(getMap130, { LAYERS: name }))
    t.equal(codeOf(String(answer.body)), 'LayerNotDefined', name)
  }
})
