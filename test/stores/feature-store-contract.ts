import type { Test } from 'tap'
import type { FeatureSource } from '#core/atlas.js'
import type { FeatureLayer, FeatureStore, LayerValue, TableDescription } from '#core/ports.js'
import type { FeatureQuery } from '#core/queries.js'
import type { Filter } from '#filters/filter.js'
import { writeEwkb } from '#geo/ewkb.js'
import { rowView } from '#rows/row-view.js'
import { equals, isNull } from '../support/filters.js'
import { aggregateContract } from './aggregate-contract.js'
import { pagingContract } from './paging-contract.js'
import { searchContract } from './search-contract.js'

/** How a store is made for the suite: empty, or at least without the schema `schema`. */
export interface ContractSubject {
  readonly store: FeatureStore
  readonly schema: string
  /** Words are found by their stems; true where absent. */
  readonly hasStems?: boolean
}

export const point = (x: number, y: number) => writeEwkb({ kind: 'Point', dimensions: 'xy', coordinates: Float64Array.of(x, y) })

/** A square with its lower left corner at x, y. */
export const square = (x: number, y: number, side: number) =>
  writeEwkb({ kind: 'Polygon', dimensions: 'xy', rings: [Float64Array.of(x, y, x + side, y, x + side, y + side, x, y + side, x, y)] })

/** `rows` places on a line from 700000, 6600000 in EPSG:2154, with accents, nulls and every kind of value. */
export function placesLayer(rows: number, { fails = false }: { fails?: boolean } = {}): FeatureLayer {
  const row = (i: number): LayerValue[] => [
    `lieu ${i}`,
    i % 7 === 0 ? null : `Évêché n° ${i % 5}`,
    i % 13,
    String(BigInt(i) * 10_000_000_000n),
    i / 8,
    `${i}.250`,
    i % 2 === 0,
    `2024-02-${String((i % 28) + 1).padStart(2, '0')}`,
    '12:34:56',
    '2024-02-29T12:34:56.789Z',
    '6f9619ff-8b86-d011-b42d-00c04fc964ff',
    '{"a": [1, "é"]}',
    new Uint8Array([0, 255, i % 256]),
    i % 50 === 49 ? null : point(700_000 + i, 6_600_000 + i),
  ]
  return {
    name: 'lieux',
    columns: [
      { name: 'code', kind: 'text' },
      { name: 'nom', kind: 'text' },
      { name: 'rang', kind: 'integer' },
      { name: 'grand', kind: 'bigint' },
      { name: 'mesure', kind: 'double' },
      { name: 'prix', kind: 'numeric' },
      { name: 'ouvert', kind: 'boolean' },
      { name: 'jour', kind: 'date' },
      { name: 'heure', kind: 'time' },
      { name: 'instant', kind: 'timestamptz' },
      { name: 'uuid', kind: 'uuid' },
      { name: 'divers', kind: 'json' },
      { name: 'octets', kind: 'bytes' },
    ],
    geometry: { name: 'geom', type: 'POINT', dimensions: 'xy', crs: 'EPSG:2154' },
    key: 'code',
    notes: [],
    async *read() {
      for (let from = 0; from < rows; from += 500)
        yield { rows: Array.from({ length: Math.min(500, rows - from) }, (_, i) => row(from + i)), progress: from / rows }
      if (fails) throw new Error('the file breaks off')
    },
  }
}

/** The source that a description describes. */
export function sourceOf(store: FeatureStore, table: TableDescription): FeatureSource {
  const { schema, columns, geometries, key } = table
  const source = { kind: 'features' as const, store: store.id, schema, table: table.table, columns, geometries, key }
  return geometries[0] ? { ...source, geometry: geometries[0].name } : source
}

/** All rows of a query, decoded. */
export async function found(store: FeatureStore, query: FeatureQuery, signal?: AbortSignal): Promise<unknown[][]> {
  const { schema, batches } = await store.find(query, signal)
  const rows: unknown[][] = []
  for await (const batch of batches) {
    if (batch.schema !== schema) throw new Error('a batch has its own schema')
    if (batch.count === 0) throw new Error('a batch is empty')
    const view = rowView(batch)
    for (let i = 0; i < batch.count; i++)
      rows.push(
        view
          .at(i)
          .values()
          .map(value => (Buffer.isBuffer(value) ? Buffer.from(value) : value)),
      )
  }
  return rows
}

/** What every feature store promises, whatever it is made of. */
export async function featureStoreContract(t: Test, open: () => Promise<ContractSubject>): Promise<void> {
  const { store, schema, hasStems = true } = await open()
  const total = 2_345
  const target = { schema, table: 'lieux', mode: 'create' } as const
  const described = async (table = 'lieux') => {
    const [description] = await store.discover({ schemas: [schema], table, withoutGeometry: true })
    if (!description) throw new Error(`${table} is not there`)
    return description
  }

  await t.test('loads a layer and describes it', async t => {
    const shares: (number | undefined)[] = []
    const summary = await store.load?.({ ...target, comment: 'Des lieux d’essai' }, placesLayer(total), {
      onProgress: (_, share) => shares.push(share),
    })
    t.equal(summary?.rows, total)
    t.ok(shares.length > 0, 'progress is told')
    const { key, geometries, columns, estimatedCount, comment, kind, isReadable, isWritable } = await described()
    t.match(
      { key, estimatedCount, comment, kind, isReadable, isWritable },
      {
        key: { kind: 'primary', columns: ['code'] },
        estimatedCount: total,
        comment: 'Des lieux d’essai',
        kind: 'table',
        isReadable: true,
        isWritable: true,
      },
    )
    const kinds = 'text text integer bigint double numeric boolean date time timestamptz uuid json bytes'
    t.equal(columns.map(column => column.kind).join(' '), kinds)
    const extent = [700_000, 6_600_000, 702_344, 6_602_344]
    t.match(geometries, [{ name: 'geom', type: 'POINT', dimensions: 'xy', crs: 'EPSG:2154', srid: 2154, isIndexed: true, extent }])
    t.same(await store.extent(sourceOf(store, await described()), 'geom'), extent)
    t.same(await store.invalidGeometries(sourceOf(store, await described()), 'geom'), { count: 0 })
    await t.rejects(store.load!(target, placesLayer(1), {}), { kind: 'conflict', message: /lieux/ })
  })

  const source = sourceOf(store, await described())
  const query = (more: Partial<FeatureQuery> = {}): FeatureQuery => ({ source, columns: [], key: true, ...more })
  const ids = async (filter: Filter, more: Partial<FeatureQuery> = {}) =>
    (await found(store, query({ filter, ...more }))).map(([id]) => String(id)).sort((a, b) => Number(a.slice(5)) - Number(b.slice(5)))
  const box = (from: number, to: number): Filter => ({
    kind: 'bbox',
    property: 'geom',
    bbox: [700_000 + from, 6_600_000, 700_000 + to, 6_700_000],
  })

  await t.test('tells what columns hold without reading tables', async t => {
    const description = await described()
    const columns = description.columns.filter(({ name }) => ['nom', 'rang', 'mesure', 'ouvert', 'code'].includes(name))
    const [lists, none] = await store.columnStatistics([
      { ...description, columns },
      { ...description, columns: [] },
    ])
    t.same(none, [])
    const of = (name: string) => lists.find(column => column.name === name)!
    t.same(lists.map(({ name }) => name).sort(), columns.map(({ name }) => name).sort(), 'of other columns nothing')
    t.same(new Set(of('nom').common.map(({ value }) => value)), new Set([0, 1, 2, 3, 4].map(n => `Évêché n° ${n}`)))
    t.ok(Math.abs(of('nom').nullShare - 1 / 7) < 0.01, `${of('nom').nullShare} null`)
    t.match(of('nom'), { kind: 'text', distinct: 5, isWhole: true, bounds: [] })
    t.same(
      of('rang')
        .common.map(({ value }) => value)
        .sort((a, b) => Number(a) - Number(b)),
      Array.from({ length: 13 }, (_, i) => i),
    )
    t.same(new Set(of('ouvert').common.map(({ value }) => value)), new Set([true, false]))
    const { bounds, common, isWhole, distinct } = of('mesure')
    t.match({ common, isWhole, distinct }, { common: [], isWhole: false, distinct: total })
    t.same([bounds[0], bounds.at(-1)], [0, (total - 1) / 8])
    t.ok(
      bounds.every((bound, i) => i === 0 || bound > bounds[i - 1]),
      'rising',
    )
    t.ok(Math.abs(bounds[Math.floor(bounds.length / 2)] - total / 16) < total / 200, 'the middle bound is the median')
    t.same(of('code').common, [], 'what never repeats is no common value')
  })

  await t.test('tells what a column holds', async t => {
    const { columns, ...table } = await described()
    const of = (name: string, most: number) => store.columnValues(table, columns.find(column => column.name === name)!, most)
    const day = (n: number) => Date.UTC(2024, 1, n)
    t.same(await of('jour', 28), { least: day(1), greatest: day(28), values: Array.from({ length: 28 }, (_, i) => day(i + 1)) })
    t.same(await of('jour', 27), { least: day(1), greatest: day(28) }, 'more than were asked for')
    t.same(await of('jour', 0), { least: day(1), greatest: day(28) })
    const moment = Date.UTC(2024, 1, 29, 12, 34, 56, 789)
    t.same(await of('instant', 5), { least: moment, greatest: moment, values: [moment] })
    t.same(await of('rang', 13), { least: 0, greatest: 12, values: Array.from({ length: 13 }, (_, i) => i) })
    t.same(await of('mesure', 10), { least: 0, greatest: (total - 1) / 8 })
    t.same(await of('prix', 0), { least: 0.25, greatest: total - 1 + 0.25 })
    t.same(await of('grand', 0), { least: 0, greatest: (total - 1) * 1e10 })
    const { values, ...rest } = await of('nom', 5)
    t.same(
      [...(values ?? [])].sort(),
      [0, 1, 2, 3, 4].map(n => `Évêché n° ${n}`),
      'nulls are none',
    )
    t.same(rest, {}, 'texts have no order')
    t.same(await of('code', 5), {})
  })

  await t.test('gives back what was loaded, columns in the order asked, each row once', async t => {
    const rows = await found(
      store,
      query({ columns: ['geom', 'nom', 'rang', 'grand', 'mesure', 'prix', 'ouvert', 'jour', 'heure', 'instant', 'uuid', 'octets'] }),
    )
    t.equal(rows.length, total)
    t.equal(new Set(rows.map(([id]) => id)).size, total)
    const row = rows.find(([id]) => id === 'lieu 8')!
    const [, geometry, nom, rang, grand, mesure, prix, ouvert, jour, heure, instant, uuid, octets] = row
    t.same(Buffer.from(geometry as Uint8Array).subarray(-16), Buffer.from(point(700_008, 6_600_008)).subarray(-16))
    t.same(
      [nom, rang, Number(grand), mesure, Number(prix), ouvert, jour, heure, uuid],
      ['Évêché n° 3', 8, 8e10, 1, 8.25, true, '2024-02-09', '12:34:56', '6f9619ff-8b86-d011-b42d-00c04fc964ff'],
    )
    t.equal(new Date(String(instant)).getTime(), Date.UTC(2024, 1, 29, 12, 34, 56, 789))
    t.same([...(octets as Uint8Array)], [0, 255, 8])
    const [, nothing, none] = rows.find(([id]) => id === 'lieu 49')!
    t.same([nothing, none], [null, null])
    const [json] = await found(store, query({ key: false, columns: ['divers'], limit: 1 }))
    t.same(JSON.parse(String(json?.[0])), { a: [1, 'é'] })
  })

  await t.test('selects by box, ids and values', async t => {
    t.same(await ids(box(3, 5)), ['lieu 3', 'lieu 4', 'lieu 5'])
    t.same(await ids({ kind: 'bbox', property: 'geom', bbox: [0, 0, 1, 1] }), [])
    t.equal((await ids(box(0, 2000))).length, 2001 - 40, 'more than a slice; rows without geometry are in no box')
    t.same(await ids({ kind: 'ids', ids: ['lieu 9', 'lieu 1', 'nulle part', "'; DROP TABLE lieux --", '', '\0'] }), ['lieu 1', 'lieu 9'])
    t.same(await ids({ kind: 'ids', ids: [] }), [])
    t.equal((await ids(equals('rang', 4))).length, 181)
    t.same(await ids(equals('rang', 'quatre')), [])
    t.equal((await ids(equals('rang', '4.0'))).length, 181)
    t.same(await ids(equals('rang', 4.5)), [])
    t.same(await ids(equals('mesure', 0.125)), ['lieu 1'])
    t.same(await ids(equals('nom', 'a\0b')), [])
    t.equal((await ids(isNull('nom'))).length, 335)
    t.equal((await ids(equals('nom', 'Évêché n° 3'))).length, 402)
    t.same(await ids({ kind: 'and', all: [box(0, 10), { kind: 'not', filter: box(1, 10) }] }), ['lieu 0'])
    t.same(await ids({ kind: 'or', any: [box(1, 1), { kind: 'ids', ids: ['lieu 2'] }] }), ['lieu 1', 'lieu 2'])
    t.equal((await ids({ kind: 'not', filter: { kind: 'ids', ids: ['lieu 2'] } })).length, total - 1)
    t.equal((await ids({ kind: 'and', all: [] })).length, total)
    t.same(await ids({ kind: 'or', any: [] }), [])
  })

  await t.test('sorts, pages and counts', async t => {
    const sort = [{ column: 'mesure', descending: true }]
    const page = async (more: Partial<FeatureQuery>) => (await found(store, query({ sort, ...more }))).map(([id]) => id)
    t.same(await page({ limit: 3 }), ['lieu 2344', 'lieu 2343', 'lieu 2342'])
    t.same(await page({ limit: 2, offset: 2 }), ['lieu 2342', 'lieu 2341'])
    t.same(await page({ limit: 0 }), [])
    t.same(await page({ offset: total }), [])
    const long = await page({ limit: 1500, offset: 100 })
    t.same([long.length, long[0], long.at(-1)], [1500, 'lieu 2244', 'lieu 745'], 'more than a slice keeps its order')
    const pages = await Promise.all(
      [0, 50, 100, 150].map(offset => page({ sort: [{ column: 'rang', descending: false }], offset, limit: 50 })),
    )
    t.equal(new Set(pages.flat()).size, 200, 'rows that are equal stay in their order from page to page')
    t.equal(await store.count(query({ limit: 1, offset: 5, filter: box(0, 9) })), 10, 'a count leaves the page aside')
    t.equal(await store.count(query()), total)
  })

  await pagingContract(t, store, schema)
  await searchContract(t, store, schema, hasStems)
  if (store.aggregate) await aggregateContract(t, store, schema)

  await t.test('a restricted source has no other rows', async t => {
    const unseen = source.columns.filter(({ name }) => name === 'rang')
    const columns = source.columns.filter(({ name }) => name !== 'rang')
    const less = (restriction: Filter) => ({ source: { ...source, columns, restriction: { filter: restriction, columns: unseen } } })
    // by a column that nobody sees, by the database and by what it does not compute
    const upper: Filter = {
      kind: 'compare',
      operator: '=',
      left: { kind: 'call', name: 'strToUpperCase', args: [{ kind: 'property', name: 'code' }] },
      right: { kind: 'literal', value: 'LIEU 14' },
    }
    for (const [restriction, all, some] of [
      [equals('rang', 1), Math.ceil((total - 1) / 13), ['lieu 1', 'lieu 14', 'lieu 27']],
      [{ kind: 'and', all: [equals('rang', 1), upper] }, 1, ['lieu 14']],
    ] as const) {
      t.same(await ids(box(0, 30), less(restriction)), some)
      t.equal((await found(store, query(less(restriction)))).length, all)
      t.equal(await store.count(query(less(restriction))), all)
      t.equal(await store.count(query({ ...less(restriction), filter: box(0, 30) })), some.length)
      t.same(await ids({ kind: 'ids', ids: ['lieu 14', 'lieu 15'] }, less(restriction)), ['lieu 14'])
      t.same(await ids({ kind: 'or', any: [box(0, 30), equals('code', 'lieu 3')] }, less(restriction)), some, 'an OR does not reach beyond')
    }
  })

  await t.test('refuses what it does not know, by name', async t => {
    await t.rejects(store.find(query({ columns: ['altitude'] })), { kind: 'unknown-property', message: /altitude/ })
    await t.rejects(store.find(query({ filter: equals('altitude', 1) })), {
      kind: 'unknown-property',
      message: /altitude/,
    })
  })

  await t.test('goes on after a consumer has left in the middle', async t => {
    for (let i = 0; i < 5; i++) {
      for await (const batch of (await store.find(query({ columns: ['geom', 'nom'] }))).batches) {
        t.ok(batch.count > 0)
        break
      }
    }
    await t.rejects(store.find(query(), AbortSignal.abort()))
    const leaving = new AbortController()
    const { batches } = await store.find(query({ columns: ['geom', 'nom'] }), leaving.signal)
    leaving.abort()
    await batches[Symbol.asyncIterator]()
      .next()
      .catch(() => {})
    t.equal((await found(store, query())).length, total)
  })

  await t.test('answers many at a time', async t => {
    const counts = await Promise.all(
      Array.from({ length: 24 }, async (_, i) => (await found(store, query({ filter: box(0, i * 90), columns: ['geom'] }))).length),
    )
    t.same(
      counts,
      Array.from({ length: 24 }, (_, i) => i * 90 + 1 - Math.floor((i * 90 + 1) / 50)),
    )
  })

  await t.test('replaces and appends all or nothing, and drops', async t => {
    await t.rejects(store.load!({ ...target, mode: 'replace' }, placesLayer(2_000, { fails: true }), {}))
    await t.rejects(store.load!({ ...target, mode: 'append' }, placesLayer(2_000, { fails: true }), {}))
    t.equal(await store.count(query()), total, 'a file that breaks off leaves the table as it was')
    await t.rejects(store.load!({ ...target, table: 'rompu' }, placesLayer(2_000, { fails: true }), {}))
    t.same(
      (await store.discover({ schemas: [schema], withoutGeometry: true })).map(found => found.table),
      ['lieux'],
      'and nothing beside it',
    )
    t.match(await store.load?.({ ...target, mode: 'replace' }, placesLayer(3), {}), { rows: 3 })
    t.equal(await store.count(query()), 3)
    const more: FeatureLayer = {
      ...placesLayer(0),
      async *read() {
        yield { rows: [['lieu 99', null, null, null, null, null, null, null, null, null, null, null, null, point(1, 2)]] }
      },
    }
    t.match(await store.load?.({ ...target, mode: 'append' }, more, {}), { rows: 1 })
    t.same(await ids({ kind: 'bbox', property: 'geom', bbox: [0, 0, 5, 5] }), ['lieu 99'])
    const leaving = new AbortController()
    const leave = { signal: leaving.signal, onProgress: () => leaving.abort() }
    await t.rejects(store.load!({ ...target, mode: 'replace' }, placesLayer(20_000), leave))
    t.equal(await store.count(query()), 4, 'nor does one that was given up')
    await store.drop?.(schema, 'lieux')
    t.same(await store.discover({ schemas: [schema], withoutGeometry: true }), [])
  })

  await t.test('says that it is closed', async t => {
    await store.ping()
    await store.close()
    await t.rejects(store.count(query()), { kind: 'unavailable', message: /closed|answer/ })
  })
}
