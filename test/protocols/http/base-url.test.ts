import t from 'tap'
import { baseUrlResolver } from '#protocols/http/base-url.js'

const from = (headers: Record<string, string>, remoteAddress = '127.0.0.1') => ({ headers, remoteAddress })

t.test('the configured public URL wins, a trailing slash or question mark is harmless', async t => {
  for (const publicUrl of [
    'https://geo.example/maps',
    'https://geo.example/maps/',
    'https://geo.example/maps?',
    'https://geo.example/maps/?x=1',
  ])
    t.equal(baseUrlResolver({ publicUrl, trustProxy: [] })(from({ host: 'evil' })), 'https://geo.example/maps')
})

t.test('T-31: forwarding headers count only from trusted proxies, and only their first value', async t => {
  const resolve = baseUrlResolver({ trustProxy: ['10.0.0.0/8', '::1'] })
  const headers = {
    host: 'inner:8080',
    'x-forwarded-proto': 'https, http',
    'x-forwarded-host': 'geo.example, inner',
    'x-forwarded-prefix': '/sig',
  }
  t.equal(resolve(from(headers, '10.1.2.3')), 'https://geo.example/sig')
  t.equal(resolve(from(headers, '::ffff:10.1.2.3')), 'https://geo.example/sig', 'an IPv4 address written as IPv6')
  t.equal(resolve(from(headers, '::1')), 'https://geo.example/sig')
  t.equal(resolve(from(headers, '192.0.2.1')), 'http://inner:8080')
  t.equal(
    resolve(from({ host: 'inner', forwarded: 'for=1.2.3.4;proto=https;host="geo.example:8443", for=5.6.7.8;host=other' }, '10.0.0.1')),
    'https://geo.example:8443',
  )
  t.equal(
    resolve(from({ host: 'geo.example', 'x-forwarded-port': '8443', 'x-forwarded-proto': 'https' }, '10.0.0.1')),
    'https://geo.example:8443',
  )
})

t.test('a host that could break out of a link is not repeated', async t => {
  const resolve = baseUrlResolver({ trustProxy: [] })
  for (const host of ['a"><script>', 'a b', 'a/b', 'user@host', '', 'x'.repeat(300)]) t.equal(resolve(from({ host })), 'http://localhost')
  t.equal(resolve(from({ host: '[::1]:8080' })), 'http://[::1]:8080')
})
