import t from 'tap'
import type { Stores } from '#core/ports.js'
import type { FeatureJob } from '#formats/features/index.js'
import { overfullPage, writeFeatures } from '#formats/features/write-features.js'
import { memorySource, memoryStore } from '../../support/memory-store.js'

const table = {
  schema: 'public',
  table: 'lieux',
  columns: [{ name: 'nom', kind: 'text' as const, nativeType: 'text', isNullable: false }],
  geometries: [],
  rows: Array.from({ length: 12 }, (_, i) => [`lieu ${i}`]),
}
const stores: Stores = {
  features: () => memoryStore('memory', [table]),
  raster: () => {
    throw new Error('there are no rasters here')
  },
}
const job = (more: Partial<FeatureJob['find']>, page: Partial<NonNullable<FeatureJob['page']>>): FeatureJob => ({
  find: { collection: { id: 'lieux', title: 'Lieux', source: memorySource('memory', table) }, languages: ['en'], ...more },
  format: 'geojson',
  options: { languages: ['en'], parameters: new Map(), temporaryFolder: '', namespaces: new Map(), namespace: '' },
  page: { timeStamp: '2026-01-01T00:00:00Z', links: [], itemsAddress: 'https://example.org/items', ...page },
})
async function written(asked: FeatureJob) {
  const { pieces, end } = await writeFeatures(asked, stores)
  const all: Buffer[] = []
  for await (const piece of pieces) all.push(Buffer.from(piece))
  return { document: JSON.parse(Buffer.concat(all).toString()), end: end() }
}

t.test('a page that holds all tells at its end how many that is', async t => {
  const { document, end } = await written(job({ limit: 21 }, { holdsAll: 20 }))
  t.match(document, { numberReturned: 12, numberMatched: 12, links: [] })
  t.same(end, { count: 12, matched: 12 })
})

t.test('one that does not hold all, though it was thought to, is no whole answer', async t => {
  await t.rejects(written(job({ limit: 11 }, { holdsAll: 10 })), { message: /more features/, kind: 'unavailable', locator: overfullPage })
})

t.test('a page knows the next by the place of its last feature', async t => {
  const next = { href: 'https://example.org/items?limit=5', rel: 'next' }
  const { document, end } = await written(job({ pageSize: 5 }, { next, numberMatched: 12 }))
  t.match(document, { numberReturned: 5, numberMatched: 12, links: [{ rel: 'next', href: /limit=5&cursor=[\w-]+$/ }] })
  t.equal(end?.next?.href, document.links[0].href)
  const last = await written(job({ pageSize: 12 }, { next }))
  t.match(last.document, { numberReturned: 12, links: [] })
})

t.test('a first page that none follows is all there is, whatever was guessed', async t => {
  const next = { href: 'https://example.org/items?limit=5', rel: 'next' }
  for (const format of ['geojson', 'jsonfg']) {
    const told = async (more: Partial<FeatureJob['find']>) => {
      const { document, end } = await written({ ...job(more, { next, numberEstimated: 999_900 }), format })
      t.equal(end?.matched, document.numberMatched)
      return [document.numberMatched, document.numberEstimated]
    }
    t.same(await told({ pageSize: 12 }), [12, undefined], format)
    t.same(await told({ pageSize: 11 }), [undefined, 999_900], `${format}: there are more`)
    t.same(await told({ pageSize: 12, offset: 1 }), [undefined, 999_900], `${format}: there were some before`)
    t.same(await told({ pageSize: 0 }), [undefined, 999_900], `${format}: none was looked at`)
  }
})
