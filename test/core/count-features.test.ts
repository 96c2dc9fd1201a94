import t from 'tap'
import { createCounter } from '#core/count-features.js'
import type { FeatureStore, QueryEstimate } from '#core/ports.js'
import { Problem } from '#core/problem.js'
import type { FeatureQuery } from '#core/queries.js'
import { equals } from '../support/filters.js'

const query: FeatureQuery = {
  source: { kind: 'features', store: 'main', schema: 's', table: 't', columns: [], geometries: [], key: { kind: 'none' } },
  columns: [],
  key: true,
}
const filtered = { ...query, filter: equals('nom', 'a') }

/** A store of which only what counters ask is there; `whole`: what is estimated of all rows; `counts` are the bounds of the counts asked for. */
function countingStore(rows: number, estimate?: Partial<QueryEstimate>, whole?: Partial<QueryEstimate>) {
  const counts: (number | undefined)[] = []
  const store = {
    async count(_: FeatureQuery, __: AbortSignal | undefined, most?: number) {
      counts.push(most)
      return Math.min(rows, (most ?? Number.POSITIVE_INFINITY) + 1)
    },
    ...(estimate && {
      estimate: async ({ filter }: FeatureQuery) => ({ rows: 10, cost: 100, isRough: false, ...estimate, ...(!filter && whole) }),
    }),
  } as unknown as FeatureStore
  return { store, counts }
}

t.test('what is cheap to count is counted, other things are estimated', async t => {
  const count = (
    rows: number,
    estimate: Partial<QueryEstimate> | undefined,
    one: FeatureQuery,
    isTold?: boolean,
    whole?: Partial<QueryEstimate>,
  ) =>
    createCounter()({
      store: countingStore(rows, estimate, whole).store,
      query: one,
      generation: async () => 1,
      ...(isTold !== undefined && { isTold }),
    })
  t.same(await count(12, {}, filtered), { matched: 12 })
  t.same(await count(12, undefined, filtered), { matched: 12 }, 'a store that cannot guess counts')
  t.same(await count(5e6, { rows: 5e6 }, filtered), { estimated: 5e6 })
  t.same(await count(12, { cost: 1e6 }, filtered), { estimated: 10 }, 'few rows that are hard to find')
  const ofFew = await count(12, { cost: 1e6 }, filtered, undefined, { rows: 5000, cost: 200 })
  t.same(ofFew, { matched: 12 }, 'but not where there are few rows to look at')
  t.same(await count(12, { cost: 1e6, isRough: true }, filtered), {}, 'a guess that is none is not told')
  t.same(await count(1e6, { rows: 1e6, cost: 3e4 }, query), { matched: 1e6 }, 'a whole table may be larger')
  t.same(await count(1e8, { rows: 1.1e8, cost: 3e6 }, query), { estimated: 1.1e8 })
  const wrong = await count(5e6, { rows: 10 }, filtered)
  t.ok(wrong.matched === undefined && wrong.estimated! > 20_000, 'counting stops where the planner was wrong')
  t.same(await count(12, {}, filtered, false), { estimated: 10 }, 'pages before did not tell it')
  t.same(await count(5e6, { rows: 5e6 }, filtered, true), { matched: 5e6 }, 'pages before told it')
})

t.test('a count is kept for the pages that follow, while the data stay', async t => {
  let time = 0
  const counter = createCounter(() => time)
  const { store, counts } = countingStore(12, {})
  const count = (one: FeatureQuery, generation = 1) => counter({ store, query: one, generation: async () => generation })
  for (const one of [filtered, filtered, { ...filtered, limit: 5, offset: 10, columns: ['a'] }]) t.same(await count(one), { matched: 12 })
  t.equal(counts.length, 2, 'what is asked a second time is kept')
  await count({ ...filtered, filter: equals('nom', 'b') })
  await count({ ...filtered, source: { ...query.source, table: 'u' } })
  await count({ ...filtered, source: { ...query.source, restriction: { filter: equals('nom', 'c'), columns: [] } } })
  t.equal(counts.length, 5, 'of other things there are others')
  await count(filtered, 2)
  t.equal(counts.length, 6, 'of other data too')
  time = 61_000
  await count(filtered)
  t.equal(counts.length, 7, 'and none is kept for long')
})

t.test('counting that takes too long is given up, what fails fails', async t => {
  const failing = (kind: 'deadline' | 'unavailable') =>
    ({
      estimate: async () => ({ rows: 10, cost: 1, isRough: false }),
      count: () => Promise.reject(new Problem(kind, 'x')),
    }) as unknown as FeatureStore
  t.same(await createCounter()({ store: failing('deadline'), query: filtered, generation: async () => 1 }), { estimated: 10 })
  await t.rejects(createCounter()({ store: failing('unavailable'), query: filtered, generation: async () => 1 }), {
    kind: 'unavailable',
    message: 'x',
  })
  await t.rejects(createCounter()({ store: failing('deadline'), query: filtered, generation: async () => 1 }, AbortSignal.abort()), {
    kind: 'deadline',
    message: 'x',
  })
})
