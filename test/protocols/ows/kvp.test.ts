import t from 'tap'
import { parseKvp } from '#protocols/ows/kvp.js'

t.test('names in any case, the last of duplicates (T-29)', async t => {
  const kvp = parseKvp('SERVICE=WMS&service=WMS&ReQuEsT=GetMap&layers=a&LAYERS=b')
  t.equal(kvp.get('Service'), 'WMS')
  t.equal(kvp.get('request'), 'GetMap')
  t.equal(kvp.get('LAYERS'), 'b')
  t.equal(kvp.spelled('request'), 'ReQuEsT')
  t.equal(kvp.size, 3)
})

t.test('spaces, escapes and faulty escapes', async t => {
  const cases: [string, string, string][] = [
    ['plus is a space', 'a=x+y%2Bz', 'x y+z'],
    ['commas escaped', 'a=1%2C2', '1,2'],
    ['UTF-8', 'a=for%C3%AAt', 'forêt'],
    ['Latin-1, as old programs send it', 'a=for%EAt', 'forêt'],
    ['Latin-1 beside a lone percent', 'a=%EA%zz', 'ê%zz'],
    ['lone percent', 'a=100%', '100%'],
    ['not a hexadecimal escape', 'a=%u00e9', '%u00e9'],
    ['equals signs in the value', 'a=b=c', 'b=c'],
    ['surrounding space', 'a=+b+', 'b'],
    ['an address with a query', 'a=http://x/y?service=z', 'http://x/y?service=z'],
  ]
  for (const [name, query, value] of cases) t.equal(parseKvp(query).get('a'), value, name)
})

t.test('empty values are absent for get and empty for raw', async t => {
  const kvp = parseKvp('STYLES=&TIME&=x&&')
  t.equal(kvp.get('STYLES'), undefined)
  t.equal(kvp.raw('STYLES'), '')
  t.equal(kvp.raw('TIME'), '')
  t.equal(kvp.raw('LAYERS'), undefined)
  t.equal(kvp.has('styles'), true)
  t.equal(kvp.size, 2)
})

t.test('a question mark too many, or a query in the address that was pasted', async t => {
  t.equal(parseKvp('?service=WMS').get('service'), 'WMS')
  t.equal(parseKvp('&service=WMS?').get('service'), 'WMS')
  const twice = parseKvp('map=/a.map?service=WMS&request=GetMap')
  t.same([twice.get('map'), twice.get('service'), twice.get('request')], ['/a.map', 'WMS', 'GetMap'])
})

t.test('names of the prototype are only names', async t => {
  t.equal(parseKvp('').get('constructor'), undefined)
  t.equal(parseKvp('__proto__=1').get('__PROTO__'), '1')
})

t.test('too long or too many is refused', async t => {
  t.throws(() => parseKvp(`a=${'x'.repeat(1e6)}`), { name: 'Problem', kind: 'body-too-large' })
  t.throws(() => parseKvp(Array.from({ length: 1001 }, (_, i) => `a${i}=1`).join('&')), { name: 'Problem', kind: 'body-too-large' })
  t.equal(parseKvp(Array.from({ length: 100_000 }, () => 'a=1').join('&')).size, 1, 'the same one over and over is one')
})

t.test('later queries win', async t => {
  t.equal(parseKvp('a=1&b=2', 'A=3').get('a'), '3')
  t.equal(parseKvp('a=1&b=2', 'A=3').get('b'), '2')
})
