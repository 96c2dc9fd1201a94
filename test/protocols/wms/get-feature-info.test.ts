import t from 'tap'
import { childOf, childrenOf, readXml, textOf } from '#xml/read.js'
import { atlas, getMap130, testWms, withParameters } from './wms-support.js'

// The trees of the test store stand at 2.5° E, 48.5° N: the middle of this map.
const base = withParameters(getMap130, {
  REQUEST: 'GetFeatureInfo',
  LAYERS: 'arbres',
  QUERY_LAYERS: 'arbres',
  CRS: 'EPSG:4326',
  BBOX: '48,2,49,3',
  WIDTH: '101',
  HEIGHT: '101',
  I: '50',
  J: '50',
  INFO_FORMAT: 'application/json',
  FEATURE_COUNT: '10',
})
const found = async (changes: Record<string, string | undefined>) => {
  const answer = await testWms().ask(withParameters(base, changes))
  return answer.status === 200 ? JSON.parse(answer.text).features : answer.text
}

t.test('features at a pixel, in the CRS of the map', async t => {
  const features = await found({})
  t.equal(features.length, 3)
  t.equal(features[0].properties.nom, 'Chêne <1>')
  t.same(features[0].geometry, { type: 'Point', coordinates: [2.5, 48.5] }, 'GeoJSON is x,y whatever the axis order of the request')
  // 278298.727, 6190443.809 by PROJ
  const [mercator] = await found({ CRS: 'EPSG:3857', BBOX: '278248.727,6190393.815,278348.727,6190493.815' })
  t.same(mercator.geometry.coordinates.map(Math.round), [278299, 6190444])
})

t.test('I and J, X and Y, in either version (T-4), fractions and all', async t => {
  const v111 = { VERSION: '1.1.1', SRS: 'EPSG:4326', CRS: undefined, BBOX: '2,48,3,49' }
  for (const changes of [
    { I: '50', J: '50' },
    { I: '50.9', J: '50.2' },
    { I: undefined, J: undefined, X: '50', Y: '50' },
    { ...v111, I: undefined, J: undefined, X: '50', Y: '50' },
    { ...v111, I: '50', J: '50' },
    { ...v111, X: '50', Y: '50', I: '0', J: '0' },
  ])
    t.equal((await found(changes)).length, 3, JSON.stringify(changes))
  t.equal((await found({ I: '10' })).length, 0)
  t.equal((await found({ J: '70' })).length, 0)
})

t.test('points outside the map', async t => {
  for (const changes of [{ I: '101' }, { I: '-1' }, { J: '101' }, { J: 'x' }, { I: '1e1' }, { I: 'NaN' }])
    t.match(await found(changes), 'code="InvalidPoint"', JSON.stringify(changes))
  t.match(await found({ I: undefined }), 'code="MissingParameterValue" locator="i"')
  t.match(await found({ VERSION: '1.1.1', SRS: 'EPSG:4326', I: undefined }), /X is missing/)
})

t.test('FEATURE_COUNT: one unless it says more (OGC 06-042, 7.4.3.6)', async t => {
  for (const [FEATURE_COUNT, count] of [
    [undefined, 1],
    ['2', 2],
    ['0', 1],
    ['-5', 1],
    ['x', 1],
    ['999999999', 3],
  ] as const)
    t.equal((await found({ FEATURE_COUNT })).length, count, String(FEATURE_COUNT))
})

t.test('how far from the pixel, in the words of three servers', async t => {
  t.equal((await found({ I: '53' })).length, 3, 'a few pixels by default')
  t.equal((await found({ I: '65' })).length, 0)
  for (const name of ['FI_POINT_TOLERANCE', 'BUFFER', 'RADIUS']) t.equal((await found({ I: '65', [name]: '20' })).length, 3, name)
  t.equal((await found({ I: '65', FI_LINE_TOLERANCE: '20', FI_POLYGON_TOLERANCE: '20' })).length, 0, 'trees are points')
  t.equal((await found({ I: '65', FI_POINT_TOLERANCE: '5', BUFFER: '20' })).length, 3, 'the greater of both')
  t.equal((await found({ I: '53', BUFFER: '0' })).length, 0)
  t.equal((await found({ I: '53', BUFFER: 'x' })).length, 3)
  t.equal((await found({ I: '0', BUFFER: '1e9' })).length, 3, 'bounded, but 50 pixels reach the middle of this map')
})

t.test('formats: the very type asked for (T-34, M6)', async t => {
  const { ask } = testWms()
  for (const [asked, answered, start] of [
    ['text/plain', 'text/plain; charset=utf-8', 'Arbres'],
    [undefined, 'text/plain; charset=utf-8', 'Arbres'],
    ['text/html', 'text/html; charset=utf-8', '<!DOCTYPE html>'],
    ['application/json', 'application/json', '{"type":"FeatureCollection"'],
    ['application/geo+json', 'application/geo+json', '{"type":"FeatureCollection"'],
    ['application/vnd.ogc.gml', 'application/vnd.ogc.gml', '<?xml'],
    ['application/vnd.ogc.gml/3.1.1', 'application/vnd.ogc.gml/3.1.1', '<?xml'],
  ] as const) {
    const { mediaType, text, status } = await ask(withParameters(base, { INFO_FORMAT: asked }))
    t.same([status, mediaType, text.slice(0, start.length)], [200, answered, start], String(asked))
  }
  const html = await ask(withParameters(base, { INFO_FORMAT: 'text/html' }))
  t.match(html.text, 'Chêne &lt;1&gt;', 'values of the data are escaped (T-62)')
  t.match(html.headers?.['content-security-policy'], /default-src 'none'/)
})

t.test('GML carries geometry and its box, x,y in GML 2 and by the authority in GML 3 (T-34)', async t => {
  const { ask } = testWms()
  const gml2 = readXml((await ask(withParameters(base, { INFO_FORMAT: 'application/vnd.ogc.gml' }))).body)
  const members = childrenOf(gml2, 'featureMember')
  t.equal(gml2.namespace, 'http://www.opengis.net/wfs')
  t.equal(members.length, 3)
  t.match(textOf(childOf(childrenOf(members[0])[0], 'geom')!), /^2\.5[0]*,48\.5[0]*$/)
  t.ok(childOf(childrenOf(members[0])[0], 'boundedBy'))
  const gml3 = readXml((await ask(withParameters(base, { INFO_FORMAT: 'application/vnd.ogc.gml/3.1.1' }))).body)
  t.match(textOf(childOf(childrenOf(childrenOf(gml3, 'featureMember')[0])[0], 'geom')!), /^48\.5[0]* 2\.5[0]*$/)
})

t.test('HTML by the template of the collection, in the language of the answer, once per feature', async t => {
  const trees = atlas.collections.get('arbres')!
  const info = { fr: '<p class="{{@title}}">{{@id}}: {{nom}}{{^âge}}, sans âge{{/âge}}</p>', en: '<p>{{nom}}</p>' }
  const { ask } = testWms({ ...atlas, collections: new Map([['arbres', { ...trees, info }]]) })
  const asked = withParameters(base, { INFO_FORMAT: 'text/html' })
  const { text, headers } = await ask(asked)
  t.match(text, '<div class="arpent-info"><p class="Arbres">1: Chêne &lt;1&gt;, sans âge</p><p class="Arbres">2: Chêne &lt;2&gt;')
  t.notMatch(text, '<table', 'instead of the table')
  t.match(headers?.['content-security-policy'], /default-src 'none'/)
  t.match((await ask(`${asked}&LANGUAGE=eng`)).text, '<p>Chêne &lt;1&gt;</p><p>Chêne &lt;2&gt;</p>')
  t.match((await ask(withParameters(asked, { I: '10' }))).text, /Rien|rien|Aucun/, 'nothing here is said as without one')
  t.match((await ask(withParameters(asked, { INFO_FORMAT: 'text/plain' }))).text, 'nom: Chêne <1>', 'other formats are as they were')
})

t.test('which layers', async t => {
  t.equal((await found({ LAYERS: 'communes,arbres', QUERY_LAYERS: 'arbres' })).length, 3)
  t.equal((await found({ LAYERS: undefined })).length, 3, 'QUERY_LAYERS alone will do')
  t.equal((await found({ LAYERS: 'nature', QUERY_LAYERS: 'nature' })).length, 3, 'a theme is its layers')
  t.equal((await found({ LAYERS: 'nature', QUERY_LAYERS: 'arbres' })).length, 3)
  t.match(await found({ LAYERS: 'communes' }), 'LayerNotDefined')
  t.match(await found({ QUERY_LAYERS: 'nope' }), 'LayerNotDefined')
  t.match(await found({ QUERY_LAYERS: undefined }), 'MissingParameterValue')
})

t.test('FORMAT, STYLES and EXCEPTIONS of the map are not needed', async t => {
  t.equal((await found({ FORMAT: undefined, STYLES: undefined })).length, 3)
  t.equal((await found({ FORMAT: 'nonsense', EXCEPTIONS: 'INIMAGE' })).length, 3)
})

t.test('requests of QGIS, mviewer and GeoContrib as they are (K1, M6)', async t => {
  const { ask } = testWms()
  for (const query of [
    'SERVICE=WMS&VERSION=1.3.0&REQUEST=GetFeatureInfo&BBOX=48,2,49,3&CRS=EPSG:4326&WIDTH=101&HEIGHT=101&LAYERS=arbres&STYLES=&FORMAT=image/png&QUERY_LAYERS=arbres&INFO_FORMAT=application/vnd.ogc.gml&I=50&J=50&FEATURE_COUNT=10&FI_POINT_TOLERANCE=8&FI_LINE_TOLERANCE=4&FI_POLYGON_TOLERANCE=2',
    'SERVICE=WMS&VERSION=1.3.0&REQUEST=GetFeatureInfo&FORMAT=image%2Fpng&TRANSPARENT=true&QUERY_LAYERS=arbres&LAYERS=arbres&STYLES=&INFO_FORMAT=application%2Fvnd.ogc.gml&FEATURE_COUNT=5&I=50&J=50&CRS=EPSG%3A4326&WIDTH=101&HEIGHT=101&BBOX=48%2C2%2C49%2C3&CQL_FILTER=1%3D1',
    'service=WMS&version=1.1.1&request=GetFeatureInfo&layers=arbres&query_layers=arbres&srs=EPSG:4326&bbox=2,48,3,49&width=101&height=101&x=50&y=50&info_format=application/json',
  ])
    t.match((await ask(query)).text, 'Chêne', query)
})
