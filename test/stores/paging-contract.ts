import type { Test } from 'tap'
import type { FeatureSource } from '#core/atlas.js'
import { findPage } from '#core/find-page.js'
import type { FeatureLayer, FeatureStore, LayerValue } from '#core/ports.js'
import type { FeatureQuery, SortKey } from '#core/queries.js'
import { rowView } from '#rows/row-view.js'
import { pick, seeded, seededInteger } from '../support/seeded.js'
import { found, point, sourceOf } from './feature-store-contract.js'

const columns = [
  { name: 'code', kind: 'text' },
  { name: 'rang', kind: 'integer' },
  { name: 'grand', kind: 'bigint' },
  { name: 'mesure', kind: 'double' },
  { name: 'prix', kind: 'numeric' },
  { name: 'ouvert', kind: 'boolean' },
  { name: 'jour', kind: 'date' },
  { name: 'heure', kind: 'time' },
  { name: 'instant', kind: 'timestamptz' },
  { name: 'moment', kind: 'timestamp' },
  { name: 'uuid', kind: 'uuid' },
  { name: 'nom', kind: 'text' },
] as const

/** Values that are near each other where a comparison could be inexact, and those at the ends of their types. */
const values: Readonly<Record<string, readonly LayerValue[]>> = {
  rang: [-2147483648, -1, 0, 1, 2147483647],
  grand: ['-9223372036854775808', '9007199254740993', '9007199254740992', '9223372036854775807', '0'],
  mesure: [
    Number.NEGATIVE_INFINITY,
    -0.1,
    0,
    5e-324,
    0.1,
    0.30000000000000004,
    0.3,
    1.7976931348623157e308,
    Number.POSITIVE_INFINITY,
    Number.NaN,
  ],
  prix: ['-1.10', '0.1', '0.10000000000000000001', '0.10000000000000000002', '99999999999999999999.5', 'NaN'],
  ouvert: [true, false],
  jour: ['-infinity', '-0043-03-15', '0001-01-01', '1970-01-01', '2024-02-29', '12024-02-29', 'infinity'],
  heure: ['00:00:00', '12:34:56.000001', '12:34:56.000002', '24:00:00'],
  instant: ['-infinity', '-0043-03-15T00:00:00.000001Z', '2024-02-29T12:34:56.789012Z', '2024-02-29T12:34:56.789013Z', 'infinity'],
  moment: ['0000-03-15T00:00:00.000001', '2024-02-29T12:34:56.789012', '2024-02-29T12:34:56.789013', 'infinity'],
  uuid: ['6f9619ff-8b86-d011-b42d-00c04fc964ff', '00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff'],
  nom: ['', 'a', 'A', 'é', 'É', 'eau', "l'eau", 'z', '$1', '\\', '😀', 'a b', 'a\tb', '"{}"'],
}

function pagedLayer(codes: readonly number[], key: string | undefined): FeatureLayer {
  const row = (code: number): LayerValue[] => {
    const random = seeded(code + 1)
    const others = columns.slice(1).map(({ name }) => (random() < 0.2 ? null : pick(random, values[name]!)))
    return [`n° ${code}`, ...others, point(code, code)]
  }
  return {
    name: 'pages',
    columns,
    geometry: { name: 'geom', type: 'POINT', dimensions: 'xy', crs: 'EPSG:2154' },
    ...(key && { key }),
    notes: [],
    async *read() {
      yield { rows: codes.map(row) }
    },
  }
}

/** The codes of all rows, page by page; `between` is done after each. */
export async function walked(store: FeatureStore, query: FeatureQuery, limit: number, between = async () => {}): Promise<unknown[]> {
  const codes: unknown[] = []
  let after: FeatureQuery['after']
  for (let pages = 0; pages < 1000; pages++) {
    const page = await findPage(store, { ...query, ...(after && { after }) }, limit)
    let rows = 0
    for await (const batch of page.batches) {
      if (batch.schema !== page.schema) throw new Error('a batch has its own schema')
      const view = rowView(batch)
      for (let i = 0; i < batch.count; i++, rows++) codes.push(view.at(i).value(0))
    }
    after = page.next()
    if (!after) return codes
    if (rows !== limit) throw new Error(`a page of ${rows} rows is not the last`)
    await between()
  }
  throw new Error('the pages do not end')
}

/** What every store promises of pages. */
export async function pagingContract(t: Test, store: FeatureStore, schema: string): Promise<void> {
  const all = Array.from({ length: 130 }, (_, i) => i)
  const loaded = async (table: string, key?: string): Promise<FeatureSource> => {
    await store.load?.({ schema, table, mode: 'create' }, pagedLayer(all, key), {})
    t.teardown(() => store.drop?.(schema, table).catch(() => {}))
    const [description] = await store.discover({ schemas: [schema], table })
    return sourceOf(store, description!)
  }
  const keyed = await loaded('pages', 'code')
  const query = (more: Partial<FeatureQuery> = {}): FeatureQuery => ({ source: keyed, columns: ['code'], key: false, ...more })
  const names = columns.map(({ name }) => name)
  const random = seeded(8)
  const sorts: SortKey[][] = [
    [],
    ...names.flatMap(column => [[{ column, descending: false }], [{ column, descending: true }]]),
    ...Array.from({ length: 24 }, () => {
      const left = [...names]
      return Array.from({ length: seededInteger(random, 2, 4) }, () => ({
        column: left.splice(seededInteger(random, 0, left.length - 1), 1)[0]!,
        descending: random() < 0.5,
      }))
    }),
  ]

  await t.test('pages in every order have every row once, in that order', async t => {
    for (const sort of sorts) {
      const said = sort.map(({ column, descending }) => `${column}${descending ? ' down' : ''}`).join(', ')
      const whole = (await found(store, query({ sort, isPaged: true }))).map(([code]) => code)
      t.equal(new Set(whole).size, all.length, said)
      t.same(await walked(store, query({ sort }), seededInteger(random, 5, 40)), whole, said)
    }
  })

  await t.test('values are in their order, nulls last and, descending, first', async t => {
    for (const column of ['rang', 'mesure', 'prix', 'jour', 'instant', 'ouvert']) {
      const rank = new Map<unknown, number>(values[column]!.map((value, i) => [String(value), i]))
      if (column === 'ouvert') rank.set('true', 1).set('false', 0)
      rank.set('null', 100)
      // in the list of doubles 0.3 comes behind its neighbour
      if (column === 'mesure') rank.set('0.3', 4.5)
      for (const descending of [false, true]) {
        const rows = await found(store, query({ columns: [column], sort: [{ column, descending }], isPaged: true }))
        const ranks = rows.map(([value]) => rank.get(String(value))!)
        if (descending) ranks.reverse()
        t.notOk(ranks.includes(undefined as never), `${column}: values come as they were loaded`)
        t.ok(
          ranks.every((each, i) => i === 0 || each >= ranks[i - 1]!),
          column,
        )
      }
    }
  })

  await t.test('filters hold on every page', async t => {
    const filter = { kind: 'bbox', property: 'geom', bbox: [10, 10, 99, 99] } as const
    for (const sort of [[], [{ column: 'mesure', descending: false }], [{ column: 'nom', descending: true }]]) {
      const codes = await walked(store, query({ filter, sort }), 8)
      t.same([codes.length, new Set(codes).size], [90, 90])
    }
  })

  await t.test('rows that come and go between pages neither repeat nor hide others', async t => {
    for (const sort of sorts.filter((_, i) => i % 6 === 0)) {
      let [present, fresh] = [[...all], 1000]
      const stayed = new Set(all)
      const codes = await walked(store, query({ sort }), 20, async () => {
        for (let i = 0; i < 6; i++) {
          const [gone] = present.splice(seededInteger(random, 0, present.length - 1), 1)
          stayed.delete(gone!)
        }
        present = [...present, ...Array.from({ length: 6 }, () => fresh++)]
        await store.load?.({ schema, table: 'pages', mode: 'replace' }, pagedLayer(present, 'code'), {})
      })
      const said = JSON.stringify(sort)
      t.equal(new Set(codes).size, codes.length, `no row twice: ${said}`)
      const missing = [...stayed].filter(code => !codes.includes(`n° ${code}`))
      t.same(missing, [], `all rows that stayed: ${said}`)
      await store.load?.({ schema, table: 'pages', mode: 'replace' }, pagedLayer(all, 'code'), {})
    }
  })

  await t.test('rows without a key are paged by where they are', async t => {
    const source = await loaded('sans_cle')
    for (const one of [source, { ...source, key: { kind: 'none' as const } }])
      for (const sort of sorts.slice(0, 6)) {
        const codes = await walked(store, query({ source: one, sort: one === source ? sort : [] }), 17)
        t.same([codes.length, new Set(codes).size], [130, 130])
      }
    await store.drop?.(schema, 'sans_cle')
  })

  await t.test('a place that is none is refused', async t => {
    const sort = [{ column: 'rang', descending: false }]
    for (const after of [
      [],
      ['1'],
      ['x', 'n° 1'],
      ["1'; DROP TABLE x --", 'n° 1'],
      ['1', 'a\0'],
      ['99999999999999999999', 'n° 1'],
      ['1', '2', '3'],
    ]) {
      const rows = async () => found(store, query({ sort, after }))
      await t.rejects(rows(), { kind: 'invalid-parameter', locator: 'cursor', message: /first page/ }, JSON.stringify(after))
    }
    t.same(
      await found(store, query({ after: ["'; DROP TABLE pages; --"], limit: 1 })).then(rows => rows.length),
      1,
      'any text is a place among texts',
    )
    await store.drop?.(schema, 'pages')
  })
}
