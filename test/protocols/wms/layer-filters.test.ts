import t from 'tap'
import type { MapJob } from '#core/queries.js'
import type { Filter } from '#filters/filter.js'
import { attributeOf, childOf, readXml, textOf } from '#xml/read.js'
import { compare } from '../../support/filters.js'
import { getMap130, testWms, withParameters } from './wms-support.js'

const { ask, jobs } = testWms()
const both = { LAYERS: 'communes,arbres', BBOX: '200000,6100000,210000,6110000' }

/** Filters of the layers that are drawn, by table. */
async function filtersOf(parameters: Readonly<Record<string, string | undefined>>): Promise<Readonly<Record<string, Filter | undefined>>> {
  const layers = await layersOf(parameters)
  return Object.fromEntries(layers.map(layer => [layer.source.table, layer.filter]))
}

async function layersOf(parameters: Readonly<Record<string, string | undefined>>) {
  jobs.length = 0
  const answer = await ask(withParameters(getMap130, parameters))
  if (answer.status !== 200) throw new Error(answer.text)
  return (jobs[0] as MapJob).layers.flatMap(layer => (layer.kind === 'features' ? [layer] : []))
}

const nom = (value: string) => compare('nom', '=', value)
const filterXml = (value: string) =>
  `<Filter><PropertyIsEqualTo><PropertyName>nom</PropertyName><Literal>${value}</Literal></PropertyIsEqualTo></Filter>`

t.test('one filter for all layers, or one for each, in each language', async t => {
  const cases: readonly (readonly [name: string, said: string, communes: string | undefined, arbres: string | undefined])[] = [
    ['CQL_FILTER', "nom = 'a'", 'a', 'a'],
    ['CQL_FILTER', "NOM = 'a'; nom = 'b;c'", 'a', 'b;c'],
    ['CQL_FILTER', "INCLUDE;nom='b'", undefined, 'b'],
    ['CQL_FILTER', ";nom='b'", undefined, 'b'],
    ['CQL_FILTER', '1=1', undefined, undefined],
    ['cql_filter', "nom = 'a'", 'a', 'a'],
    ['FILTER', filterXml('a'), 'a', 'a'],
    ['FILTER', `(${filterXml('a')})(${filterXml('b')})`, 'a', 'b'],
    ['FILTER', `()(${filterXml('b')})`, undefined, 'b'],
    ['FILTER', `(${filterXml('a)(b')}) ()`, 'a)(b', undefined],
    ['FILTER', `communes:"nom" = 'a'`, 'a', undefined],
    ['FILTER', `communes,arbres:"nom" = 'a'`, 'a', 'a'],
    ['FILTER', `communes:"nom" = 'a;b:c';arbres: "nom" = 'b'`, 'a;b:c', 'b'],
    ['FILTER', `ws:communes:"nom" = 'a'`, 'a', undefined],
    ['FILTER', `"nom" = 'a'`, 'a', 'a'],
    ['FILTER', `ws:vide:"nom" = 'a'`, undefined, undefined],
  ]
  for (const [name, said, communes, arbres] of cases) {
    const filters = await filtersOf({ ...both, [name]: said })
    t.same(
      filters,
      { communes: communes === undefined ? undefined : nom(communes), arbres: arbres === undefined ? undefined : nom(arbres) },
      `${name}=${said}`,
    )
  }
})

t.test('several parameters hold together, and with what a style sent along asks', async t => {
  const filters = await filtersOf({
    CQL_FILTER: "nom = 'a'",
    FILTER: filterXml('b'),
    FEATUREID: 'communes.1,2',
  })
  t.same(filters.communes, { kind: 'and', all: [nom('a'), nom('b'), { kind: 'ids', ids: ['1', '2'] }] })
  const constraint = `<LayerFeatureConstraints><FeatureTypeConstraint>${filterXml('c')}</FeatureTypeConstraint></LayerFeatureConstraints>`
  const sld = `<StyledLayerDescriptor version="1.0.0" xmlns="http://www.opengis.net/sld"><NamedLayer><Name>communes</Name>${constraint}</NamedLayer></StyledLayerDescriptor>`
  const drawn = await filtersOf({ LAYERS: undefined, STYLES: undefined, SLD_BODY: sld, CQL_FILTER: "nom = 'a'" })
  t.same(drawn.communes, { kind: 'and', all: [nom('c'), nom('a')] })
  const wrong = await ask(withParameters(getMap130, { LAYERS: undefined, STYLES: undefined, SLD_BODY: sld.replace('>nom<', '>nmo<') }))
  t.match(wrong, { status: 400, text: /SLD cannot be asked of communes\. There is no property “nmo”.*nom/s })
})

t.test('ids lose the name of their layer, with a prefix or without', async t => {
  t.same((await filtersOf({ FEATUREID: 'communes.7' })).communes, { kind: 'ids', ids: ['7'] })
  t.same((await filtersOf({ LAYERS: 'ws:vide', FEATUREID: 'vide.7, ws:vide.8' })).vide, { kind: 'ids', ids: ['7', '8'] })
  const two = await filtersOf({ ...both, FEATUREID: 'communes.7' })
  t.same(two.arbres, { kind: 'ids', ids: ['communes.7'] }, 'no feature of another layer has such an id')
})

t.test('what chooses nothing is not asked of the store, and a group is one layer', async t => {
  t.same(await filtersOf({ ...both, CQL_FILTER: "EXCLUDE;nom='a'" }), { arbres: nom('a') })
  t.same(await filtersOf({ ...both, CQL_FILTER: '1 = null;INCLUDE' }), { arbres: undefined })
  jobs.length = 0
  const image = await ask(withParameters(getMap130, { LAYERS: 'ortho', CQL_FILTER: "nom = 'a'" }))
  t.equal(image.status, 200)
  t.equal(jobs[0].layers.length, 1, 'a raster has no columns to ask')
  jobs.length = 0
  for (const [filter, layers] of [
    ['EXCLUDE', 0],
    ['1=2', 0],
    ["env('a') = 'b'", 1],
    ["env('a') = 'c'", 0],
  ] as const) {
    jobs.length = 0
    await ask(withParameters(getMap130, { LAYERS: 'ortho', CQL_FILTER: filter, ENV: 'a:b' }))
    t.equal(jobs[0].layers.length, layers, filter)
  }
  const info = { LAYERS: 'ortho', QUERY_LAYERS: 'ortho', REQUEST: 'GetFeatureInfo', INFO_FORMAT: 'application/json', I: '1', J: '1' }
  const nothing = await ask(withParameters(getMap130, { ...info, CQL_FILTER: 'EXCLUDE' }))
  t.equal(nothing.status, 200, 'no raster is read: the tests have none')
})

t.test('SORTBY: directions in every spelling, one list for all or one for each', async t => {
  const sorts = async (said: string) => (await layersOf({ ...both, SORTBY: said })).map(({ sort }) => sort)
  const by = (descending: boolean) => [{ column: 'nom', descending }]
  t.same(await sorts('nom'), [by(false), by(false)])
  t.same(await sorts('NOM D'), [by(true), by(true)])
  t.same(await sorts('nom DESC'), [by(true), by(true)])
  t.same(await sorts('(nom A)(nom+D)'), [by(false), by(true)])
  t.same(await sorts('()(nom)'), [undefined, by(false)])
})

t.test('ENV reaches styles and filters, the scale stays what it is', async t => {
  jobs.length = 0
  await ask(withParameters(getMap130, { ENV: 'Name:a;b:c:d;;wrong', CQL_FILTER: "nom = env('NAME') AND env('b') = 'c:d'" }))
  t.same(jobs[0].variables, { name: 'a', b: 'c:d' })
  t.same(jobs[0].layers[0].kind === 'features' && jobs[0].layers[0].filter, nom('a'))
  const some = await filtersOf({ ENV: 'scaledenominator:1', CQL_FILTER: "env('wms_scale_denominator') > 1000" })
  t.ok('communes' in some && some.communes === undefined)
  const size = await filtersOf({ ENV: 'width:1', CQL_FILTER: "env('wms_width') = 256 AND env('wms_height') = 256" })
  t.ok('communes' in size && size.communes === undefined, 'so does its size')
})

t.test('faults are told by parameter, with what would have worked', async t => {
  const cases: readonly (readonly [parameters: Readonly<Record<string, string>>, locator: string, message: RegExp, code?: string])[] = [
    [{ CQL_FILTER: "nmo = 'a'" }, 'cql_filter', /communes.*no property “nmo”.*Near it are nom/s],
    [{ CQL_FILTER: "nom = 'a" }, 'cql_filter', /not closed/],
    [{ CQL_FILTER: 'a=1;b=2;c=3' }, 'cql_filter', /3 parts for 1 layers/],
    [{ CQL_FILTER: "strToUperCase(nom) = 'A'" }, 'cql_filter', /strToUpperCase/],
    [{ CQL_FILTER: "geom = 'POINT(1 2)'" }, 'cql_filter', /spatial operator/],
    [{ CQL_FILTER: 'area(nom) > 1' }, 'cql_filter', /area wants the name of a geometry/],
    [{ CQL_FILTER: "RELATE(geom, POINT(1 2), 'T')" }, 'cql_filter', /RELATE/],
    [{ CQL_FILTER: 'INTERSECTS(nowhere, POINT(1 2))' }, 'cql_filter', /nowhere/],
    [{ CQL_FILTER: 'INTERSECTS(geom, SRID=1;POINT(1 2))' }, 'cql_filter', /EPSG:1/],
    [{ CQL_FILTER: `${'('.repeat(500)}1=1${')'.repeat(500)}` }, 'cql_filter', /levels/],
    [{ CQL_FILTER: `nom = '${'x'.repeat(200_000)}'` }, 'cql_filter', /characters/],
    [{ FILTER: '<Filter><Nothing/></Filter>' }, 'filter', /Nothing.*PropertyIsEqualTo/s],
    [{ FILTER: '<Filter><!DOCTYPE a></Filter>' }, 'filter', /./],
    [{ FILTER: `(${filterXml('a')}` }, 'filter', /bracket/],
    [{ FILTER: `(${filterXml('a')})(${filterXml('a')})` }, 'filter', /2 parts for 1 layers/],
    [{ FILTER: `comunes:"nom" = 'a'` }, 'filter', /communes:"name" = 'x'/],
    [{ FILTER: `communes:"nmo" = 'a'` }, 'filter', /nmo.*nom/s],
    [{ FILTER: `communes:"nom" = 'a' OR pg_sleep(9)` }, 'filter', /pg_sleep/],
    [{ FEATUREID: Array.from({ length: 10_001 }, (_, i) => i).join() }, 'featureid', /10000/],
    [{ SORTBY: 'nmo' }, 'sortby', /nmo.*nom/s],
    [{ SORTBY: 'geom' }, 'sortby', /geom/],
    [{ ENV: Array.from({ length: 101 }, (_, i) => `a${i}:1`).join(';') }, 'env', /100/],
  ]
  for (const [parameters, locator, message, code = 'InvalidParameterValue'] of cases)
    for (const request of ['GetMap', 'GetFeatureInfo']) {
      const info = { REQUEST: request, QUERY_LAYERS: 'communes', INFO_FORMAT: 'application/json', I: '1', J: '1' }
      const answer = await ask(withParameters(getMap130, { ...info, ...parameters }))
      const what = `${request} ${JSON.stringify(parameters).slice(0, 80)}`
      t.equal(answer.status, 400, what)
      t.equal(attributeOf(childOf(readXml(answer.text), 'ServiceException')!, 'code'), code, what)
      const exception = childOf(readXml(answer.text), 'ServiceException')!
      t.equal(attributeOf(exception, 'locator'), locator, what)
      t.match(textOf(exception), message, what)
    }
})

t.test('an empty parameter is none', async t => {
  t.same(await filtersOf({ ...both, CQL_FILTER: '', FILTER: '', FEATUREID: ' ', SORTBY: '', ENV: '' }), {
    communes: undefined,
    arbres: undefined,
  })
})
