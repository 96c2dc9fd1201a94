import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { Problem } from '#core/problem.js'
import type { FeatureLayerJob, MapJob } from '#core/queries.js'
import { startRemoteStyles } from '#stores/styles/remote-styles.js'
import { getMap130, testWms, withParameters } from './wms-support.js'

const polygon = (color: string) => `<PolygonSymbolizer><Fill><CssParameter name="fill">${color}</CssParameter></Fill></PolygonSymbolizer>`
const userStyle = (name: string, color: string, more = '') =>
  `<UserStyle><Name>${name}</Name>${more}<FeatureTypeStyle><Rule>${polygon(color)}</Rule></FeatureTypeStyle></UserStyle>`
const layer = (name: string, ...content: readonly string[]) => `<NamedLayer><Name>${name}</Name>${content.join('')}</NamedLayer>`
const sld = (...layers: readonly string[]) =>
  `<StyledLayerDescriptor version="1.0.0" xmlns="http://www.opengis.net/sld" xmlns:ogc="http://www.opengis.net/ogc">${layers.join('')}</StyledLayerDescriptor>`
const filterOn = (column: string) =>
  `<ogc:Filter><ogc:PropertyIsNull><ogc:PropertyName>${column}</ogc:PropertyName></ogc:PropertyIsNull></ogc:Filter>`
const getMap = (changes: Readonly<Record<string, string | undefined>>) => withParameters(getMap130, changes)
const ofFeatures = (job: MapJob | undefined) => (job?.layers ?? []) as readonly FeatureLayerJob[]
const drawn = (job: MapJob | undefined) =>
  ofFeatures(job).map(({ source, style }) => {
    const [symbolizer] = style.passes[0].rules[0].symbolizers
    return [source.table, symbolizer.kind === 'fill' && symbolizer.color]
  })
const published = '#336699'

async function mapOf(changes: Readonly<Record<string, string | undefined>>) {
  const { ask, jobs, logged } = testWms()
  const answer = await ask(getMap(changes))
  return { status: answer.status, text: answer.text, layers: drawn(jobs[0]), job: jobs[0], logged }
}

t.test('a document alone says what is drawn, in its order', async t => {
  const body = sld(layer('arbres', userStyle('a', '#ff0000')), layer('communes', userStyle('b', '#00ff00'), userStyle('c', '#0000ff')))
  const { status, layers } = await mapOf({ SLD_BODY: body, LAYERS: undefined, STYLES: undefined })
  t.equal(status, 200)
  t.same(layers, [
    ['arbres', '#ff0000'],
    ['communes', '#00ff00'],
    ['communes', '#0000ff'],
  ])
})

t.test('a layer of the document without style, or with the name of one, is drawn as published', async t => {
  const body = sld(layer('arbres'), layer('communes', '<NamedStyle><Name>contour</Name></NamedStyle>'))
  t.same((await mapOf({ SLD_BODY: body, LAYERS: undefined })).layers, [
    ['arbres', published],
    ['communes', published],
  ])
  const unknown = await mapOf({ SLD_BODY: sld(layer('communes', '<NamedStyle><Name>nope</Name></NamedStyle>')), LAYERS: undefined })
  t.match(unknown.text, /StyleNotDefined/)
  t.match((await mapOf({ SLD_BODY: sld(layer('nope')), LAYERS: undefined })).text, /LayerNotDefined/)
})

t.test('beside LAYERS a document is a library', async t => {
  const body = sld(
    layer('communes', userStyle('rouge', '#ff0000'), userStyle('vert', '#00ff00', '<IsDefault>1</IsDefault>')),
    layer('arbres', userStyle('x', '#0000ff')),
  )
  t.same((await mapOf({ SLD_BODY: body, LAYERS: 'communes', STYLES: 'rouge' })).layers, [['communes', '#ff0000']])
  t.same((await mapOf({ SLD_BODY: body, LAYERS: 'communes', STYLES: '' })).layers, [['communes', '#00ff00']], 'its default')
  t.same((await mapOf({ SLD_BODY: body, LAYERS: 'communes,arbres', STYLES: 'contour,' })).layers, [
    ['communes', published],
    ['arbres', '#0000ff'],
  ])
  t.match((await mapOf({ SLD_BODY: body, LAYERS: 'communes', STYLES: 'nope' })).text, /StyleNotDefined/)
})

t.test('a style of a library for a group is that of its layers, but for those that have their own', async t => {
  const group = layer('administratif-limites', userStyle('g', '#ff0000'))
  const asked = { LAYERS: 'administratif-limites', STYLES: '' }
  const all = await mapOf({ ...asked, SLD_BODY: sld(group) })
  t.ok(all.layers.length > 1)
  t.same([...new Set(all.layers.map(([, color]) => color))], ['#ff0000'])
  const own = await mapOf({ ...asked, SLD_BODY: sld(group, layer('communes', userStyle('c', '#00ff00'))) })
  t.same(new Set(own.layers.map(([, color]) => color)), new Set(['#ff0000', '#00ff00']))
})

t.test('names of layers may lack their prefix, and the namespace of the name may be missing (T-55)', async t => {
  const body = `<sld:StyledLayerDescriptor xmlns:sld="http://www.opengis.net/sld" version="1.0.0"><NamedLayer><Name>vide</Name>
    <sld:UserStyle><sld:FeatureTypeStyle><sld:Rule><sld:PolygonSymbolizer><sld:Fill><sld:CssParameter name="fill">#ff0000</sld:CssParameter></sld:Fill></sld:PolygonSymbolizer></sld:Rule></sld:FeatureTypeStyle></sld:UserStyle></NamedLayer></sld:StyledLayerDescriptor>`
  t.same((await mapOf({ SLD_BODY: body, LAYERS: 'ws:vide' })).layers, [['vide', '#ff0000']])
})

t.test('constraints of a layer choose its features', async t => {
  const filter =
    '<LayerFeatureConstraints><FeatureTypeConstraint><ogc:Filter><ogc:PropertyIsEqualTo><ogc:PropertyName>NOM</ogc:PropertyName><ogc:Literal>Metz</ogc:Literal></ogc:PropertyIsEqualTo></ogc:Filter></FeatureTypeConstraint></LayerFeatureConstraints>'
  const { job } = await mapOf({ SLD_BODY: sld(layer('communes', filter, userStyle('a', '#ff0000'))), LAYERS: undefined })
  t.match(ofFeatures(job)[0].filter, { kind: 'compare', left: { kind: 'property', name: 'nom' }, right: { value: 'Metz' } })
})

t.test('a parcel highlighted by cadastrapp, whose escapes are to be undone twice', async t => {
  const body = encodeURIComponent(sld(layer('communes', userStyle('a', '#ff0000')))).replaceAll('%20', '+')
  t.same((await mapOf({ SLD_BODY: body, LAYERS: 'communes' })).layers, [['communes', '#ff0000']])
})

t.test('a request in XML, of SLD 1.0 and 1.1', async t => {
  const style = sld(layer('communes', userStyle('a', '#ff0000')))
  const old = `<?xml version="1.0"?><GetMap xmlns="http://www.opengis.net/ows" xmlns:gml="http://www.opengis.net/gml" version="1.1.1" service="WMS">${style}
    <BoundingBox srsName="http://www.opengis.net/gml/srs/epsg.xml#3857"><gml:coord><gml:X>0</gml:X><gml:Y>6000000</gml:Y></gml:coord><gml:coord><gml:X>100000</gml:X><gml:Y>6100000</gml:Y></gml:coord></BoundingBox>
    <Output><Format>image/png</Format><Transparent>true</Transparent><Size><Width>200</Width><Height>100</Height></Size></Output></GetMap>`
  const recent = `<GetMap xmlns="http://www.opengis.net/sld" xmlns:ows="http://www.opengis.net/ows/1.1" version="1.3.0">${style}<CRS>EPSG:4326</CRS>
    <BoundingBox crs="EPSG:4326"><ows:LowerCorner>48 2</ows:LowerCorner><ows:UpperCorner>49 3</ows:UpperCorner></BoundingBox>
    <Output><Size><Width>200</Width><Height>100</Height></Size><Format>image/png</Format></Output></GetMap>`
  const { ask, jobs } = testWms()
  for (const body of [old, recent]) t.equal((await ask('', { method: 'POST', body, contentType: 'text/xml' })).status, 200)
  t.match(jobs[0], { crs: 'EPSG:3857', bbox: [0, 6e6, 1e5, 6.1e6], width: 200, height: 100, background: { isTransparent: true } })
  t.match(jobs[1], { crs: 'EPSG:4326', bbox: [2, 48, 3, 49] })
  t.same(jobs.map(drawn), [[['communes', '#ff0000']], [['communes', '#ff0000']]])
  const dtd = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><GetMap xmlns="http://www.opengis.net/sld">&e;</GetMap>'
  t.equal((await ask('', { method: 'POST', body: dtd, contentType: 'text/xml' })).status, 400)
  t.equal((await ask('', { method: 'POST', body: '<GetFeature/>', contentType: 'text/xml' })).status, 400)
})

t.test('a style alone in the body, beside the parameters in the address', async t => {
  const { ask, jobs } = testWms()
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n${sld(layer('communes', userStyle('a', '#ff0000')))}`
  for (const contentType of ['text/xml', 'application/vnd.ogc.sld+xml'])
    t.equal((await ask(getMap({ LAYERS: undefined, STYLES: undefined }), { method: 'POST', body, contentType })).status, 200)
  t.same(jobs.map(drawn), [[['communes', '#ff0000']], [['communes', '#ff0000']]])
})

const xinclude = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>'
const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8">'
/** Points as a picture, and as a mark where it cannot be drawn. */
const pictureRule = (picture: string, mark = '') =>
  `<Rule><PointSymbolizer><Graphic><ExternalGraphic><OnlineResource xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="data:image/svg+xml;base64,${Buffer.from(picture).toString('base64')}"/><Format>image/svg+xml</Format></ExternalGraphic>${mark}<Size>8</Size></Graphic></PointSymbolizer></Rule>`
const withRules = (rules: string) => `<UserStyle><FeatureTypeStyle>${rules}</FeatureTypeStyle></UserStyle>`
const withPicture = (picture: string, mark = '') => withRules(pictureRule(picture, mark))

t.test('a picture that can be drawn, or has a mark behind it, is taken', async t => {
  for (const style of [withPicture(`${svg}</svg>`), withPicture('<svg>', '<Mark/>')]) {
    const { status, text } = await mapOf({ SLD_BODY: sld(layer('arbres', style)), LAYERS: undefined })
    t.equal(status, 200, text)
  }
})

t.test('a hundred pictures are tried, which bounds what a request costs', async t => {
  const good = (count: number) => Array.from({ length: count }, (_, i) => pictureRule(`${svg}<g id="a${i}"/></svg>`)).join('')
  for (const [count, expected] of [
    [99, 400],
    [100, 200],
  ] as const) {
    const { status } = await mapOf({ SLD_BODY: sld(layer('arbres', withRules(good(count) + pictureRule('<svg>')))), LAYERS: undefined })
    t.equal(status, expected, `a broken one behind ${count}`)
  }
})

t.test('a style that neither document nor layer has is refused with those that there are', async t => {
  const body = sld(layer('communes', userStyle('a', '#ff0000'), userStyle('b', '#00ff00')))
  const { status, text } = await mapOf({ SLD_BODY: body, LAYERS: 'communes', STYLES: 'c' })
  t.equal(status, 400)
  t.match(text, /names «c».*; a, b, /)
})

t.test('what cannot be read is refused with its line, and nothing is logged', async t => {
  for (const [body, message] of [
    ['<StyledLayerDescriptor', /cannot be read/],
    ['<!DOCTYPE a><StyledLayerDescriptor/>', /DOCTYPE/],
    [
      '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>',
      /line 1: xi:include is not accepted/,
    ],
    [sld('<UserLayer><Name>x</Name></UserLayer>'), /UserLayer/],
    [sld(layer('communes', userStyle('a', '#ff0000').replace('<Rule>', '<Rule><ogc:Filter><ogc:Nonsense/></ogc:Filter>'))), /Nonsense/],
    [sld(layer('communes', userStyle('a', '#ff0000').replace('<Rule>', `<Rule>${filterOn('noms')}`))), /no property “noms”.*nom/],
    [sld(layer('communes', userStyle('a', '#ff0000', xinclude))), /cannot be read, line 1: xi:include is not accepted/],
    [sld(layer('arbres', withPicture('<svg>'))), /picture that cannot be drawn.*unclosed tag/],
    [sld(layer('arbres', withPicture(`${svg}<script>1</script></svg>`))), /the element script; an icon may only refer to its own parts/],
    [sld(layer('arbres', withPicture('\u0089PNG'))), /picture that cannot be drawn/],
  ] as const) {
    const { status, text, logged } = await mapOf({ SLD_BODY: body, LAYERS: undefined })
    t.ok(status === 400 || status === 501, text)
    t.match(text, message)
    t.notMatch(text, /root:/)
    t.same(logged, [])
  }
})

t.test('styles at an address are read only below those that are allowed', async t => {
  const text = sld(layer('communes', userStyle('a', '#ff0000')))
  const hits: string[] = []
  const server = createServer((request, response) => {
    hits.push(request.url ?? '')
    if (request.url === '/styles/away.sld') return response.writeHead(302, { location: '/secret' }).end()
    if (request.url === '/styles/huge.sld') return response.end(Buffer.alloc(6e6, 32))
    if (request.url === '/styles/none.sld') return response.writeHead(404).end('no')
    response.end(text)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const styles = startRemoteStyles()
  t.teardown(async () => {
    await styles.close()
    server.closeAllConnections()
    server.close()
  })
  const allowed = [`${base}/styles/`]
  t.equal(await styles.read(`${base}/styles/a.sld`, allowed), text)
  for (const [address, by] of [
    [`${base}/secret`, allowed],
    [`${base}/styles/../secret`, allowed],
    [`${base}/stylesheet`, [`${base}/styles`]],
    [`http://user@127.0.0.1:${base.split(':')[2]}/styles/a.sld`, allowed],
    ['file:///etc/passwd', ['file:///']],
    ['http://169.254.169.254/latest/meta-data/', allowed],
    [`${base}/styles/a.sld`, []],
    ['nonsense', allowed],
  ] as const)
    await t.rejects(styles.read(address, by), Problem, address)
  t.same(hits, ['/styles/a.sld'], 'none of these was asked for')
  for (const name of ['away', 'huge', 'none']) await t.rejects(styles.read(`${base}/styles/${name}.sld`, allowed), Problem, name)
  // a name that leads to this machine, where the operator allowed the name only
  const port = base.split(':')[2]
  await t.rejects(styles.read(`http://localhost.:${port}/styles/a.sld`, [`http://localhost.:${port}/styles/`]), {
    message: /private|not answer/,
  })
  await t.rejects(
    mapOf({ SLD: `${base}/styles/a.sld` }).then(({ text, status }) => Promise.reject(new Error(`${status} ${text}`))),
    /501|400/,
  )
})

t.test('OPACITIES makes layers faint, each for itself', async t => {
  const { ask, jobs } = testWms()
  const opacities = async (value: string) => {
    t.equal((await ask(getMap({ LAYERS: 'communes,arbres', STYLES: '', OPACITIES: value }))).status, 200)
    return ofFeatures(jobs.at(-1)).map(({ style, key }) => [style.passes[0].opacity ?? 1, key !== undefined])
  }
  t.same(await opacities('51,255'), [
    [0.2, false],
    [1, true],
  ])
  t.same(await opacities('0'), [
    [0, false],
    [1, true],
  ])
  t.same(await opacities('x,-3,,'), [
    [1, true],
    [1, true],
  ])
})
