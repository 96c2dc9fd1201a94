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
  const cache = createDocumentCache(200) // two of 40 characters, each with an answer of 40 bytes
  const made: string[] = []
  const get = (key: string) =>
    cache.get(key, urls(''), async () => {
      made.push(key)
      return 'x'.repeat(40)
    })
  for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) await get(key)
  t.same(made, ['a', 'b', 'c', 'b'])
})

t.test('a document larger than all there is room for is still made once', async t => {
  const cache = createDocumentCache(100)
  let made = 0
  const get = () => cache.get('k', urls(''), async () => `${made++}`.repeat(1000))
  const [first, second] = [await get(), await get()]
  t.equal(made, 1)
  t.equal(second, first)
})

t.test('answers are kept for a handful of hosts that ask again, never for one that asks once', async t => {
  const cache = createDocumentCache()
  const get = (host: string) => cache.get('k', urls(host), async () => `<a href="${baseUrlToken}"/>`)
  const isKept = async (host: string) => {
    const before = await get(host)
    return (await get(host)) === before
  }
  const first = await get('http://first')
  t.equal(await get('http://first'), first, 'the first is')
  t.notOk(await isKept('http://second'), 'another is not, at its first request')
  t.ok(await isKept('http://second'), 'but at its second')
  t.equal(await get('http://first'), first, 'beside the first')
  for (let i = 0; i < 1000; i++) await get(`http://stranger${i}`)
  t.equal(await get('http://first'), first, 'whom a thousand strangers do not drive out')
  t.ok(await isKept('http://second'))
  for (const host of ['http://3', 'http://4', 'http://5']) for (let i = 0; i < 2; i++) await get(host)
  t.not(await get('http://first'), first, 'a fifth that comes back takes the place of the one that asked the longest ago')
  t.ok(await isKept('http://5'))
})
