import sharp from 'sharp'
import t from 'tap'
import { type Problem, problemKinds } from '#core/problem.js'
import { wms111Codes, wms130Codes } from '#protocols/wms/codes.js'
import { attributeOf, childOf, readXml, textOf } from '#xml/read.js'
import { schemaFaults, withoutOgcSchemas } from '../../support/ogc-schemas.js'
import { getMap111, getMap130, testWms, withParameters } from './wms-support.js'

const { ask } = testWms()
const read = (text: string) => readXml(text.replace(/<!DOCTYPE[^>]*>/, ''))
const pixelsOf = async (body: string | Uint8Array) => {
  const { data, info } = await sharp(Buffer.from(body as Uint8Array))
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  const colors = new Map<string, number>()
  for (let i = 0; i < data.length; i += 4) {
    const color = data.subarray(i, i + 4).toString('hex')
    colors.set(color, (colors.get(color) ?? 0) + 1)
  }
  return { width: info.width, height: info.height, colors }
}

t.test('each version reports in its own words', async t => {
  const in130 = await ask(withParameters(getMap130, { CRS: 'EPSG:99999' }))
  t.equal(in130.mediaType, 'text/xml; charset=utf-8')
  t.equal(in130.status, 400)
  t.equal(in130.cacheSeconds, 0)
  const exception = childOf(read(in130.text), 'ServiceException')!
  t.equal(exception.namespace, 'http://www.opengis.net/ogc')
  t.equal(attributeOf(exception, 'code'), 'InvalidCRS')
  t.equal(attributeOf(exception, 'locator'), 'crs')

  const in111 = await ask(withParameters(getMap111, { SRS: 'EPSG:99999' }))
  t.equal(in111.mediaType, 'application/vnd.ogc.se_xml')
  t.match(in111.text, '<!DOCTYPE ServiceExceptionReport SYSTEM "http://schemas.opengis.net/wms/1.1.1/exception_1_1_1.dtd">')
  t.equal(attributeOf(childOf(read(in111.text), 'ServiceException')!, 'code'), 'InvalidSRS')
  t.equal(attributeOf(read(in111.text), 'version'), '1.1.1')
})

t.test('older versions in theirs', { skip: withoutOgcSchemas }, async t => {
  const fault = { LAYERS: 'a<b', SRS: 'EPSG:3857' }
  const in110 = await ask(withParameters(getMap111, { ...fault, VERSION: '1.1.0' }))
  t.same([in110.mediaType, in110.status], ['application/vnd.ogc.se_xml', 400])
  t.match(in110.text, '<!DOCTYPE ServiceExceptionReport SYSTEM "http://schemas.opengis.net/wms/1.1.0/exception_1_1_0.dtd">')
  t.equal(schemaFaults(in110.text), '')

  for (const changes of [
    { WMTVER: '1.0.0', REQUEST: 'map', VERSION: undefined },
    { VERSION: '1.0.0' },
    { REQUEST: 'map', VERSION: undefined },
    { REQUEST: 'feature_info', QUERY_LAYERS: 'x', VERSION: undefined, WMTVER: '1.0.0' },
  ]) {
    const in100 = await ask(withParameters(getMap111, { ...fault, ...changes }))
    t.same([in100.mediaType, in100.status], ['text/xml; charset=utf-8', 400])
    const exception = read(in100.text)
    t.same([exception.name, exception.namespace, attributeOf(exception, 'version')], ['WMTException', '', '1.0.0'])
    t.match(textOf(exception), /^LayerNotDefined: LAYERS names «a<b»/)
  }
  for (const [EXCEPTIONS, mediaType] of [
    ['WMS_XML', 'text/xml; charset=utf-8'],
    ['INIMAGE', 'image/png'],
    ['BLANK', 'image/png'],
  ])
    t.equal(
      (await ask(withParameters(getMap111, { ...fault, EXCEPTIONS, WMTVER: '1.0.0', REQUEST: 'map', FORMAT: 'PNG', VERSION: undefined })))
        .mediaType,
      mediaType,
    )
})

t.test('maps and what is at a place, in versions older, newer and misspelled', async t => {
  const { ask, jobs } = testWms()
  for (const changes of [
    { VERSION: undefined, WMTVER: '1.0.0', REQUEST: 'map', FORMAT: 'PNG' },
    { VERSION: undefined, REQUEST: 'map', FORMAT: 'JPEG' },
    { VERSION: '1.0.0' },
    { VERSION: '1.1.0' },
    { VERSION: '1.1' },
  ]) {
    const { status, text } = await ask(withParameters(getMap111, { SRS: 'EPSG:4326', BBOX: '2,48,3,49', ...changes }))
    t.equal(status, 200, text.slice(0, 300))
    t.match(jobs.at(-1), { crs: 'EPSG:4326', bbox: [2, 48, 3, 49] }, 'x first')
  }
  for (const [VERSION, code] of [
    ['1.4.0', 'InvalidParameterValue'],
    ['2.0.0', 'InvalidParameterValue'],
    ['1.2.0', 'InvalidParameterValue'],
    ['constructor', 'InvalidParameterValue'],
    ['', 'MissingParameterValue'],
  ]) {
    const { text } = await ask(withParameters(getMap130, { VERSION }))
    t.equal(attributeOf(childOf(read(text), 'ServiceException')!, 'code'), code, VERSION)
  }
  const info =
    'WMTVER=1.0.0&REQUEST=feature_info&LAYERS=arbres&QUERY_LAYERS=arbres&SRS=EPSG:4326&BBOX=2,48,3,49&WIDTH=101&HEIGHT=101&X=50&Y=50'
  for (const [asked, answered] of [
    ['MIME', 'text/plain; charset=utf-8'],
    ['GML.1', 'application/vnd.ogc.gml'],
    ['GML.3', 'application/vnd.ogc.gml/3.1.1'],
  ])
    t.equal((await ask(`${info}&INFO_FORMAT=${asked}`)).mediaType, answered, asked)
})

t.test('codes of the standard', async t => {
  const info = withParameters(getMap130, { REQUEST: 'GetFeatureInfo', QUERY_LAYERS: 'communes', I: '1', J: '1', INFO_FORMAT: 'text/plain' })
  const cases: [string, string, string][] = [
    ['SERVICE=WMS&VERSION=1.3.0', 'MissingParameterValue', 'request'],
    ['SERVICE=WMS&VERSION=1.3.0&REQUEST=GetTile', 'OperationNotSupported', 'request'],
    ['SERVICE=WMS&REQUEST=constructor', 'OperationNotSupported', 'request'],
    ['SERVICE=WFS&REQUEST=GetMap', 'InvalidParameterValue', 'service'],
    [withParameters(getMap130, { VERSION: undefined }), 'MissingParameterValue', 'version'],
    [withParameters(getMap130, { VERSION: '2.0.0' }), 'InvalidParameterValue', 'version'],
    [withParameters(getMap130, { LAYERS: 'nope' }), 'LayerNotDefined', 'layers'],
    [withParameters(getMap130, { STYLES: 'nope' }), 'StyleNotDefined', 'styles'],
    [withParameters(getMap130, { CRS: undefined }), 'MissingParameterValue', 'crs'],
    [withParameters(getMap130, { CRS: 'AUTO2:42001,1,0,0' }), 'InvalidCRS', 'crs'],
    [withParameters(getMap130, { CRS: 'EPSG:4978' }), 'InvalidCRS', 'crs'],
    [withParameters(getMap130, { CRS: 'EPSG:5720' }), 'InvalidCRS', 'crs'],
    [withParameters(getMap130, { FORMAT: 'image/x' }), 'InvalidFormat', 'format'],
    [withParameters(getMap130, { WIDTH: undefined }), 'MissingParameterValue', 'width'],
    [withParameters(getMap130, { BBOX: undefined }), 'MissingParameterValue', 'bbox'],
    [withParameters(info, { I: '256' }), 'InvalidPoint', 'i'],
    [withParameters(info, { INFO_FORMAT: 'image/png' }), 'InvalidFormat', 'info_format'],
    [withParameters(info, { QUERY_LAYERS: 'arbres' }), 'LayerNotDefined', 'query_layers'],
    [withParameters(info, { QUERY_LAYERS: '' }), 'MissingParameterValue', 'query_layers'],
  ]
  for (const [query, code, locator] of cases) {
    const { text, status } = await ask(query)
    const exception = childOf(read(text), 'ServiceException')!
    t.same([status, attributeOf(exception, 'code'), attributeOf(exception, 'locator')], [400, code, locator], query)
    t.match(textOf(exception), /would|0 to 255/, 'it says what would have worked')
  }
})

t.test('what the client sent is escaped in what it gets back (T-62)', async t => {
  for (const query of ['LAYERS=<script>alert(1)</script>', 'CRS="><svg onload=x>', 'FORMAT=]]><b>', 'REQUEST=<b>\u0000']) {
    const [name, value] = [query.slice(0, query.indexOf('=')), query.slice(query.indexOf('=') + 1)]
    for (const base of [getMap130, getMap111]) {
      const { text } = await ask(withParameters(base, { [name]: value, SRS: name === 'CRS' ? value : 'EPSG:3857' }))
      t.notOk(/<(script|svg|b)\b/.test(text), text)
      t.match(textOf(read(text)), value.replace('\0', '\ufffd'), 'and comes through whole')
    }
  }
})

t.test('INIMAGE writes the message into an image of the size and format asked for', async t => {
  for (const EXCEPTIONS of ['INIMAGE', 'inimage', 'application/vnd.ogc.se_inimage'])
    for (const FORMAT of ['image/png', 'image/jpeg']) {
      const answer = await ask(withParameters(getMap130, { LAYERS: 'forêts', EXCEPTIONS, FORMAT, WIDTH: '300', HEIGHT: '200' }))
      t.same([answer.status, answer.mediaType, answer.cacheSeconds], [200, FORMAT, 0])
      const { width, height, colors } = await pixelsOf(answer.body)
      t.same([width, height], [300, 200])
      if (FORMAT === 'image/png') {
        t.ok(colors.get('000000ff')! > 500, 'letters')
        t.ok(colors.get('ffffffff')! > 40_000, 'on white')
      }
    }
})

t.test('INIMAGE can be read: the letters are where the font says', async t => {
  const answer = await ask(withParameters(getMap130, { STYLES: 'nope', EXCEPTIONS: 'INIMAGE', WIDTH: '256', HEIGHT: '256' }))
  const { data, info } = await sharp(Buffer.from(answer.body as Uint8Array))
    .toColourspace('b-w')
    .raw()
    .toBuffer({ resolveWithObject: true })
  const row = (y: number) =>
    Array.from({ length: 11 }, (_, x) => (data[((6 + y) * info.width + 6 + x) * info.channels] < 128 ? '#' : ' ')).join('')
  t.same([0, 1, 2, 3, 4, 5, 6].map(row), [
    ' ####  #   ',
    '#      #   ',
    '#     ###  ',
    ' ###   #   ',
    '    #  #   ',
    '    #  #  #',
    '####    ## ',
  ])
})

t.test('colours of image exceptions are those of the map', async t => {
  const blank = async (parameters: Record<string, string>) => [
    ...(await pixelsOf((await ask(withParameters(getMap130, { LAYERS: 'nope', EXCEPTIONS: 'BLANK', ...parameters }))).body)).colors.keys(),
  ]
  t.same(await blank({}), ['ffffffff'], 'opaque white')
  t.same(await blank({ BGCOLOR: '0x112233' }), ['112233ff'])
  t.same(await blank({ TRANSPARENT: 'TRUE', BGCOLOR: '0x112233' }), ['11223300'])
  t.same(await blank({ FORMAT: 'image/jpeg', TRANSPARENT: 'TRUE' }), ['ffffffff'])
  t.same(await blank({ FORMAT: 'image/nonsense', BGCOLOR: 'nonsense' }), ['ffffffff'], 'what is at fault is left aside')
  const dark = await pixelsOf((await ask(withParameters(getMap130, { LAYERS: 'nope', EXCEPTIONS: 'INIMAGE', BGCOLOR: '0x000000' }))).body)
  t.ok(dark.colors.get('ffffffff')! > 500, 'white letters on black')
})

t.test('image exceptions of any size, or XML where there is none', async t => {
  for (const [WIDTH, HEIGHT, mediaType] of [
    ['1', '1', 'image/png'],
    ['5', '3000', 'image/png'],
    ['13', '13', 'image/png'],
    ['400', '20', 'image/png'],
    ['6000', '6000', 'image/png'],
    ['0', '256', 'text/xml; charset=utf-8'],
    ['x', '256', 'text/xml; charset=utf-8'],
    ['9000', '9000', 'text/xml; charset=utf-8'],
    ['8192', '8192', 'text/xml; charset=utf-8'],
  ]) {
    const answer = await ask(withParameters(getMap130, { LAYERS: 'nope', EXCEPTIONS: 'INIMAGE', WIDTH, HEIGHT }))
    t.equal(answer.mediaType, mediaType, `${WIDTH} x ${HEIGHT}`)
    if (mediaType === 'image/png')
      t.match(await sharp(Buffer.from(answer.body as Uint8Array)).metadata(), { width: Number(WIDTH), height: Number(HEIGHT) })
  }
})

t.test('JSON for those who ask; XML for those who ask for something else', async t => {
  for (const EXCEPTIONS of ['JSON', 'application/json']) {
    const answer = await ask(withParameters(getMap130, { LAYERS: 'a"<', EXCEPTIONS }))
    t.same([answer.status, answer.mediaType], [400, 'application/json'])
    const { version, exceptions } = JSON.parse(answer.text)
    t.equal(version, '1.3.0')
    t.match(exceptions, [{ code: 'LayerNotDefined', locator: 'layers', text: /«a"<»/ }])
  }
  for (const EXCEPTIONS of ['XML', 'application/vnd.ogc.se_xml', 'text/javascript', 'constructor', ''])
    t.equal((await ask(withParameters(getMap130, { LAYERS: 'nope', EXCEPTIONS }))).mediaType, 'text/xml; charset=utf-8', EXCEPTIONS)
  t.equal(
    (await ask('REQUEST=GetNothing&EXCEPTIONS=INIMAGE&WIDTH=9&HEIGHT=9')).mediaType,
    'text/xml; charset=utf-8',
    'only a map can be an image',
  )
})

t.test('every kind of problem has a code, and a status that is an error', async t => {
  for (const codes of [wms130Codes, wms111Codes])
    for (const kind of problemKinds satisfies readonly Problem['kind'][]) {
      t.ok(codes[kind].code.length > 0, kind)
      t.ok(codes[kind].status >= 400 && codes[kind].status < 600, kind)
    }
})

t.test('valid against the official schema and DTD', { skip: withoutOgcSchemas }, async t => {
  for (const base of [getMap130, getMap111]) t.equal(schemaFaults((await ask(withParameters(base, { LAYERS: '<&"\'\u0000>' }))).text), '')
})
