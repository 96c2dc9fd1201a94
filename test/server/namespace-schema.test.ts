import t from 'tap'
import { smallServer } from '../support/small-server.js'

t.test('GML of features names its schema, which has an element for each layer and its columns in their order', async t => {
  const server = await smallServer()
  t.teardown(() => server.close())
  const info = await fetch(
    `${server.address}/wms?service=WMS&version=1.1.1&request=GetFeatureInfo&layers=arbres&query_layers=arbres&styles=&srs=EPSG:2154&bbox=770000,6279050,770100,6279150&width=100&height=100&x=50&y=50&info_format=application/vnd.ogc.gml`,
  )
  const text = await info.text()
  t.equal(info.status, 200, text)
  const [, locations] = /xsi:schemaLocation="([^"]*)"/.exec(text) ?? []
  const [root, rootSchema, namespace, address] = locations.split(' ')
  t.same([root, rootSchema], ['http://www.opengis.net/wfs', 'http://schemas.opengis.net/wfs/1.0.0/WFS-basic.xsd'])
  t.equal(namespace, `${server.address}/ns`)
  const schema = await fetch(address.replaceAll('&amp;', '&'))
  t.match([schema.status, schema.headers.get('content-type')], [200, /^application\/xml/])
  const xsd = await schema.text()
  t.match(xsd, `targetNamespace="${namespace}"`)
  t.match(xsd, '<xs:element name="arbres" type="own:arbresType" substitutionGroup="gml:_Feature"/>')
  const names = [...xsd.matchAll(/<xs:element name="(\w+)" type="(?:gml|xs):/g)].map(([, name]) => name)
  t.same(names, ['geom', 'essence'])
  for (const [, name] of text.matchAll(/<app:(\w+)>/g)) t.ok(names.includes(name), name)
})

t.test('what has no schema', async t => {
  const server = await smallServer()
  t.teardown(() => server.close())
  const status = async (path: string) => {
    const answer = await fetch(server.address + path)
    await answer.arrayBuffer()
    return answer.status
  }
  t.equal(await status('/ns/app.xsd?layers=arbres'), 200)
  t.equal(await status('/parcs/ns/app.xsd?layers=arbres'), 200)
  t.equal(await status('/ns/app.xsd'), 200, 'a schema of nothing')
  for (const path of ['/ns/app.xsd?layers=none', '/ns/other.xsd?layers=arbres', '/ns/app', '/ns/__proto__.xsd', '/ns/app.xsd?layers=%00'])
    t.equal(await status(path), 404, path)
  t.equal(await status(`/ns/app.xsd?layers=${Array.from({ length: 2000 }, () => 'arbres').join(',')}`), 400)
})
