import t from 'tap'
import { featuresWorld } from '../../support/features-world.js'

interface Link {
  readonly href: string
  readonly rel: string
  readonly type: string
}

t.test('each link of a collection leads to what it says', async t => {
  const world = await featuresWorld()
  t.teardown(() => world.stop())
  for (const base of ['', '/datasets/carres']) {
    const { collections } = (await (await fetch(`${world.address}${base}/collections?f=json`)).json()) as {
      collections: readonly { readonly id: string; readonly storageCrs?: string; readonly links: readonly Link[] }[]
    }
    t.equal(collections.length, base ? 1 : 3)
    for (const { id, storageCrs, links } of collections) {
      const rels = links.map(({ rel }) => rel.replace(/^.*\//, ''))
      for (const rel of ['self', 'items', 'schema', 'queryables', 'sortables', 'enclosure']) t.ok(rels.includes(rel), `${id} ${rel}`)
      for (const rel of ['tilesets-map', 'map', 'styles']) t.equal(rels.includes(rel), storageCrs !== undefined, `${id} ${rel}`)
      for (const { href, type } of links) {
        const answer = await fetch(href, { signal: AbortSignal.timeout(120_000) })
        await answer.arrayBuffer()
        t.equal(answer.status, 200, href)
        const plain = (text: string | null) => text?.replaceAll(' ', '').toLowerCase().split(';charset')[0]
        t.equal(plain(answer.headers.get('content-type')), plain(type), href)
      }
    }
  }
})
