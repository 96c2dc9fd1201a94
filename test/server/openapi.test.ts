import { readFileSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { parse, stringify } from 'yaml'
import { smallServer } from '../support/small-server.js'

interface OpenApi {
  readonly paths: Readonly<
    Record<
      string,
      { readonly get: { readonly operationId: string; readonly responses: Readonly<Record<string, { readonly content: object }>> } }
    >
  >
  readonly servers: readonly { readonly url: string }[]
  readonly info: object
}

/** The document as it is served, without what the published data say of themselves. */
async function served(): Promise<OpenApi> {
  const server = await smallServer({ publicUrl: 'http://localhost:8080' })
  try {
    const answer = await fetch(`${server.address}/api`)
    t.equal(answer.headers.get('content-type'), 'application/vnd.oai.openapi+json;version=3.0')
    const document = (await answer.json()) as OpenApi
    return { ...document, info: { title: 'Arpent', version: '1.0.0' } }
  } finally {
    await server.close()
  }
}

t.test('openapi.yaml is what the server serves (npm run bless writes it)', async t => {
  const document = await served()
  if (process.env.ARPENT_BLESS) writeFileSync('openapi.yaml', stringify(document, { lineWidth: 140, aliasDuplicateObjects: false }))
  t.same(parse(readFileSync('openapi.yaml', 'utf8')), document)
})

t.test('every path of the document leads somewhere, and answers a type it declares', async t => {
  const server = await smallServer()
  t.teardown(() => server.close())
  const { paths } = (await (await fetch(`${server.address}/api`)).json()) as OpenApi
  // groups need a database: protocols/ogcapi/aggregate.test.ts asks for them
  const asked = Object.entries(paths).filter(([path]) => !/\/(aggregate|distinct)$/.test(path))
  t.equal(asked.length, Object.keys(paths).length - 2)
  let faults = 0
  for (const [path, { get }] of asked) {
    const parts = {
      collectionId: 'arbres',
      featureId: '0-1',
      tileMatrixSetId: 'WebMercatorQuad',
      tileMatrix: '0',
      tileRow: '0',
      tileCol: '0',
    }
    const address = server.address + path.replace(/\{(\w+)\}/g, (_, name: keyof typeof parts) => parts[name])
    const answer = await fetch(address)
    t.equal(answer.status, 200, path)
    const type = answer.headers.get('content-type')?.split(/; ?charset/)[0] ?? ''
    t.ok(Object.keys(get.responses[200].content).includes(type), `${path} answers ${type}`)
    if (!Object.hasOwn(get.responses[200].content, 'text/html') || path.endsWith('wms')) continue
    const wrong = await fetch(`${address}?f=html&nonsense=1`)
    // pages of what is published pass over what people's links carry along
    if (wrong.status === 200) continue
    faults += 1
    const told = wrong.headers.get('content-type')?.split(';')[0] ?? ''
    t.ok(Object.keys(get.responses.default.content).includes(told), `${path} tells of errors in ${told}`)
  }
  t.equal(new Set(Object.values(paths).map(({ get }) => get.operationId)).size, Object.keys(paths).length, 'operation ids are unique')
  t.ok(faults >= 8, `${faults} pages tell of a fault`)
})

t.test('each view has a document of its own', async t => {
  const server = await smallServer()
  t.teardown(() => server.close())
  const text = await (await fetch(`${server.address}/parcs/api`)).text()
  t.ok((JSON.parse(text) as OpenApi).servers[0].url.endsWith('/parcs'))
})
