import t from 'tap'
import { pick, seeded, seededInteger } from '../../support/seeded.js'
import { atlas, recordingRenderer, testWms } from './wms-support.js'

const names = [
  'SERVICE VERSION REQUEST LAYERS STYLES CRS SRS BBOX WIDTH HEIGHT FORMAT TRANSPARENT BGCOLOR EXCEPTIONS DPI MAP_RESOLUTION FORMAT_OPTIONS',
  'QUERY_LAYERS INFO_FORMAT FEATURE_COUNT I J X Y BUFFER FI_POINT_TOLERANCE LANGUAGE UPDATESEQUENCE TIME ELEVATION SLD SLD_BODY WMTVER __proto__ constructor',
].flatMap(line => line.split(' '))

const values = [
  ...['WMS', '1.3.0', '1.1.1', '1.1.0', '1.3', '0', '9.9.9', 'GetMap', 'getcapabilities', 'GetFeatureInfo', 'GetLegendGraphic'],
  ...['communes', 'arbres', 'communes,arbres', ',,', 'administratif-limites', 'liste', 'contour', 'default', '*', 'eau:arbres'],
  ...[
    'EPSG:4326',
    'EPSG:3857',
    'EPSG:2154',
    'CRS:84',
    'EPSG:0',
    'EPSG:4978',
    'urn:ogc:def:crs:EPSG::4326',
    'IGNF:LAMB93',
    'AUTO:42001,9001,0,0',
  ],
  ...[
    '0,0,1,1',
    '-180,-90,180,90',
    '48,2,49,3',
    '1,1,0,0',
    'NaN,NaN,NaN,NaN',
    '-1e308,-1e308,1e308,1e308',
    '1e-320,0,1e-319,1',
    '1,2,3',
    '1,2,3,4,5',
  ],
  ...['256', '1', '0', '-1', '8192', '1e9', '4294967296', '9007199254740993', 'NaN', 'Infinity', '0x10', '1.5', '٣'],
  ...[
    'image/png',
    'image/jpeg',
    'image/png8',
    'text/plain',
    'text/html',
    'application/json',
    'application/vnd.ogc.gml',
    'application/vnd.ogc.gml/3.1.1',
  ],
  ...['TRUE', 'FALSE', '0xFF0000', '#12345', 'INIMAGE', 'BLANK', 'XML', 'JSON', 'application/vnd.ogc.se_inimage', 'dpi:96', 'dpi:'],
  ...[
    '',
    ' ',
    '%',
    '%00',
    '%FF%FE',
    '+',
    '&',
    '=',
    '?',
    '<script>',
    '"',
    "'; DROP TABLE communes; --",
    '../../etc/passwd',
    '\u0000',
    '\ud800',
    '\u{1f600}',
    ']]>',
  ],
  ...[
    'a'.repeat(5000),
    ','.repeat(5000),
    '('.repeat(3000),
    '9'.repeat(400),
    'é'.repeat(500),
    '{7*7}',
    '{{x}}',
    'toString',
    '__proto__',
    'fr',
    'eng',
  ],
]

const sensible: Readonly<Record<string, string>> = {
  SERVICE: 'WMS',
  VERSION: '1.3.0',
  REQUEST: 'GetMap',
  LAYERS: 'arbres',
  QUERY_LAYERS: 'arbres',
  STYLES: '',
  CRS: 'EPSG:4326',
  SRS: 'EPSG:4326',
  BBOX: '48,2,49,3',
  WIDTH: '100',
  HEIGHT: '100',
  FORMAT: 'image/png',
  INFO_FORMAT: 'text/plain',
  I: '50',
  J: '50',
}

const wellFormed = (text: string) => text.replace(/\p{Surrogate}/gu, '\ufffd')

t.test('two thousand requests of anything: an answer each, and none of them 500', async t => {
  const random = seeded(20)
  const text = () => String.fromCodePoint(...Array.from({ length: seededInteger(random, 0, 12) }, () => seededInteger(random, 1, 0xd7ff)))
  const renderer = recordingRenderer()
  const { ask, logged } = testWms({ ...atlas, limits: { ...atlas.limits, mapPixels: 1e6 } }, renderer)
  const encoded = (value: string) => (random() < 0.9 ? encodeURIComponent(wellFormed(value)) : value)
  const statuses = new Map<number, number>()
  for (let i = 0; i < 2000; i++) {
    const parameters: Record<string, string> = {
      ...(random() < 0.9 && sensible),
      REQUEST: pick(random, ['GetMap', 'GetMap', 'GetFeatureInfo', 'GetCapabilities']),
    }
    for (let n = seededInteger(random, 0, 4); n > 0; n--) parameters[pick(random, names)] = random() < 0.8 ? pick(random, values) : text()
    if (random() < 0.2) delete parameters[pick(random, names)]
    const query = Object.entries(parameters)
      .map(([name, value]) => `${random() < 0.5 ? name : name.toLowerCase()}=${encoded(value)}`)
      .join('&')
    const isForm = random() < 0.1
    const { status, mediaType } = await (isForm
      ? ask('', { method: 'POST', body: query, contentType: pick(random, ['application/x-www-form-urlencoded', 'text/xml', '', 'x']) })
      : ask(query))
    statuses.set(status, (statuses.get(status) ?? 0) + 1)
    if (![200, 400, 413, 501].includes(status) || !mediaType) t.fail(`${status} for ${query}`)
  }
  t.ok(statuses.get(200)! > 400, `${statuses.get(200)} were answered`)
  t.ok(statuses.get(400)! > 400, `${statuses.get(400)} were refused`)
  t.same(logged, [], 'nothing was logged as a defect')
  for (const { bbox, width, height } of renderer.jobs)
    if (!(bbox.every(Number.isFinite) && bbox[0] < bbox[2] && bbox[1] < bbox[3] && width * height <= 1e6))
      t.fail(`drawn: ${bbox} ${width} ${height}`)
})
