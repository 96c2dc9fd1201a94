import t from 'tap'
import type { Atlas, Collection } from '#core/atlas.js'
import { attributeOf, childOf, childrenOf, readXml, textOf, type XmlElement } from '#xml/read.js'
import { goldenXml } from '../../support/golden.js'
import { schemaFaults, withoutOgcSchemas } from '../../support/ogc-schemas.js'
import { atlas, testWms, viewOf } from './wms-support.js'

const read = (text: string) => readXml(text.replace(/<!DOCTYPE[^>]*>/, ''), { bytes: 1e8, nodes: 1e7 })
const capabilities = async (query = '', asked = {}, of: Atlas = atlas) => {
  const answer = await testWms(of).ask(`SERVICE=WMS&REQUEST=GetCapabilities${query}`, asked)
  return { ...answer, root: read(answer.text) }
}
const layersOf = (element: XmlElement): XmlElement[] =>
  childrenOf(element).flatMap(child => [...(child.name === 'Layer' ? [child] : []), ...layersOf(child)])
const layerNamed = (root: XmlElement, name: string) =>
  layersOf(root).find(layer => {
    const own = childOf(layer, 'Name')
    return own && textOf(own) === name
  })!
const boxOf = (layer: XmlElement, crs: string) => {
  const box = childrenOf(layer, 'BoundingBox').find(box => (attributeOf(box, 'CRS') ?? attributeOf(box, 'SRS')) === crs)
  return box && ['minx', 'miny', 'maxx', 'maxy'].map(name => Number(attributeOf(box, name)))
}
const hrefOf = (element: XmlElement) => attributeOf(childOf(element, 'OnlineResource')!, 'href', 'http://www.w3.org/1999/xlink')
const withCollections = (...collections: Collection[]): Atlas => ({ ...atlas, collections: new Map(collections.map(c => [c.id, c])) })

t.test('the documents are those in fixtures/expected/wms', async t => {
  for (const [name, query, asked] of [
    ['capabilities-1.3.0.xml', '&VERSION=1.3.0', {}],
    ['capabilities-1.1.1.xml', '&VERSION=1.1.1&LANGUAGE=eng', {}],
    ['capabilities-space.xml', '', { view: viewOf('eau'), baseUrl: 'https://maps.example.org/eau' }],
  ] as const) {
    const { text } = await capabilities(query, asked)
    const { found, wanted } = goldenXml(`wms/${name}`, text)
    t.equal(found, wanted, name)
  }
})

t.test('valid against the official schema and DTD', { skip: withoutOgcSchemas }, async t => {
  const hostile = { ...[...atlas.collections.values()][0], id: 'h', title: '<b>&"\u0001\ud800', abstract: ']]>', attribution: '<script>' }
  const bare: Atlas = { ...withCollections(), service: { title: 'Empty', languages: ['fr'], lenient: false } }
  for (const of of [atlas, withCollections(hostile), bare])
    for (const version of ['1.3.0', '1.1.1']) t.equal(schemaFaults((await capabilities(`&VERSION=${version}`, {}, of)).text), '', version)
})

t.test('what a layer says of others, in the order of the schema; vocabularies in 1.3.0 only', async t => {
  for (const version of ['1.3.0', '1.1.1']) {
    const layer = layerNamed((await capabilities(`&VERSION=${version}`)).root, 'communes')
    const names = childrenOf(layer).map(({ name }) => name)
    const others = ['Attribution', 'AuthorityURL', 'Identifier', 'MetadataURL', 'DataURL', 'FeatureListURL', 'Style']
    const order = names.filter((name, i) => others.includes(name) && names[i - 1] !== name)
    t.same(order, others, version)
    const attribution = childOf(layer, 'Attribution')!
    t.equal(textOf(childOf(attribution, 'Title')!), '© IGN')
    t.equal(hrefOf(attribution), 'https://example.org/ign?a=1&b=2')
    const logo = childOf(attribution, 'LogoURL')!
    t.same([attributeOf(logo, 'width'), attributeOf(logo, 'height'), hrefOf(logo)], ['80', '40', 'https://example.org/ign.png'])
    t.same(
      childrenOf(layer, 'AuthorityURL').map(url => [attributeOf(url, 'name'), hrefOf(url)]),
      [
        ['IGN', 'https://example.org/registre'],
        ['INSEE', 'https://example.org/cog'],
      ],
      'each authority once',
    )
    t.same(
      childrenOf(layer, 'Identifier').map(id => [attributeOf(id, 'authority'), textOf(id)]),
      [
        ['IGN', 'communes <1>'],
        ['IGN', 'communes-2'],
        ['INSEE', '2024'],
      ],
    )
    t.equal(hrefOf(childOf(layer, 'DataURL')!), 'https://example.org/communes.zip')
    t.equal(textOf(childOf(childOf(layer, 'FeatureListURL')!, 'Format')!), 'application/json')
    const keywords = childrenOf(childOf(layer, 'KeywordList')!).map(word => [textOf(word), attributeOf(word, 'vocabulary')])
    const vocabulary = version === '1.3.0' ? 'GEMET - INSPIRE themes' : undefined
    t.same(keywords, [
      ['commune', undefined],
      ['Unités administratives', vocabulary],
    ])
  }
})

t.test('what INSPIRE asks for, where the service has a record (View TG, requirements 6, 70 to 72)', async t => {
  t.notOk((await capabilities()).text.includes('inspire'), 'not without a record')
  const metadata = { url: '/csw?id=a&b=<c>', format: 'application/vnd.ogc.csw.GetRecordByIdResponse_xml' }
  const of: Atlas = { ...atlas, service: { ...atlas.service, metadata } }
  const { root, text } = await capabilities('&LANGUAGE=eng', { view: viewOf('', of) }, of)
  const [extended] = childrenOf(childOf(root, 'Capability')!).filter(({ name }) => name === 'ExtendedCapabilities')
  t.equal(extended.namespace, 'http://inspire.ec.europa.eu/schemas/inspire_vs/1.0')
  const order = childrenOf(childOf(root, 'Capability')!).map(({ name }) => name)
  t.same(order, ['Request', 'Exception', 'ExtendedCapabilities', 'Layer'])
  t.same(
    childrenOf(extended).map(({ name, namespace }) => [name, namespace]),
    ['MetadataUrl', 'SupportedLanguages', 'ResponseLanguage'].map(name => [name, 'http://inspire.ec.europa.eu/schemas/common/1.0']),
  )
  const [record, supported, response] = childrenOf(extended)
  t.same(childrenOf(record).map(textOf), ['https://maps.example.org/csw?id=a&b=<c>', metadata.format])
  t.same(
    childrenOf(supported).map(language => [language.name, textOf(language).trim()]),
    [
      ['DefaultLanguage', 'fre'],
      ['SupportedLanguage', 'eng'],
    ],
  )
  t.equal(textOf(response).trim(), 'eng')
  t.match(text, 'http://inspire.ec.europa.eu/schemas/inspire_vs/1.0 https://inspire.ec.europa.eu/schemas/inspire_vs/1.0/inspire_vs.xsd')
  t.notOk((await capabilities('&VERSION=1.1.1', { view: viewOf('', of) }, of)).text.includes('inspire'), 'a DTD knows no foreign elements')
  const polish: Atlas = { ...of, service: { ...of.service, languages: ['br', 'pl'] } }
  t.match(
    (await capabilities('', { view: viewOf('', polish) }, polish)).text,
    '<inspire_common:DefaultLanguage><inspire_common:Language>pol</inspire_common:Language>',
  )
  const unheardOf: Atlas = { ...of, service: { ...of.service, languages: ['br', 'xx'] } }
  t.notOk((await capabilities('', { view: viewOf('', unheardOf) }, unheardOf)).text.includes('inspire_vs:'), 'whole or not at all')
})

t.test('for portals: the tree, columns and legends in one JSON document', async t => {
  const ask = async (query = '', asked = {}, of: Atlas = atlas) => {
    const answer = await testWms(of).ask(`SERVICE=WMS&REQUEST=GetCapabilities&FORMAT=application/json${query}`, {
      view: viewOf('', of),
      ...asked,
    })
    return { ...answer, json: JSON.parse(answer.text) }
  }
  const { json, mediaType, cacheSeconds } = await ask('&LANGUAGE=eng')
  t.same([mediaType, cacheSeconds], ['application/json', 60])
  t.match(json, { version: '1.3.0', updateSequence: 7, language: 'en', title: 'Data of Grand Est', href: 'https://maps.example.org/wms?' })
  const names = (nodes: { name?: string; title: string; layers?: [] }[]): unknown =>
    nodes.map(node => (node.layers ? { [node.title]: names(node.layers) } : node.name))
  t.same(
    names(json.layers),
    [{ Administrative: ['communes', 'ws:vide'] }, { Nature: [{ Vegetation: ['arbres'] }] }, 'ortho'],
    'in the order of the XML, no tables without geometry',
  )
  const [{ layers }] = json.layers
  t.match(layers[0], {
    name: 'communes',
    title: 'Municipalities',
    queryable: true,
    bbox: [1.33, 47.5, 6.18, 49.2],
    crs: ['EPSG:2154', 'EPSG:4326', 'EPSG:3857', 'EPSG:3948', 'CRS:84'],
    minScaleDenominator: 1000,
    geometryType: 'MULTIPOLYGON',
    fields: [{ name: 'nom', type: 'text', nullable: true }],
    attribution: { title: '© IGN', href: 'https://example.org/ign?a=1&b=2', logo: { href: 'https://example.org/ign.png', width: 80 } },
    metadata: { 1: { href: 'https://maps.example.org/csw?id=1' } },
    styles: [{ name: 'plein', title: 'Filled', rules: [{ symbolizers: [{ Polygon: { fill: '#336699' } }] }] }, { name: 'contour' }],
  })
  t.notOk('geometryType' in json.layers[2], 'a raster has bands')
  t.same(json.layers[2].bands, [])

  const symbolizers = [{ kind: 'fill', color: '#336699', opacity: 1 }] as const
  const rules = [
    { name: 'a', title: 'Wood', titles: { fr: 'Bois' }, symbolizers },
    { name: 'casing', isUnlisted: true, symbolizers },
  ]
  const own = { name: 's', title: 's', version: '1', style: { passes: [{ rules }] } }
  const french = await ask('&LANGUAGE=fre', {}, withCollections({ ...atlas.collections.get('communes')!, theme: undefined, styles: [own] }))
  t.same(
    french.json.layers[0].styles[0].rules.map(({ title }: { title: string }) => title),
    ['Bois'],
    'as the legend has them',
  )

  const { legend } = layers[0].styles[0]
  const image = await testWms().ask(new URL(legend.href).search.slice(1))
  t.same([image.status, image.mediaType], [200, 'image/png'], 'the address of the legend is one')
  const said = await ask('', { baseUrl: 'https://maps.example.org/"a"\\b' })
  t.equal(said.json.href, 'https://maps.example.org/"a"\\b/wms?', 'a base URL cannot break the document')
  const odd = { ...atlas.collections.get('communes')!, title: 'a\x01\x02\x7f\x80\\u0001"<b>' }
  t.equal((await ask('', {}, withCollections({ ...odd, theme: undefined }))).json.layers[0].title, 'a\x01\x02\ufffd\ufffd\\u0001"<b>')
  t.equal((await ask('&FORMAT=application/json;charset=utf-8', { view: viewOf('eau') })).json.layers[0].layers[0].layers[0].name, 'arbres')
})

t.test('version negotiation (OGC 06-042, 6.2.4; M8)', async t => {
  for (const [query, version, type] of [
    ['', '1.3.0', 'text/xml; charset=utf-8'],
    ['&VERSION=100.0.0', '1.3.0', 'text/xml; charset=utf-8'],
    ['&VERSION=1.2.0', '1.1.1', 'application/vnd.ogc.wms_xml'],
    ['&VERSION=1.1.0', '1.1.1', 'application/vnd.ogc.wms_xml'],
    ['&VERSION=0.0.0', '1.1.1', 'application/vnd.ogc.wms_xml'],
    ['&WMTVER=1.0.0', '1.1.1', 'application/vnd.ogc.wms_xml'],
    ['&FORMAT=text/nonsense', '1.3.0', 'text/xml; charset=utf-8'],
  ]) {
    const { root, status, mediaType } = await capabilities(query)
    t.same([status, attributeOf(root, 'version'), mediaType], [200, version, type], query)
  }
})

t.test('updateSequence: current, behind, ahead, none', async t => {
  const { root } = await capabilities()
  t.equal(attributeOf(root, 'updateSequence'), '7')
  for (const [value, code] of [
    ['7', 'CurrentUpdateSequence'],
    ['8', 'InvalidUpdateSequence'],
    ['x', 'InvalidUpdateSequence'],
  ]) {
    const { root, status } = await capabilities(`&UPDATESEQUENCE=${value}`)
    t.equal(attributeOf(childOf(root, 'ServiceException')!, 'code'), code)
    t.equal(status, 400)
  }
  t.equal((await capabilities('&UPDATESEQUENCE=6')).status, 200)
})

t.test('axis order of boxes: the authority decides in 1.3.0 (T-4)', async t => {
  for (const [version, crs, box] of [
    ['1.3.0', 'EPSG:4326', [48, 2, 49, 3]],
    ['1.3.0', 'CRS:84', [2, 48, 3, 49]],
    ['1.1.1', 'EPSG:4326', [2, 48, 3, 49]],
    ['1.1.1', 'CRS:84', undefined],
  ] as const)
    t.same(boxOf(layerNamed((await capabilities(`&VERSION=${version}`)).root, 'arbres'), crs), box, `${version} ${crs}`)
  t.same(boxOf(layerNamed((await capabilities()).root, 'communes'), 'EPSG:2154'), [574757.759, 6721952.994, 931757.941, 6895808.96])
})

t.test('every named layer has a box in each CRS it has, its own or inherited', async t => {
  const { root } = await capabilities()
  const walk = (layer: XmlElement, inherited: string[]) => {
    const stated = childrenOf(layer, 'CRS').map(textOf)
    const own = [...new Set([...inherited, ...stated])]
    const name = childOf(layer, 'Name')
    if (name) {
      t.equal(new Set(stated).size, stated.length, `${textOf(name)}: each CRS once`)
      t.ok(stated.length === 0 || stated.length === own.length, `${textOf(name)}: states none, or all, as ogc-client takes them for all`)
      t.ok(own.includes('CRS:84'))
      t.ok(childOf(layer, 'EX_GeographicBoundingBox'))
      for (const crs of own) {
        const box = boxOf(layer, crs)
        t.ok(box?.every(Number.isFinite) && box[0] < box[2] && box[1] < box[3], `${textOf(name)} in ${crs}: ${box}`)
      }
    }
    for (const child of childrenOf(layer, 'Layer')) walk(child, own)
  }
  const top = childrenOf(childOf(root, 'Capability')!, 'Layer')
  t.equal(top.length, 1)
  walk(top[0], [])
})

t.test('layers without extent, or with a broken one, have a box of sense all the same (T-26)', async t => {
  const base = atlas.collections.get('communes')!
  const extents = [undefined, [Number.NaN, 0, 1, 1], [Infinity, Infinity, -Infinity, -Infinity], [1e-6, 1e-6, 1e-6, 1e-6]] as const
  for (const crs84 of extents) {
    const extent = crs84 && { crs84, storage: crs84 }
    const { text } = await capabilities('', {}, withCollections({ ...base, extent }))
    t.notOk(/NaN|Infinity|inf"/.test(text), String(crs84))
  }
  const { root } = await capabilities()
  const [west, east, south, north] = childrenOf(childOf(layerNamed(root, 'ws:vide'), 'EX_GeographicBoundingBox')!)
    .map(textOf)
    .map(Number)
  t.ok(west < 0 && west > -15 && east > 5 && east < 15 && south > 35 && north < 55, 'France, which EPSG:2154 is for')
})

t.test('MetadataURL whole or not at all, contacts likewise (T-27)', async t => {
  const { root, text } = await capabilities()
  const urls = childrenOf(layerNamed(root, 'communes'), 'MetadataURL')
  t.same(
    urls.map(url => [
      attributeOf(url, 'type'),
      textOf(childOf(url, 'Format')!),
      attributeOf(childOf(url, 'OnlineResource')!, 'href', 'http://www.w3.org/1999/xlink'),
    ]),
    [
      ['ISO19115:2003', 'application/xml', 'https://example.org/records/1?a=1&b=2'],
      ['TC211', 'text/xml', 'https://maps.example.org/csw?id=1'],
    ],
  )
  t.notMatch(text, /<OnlineResource\s*\/>|href=""/)
  const bare = { ...atlas, service: { ...atlas.service, contact: {} } }
  t.notMatch((await capabilities('', {}, bare)).text, /Contact/)
})

t.test('addresses are absolute, of the view, and end in a question mark (T-31)', async t => {
  const { root, text } = await capabilities('', { view: viewOf('eau'), baseUrl: 'https://maps.example.org/a&b/eau' })
  const hrefs = [...text.matchAll(/xlink:href="([^"]*)"/g)].map(match => match[1].replace(/\?SERVICE.*/, '?'))
  t.same([...new Set(hrefs)], ['https://maps.example.org/a&amp;b/eau/', 'https://maps.example.org/a&amp;b/eau/wms?'])
  t.same(
    layersOf(root)
      .flatMap(layer => childrenOf(layer, 'Name'))
      .map(textOf),
    ['nature', 'nature/vegetation', 'arbres'],
    'a space shows its own layers only',
  )
  const dataset = await capabilities('', { view: viewOf('datasets/communes'), baseUrl: 'https://maps.example.org/datasets/communes' })
  t.match(dataset.text, 'https://maps.example.org/csw?id=1', 'addresses of the whole server lose the prefix of the view')
  t.match(dataset.text, 'https://maps.example.org/datasets/communes/wms?')
})

t.test('language by LANGUAGE, else Accept-Language (INSPIRE View TG, requirements 66 to 72)', async t => {
  for (const [query, languages, language, title] of [
    ['', [], 'fr', 'Communes <de France>'],
    ['', ['de', 'en'], 'en', 'Municipalities'],
    ['&LANGUAGE=eng', ['fr'], 'en', 'Municipalities'],
    ['&LANGUAGE=fre', ['en'], 'fr', 'Communes <de France>'],
    ['&LANGUAGE=klingon', ['en'], 'fr', 'Communes <de France>'],
  ] as const) {
    const { root, headers } = await capabilities(query, { languages })
    t.equal(textOf(childOf(layerNamed(root, 'communes'), 'Title')!), title, query)
    t.equal(headers?.['content-language'], language)
    t.equal(headers?.vary, query === '' ? 'Accept-Language' : undefined)
  }
})

t.test('scale limits: denominators in 1.3.0, the diagonal of a pixel in 1.1.1', async t => {
  const layer130 = layerNamed((await capabilities()).root, 'communes')
  t.equal(textOf(childOf(layer130, 'MinScaleDenominator')!), '1000')
  t.equal(textOf(childOf(layer130, 'MaxScaleDenominator')!), '5000000')
  const hint = childOf(layerNamed((await capabilities('&VERSION=1.1.1')).root, 'communes'), 'ScaleHint')!
  t.equal(attributeOf(hint, 'min'), '0.395979797464')
  t.equal(attributeOf(hint, 'max'), '1979.89898732')
})

t.test('answers to HEAD, to a prefix `?`, without SERVICE, and in any case', async t => {
  const { ask } = testWms()
  for (const query of [
    '?service=wms&request=getcapabilities',
    'request=GetCapabilities',
    'ReQuEsT=GetCapabilities&SeRvIcE=WMS',
    'REQUEST=capabilities',
  ])
    t.equal((await ask(query)).status, 200, query)
  t.equal((await ask('REQUEST=GetCapabilities', { method: 'HEAD' })).status, 200)
})

t.test('kept for a short while, told apart by validator (T-32)', async t => {
  const { ask } = testWms()
  const one = await ask('REQUEST=GetCapabilities')
  const two = await ask('REQUEST=GetCapabilities')
  const other = await ask('REQUEST=GetCapabilities', { baseUrl: 'http://other' })
  t.ok(one.cacheSeconds! > 0 && one.cacheSeconds! <= 300)
  t.ok(one.etag)
  t.equal(one.etag, two.etag)
  t.not(one.etag, other.etag)
  t.match(other.text, 'href="http://other/wms?"')
})

t.test('a reload is seen at once', async t => {
  const before = await capabilities()
  const after = await capabilities('', { view: viewOf('', { ...atlas, generation: 8 }) })
  t.equal(attributeOf(before.root, 'updateSequence'), '7')
  t.equal(attributeOf(after.root, 'updateSequence'), '8')
})

t.test('two thousand layers are written without holding up others, once (T-33)', async t => {
  const base = atlas.collections.get('communes')!
  const many = withCollections(...Array.from({ length: 2000 }, (_, i) => ({ ...base, id: `layer${i}`, title: `Layer ${i}` })))
  const { ask } = testWms(many)
  let turns = 0
  const timer = setInterval(() => turns++, 1)
  const first = await ask('REQUEST=GetCapabilities', { view: viewOf('', many) })
  clearInterval(timer)
  t.equal(layersOf(read(first.text)).filter(layer => childOf(layer, 'Style')).length, 2000)
  t.ok(turns > 1, `others had ${turns} turns while it was made`)
  const again = await ask('REQUEST=GetCapabilities', { view: viewOf('', many) })
  t.equal(again.body, first.body, 'the second answer is the same object')
})
