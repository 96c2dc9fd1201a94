import t from 'tap'
import { baseUrlToken, createDocumentCache, rootUrlToken } from '#protocols/ows/document-cache.js'

const urls = (base: string) => ({ base, root: base })
const textOf = async (document: Promise<{ body: Uint8Array }>) => Buffer.from((await document).body).toString()

t.test('a document is made once, whatever hosts it is asked by', async t => {
  const cache = createDocumentCache()
  let made = 0
  const write = async () => {
    made += 1
    return `<a href="${baseUrlToken}/x" root="${rootUrlToken}"/>`
  }
  const [one, two] = await Promise.all([
    cache.get('k', { base: 'http://a/eau', root: 'http://a' }, write),
    cache.get('k', urls('http://$&'), write),
  ])
  t.equal(Buffer.from(one.body).toString(), '<a href="http://a/eau/x" root="http://a"/>')
  t.equal(Buffer.from(two.body).toString(), '<a href="http://$&/x" root="http://$&"/>')
  t.not(one.etag, two.etag)
  for (let i = 0; i < 100; i++) await cache.get('k', urls(`http://host${i}`), write)
  t.equal(made, 1)
})

t.test('what failed is tried again', async t => {
  const cache = createDocumentCache()
  await t.rejects(
    cache.get('k', urls(''), async () => Promise.reject(new Error('once'))),
    /once/,
  )
  t.equal(await textOf(cache.get('k', urls(''), async () => 'fine')), 'fine')
})

t.test('the least recently asked for go when it is full', async t => {
  const cache = createDocumentCache(100)
  const made: string[] = []
  const get = (key: string) =>
    cache.get(key, urls(''), async () => {
      made.push(key)
      return 'x'.repeat(40)
    })
  for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) await get(key)
  t.same(made, ['a', 'b', 'c', 'b'])
})
