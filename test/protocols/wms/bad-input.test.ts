import t from 'tap'
import { attributeOf, childOf, readXml, textOf } from '#xml/read.js'
import { getMap111, getMap130, testWms, withParameters } from './wms-support.js'

const getInfo = `${withParameters(getMap130, { REQUEST: 'GetFeatureInfo', LAYERS: 'arbres', CRS: 'EPSG:4326', BBOX: '48,2,49,3' })}&QUERY_LAYERS=arbres&I=5&J=5&INFO_FORMAT=text/plain`
const getLegend = 'SERVICE=WMS&VERSION=1.3.0&REQUEST=GetLegendGraphic&LAYER=communes&FORMAT=image/png'
const getCapabilities = 'SERVICE=WMS&VERSION=1.3.0&REQUEST=GetCapabilities'

const long = 'x'.repeat(100_000)
/** What harms where text is taken for a program, a document, a template, a header or a path. */
const hostile = [
  "'; DROP TABLE communes; --",
  "1' OR '1'='1",
  ']]><script>alert(1)</script>',
  '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: that is what is tried
  '{{7*7}}${7*7}<%= 7*7 %>#{7*7}',
  'a\r\nX-Injected: 1\r\n\r\n<html>',
  '../../../../etc/passwd\0',
  '%00%0d%0a%u0041',
  '__proto__',
  'constructor',
  '\ud800',
  '１２３',
  long,
]
const notNumbers = ['x', 'NaN', '-1', '0x10', '1e', ...hostile]
const notBoxes = [
  '0,0,1',
  '0,0,1,1,1',
  '0,0,NaN,1',
  '0,0,Infinity,1',
  '-Infinity,0,1,1',
  '0,0,1e999,1',
  '-1e308,0,1e308,1',
  '1,0,0,1',
  '0,1,1,0',
  '0,0,0,1',
  '0,0,1,0',
  '0;0;1;1',
  ',,,',
  '0x0,0,1,1',
  ...hostile,
]

/** Request, parameter, values that are at fault, the code of the standard (OGC 06-042, table E.1; OGC 01-068r3, table A.1) and the locator. */
type Case = readonly [request: string, parameter: string, values: readonly (string | undefined)[], code: string, locator?: string]
const nothing = [undefined, '', '  ']
const cases: readonly Case[] = [
  ...['LAYERS', 'CRS', 'BBOX', 'WIDTH', 'HEIGHT', 'FORMAT'].map((name): Case => [getMap130, name, nothing, 'MissingParameterValue']),
  ...['LAYERS', 'SRS', 'BBOX', 'WIDTH', 'HEIGHT', 'FORMAT'].map((name): Case => [getMap111, name, nothing, 'MissingParameterValue']),
  ...['CRS', 'BBOX', 'WIDTH', 'HEIGHT', 'QUERY_LAYERS', 'I', 'J'].map((name): Case => [getInfo, name, nothing, 'MissingParameterValue']),
  [getLegend, 'LAYER', nothing, 'MissingParameterValue'],
  ...[getMap130, getMap111, getInfo].map((request): Case => [request, 'VERSION', nothing, 'MissingParameterValue']),
  ...[getMap130, getInfo, getLegend, getCapabilities].map((request): Case => [request, 'REQUEST', nothing, 'MissingParameterValue']),

  ...[getMap130, getMap111].map(
    (request): Case => [request, 'LAYERS', ['nope', 'Communes', ',', 'communes,', ...hostile], 'LayerNotDefined'],
  ),
  [getMap130, 'LAYERS', ['liste'], 'LayerNotDefined'],
  [getMap130, 'LAYERS', [Array(51).fill('communes').join(','), 'communes,'.repeat(10_000)], 'InvalidParameterValue'],
  [getMap130, 'STYLES', ['nope', ...hostile], 'StyleNotDefined'],
  [getMap130, 'STYLES', ['plein,plein', 'a,'.repeat(50_000)], 'InvalidParameterValue'],
  [getMap130, 'CRS', ['EPSG:0', 'EPSG:99999', 'EPSG', 'FOO:4326', 'AUTO2:42001', ...hostile], 'InvalidCRS'],
  [getMap111, 'SRS', ['EPSG:0', 'EPSG:99999', 'NONE', ...hostile], 'InvalidSRS'],
  ...[getMap130, getMap111, getInfo].map((request): Case => [request, 'BBOX', notBoxes, 'InvalidParameterValue']),
  ...['WIDTH', 'HEIGHT'].map(
    (name): Case => [getMap130, name, ['0', '1.5', '1e3', '1000000000', '99999999999999999999', ...notNumbers], 'InvalidParameterValue'],
  ),
  [getMap130, 'FORMAT', ['image/x', 'png/image', ...hostile], 'InvalidFormat'],
  [getMap130, 'BGCOLOR', ['red', '0xFFF', '0xGGGGGG', '#FFFFFFFF', ...hostile], 'InvalidParameterValue'],

  [getInfo, 'QUERY_LAYERS', ['nope', 'communes', 'arbres,communes', ...hostile], 'LayerNotDefined'],
  [getInfo, 'I', ['256', '1e9', ...notNumbers], 'InvalidPoint'],
  [getInfo, 'J', ['256', '1e9', ...notNumbers], 'InvalidPoint'],
  [getInfo, 'INFO_FORMAT', ['text', 'image/png', ...hostile], 'InvalidFormat'],
  [getLegend, 'LAYER', ['nope', 'liste', ...hostile], 'LayerNotDefined'],
  [getLegend, 'STYLE', ['nope', ...hostile], 'StyleNotDefined'],
  [getLegend, 'FORMAT', ['image/x', ...hostile], 'InvalidFormat'],
  [getCapabilities, 'UPDATESEQUENCE', ['8', '7.5', '-1', '1e3', ...hostile], 'InvalidUpdateSequence'],
  [getMap130, 'VERSION', ['2.0.0', '1.3.1', ' 1 . 3 ', ...hostile], 'InvalidParameterValue'],
  [getMap130, 'SERVICE', ['WFS', 'WMS,WFS', ...hostile], 'InvalidParameterValue'],
  [getMap130, 'REQUEST', ['GetMaps', 'Get Map', ...hostile], 'OperationNotSupported'],
]

/** `request` with a parameter set; what is no text in UTF-8 goes as bytes. */
const withValue = (request: string, name: string, value: string | undefined) =>
  value === '\ud800' ? `${withParameters(request, { [name]: undefined })}&${name}=%ED%A0%80` : withParameters(request, { [name]: value })

const read = (text: string) => readXml(text.replace(/<!DOCTYPE[^>]*>/, ''))
const shown = (value: string | undefined) => (value === undefined ? 'absent' : JSON.stringify(value.slice(0, 40)))

t.test('whatever is wrong with a parameter is told by its code, with its name, in few words', async t => {
  const { ask, jobs, logged } = testWms()
  for (const [request, parameter, values, code] of cases) {
    const faults: string[] = []
    for (const value of values) {
      const query = withValue(request, parameter, value)
      const { text, status, headers = {}, cacheSeconds } = await ask(query)
      if (status === 200) {
        faults.push(`${shown(value)} is answered`)
        continue
      }
      const root = read(text)
      const exception = childOf(root, 'ServiceException')
      const found = exception && [attributeOf(exception, 'code'), attributeOf(exception, 'locator')]
      const locator = attributeOf(root, 'version') === '1.1.1' ? undefined : parameter.toLowerCase()
      if (!found || found[0] !== code || found[1] !== locator) faults.push(`${shown(value)} is ${found ?? root.name}`)
      else if (status !== 400 || cacheSeconds !== 0) faults.push(`${shown(value)} has status ${status}, kept for ${cacheSeconds} s`)
      else if (text.length > 2500) faults.push(`${shown(value)}: an answer of ${text.length} characters`)
      else if (/postgres|select |\bat \w+ \(|\/src\/|node:/i.test(textOf(exception!)))
        faults.push(`${shown(value)} tells ${textOf(exception!)}`)
      if (JSON.stringify(headers).match(/[\r\n]|\\r|\\n/)) faults.push(`${shown(value)} gets into headers`)
    }
    t.same(faults, [], `${request.match(/REQUEST=\w+/)} of ${request.match(/1\.\d\.\d/)}: ${parameter} is ${code}`)
  }
  t.same(jobs, [], 'nothing of it was drawn')
  t.same(logged, [], 'nor logged')
})

t.test('in the form that is asked for', async t => {
  const { ask, logged } = testWms()
  for (const [request, parameter, values, code] of cases.filter(([, name]) => name !== 'REQUEST'))
    for (const value of [values[0], values.at(-1)]) {
      const query = `${withParameters(request, { [parameter]: value })}&EXCEPTIONS=application/json`
      const { mediaType, text } = await ask(query)
      t.equal(mediaType, 'application/json')
      t.match(JSON.parse(text), { exceptions: [{ code, locator: parameter.toLowerCase() }] }, `${parameter} ${shown(value)}`)
    }
  for (const [parameter, value] of [
    ['LAYERS', long],
    ['BBOX', '0,0,NaN,1'],
    ['CRS', hostile[2]],
    ['STYLES', hostile[5]],
  ] as const)
    for (const [EXCEPTIONS, least] of [
      ['INIMAGE', 500],
      ['BLANK', 50],
    ] as const) {
      const { mediaType, body, status } = await ask(withParameters(getMap130, { [parameter]: value, EXCEPTIONS }))
      t.same([status, mediaType], [200, 'image/png'], `${parameter} ${EXCEPTIONS}`)
      t.ok(body.length > least && body.length < 30_000)
    }
  t.same(logged, [])
})

t.test('names in any case, and the last of what is said twice', async t => {
  const { ask, jobs } = testWms()
  const cased = getMap130.replace(/[A-Z]+(?==)/g, name => name[0] + name.slice(1).toLowerCase())
  t.equal((await ask(cased)).status, 200)
  t.equal((await ask(getMap130.replace(/[A-Z]+(?==)/g, name => name.toLowerCase()))).status, 200)
  t.equal((await ask(`${withParameters(getMap130, { WIDTH: 'x', CRS: 'y', BBOX: 'z' })}&width=77&Crs=EPSG:3857&bBox=0,0,1,1`)).status, 200)
  t.match(jobs.at(-1), { width: 77, bbox: [0, 0, 1, 1] })
  t.equal((await ask(withParameters(getMap130, { REQUEST: 'getmap', SERVICE: 'wms', FORMAT: 'IMAGE/PNG', CRS: 'epsg:3857' }))).status, 200)
  t.match((await ask(`${getMap130}&LAYERS=nope`)).text, 'LayerNotDefined', 'the first is not looked at')
})

t.test('hints that make no sense are no reason to refuse a map', async t => {
  const { ask, jobs } = testWms()
  for (const name of [
    'TRANSPARENT',
    'DPI',
    'MAP_RESOLUTION',
    'FORMAT_OPTIONS',
    'QUALITY',
    'OPACITIES',
    'BUFFER',
    'TILED',
    'LANGUAGE',
    'EXCEPTIONS',
    'ELSE',
  ])
    for (const value of hostile) {
      const { status, text } = await ask(withValue(getMap130, name, value))
      if (status !== 200) t.fail(`${name}=${shown(value)}: ${text.slice(0, 300)}`)
    }
  t.ok(jobs.every(({ width, height }) => width === 256 && height === 256))
  t.equal(jobs.length, 11 * hostile.length)
})
