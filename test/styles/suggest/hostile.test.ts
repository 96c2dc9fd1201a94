import t from 'tap'
import type { Filter } from '#filters/filter.js'
import { propertiesOfFilter } from '#filters/walk.js'
import type { ColumnKind } from '#rows/batch.js'
import { type ColumnStatistics, isNumeric } from '#rows/column-statistics.js'
import { drawnType } from '#styles/drawn-type.js'
import { suggestStyle } from '#styles/suggest/suggest-style.js'
import { pick, seeded, seededInteger } from '../../support/seeded.js'
import { column, listed } from './columns.js'

const hostile = [
  'x'.repeat(10_000),
  `'; DROP TABLE parcelles; --`,
  '"><script>alert(1)</script>',
  '😀'.repeat(200),
  '\u0000\u0001\u001b[31mred',
  '\u202egnp.exe',
  '\ud800 half a character',
  'a\nb\tc',
  ' ',
  '',
  'null',
  '__proto__',
  'constructor',
  '{a,b}',
  '%_\\',
]

/** What is short is common, what is long is rare. */
const hostileColumn = (name: string) =>
  column(
    name,
    hostile.map(value => [value, value.length > 200 ? 2 : 200]),
  )

t.test('hostile names and values make rules that documents can carry', async t => {
  for (const name of ['type', ...hostile.map(text => `type ${text}`)]) {
    const { style, reason = '' } = suggestStyle('x', 'POINT', [hostileColumn(name)])
    t.ok(reason.length < 400, 'short')
    t.equal(listed(style).length, 11, 'ten values and the rest')
    for (const { name, title = '' } of listed(style)) {
      t.notMatch(name + title, /[\p{Cc}\p{Cs}\u202a-\u202e]/u)
      t.ok([...title].length <= 80 && name.length <= 200)
    }
  }
  const { style } = suggestStyle('x', 'POINT', [hostileColumn('type')])
  const literals = listed(style).flatMap(({ filter }) =>
    filter?.kind === 'compare' && filter.right.kind === 'literal' ? [filter.right.value] : [],
  )
  t.ok(literals.includes(`'; DROP TABLE parcelles; --`), 'filters hold values as they are')
  t.notOk(
    literals.some(value => String(value).length > 200),
    'but none without end',
  )
})

const kinds: readonly ColumnKind[] = ['text', 'integer', 'bigint', 'double', 'numeric', 'boolean', 'date', 'uuid', 'json']
const names = [
  'type',
  'nature',
  'code_18',
  'code_cs',
  'us',
  'typezone',
  'highway',
  'importance',
  'population',
  'taux',
  'zac',
  'id',
  'étage',
  'x y',
  ...hostile,
]
const words = ['Bois', 'Pré', '111', '312', 'CS1.1.1.1', 'US5', 'U', 'AUc', 'motorway', 'path', '1', '6', ...hostile]
const odd = [0, -1, 1e300, -1e-300, Number.MAX_SAFE_INTEGER, 0.1 + 0.2]

t.test('whatever statistics say: few rules, finite classes that rise, each row in one, columns that are known', async t => {
  const random = seeded(20_240_229)
  const number = () => (random() < 0.2 ? pick(random, odd) : Math.round((random() - 0.3) * 10 ** seededInteger(random, 0, 8)) / 100)
  const share = () => (random() < 0.02 ? pick(random, [0, 1, 2, -0.5, 1e-12]) : random())
  const statistics = (): ColumnStatistics => {
    const kind = pick(random, kinds)
    const value = () => (isNumeric(kind) ? number() : kind === 'boolean' ? random() < 0.5 : pick(random, words))
    const values = [...new Set(Array.from({ length: seededInteger(random, 0, random() < 0.6 ? 6 : 30) }, value))]
    const bounds =
      isNumeric(kind) && random() < 0.7 ? Array.from({ length: seededInteger(random, 2, 101) }, number).sort((a, b) => a - b) : []
    return {
      name: pick(random, names),
      kind,
      nullShare: random() < 0.8 ? 0 : share(),
      distinct: seededInteger(random, 0, 1000),
      common: values.map(value => ({ value, share: random() < 0.95 ? 1 / values.length : share() })).sort((a, b) => b.share - a.share),
      isWhole: random() < 0.5,
      bounds,
    }
  }
  let suggested = 0
  for (let i = 0; i < 3_000; i++) {
    const columns = Array.from({ length: seededInteger(random, 0, 6) }, statistics)
    const type = pick(random, ['POINT', 'MULTILINESTRING', 'MULTIPOLYGON', 'GEOMETRY'])
    const { style, column } = suggestStyle(pick(random, ['x', 'routes', '']), type, columns)
    const rules = style.passes.flatMap(({ rules }) => rules)
    const known = columns.map(({ name }) => name)
    const problems = [
      ...(rules.length === 0 || rules.length > 220 ? [`${rules.length} rules`] : []),
      ...(style.passes.length > 8 ? [`${style.passes.length} passes`] : []),
      ...(/null|NaN|Infinity/.test(JSON.stringify(rules.map(({ symbolizers }) => symbolizers))) ? ['a size that is no number'] : []),
      ...(rules.flatMap(({ filter }) => (filter ? propertiesOfFilter(filter) : [])).some(name => name !== column || !known.includes(name))
        ? ['a column of its own']
        : []),
      ...breaksOf(rules.flatMap(({ filter }) => filter ?? [])),
      ...style.passes.filter(({ rules }) => new Set(rules.map(({ name }) => name)).size < rules.length).map(() => 'names twice'),
      ...(drawnType(type) === 'mixed' || rules.every(({ geometryTypes }) => !geometryTypes)
        ? []
        : ['types of geometry that go without saying']),
    ]
    if (column !== undefined) suggested++
    if (problems.length > 0) t.fail(`${i}: ${problems}: ${JSON.stringify(columns).slice(0, 500)}`)
  }
  t.ok(suggested > 600, `${suggested} suggestions`)
})

/** What is wrong with the ranges of filters: the bounds of neighbours must be one and the same, rising, finite. */
function breaksOf(filters: readonly Filter[]): readonly string[] {
  const ranges = filters.flatMap(filter => {
    const parts = filter.kind === 'and' ? filter.all : [filter]
    const bound = (operator: string) =>
      parts.flatMap(part =>
        part.kind === 'compare' && part.operator === operator && part.right.kind === 'literal' ? [part.right.value] : [],
      )[0]
    const [least, limit] = [bound('>='), bound('<')]
    return least === undefined && limit === undefined
      ? []
      : [[least ?? Number.NEGATIVE_INFINITY, limit ?? Number.POSITIVE_INFINITY] as const]
  })
  return ranges.flatMap(([least, limit], i) => {
    const next = ranges[i + 1]?.[0]
    if (typeof least !== 'number' || typeof limit !== 'number' || !(least < limit)) return [`class from ${least} to ${limit}`]
    return limit === Number.POSITIVE_INFINITY || next === limit ? [] : [`a gap at ${limit}`]
  })
}
