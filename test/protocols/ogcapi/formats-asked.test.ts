import t from 'tap'
import { smallServer } from '../../support/small-server.js'

const collection = '/collections/arbres'
/** Every document, with a form that `f` may ask for beside HTML and JSON. */
const documents: readonly (readonly [path: string, also?: string])[] = [
  ['/'],
  ['/api', 'application/vnd.oai.openapi+json;version=3.0'],
  ['/conformance'],
  ['/functions'],
  ['/tileMatrixSets'],
  ['/tileMatrixSets/WebMercatorQuad'],
  ['/collections'],
  [collection],
  [`${collection}/schema`, 'application/schema+json'],
  [`${collection}/queryables`, 'application/schema+json'],
  [`${collection}/sortables`],
  [`${collection}/map/tiles`],
  [`${collection}/map/tiles/WebMercatorQuad`],
  [`${collection}/aggregate?group-by=essence`, 'csv'],
  [`${collection}/distinct?property=essence`, 'text/csv'],
  [`${collection}/items`, 'gpkg'],
  [`${collection}/items/0-1`, 'application/geo+json'],
]

t.test('f is a format that the resource has, of every resource', async t => {
  const server = await smallServer()
  t.teardown(() => server.close())
  const ask = async (path: string, f: string, accept = 'application/json') =>
    fetch(`${server.address}${path}${path.includes('?') ? '&' : '?'}f=${f}`, { headers: { accept } })
  for (const view of ['', '/parcs', '/datasets/arbres'])
    for (const [own, also] of documents) {
      const path = view + own
      // the store in memory makes no groups, whatever they would come in
      const works = /aggregate|distinct/.test(own) ? 501 : 200
      // the last is a format of features alone, or of documents alone: nothing that this resource has
      for (const f of ['nonsense', 'xml', 'application/pdf', own.includes('/items') ? 'application/schema+json' : 'flatgeobuf']) {
        const refused = await ask(path, f, 'text/html,*/*;q=0.8')
        const problem = (await refused.json()) as { readonly parameter?: string; readonly detail?: string }
        t.equal(refused.status, 400, `${path}: f=${f}`)
        t.equal(refused.headers.get('content-type'), 'application/problem+json')
        t.equal(problem.parameter, 'f')
        t.match(problem.detail, /not a format here; html, (geo)?json\b.* would work/, 'what would work is named')
      }
      for (const f of ['json', 'JSON', '', 'application/json', ...(also ? [encodeURIComponent(also), also.replaceAll(' ', '+')] : [])])
        t.equal((await ask(path, f)).status, works, `${path}: f=${f}`)
      const page = await ask(path, 'text/html')
      t.equal(page.status, works)
      t.match(page.headers.get('content-type'), /^text\/html/)
    }
  t.equal((await fetch(`${server.address}/?f=nonsense`, { method: 'HEAD' })).status, 400)
})
