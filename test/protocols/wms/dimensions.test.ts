import t from 'tap'
import type { Atlas, Collection } from '#core/atlas.js'
import { fileChooser } from '#core/choose-files.js'
import type { Dimension } from '#core/dimension.js'
import { readExtent } from '#core/dimension-values.js'
import { buildMosaic } from '#core/mosaic.js'
import { parseEcql } from '#filters/ecql/parse-ecql.js'
import { attributeOf, childOf, readXml, textOf, type XmlElement } from '#xml/read.js'
import { rasterFile } from '../../support/publications.js'
import { getMap111, getMap130, testWms, atlas as usual, withParameters } from './wms-support.js'

const dimension = (changes: Partial<Dimension> & Pick<Dimension, 'name' | 'kind' | 'carrier'>, extent: string): Dimension => ({
  units: 'ISO8601',
  extent: readExtent(extent, changes.kind),
  default: { kind: 'all' },
  takesSeveral: true,
  takesNearest: false,
  ...changes,
})

const time = dimension({ name: 'time', kind: 'time', carrier: { kind: 'column', column: 'vu', as: 'day' } }, '1999,2012,2017-06-15')
const height = dimension(
  {
    name: 'elevation',
    kind: 'number',
    carrier: { kind: 'column', column: 'h', as: 'number' },
    units: 'CRS:88',
    unitSymbol: 'm',
    default: { kind: 'values', text: '500' },
    takesSeveral: false,
    takesNearest: true,
  },
  '500,490,480',
)
const scenario = {
  ...dimension({ name: 'scénario "x"', kind: 'word', carrier: { kind: 'column', column: 's', as: 'word' }, units: '' }, 'été,hiver'),
  default: undefined,
}
const years = dimension({ name: 'time', kind: 'time', carrier: { kind: 'files', precision: 'year' } }, '2012,2015')
const cells = dimension(
  { name: 'elevation', kind: 'number', carrier: { kind: 'band', band: 0, scale: 0.5, offset: 10 }, units: 'm' },
  '0/425/1',
)

const files = [2012, 2015].map(year =>
  rasterFile({ path: `${year}.tif`, bbox: [930000, 6890000, 940000, 6900000], time: Date.UTC(year, 0, 1) }),
)
const base = (id: string) => usual.collections.get(id)!
const collections: readonly Collection[] = [
  { ...base('communes'), dimensions: [time] },
  { ...base('arbres'), dimensions: [time, height] },
  { ...base('ws:vide'), dimensions: [scenario as unknown as Dimension] },
  { ...base('ortho'), dimensions: [years, cells], source: { kind: 'raster', store: 'cog', mosaic: buildMosaic(files), bands: [] } },
  { ...base('ortho'), id: 'plain' },
]
const atlas: Atlas = { ...usual, collections: new Map(collections.map(collection => [collection.id, collection])) }

const exception = (body: string) => {
  const found = childOf(readXml(body), 'ServiceException')!
  return [attributeOf(found, 'code'), attributeOf(found, 'locator')]
}
const ask = async (changes: Record<string, string | undefined>, query = getMap130) => {
  const wms = testWms(atlas)
  const answer = await wms.ask(withParameters(query, changes))
  t.same(wms.logged, [])
  return { ...answer, job: wms.jobs[0], layers: wms.jobs[0]?.layers ?? [] }
}

t.test('TIME=1999, 2012, 2017 and yyyy-mm-dd, as mviewer sends them (M5)', async t => {
  const between = (from: string, to: string) => ({
    kind: 'and',
    all: [
      { kind: 'compare', operator: '<', left: { kind: 'property', name: 'vu' }, right: { kind: 'literal', value: `${to}T00:00:00.000Z` } },
      {
        kind: 'compare',
        operator: '>=',
        left: { kind: 'property', name: 'vu' },
        right: { kind: 'literal', value: `${from}T00:00:00.000Z` },
      },
    ],
  })
  for (const [TIME, from, to] of [
    ['1999', '1999-01-01', '2000-01-01'],
    ['2012', '2012-01-01', '2013-01-01'],
    ['2017', '2017-01-01', '2018-01-01'],
    ['2017-06-15', '2017-06-15', '2017-06-16'],
  ]) {
    const { status, layers, headers } = await ask({ TIME })
    t.equal(status, 200)
    t.match(layers, [{ kind: 'features', filter: between(from, to) }], TIME)
    t.notOk(headers?.warning, 'nothing was put in')
  }
  const { status, text } = await ask({ TIME: '2013' })
  t.same([status, ...exception(text)], [400, 'InvalidDimensionValue', 'time'])
  t.match(text, /1999,2012,2017-06-15 would work/)
})

t.test('no time at all, and an empty one, is everything there is, and a header says so', async t => {
  for (const TIME of [undefined, '']) {
    const { layers, headers } = await ask({ TIME })
    t.match(layers, [{ kind: 'features', filter: undefined }])
    t.equal(headers?.warning, '99 Default value used: time=1999/2017-06-15 ISO8601')
  }
})

t.test('a header for each value put in, once', async t => {
  const { layers, headers } = await ask({ LAYERS: 'arbres,arbres', TIME: undefined, Elevation: '492' })
  t.equal(layers.length, 2)
  t.equal(headers?.warning, '99 Default value used: time=1999/2017-06-15 ISO8601, 99 Nearest value used: elevation=490 CRS:88')
  t.match(layers[0], { filter: { kind: 'compare', operator: '=', right: { value: 490 } } })
})

t.test('one value at a time where it is so declared', async t => {
  for (const ELEVATION of ['500,480', '480/500']) {
    const { text } = await ask({ LAYERS: 'arbres', ELEVATION })
    t.same(exception(text), ['InvalidDimensionValue', 'elevation'])
  }
})

t.test('a dimension without default has to be asked for', async t => {
  const { status, text } = await ask({ LAYERS: 'ws:vide' })
  t.same([status, ...exception(text)], [400, 'MissingDimensionValue', 'dim_scénario "x"'])
  const asked = await ask({ LAYERS: 'ws:vide', 'dim_scénario "x"': 'été' })
  t.match(asked.layers, [{ filter: { kind: 'in', values: [{ value: 'été' }] } }])
})

t.test('a layer without the dimension is drawn beside one that has it', async t => {
  const { layers } = await ask({ LAYERS: 'plain,communes', TIME: '2012' })
  t.match(layers, [
    { kind: 'raster', files: { length: 1 } },
    { kind: 'features', filter: { kind: 'and' } },
  ])
})

t.test('files of a time, and cells of a height in stored samples', async t => {
  const place = { LAYERS: 'ortho', CRS: 'EPSG:2154', BBOX: '930000,6890000,930200,6890200' }
  const paths = ({ layers }: Awaited<ReturnType<typeof ask>>) =>
    layers.flatMap(layer => (layer.kind === 'raster' ? layer.files.map(({ path }) => path) : []))
  const all = await ask(place)
  t.same(paths(all), ['2012.tif', '2015.tif'])
  t.notOk('shown' in all.layers[0])
  t.same(paths(await ask({ ...place, TIME: '2012' })), ['2012.tif'])
  t.same(paths(await ask({ ...place, TIME: '2015-07-14' })), ['2015.tif'], 'a file of a year is of each of its days')
  t.same(paths(await ask({ ...place, TIME: '2013/2014', ELEVATION: '5' })), [], 'none in a range inside of the extent')
  const [layer] = (await ask({ ...place, ELEVATION: '0/20,300' })).layers
  const { band, spans } = (layer.kind === 'raster' && layer.shown) || { band: undefined, spans: [] }
  t.equal(band, 0)
  t.same(
    spans.map(({ from, to }) => [Math.round(from), Math.round(to)]),
    [
      [-20, 20],
      [580, 580],
    ],
  )
  t.ok(
    spans.every(({ from, to }) => from < Math.round(from) && to > Math.round(to) && to - from < 40.001),
    'wide enough for single precision, and no wider',
  )
  t.same(exception((await ask({ ...place, ELEVATION: '1000' })).text), ['InvalidDimensionValue', 'elevation'])
})

t.test('filters choose files by what they are called and when they were taken', async t => {
  const place = { LAYERS: 'ortho', CRS: 'EPSG:2154', BBOX: '930000,6890000,930200,6890200' }
  const paths = async (changes: Record<string, string>) => {
    const answer = await ask({ ...place, ...changes })
    if (answer.status !== 200) return exception(answer.text)
    return answer.layers.flatMap(layer => (layer.kind === 'raster' ? layer.files.map(({ path }) => path) : []))
  }
  for (const [filter, expected] of [
    ["location LIKE '%2012%'", ['2012.tif']],
    ["LOCATION <> '2012.tif'", ['2015.tif']],
    ['time AFTER 2014-01-01T00:00:00Z', ['2015.tif']],
    ["time < '2013-01-01' OR location = 'x'", ['2012.tif']],
    ["location = '2013.tif'", []],
    ["nom = 'x'", ['2012.tif', '2015.tif']],
    ["nom = 'x' AND location = '2012.tif'", ['2012.tif', '2015.tif']],
    ['EXCLUDE', []],
    ['INTERSECTS(geom, POINT(0 0))', ['2012.tif', '2015.tif']],
  ] as const)
    t.same(await paths({ CQL_FILTER: filter }), expected, filter)
  t.same(await paths({ CQL_FILTER: "location LIKE '%.tif'", TIME: '2015' }), ['2015.tif'], 'beside a time')
  t.same(await paths({ FILTER: 'ortho:"location" = \'2015.tif\'' }), ['2015.tif'])
  t.same(await paths({ FEATUREID: 'ortho.1' }), ['2012.tif', '2015.tif'], 'files have no ids')
})

t.test('where files lie beside every root, only their name is known', t => {
  const of = (path: string, location: string) => fileChooser(parseEcql(`location = '${location}'`))(rasterFile({ path }))
  for (const path of ['/srv/secret/a.tif', 'https://user@example.org/b/a.tif', 's3://bucket/a.tif']) {
    t.ok(of(path, 'a.tif'), path)
    t.notOk(fileChooser(parseEcql("location LIKE '%s%c%' OR location LIKE '%/%'"))(rasterFile({ path })), path)
  }
  t.ok(of('2017/a.tif', '2017/a.tif'))
  t.end()
})

t.test('feature information is of what the map shows', async t => {
  const at = { REQUEST: 'GetFeatureInfo', LAYERS: 'communes', QUERY_LAYERS: 'communes', I: '1', J: '1', INFO_FORMAT: 'application/json' }
  const answer = await ask({ ...at, TIME: undefined })
  t.equal(answer.headers?.warning, '99 Default value used: time=1999/2017-06-15 ISO8601')
  t.match(answer.headers, { 'content-security-policy': /./ })
  t.same(exception((await ask({ ...at, TIME: '2013' })).text), ['InvalidDimensionValue', 'time'])
})

t.test('a map in XML has its time and its elevation, too (OGC 05-078r4, GetMap.xsd)', async t => {
  const body = (
    more: string,
  ) => `<GetMap version="1.3.0" xmlns="http://www.opengis.net/sld" xmlns:ows="http://www.opengis.net/ows" xmlns:se="http://www.opengis.net/se">
    <StyledLayerDescriptor version="1.1.0"><NamedLayer><se:Name>arbres</se:Name></NamedLayer></StyledLayerDescriptor><CRS>EPSG:3857</CRS>
    <BoundingBox><ows:LowerCorner>0 6000000</ows:LowerCorner><ows:UpperCorner>100000 6100000</ows:UpperCorner></BoundingBox>
    <Output><Size><Width>8</Width><Height>8</Height></Size><Format>image/png</Format></Output>${more}</GetMap>`
  const post = async (more: string) => {
    const wms = testWms(atlas)
    const answer = await wms.ask('', { method: 'POST', contentType: 'text/xml', body: body(more) })
    return { ...answer, layers: wms.jobs[0]?.layers }
  }
  const { layers, headers } = await post('<Time>2017-06-15T12:00:00Z</Time><Elevation><Value>490</Value></Elevation>')
  t.match(layers, [{ filter: { kind: 'and', all: [{ kind: 'and' }, { right: { value: 490 } }] } }])
  t.notOk(headers?.warning)
  for (const several of ['<Value>490</Value><Value>480</Value>', '<Interval><Min>480</Min><Max>490</Max></Interval>'])
    t.same(exception((await post(`<Time>2012</Time><Elevation>${several}</Elevation>`)).text), ['InvalidDimensionValue', 'elevation'])
})

t.test('hostile values are refused, and told to nobody but their sender (T-61)', async t => {
  for (const TIME of [
    '../../../../etc/passwd',
    "2017'; DROP TABLE communes --",
    '<script>alert(1)</script>',
    '2017\r\nSet-Cookie: a=b',
    '2017\0',
    '0/0/0/0',
    'current/current/PT0S',
    `${'2017,'.repeat(100_000)}2017`,
    '0001-01-01/9999-12-31/PT1S',
    '999999999999',
    '１９９９',
    'Infinity',
    '-271822/2000',
  ]) {
    const { status, text, headers } = await ask({ TIME })
    t.same([status, ...exception(text)], [400, 'InvalidDimensionValue', 'time'], TIME.slice(0, 40))
    t.ok(text.length < 2000)
    t.notOk(headers?.warning)
  }
  for (const ELEVATION of ['1e999', 'NaN', '0x10', '--5', '1/2/3/4', '5 m']) {
    const { text } = await ask({ LAYERS: 'arbres', ELEVATION })
    t.same(exception(text), ['InvalidDimensionValue', 'elevation'], ELEVATION)
  }
})

t.test('headers are one line of ASCII, whatever the data hold', async t => {
  const odd = { ...scenario, default: { kind: 'values', text: 'été\r\nX: y' }, units: 'µ\n' } as Dimension
  const of: Atlas = { ...usual, collections: new Map([['communes', { ...base('communes'), dimensions: [odd] }]]) }
  const { headers } = await testWms(of).ask(getMap130)
  t.match(headers?.warning, /^[\x20-\x7e]+$/)
})

const elements = (parent: XmlElement, name: string): XmlElement[] =>
  parent.content.flatMap(child => (typeof child === 'string' ? [] : [...(child.name === name ? [child] : []), ...elements(child, name)]))
const layerOf = (body: string, id: string) =>
  elements(readXml(body.replace(/<!DOCTYPE[^>]*>/, '')), 'Layer').find(layer => textOf(childOf(layer, 'Name') ?? layer) === id)!
const told = (element: XmlElement) => [Object.fromEntries(element.attributes.map(({ name, value }) => [name, value])), textOf(element)]

t.test('capabilities of 1.3.0 tell dimension and extent in one element', async t => {
  const { text } = await testWms(atlas).ask('SERVICE=WMS&VERSION=1.3.0&REQUEST=GetCapabilities')
  t.same(elements(layerOf(text, 'arbres'), 'Dimension').map(told), [
    [{ name: 'time', units: 'ISO8601', default: '1999/2017-06-15', multipleValues: '1', nearestValue: '0' }, '1999,2012,2017-06-15'],
    [{ name: 'elevation', units: 'CRS:88', unitSymbol: 'm', default: '500', multipleValues: '0', nearestValue: '1' }, '480,490,500'],
  ])
  t.same(elements(layerOf(text, 'plain'), 'Dimension'), [])
})

t.test('capabilities of 1.1.1 tell them in two, in units of that version', async t => {
  const { text } = await testWms(atlas).ask('SERVICE=WMS&VERSION=1.1.1&REQUEST=GetCapabilities')
  const layer = layerOf(text, 'arbres')
  t.same(elements(layer, 'Dimension').map(told), [
    [{ name: 'time', units: 'ISO8601' }, ''],
    [{ name: 'elevation', units: 'EPSG:5103', unitSymbol: 'm' }, ''],
  ])
  t.same(elements(layer, 'Extent').map(told), [
    [{ name: 'time', default: '1999/2017-06-15', multipleValues: '1', nearestValue: '0' }, '1999,2012,2017-06-15'],
    [{ name: 'elevation', default: '500', multipleValues: '0', nearestValue: '1' }, '480,490,500'],
  ])
  const { headers } = await ask({ LAYERS: 'arbres', TIME: '2012' }, getMap111)
  t.equal(headers?.warning, '99 Default value used: elevation=500 EPSG:5103')
})

t.test('times that are kept up to date are told to be current', async t => {
  const carrier = { kind: 'columns', start: 'a', end: 'b', as: ['day', 'day'] } as const
  const held = {
    ...time,
    carrier,
    extent: readExtent('2000-01-01/2099-12-31/P1D', 'time'),
    default: { kind: 'latest' },
    isCurrent: true,
  } as const
  const of: Atlas = { ...usual, collections: new Map([['communes', { ...base('communes'), dimensions: [held] }]]) }
  const { text } = await testWms(of).ask('SERVICE=WMS&VERSION=1.3.0&REQUEST=GetCapabilities')
  t.same(elements(layerOf(text, 'communes'), 'Dimension').map(told), [
    [
      { name: 'time', units: 'ISO8601', default: 'current', multipleValues: '1', nearestValue: '0', current: '1' },
      '2000-01-01/2099-12-31/P1D',
    ],
  ])
})

t.test('a dimension of which nothing is known is not told, and asked for all the same', async t => {
  const empty: Atlas = { ...usual, collections: new Map([['communes', { ...base('communes'), dimensions: [{ ...time, extent: [] }] }]]) }
  const wms = testWms(empty)
  for (const VERSION of ['1.1.1', '1.3.0'])
    t.notMatch((await wms.ask(`SERVICE=WMS&VERSION=${VERSION}&REQUEST=GetCapabilities`)).text, /<(Dimension|Extent)/)
  const { status, headers } = await wms.ask(`${getMap130}&TIME=2020`)
  t.same([status, headers?.warning], [200, undefined])
  t.match(wms.jobs[0].layers, [{ filter: { kind: 'and' } }])
})
