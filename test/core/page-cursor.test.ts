import t from 'tap'
import { decodeCursor, encodeCursor, type PagedSelection } from '#core/page-cursor.js'
import type { Filter } from '#filters/filter.js'
import { equals } from '../support/filters.js'
import { seeded, seededInteger } from '../support/seeded.js'

const selection: PagedSelection = {
  collection: 'parcelles',
  filter: {
    kind: 'and',
    all: [equals('nom', 'é'), { kind: 'spatial', operator: 'within', property: 'g', geometry: { wkb: Uint8Array.of(1, 2) } }],
  },
  sort: [{ column: 'rang', descending: true }],
}
const cursor = { after: [null, 'é"\\😀'], hasCount: true }

t.test('a cursor is read as it was written', async t => {
  const text = encodeCursor(cursor, selection)!
  t.match(text, /^[A-Za-z0-9_-]+$/)
  t.same(decodeCursor(text, selection), cursor)
  t.same(decodeCursor(text, structuredClone(selection)), cursor, 'whoever asks')
  const simple = { collection: 'parcelles' }
  t.same(decodeCursor(encodeCursor({ after: ['12'], hasCount: false }, simple)!, { ...simple, sort: [] }), {
    after: ['12'],
    hasCount: false,
  })
})

t.test('what would be too long is no cursor', async t => {
  t.equal(encodeCursor({ after: ['x'.repeat(4000), '1'], hasCount: false }, selection), undefined)
})

t.test('a cursor of something else is refused, saying what differs', async t => {
  const text = encodeCursor(cursor, selection)!
  const fault = (message: RegExp) => ({ kind: 'invalid-parameter', locator: 'cursor', message })
  const others: Filter = { kind: 'spatial', operator: 'within', property: 'g', geometry: { wkb: Uint8Array.of(1, 3) } }
  for (const other of [
    { ...selection, collection: 'communes' },
    { ...selection, filter: equals('nom', 'e') },
    { ...selection, filter: { kind: 'and', all: [equals('nom', 'é'), others] } as Filter },
    { ...selection, search: { columns: ['nom'], anyOf: [['a']] } },
  ])
    t.throws(() => decodeCursor(text, other), fault(/other filters/))
  for (const sort of [[], [{ column: 'rang', descending: false }], [{ column: 'nom', descending: true }]])
    t.throws(() => decodeCursor(text, { ...selection, sort }), fault(/sortby/))
})

t.test('whatever else is sent is refused', async t => {
  const text = encodeCursor(cursor, selection)!
  const parts = JSON.parse(Buffer.from(text, 'base64url').toString())
  const written = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const [, what, order] = parts
  const hostile = [
    '',
    ' ',
    '=',
    'A'.repeat(5000),
    '../../etc/passwd',
    "' OR 1=1 --",
    text.slice(0, -3),
    `${text}=`,
    ...[
      null,
      1,
      'x',
      {},
      [],
      [1],
      { length: 9 },
      [2, ...parts.slice(1)],
      [1, what, order, 1],
      [1, what, order, 2, null, 'a'],
      [1, what, order, 1, 'a'],
      [1, what, order, 1, 'a', 'b', 'c'],
      [1, what, order, 1, 5, 'b'],
      [1, what, order, 1, ['a'], 'b'],
      [1, [what], order, 1, 'a', 'b'],
    ].map(written),
    '['.repeat(2900),
    Buffer.from('['.repeat(2900)).toString('base64url'),
  ]
  for (const one of hostile)
    t.throws(() => decodeCursor(one, selection), { kind: 'invalid-parameter', locator: 'cursor', message: /first page/ }, one.slice(0, 60))
  const random = seeded(42)
  for (let i = 0; i < 500; i++) {
    const at = seededInteger(random, 0, text.length - 1)
    const letter = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'[seededInteger(random, 0, 63)]!
    try {
      const { after } = decodeCursor(text.slice(0, at) + letter + text.slice(at + 1), selection)
      t.ok(after.length === 2 && after.every(each => each === null || typeof each === 'string'))
    } catch (error) {
      t.match(error, { kind: 'invalid-parameter' })
    }
  }
})
