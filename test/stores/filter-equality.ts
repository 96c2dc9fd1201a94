import type { Test } from 'tap'
import type { FeatureSource } from '#core/atlas.js'
import type { FeatureLayer, FeatureStore, LayerValue } from '#core/ports.js'
import { compileFilter } from '#filters/compile-filter.js'
import { parseCql2Json } from '#filters/cql2/parse-cql2-json.js'
import { parseCql2Text } from '#filters/cql2/parse-cql2-text.js'
import { parseEcql } from '#filters/ecql/parse-ecql.js'
import type { Filter } from '#filters/filter.js'
import { parseFilter } from '#filters/ogc/parse-filter.js'
import { UnsaidError } from '#filters/ogc/write-expression.js'
import { prepareFilter } from '#filters/prepare-filter.js'
import { settleFilter } from '#filters/settle-filter.js'
import { writeEwkb } from '#geo/ewkb.js'
import type { RowBatch } from '#rows/batch.js'
import { rowView } from '#rows/row-view.js'
import { splitForSql } from '#stores/postgis/filter-sql.js'
import { type FilterColumns, gridGeometry, invalidGeometry, randomFilter, words } from '../support/random-filter.js'
import { pick, seeded, seededInteger } from '../support/seeded.js'
import { cql2TextOf, writeCql2Json } from '../support/write-cql2.js'
import { writeEcql } from '../support/write-ecql.js'
import { withTexts, writeFes } from '../support/write-fes.js'

export const filterRows = 160

/** Rows with every kind of value and a geometry of any kind, many of them null or empty. */
export function mixedLayer(): FeatureLayer {
  const random = seeded(2024)
  const maybe = <T>(value: () => T): T | null => (random() < 0.15 ? null : value())
  const row = (i: number): LayerValue[] => [
    i,
    maybe(() => pick(random, words)),
    maybe(() => pick(random, words)),
    maybe(() => seededInteger(random, -5, 13)),
    maybe(() => pick(random, ['4', '12', '9007199254740993', '9007199254740992', '-9223372036854775808'])),
    maybe(() => pick(random, [0, 4, 0.1, 7.25, 100, -3, 1e20])),
    maybe(() => pick(random, ['4.00', '0.1', '7.250', '123456789.000000001', '123456789', '100', '-3'])),
    maybe(() => random() < 0.5),
    maybe(() => pick(random, ['2024-02-29', '2024-03-01', '1999-12-31', '0044-03-15'])),
    maybe(() => pick(random, ['12:34:56', '08:00:00.5', '12:34:00'])),
    maybe(() => pick(random, ['2024-02-29T12:34:56.789', '2024-02-29T00:00:00', '2024-03-01T00:00:00'])),
    maybe(() => pick(random, ['2024-02-29T12:34:56.789Z', '2024-02-29T00:00:00Z', '1850-01-01T00:00:00Z'])),
    maybe(() => pick(random, ['6f9619ff-8b86-d011-b42d-00c04fc964ff', '00000000-0000-0000-0000-000000000000'])),
    maybe(() => pick(random, ['{"a": 1}', '[1, "é"]'])),
    random() < 0.1
      ? null
      : random() < 0.1
        ? writeEwkb({ kind: pick(random, ['Point', 'LineString']), dimensions: 'xy', coordinates: new Float64Array() })
        : writeEwkb(random() < 0.2 ? invalidGeometry(random) : gridGeometry(random)),
  ]
  return {
    name: 'filtres',
    columns: [
      { name: 'code', kind: 'integer' },
      { name: 'nom', kind: 'text' },
      { name: 'autre nom', kind: 'text' },
      { name: 'rang', kind: 'integer' },
      { name: 'grand', kind: 'bigint' },
      { name: 'mesure', kind: 'double' },
      { name: 'prix', kind: 'numeric' },
      { name: 'ouvert', kind: 'boolean' },
      { name: 'jour', kind: 'date' },
      { name: 'heure', kind: 'time' },
      { name: 'moment', kind: 'timestamp' },
      { name: 'instant', kind: 'timestamptz' },
      { name: 'uuid', kind: 'uuid' },
      { name: 'divers', kind: 'json' },
    ],
    geometry: { name: 'geom', type: 'GEOMETRY', dimensions: 'xy', crs: 'EPSG:2154' },
    key: 'code',
    notes: [],
    async *read() {
      yield { rows: Array.from({ length: filterRows }, (_, i) => row(i)), progress: 1 }
    },
  }
}

export const mixedColumns: FilterColumns = {
  texts: ['nom', 'autre nom'],
  numbers: ['rang', 'grand', 'mesure', 'prix'],
  others: ['ouvert', 'jour', 'heure', 'moment', 'instant', 'uuid', 'divers'],
  geometry: 'geom',
}

/** Languages that filters come in, each by turns: what was written is read again. XML has texts only. */
const languages: readonly { readonly said: (filter: Filter) => Filter; readonly again: (filter: Filter) => Filter }[] = [
  { said: filter => filter, again: filter => filter },
  { said: filter => filter, again: filter => parseEcql(writeEcql(filter)) },
  { said: withTexts, again: filter => parseFilter(writeFes(filter)) },
  { said: filter => filter, again: filter => parseCql2Text(cql2TextOf(writeCql2Json(filter)), { crs: null }) },
  { said: filter => filter, again: filter => parseCql2Json(writeCql2Json(filter), { crs: null }) },
]

/** `filter` as it comes back from a language; undefined where the language has no words for it. */
function throughLanguage({ said, again }: (typeof languages)[number], filter: Filter): readonly [said: Filter, read: Filter] | undefined {
  try {
    return [said(filter), again(said(filter))]
  } catch (error) {
    if (error instanceof UnsaidError) return undefined
    throw error
  }
}

/**
 * Asks the store and evaluates in memory, and compares which rows are chosen; filters that SQL cannot say are split by the store. What was evaluated is
 * the filter as it was made, what the store is asked for is what came back from a language.
 */
export async function filtersAgree(
  t: Test,
  store: FeatureStore,
  source: FeatureSource,
  columns: FilterColumns,
  count: number,
  seed: number,
): Promise<void> {
  const random = seeded(seed)
  const names = [...source.columns.map(column => column.name), ...source.geometries.map(column => column.name)]
  const batchesOf = async (filter?: Filter) => {
    const batches: RowBatch[] = []
    for await (const batch of (await store.find({ source, columns: names, key: true, ...(filter && { filter }) })).batches)
      batches.push(batch)
    return batches
  }
  const everything = await batchesOf()
  const chosen = async (batches: readonly RowBatch[], filter: Filter) => {
    await prepareFilter(filter)
    return batches.flatMap(batch => {
      const matches = compileFilter(filter, batch.schema)
      const view = rowView(batch)
      return Array.from({ length: batch.count }, (_, i) => i).flatMap(i => (matches(view.at(i)) ? [view.text(0)!] : []))
    })
  }
  const sorted = (ids: readonly string[]) => [...ids].sort((a, b) => Number(a) - Number(b))
  const seen = { pairs: 0, pushed: 0, split: 0, some: 0, failed: 0, unsaid: 0 }
  for (let i = 0; i < count; i++) {
    const asked = randomFilter(random, columns)
    // What is neither true nor false shows only beside its opposite.
    for (const filter of [asked, { kind: 'not', filter: asked } as const]) {
      const spoken = throughLanguage(languages[i % languages.length], filter)
      const [made, read] = spoken ?? [filter, filter]
      if (!spoken) seen.unsaid++
      const inMemory = sorted(await chosen(everything, settleFilter(made, source)))
      const { rest } = splitForSql(read, source)
      const inStore = sorted(await chosen(await batchesOf(read), { kind: 'constant', value: true }))
      if (rest && i % 7 === 0) await pagesAgree(t, store, source, read, inStore.length)
      seen.pairs += everything.reduce((total, batch) => total + batch.count, 0)
      if (rest) seen.split++
      else seen.pushed++
      if (inMemory.length) seen.some++
      if (inStore.join() !== inMemory.join()) {
        seen.failed++
        const [more, less] = [inStore.filter(id => !inMemory.includes(id)), inMemory.filter(id => !inStore.includes(id))]
        if (seen.failed <= 5)
          t.fail(
            `the store finds ${more} too many and ${less} too few: ${JSON.stringify(made, shortBytes)} read as ${JSON.stringify(read, shortBytes)}${rest ? ' (split)' : ''}`,
          )
      }
    }
  }
  t.equal(seen.failed, 0, JSON.stringify(seen))
  t.ok(seen.pairs >= 5_000 && seen.pushed > count && seen.split > count / 10 && seen.some > count / 2, JSON.stringify(seen))
  t.ok(seen.unsaid < count, JSON.stringify(seen))
}

/** Pages of what a store finds by a filter that it splits, and their number, are those of the whole. */
async function pagesAgree(t: Test, store: FeatureStore, source: FeatureSource, filter: Filter, count: number): Promise<void> {
  const sort = [{ column: source.columns[0].name, descending: true }]
  const idsOf = async (page: { readonly limit?: number; readonly offset?: number }) => {
    const ids: (string | null)[] = []
    for await (const batch of (await store.find({ source, columns: ['nom'], key: true, filter, sort, ...page })).batches) {
      t.same(
        batch.schema.columns.map(({ name }) => name),
        ['@id', 'nom'],
      )
      for (let i = 0; i < batch.count; i++) ids.push(rowView(batch).at(i).text(0))
    }
    return ids
  }
  const all = await idsOf({})
  t.equal(all.length, count)
  t.same(await idsOf({ limit: 5, offset: 2 }), all.slice(2, 7))
  t.equal(await store.count({ source, columns: [], key: true, filter }), count)
}

const shortBytes = (_: string, value: unknown) => (value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value)
