import t from 'tap'
import { readCalls } from '#protocols/ogcapi/features/calls.js'

t.test('names and functions of names are read, as people write them', async t => {
  t.same(readCalls('nature, Month(jour) ,width(prix,100)', 'x'), [
    { text: 'nature', args: ['nature'] },
    { text: 'Month(jour)', fn: 'month', args: ['jour'] },
    { text: 'width(prix,100)', fn: 'width', args: ['prix', '100'] },
  ])
  t.same(readCalls('"a, ""b"" (c)",sum( "d,e" )', 'x'), [
    { text: 'a, "b" (c)', args: ['a, "b" (c)'] },
    { text: 'sum( "d,e" )', fn: 'sum', args: ['d,e'] },
  ])
  t.same(readCalls('extent()', 'x'), [{ text: 'extent()', fn: 'extent', args: [] }])
  t.same(
    readCalls('nom de la voie,-count', 'x').map(({ args }) => args[0]),
    ['nom de la voie', '-count'],
  )
  t.same(readCalls('', 'x'), [])
  t.same(readCalls('  ', 'x'), [])
})

t.test('whatever else is refused, naming the parameter', async t => {
  for (const text of [
    '(',
    ')',
    'a(',
    'a(b',
    'a(b,',
    'a((b))',
    'a)b',
    ',',
    ',a',
    'a,,b',
    '"a',
    'a"b',
    'a "b"',
    'a(b)c',
    'a(b(c))',
    '"'.repeat(3999),
    'a'.repeat(5000),
    '(,'.repeat(1999),
  ])
    t.throws(
      () => readCalls(text, 'measures'),
      { kind: 'invalid-parameter', locator: 'measures', message: /month\(jour\)/ },
      text.slice(0, 40),
    )
})
