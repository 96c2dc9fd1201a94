import { readFileSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { coverageTables, mentionsIn } from './support/coverage.js'
import { readReplays } from './support/replay.js'

const document = 'docs/clients.md'
const marks = /(?<=<!-- made from test\/replays by `npm run bless` -->\n\n).*(?=\n<!-- end -->)/s

t.test('the tables in docs/clients.md are what replays and tests cover', async t => {
  const tables = coverageTables(readReplays(), mentionsIn('test'))
  const text = readFileSync(document, 'utf8')
  t.match(text, marks, 'the place for the tables is there')
  if (process.env.ARPENT_BLESS === '1')
    writeFileSync(
      document,
      text.replace(marks, () => tables),
    )
  t.equal(marks.exec(readFileSync(document, 'utf8'))?.[0], tables, '`npm run bless` makes them anew')
})

t.test('replays and titles that mean nothing are refused', async t => {
  const replay = { row: 'M1', traps: [], what: '', method: 'GET' as const, target: '/', headers: {}, answer: { status: 200 } }
  const of = (more: object) => [{ id: 'x', client: '', source: '', replays: [{ ...replay, ...more }] }]
  t.throws(() => coverageTables(of({ row: 'M99' }), new Map()), /M99/)
  t.throws(() => coverageTables(of({ traps: ['T-999'] }), new Map()), /T-999/)
  t.throws(() => coverageTables(of({}), new Map()), /nothing covers/)
})
