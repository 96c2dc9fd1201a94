import { request } from 'node:http'
import t from 'tap'
import { smallServer } from '../../support/small-server.js'

const headerNames = (url: string) =>
  new Promise<readonly string[]>((resolve, reject) => {
    request(url, { headers: { 'accept-encoding': 'gzip' } }, incoming => {
      incoming.resume().on('end', () => resolve(incoming.rawHeaders.filter((_, i) => i % 2 === 0)))
    })
      .on('error', reject)
      .end()
  })

t.test('header names are spelled as the standards do: OGC tests compare Content-Type letter by letter', async t => {
  const server = await smallServer()
  t.teardown(() => server.close())
  for (const path of ['/wms?service=WMS&request=GetCapabilities', '/wms?service=WMS&request=Nonsense', '/nowhere', '/']) {
    const names = await headerNames(server.address + path)
    t.ok(names.includes('Content-Type'), path)
    t.ok(names.includes('Access-Control-Allow-Origin'), path)
    t.same(
      names.filter(name => /^[a-z]/.test(name)),
      [],
      path,
    )
  }
  t.ok((await headerNames(`${server.address}/wms?service=WMS&request=GetCapabilities`)).includes('ETag'))
})

t.test('a format that is no media type by the book is named as it was asked for, with its length, also for HEAD', async t => {
  const server = await smallServer()
  t.teardown(() => server.close())
  const format = 'application/vnd.ogc.gml/3.1.1'
  const query = `service=WMS&version=1.3.0&request=GetFeatureInfo&layers=arbres&query_layers=arbres&styles=&crs=EPSG:2154&bbox=770000,6279000,770200,6279200&width=100&height=100&i=50&j=50&info_format=${format}`
  const [get, head] = await Promise.all(['GET', 'HEAD'].map(method => fetch(`${server.address}/wms?${query}`, { method })))
  const body = await get.text()
  t.match(body, /FeatureCollection/)
  for (const answer of [get, head]) {
    t.equal(answer.status, 200)
    t.equal(answer.headers.get('content-type'), format)
  }
  t.equal(Number(get.headers.get('content-length') ?? Buffer.byteLength(body)), Buffer.byteLength(body))
})
