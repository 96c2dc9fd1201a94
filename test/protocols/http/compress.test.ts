import { createHash } from 'node:crypto'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import t from 'tap'
import { chooseCoding, compressor } from '#protocols/http/compress.js'

t.test('the coding both sides know is chosen, the client’s weights decide', async t => {
  t.equal(chooseCoding('gzip, deflate, br', 'text/xml', 5000), 'br')
  t.equal(chooseCoding('gzip;q=1, br;q=0.2', 'application/json', 5000), 'gzip')
  t.equal(chooseCoding('br;q=0, gzip', 'application/geo+json', 5000), 'gzip')
  t.equal(chooseCoding('*', 'application/vnd.ogc.gml', 5000), 'br')
  t.equal(chooseCoding('identity', 'text/xml', 5000), undefined)
  t.equal(chooseCoding(undefined, 'text/xml', 5000), undefined)
  t.equal(chooseCoding('br', 'image/png', 5000), undefined, 'pictures are compressed already')
  t.equal(chooseCoding('br', 'text/xml', 100), undefined, 'too small to be worth it')
})

t.test('compressed bodies are right, remembered by validator, and bounded', async t => {
  const compress = compressor(3000)
  const body = Buffer.from('Forêt '.repeat(1000))
  const once = await compress(body, 'br', 'a')
  t.same(brotliDecompressSync(once), body)
  t.equal(await compress(Buffer.from('other'), 'br', 'a'), once, 'the same validator is the same answer')
  t.same(gunzipSync(await compress(body, 'gzip', 'a')), body)
  const random = Buffer.concat(Array.from({ length: 200 }, (_, i) => createHash('sha1').update(String(i)).digest()))
  await compress(random, 'br', 'b')
  await new Promise(resolve => setImmediate(resolve))
  t.not(await compress(body, 'br', 'a'), once, 'the oldest goes when the bound is reached')
})
