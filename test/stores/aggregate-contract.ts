import type { Test } from 'tap'
import { type AggregateRequest, aggregateFeatures } from '#core/aggregate-features.js'
import type { FeatureLayer, FeatureStore, LayerValue } from '#core/ports.js'
import type { Measure, TimeUnit } from '#core/queries.js'
import { readTextSearch } from '#core/text-search.js'
import { rowView } from '#rows/row-view.js'
import { compare } from '../support/filters.js'
import { pick, seeded, seededInteger } from '../support/seeded.js'
import { point, sourceOf } from './feature-store-contract.js'

interface Sale {
  readonly id: number
  readonly nature: string | null
  readonly prix: string | null
  readonly grand: string
  readonly mesure: number | null
  readonly jour: string | null
  readonly instant: string | null
}

const random = seeded(3)
const maybe = <T>(value: T): T | null => (random() < 0.1 ? null : value)
/** Around both changes of the clock in Paris, and the turns of years and weeks. */
const moment = () =>
  new Date(
    pick(random, [Date.UTC(2024, 2, 31), Date.UTC(2024, 9, 27), Date.UTC(2023, 11, 31), Date.UTC(2024, 5, 15)]) +
      seededInteger(random, -40, 40) * 1_800_000,
  )
const sales: readonly Sale[] = Array.from({ length: 700 }, (_, id) => ({
  id,
  nature: maybe(pick(random, ['Maison', 'Appartement', 'Évêché', "L'île"])),
  prix: maybe(`${seededInteger(random, -500, 500)}.${String(seededInteger(random, 0, 99)).padStart(2, '0')}`),
  grand: String(9_007_199_254_740_993n + BigInt(seededInteger(random, 0, 50))),
  mesure: maybe(seededInteger(random, -40, 40) / 10),
  jour: maybe(moment().toISOString().slice(0, 10)),
  instant: maybe(moment().toISOString()),
}))

const layer: FeatureLayer = {
  name: 'ventes',
  columns: [
    { name: 'id', kind: 'integer' },
    { name: 'nature', kind: 'text' },
    { name: 'prix', kind: 'numeric' },
    { name: 'grand', kind: 'bigint' },
    { name: 'mesure', kind: 'double' },
    { name: 'jour', kind: 'date' },
    { name: 'instant', kind: 'timestamptz' },
    { name: 'divers', kind: 'json' },
  ],
  geometry: { name: 'geom', type: 'POINT', dimensions: 'xy', crs: 'EPSG:2154' },
  key: 'id',
  notes: [],
  async *read() {
    yield {
      rows: sales.map(({ id, nature, prix, grand, mesure, jour, instant }): LayerValue[] => [
        id,
        nature,
        prix,
        grand,
        mesure,
        jour,
        instant,
        '{}',
        id % 50 === 0 ? null : point(700_000 + id, 6_600_000 - id),
      ]),
    }
  },
}

/** Rows by what `of` makes of each. */
function grouped<K>(of: (sale: Sale) => K): Map<K, Sale[]> {
  const groups = new Map<K, Sale[]>()
  for (const sale of sales) {
    const key = of(sale)
    const group = groups.get(key)
    if (group) group.push(sale)
    else groups.set(key, [sale])
  }
  return groups
}

const held = <T>(values: readonly (T | null)[]): T[] => values.filter((value): value is T => value !== null)
const cents = (text: string) => BigInt(text.replace('.', ''))
const decimal = (text: string) => (text.startsWith('-') ? -cents(text.slice(1)) : cents(text))

/** The local date and hour in a zone, by the calendar of JavaScript. */
function local(instant: string, timeZone: string) {
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(new Date(instant))
  return parts
}

function startOf(day: string, unit: TimeUnit): string {
  const date = new Date(`${day}T00:00:00Z`)
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()]
  if (unit === 'week') date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7))
  const start = {
    year: Date.UTC(year, 0),
    quarter: Date.UTC(year, month - (month % 3)),
    month: Date.UTC(year, month),
    week: date.getTime(),
    day: date.getTime(),
    hour: 0,
  }
  return new Date(start[unit]).toISOString().slice(0, 10)
}

/** What every store promises that can put rows together. */
export async function aggregateContract(t: Test, store: FeatureStore, schema: string): Promise<void> {
  await store.load?.({ schema, table: 'ventes', mode: 'create' }, layer, {})
  t.teardown(() => store.drop?.(schema, 'ventes').catch(() => {}))
  const [description] = await store.discover({ schemas: [schema], table: 'ventes' })
  const source = sourceOf(store, description!)
  const names = source.columns.map(({ name }) => name)
  const count: Measure = { name: 'count', kind: 'count' }
  const rowsOf = async (request: Partial<AggregateRequest>): Promise<unknown[][]> => {
    const { batches } = await aggregateFeatures(store, { source, names, groupBy: [], measures: [count], ...request })
    const rows: unknown[][] = []
    for await (const batch of batches) for (let i = 0; i < batch.count; i++) rows.push(rowView(batch).at(i).values())
    return rows
  }
  const by = (column: string, bin?: NonNullable<AggregateRequest['groupBy'][number]['bin']>) => ({ name: 'g', column, ...(bin && { bin }) })

  await t.test('groups have exact sums, averages, ends and shares', async t => {
    const measures: Measure[] = [
      count,
      { name: 'n', kind: 'count', column: 'prix' },
      { name: 'd', kind: 'count-distinct', column: 'prix' },
      { name: 's', kind: 'sum', column: 'prix' },
      { name: 'g', kind: 'sum', column: 'grand' },
      { name: 'least', kind: 'min', column: 'jour' },
      { name: 'most', kind: 'max', column: 'instant' },
      { name: 'm', kind: 'percentile', column: 'mesure', fraction: 0.9 },
      { name: 'a', kind: 'avg', column: 'prix' },
      { name: 'f', kind: 'sum', column: 'mesure' },
    ]
    const rows = await rowsOf({ groupBy: [{ name: 'nature', column: 'nature' }], measures })
    const groups = grouped(({ nature }) => nature)
    t.equal(rows.length, groups.size)
    t.ok(
      rows.some(([nature]) => nature === null),
      'null is a group',
    )
    t.same(
      rows.map(row => row[1]),
      [...rows.map(row => row[1] as number)].sort((a, b) => b - a),
      'the largest first',
    )
    for (const [nature, all, n, d, s, g, least, most, m, a, f] of rows) {
      const group = groups.get(nature as string | null)!
      const prices = held(group.map(({ prix }) => prix))
      const sum = prices.reduce((total, each) => total + decimal(each), 0n)
      t.same([all, n, d], [group.length, prices.length, new Set(prices).size], String(nature))
      t.equal(decimal(String(s)), sum, 'a sum of decimals is exact')
      t.equal(
        BigInt(String(g)),
        group.reduce((total, { grand }) => total + BigInt(grand), 0n),
        'and of large integers',
      )
      t.equal(least, held(group.map(({ jour }) => jour)).sort()[0])
      t.equal(new Date(String(most)).getTime(), Math.max(...held(group.map(({ instant }) => instant)).map(Date.parse)))
      const measured = held(group.map(({ mesure }) => mesure)).sort((x, y) => x - y)
      const place = 0.9 * (measured.length - 1)
      const [low, high] = [measured[Math.floor(place)]!, measured[Math.ceil(place)]!]
      t.ok(Math.abs((m as number) - (low + (high - low) * (place - Math.floor(place)))) < 1e-9)
      t.ok(Math.abs(Number(a) - Number(sum) / 100 / prices.length) < 1e-9)
      t.ok(Math.abs((f as number) - measured.reduce((x, y) => x + y, 0)) < 1e-9)
    }
  })

  await t.test('moments fall into stretches of the calendar of a zone', async t => {
    for (const unit of ['year', 'quarter', 'month', 'week', 'day'] as const) {
      for (const zone of ['UTC', 'Europe/Paris', 'America/Cayenne', 'Indian/Reunion']) {
        const groups = grouped(({ instant }) => instant && startOf(local(instant, zone), unit))
        const rows = await rowsOf({ groupBy: [by('instant', { kind: 'time', unit, zone })] })
        t.same(new Map(rows as [string, number][]), new Map([...groups].map(([key, { length }]) => [key, length])), `${unit} ${zone}`)
        const starts = rows.map(([start]) => start)
        t.same(starts, [...held(starts as string[])].sort().concat(starts.includes(null) ? [null as never] : []), 'in their order')
      }
      const days = grouped(({ jour }) => jour && startOf(jour, unit))
      const rows = await rowsOf({ groupBy: [by('jour', { kind: 'time', unit, zone: 'America/Cayenne' })] })
      t.same(
        new Map(rows as [string, number][]),
        new Map([...days].map(([key, { length }]) => [key, length])),
        `dates have no zone: ${unit}`,
      )
    }
    const hours = grouped(({ instant }) => instant && `${instant.slice(0, 13)}:00:00Z`)
    const rows = await rowsOf({ groupBy: [by('instant', { kind: 'time', unit: 'hour', zone: 'Europe/Paris' })] })
    t.same(
      new Map(rows as [string, number][]),
      new Map([...hours].map(([key, { length }]) => [key, length])),
      'the hour that is there twice is two',
    )
  })

  await t.test('numbers fall into stretches of a width', async t => {
    const tenths = grouped(({ mesure }) => (mesure === null ? null : Math.floor(Math.round(mesure * 10) / 3) * 3))
    const rows = await rowsOf({ groupBy: [by('mesure', { kind: 'width', width: '0.3' })] })
    t.same(
      new Map(rows.map(([start, n]) => [start === null ? null : Math.round(Number(start) * 10), n])),
      new Map([...tenths].map(([key, { length }]) => [key, length])),
    )
    const floor = (value: bigint, step: bigint) => value - (((value % step) + step) % step)
    const prices = grouped(({ prix }) => (prix === null ? null : String(floor(decimal(prix), 2550n))))
    t.same(
      new Map(
        (await rowsOf({ groupBy: [by('prix', { kind: 'width', width: '25.5' })] })).map(([start, n]) => [
          start === null ? null : String(Math.round(Number(start) * 100)),
          n,
        ]),
      ),
      new Map([...prices].map(([key, { length }]) => [key, length])),
    )
    const large = grouped(({ grand }) => String(floor(BigInt(grand), 7n)))
    t.same(
      new Map((await rowsOf({ groupBy: [by('grand', { kind: 'width', width: '7' })] })) as [string, number][]),
      new Map([...large].map(([key, { length }]) => [key, length])),
      'large ones too',
    )
    for (const bins of [2, 10, 37]) {
      const { groupBy } = await aggregateFeatures(store, {
        source,
        names,
        groupBy: [by('mesure', { kind: 'bins', count: bins })],
        measures: [count],
      })
      const found = held((await rowsOf({ groupBy: [by('mesure', { kind: 'bins', count: bins })] })).map(([start]) => start))
      t.ok(found.length <= bins && found.length > bins / 3, `${found.length} of ${bins}, ${JSON.stringify(groupBy[0]?.bin)}`)
    }
  })

  await t.test('groups of several columns, of some rows, in an order', async t => {
    const filter = compare('id', '<', 300)
    const groups = grouped(({ nature, jour, id }) => (id < 300 ? `${nature} ${jour && startOf(jour, 'month')}` : undefined))
    groups.delete(undefined)
    const groupBy = [
      { name: 'nature', column: 'NATURE' },
      { name: 'mois', column: 'jour', bin: { kind: 'time', unit: 'month', zone: 'UTC' } } as const,
    ]
    const rows = await rowsOf({ groupBy, filter })
    t.same(
      new Map(rows.map(([nature, month, n]) => [`${nature} ${month}`, n])),
      new Map([...groups].map(([key, { length }]) => [key, length])),
    )
    const sorted = await rowsOf({ groupBy, filter, sort: [{ column: 'count', descending: false }], limit: 4 })
    t.equal(sorted.length, 5, 'one more than the limit')
    t.same(
      sorted.map(row => row[2]),
      [...groups.values()]
        .map(({ length }) => length)
        .sort((a, b) => a - b)
        .slice(0, 5),
    )
    const search = readTextSearch('eveche, ile', source)
    t.same((await rowsOf({ groupBy: [{ name: 'nature', column: 'nature' }], search })).map(([nature]) => nature).sort(), [
      "L'île",
      'Évêché',
    ])
  })

  await t.test('all rows are one group, none are none', async t => {
    const measures: Measure[] = [count, { name: 'box', kind: 'extent', column: '' }, { name: 's', kind: 'sum', column: 'prix' }]
    t.same(
      (await rowsOf({ measures })).map(row => row.slice(0, 5)),
      [[700, 700_001, 6_599_301, 700_699, 6_599_999]],
    )
    t.same(await rowsOf({ measures, filter: compare('id', '<', 0) }), [[0, null, null, null, null, null]])
    t.same(await rowsOf({ groupBy: [by('nature')], filter: compare('id', '<', 0) }), [])
    const restriction = { filter: compare('id', '<', 10), columns: [] }
    t.same(await rowsOf({ source: { ...source, restriction } }), [[10]], 'nor are those of a restriction there')
  })

  await t.test('what cannot be put together is refused, with what could', async t => {
    const refused = async (request: Partial<AggregateRequest>, kind: string, message: RegExp) =>
      t.rejects(rowsOf(request), { kind, message }, String(message))
    await refused({ groupBy: [by('natur')] }, 'unknown-property', /Near it are nature/)
    await refused({ groupBy: [by('grand')], names: ['nature'] }, 'unknown-property', /grand/)
    await refused({ groupBy: [by('divers')] }, 'invalid-parameter', /divers.*json.*nature/)
    await refused(
      { groupBy: [by('nature', { kind: 'time', unit: 'month', zone: 'UTC' })] },
      'invalid-parameter',
      /month.*nature.*jour, instant/,
    )
    await refused({ groupBy: [by('jour', { kind: 'time', unit: 'hour', zone: 'UTC' })] }, 'invalid-parameter', /hour.*instant/)
    await refused(
      { groupBy: [by('instant', { kind: 'time', unit: 'day', zone: "Europe/Paris'; --" })] },
      'invalid-parameter',
      /Europe\/Paris would work/,
    )
    await refused({ groupBy: [by('instant', { kind: 'time', unit: 'day', zone: 'Mars/Olympus' })] }, 'invalid-parameter', /no time zone/)
    for (const width of ['0', '-1', '1e400', "1'; --", 'NaN', ''])
      await refused({ groupBy: [by('prix', { kind: 'width', width })] }, 'invalid-parameter', /above 0/)
    await refused({ groupBy: [by('prix', { kind: 'bins', count: 1e9 })] }, 'invalid-parameter', /2 to 1000/)
    await refused({ measures: [{ name: 's', kind: 'sum', column: 'nature' }] }, 'invalid-parameter', /sum.*nature.*prix/)
    await refused({ measures: [{ name: 's', kind: 'percentile', column: 'prix', fraction: 2 }] }, 'invalid-parameter', /0 to 1/)
    await refused({ measures: [] }, 'invalid-parameter', /count/)
    await refused({ measures: [count, count] }, 'invalid-parameter', /twice/)
    await refused(
      { groupBy: ['id', 'nature', 'prix', 'grand', 'jour'].map(column => ({ name: column, column })) },
      'invalid-parameter',
      /4/,
    )
    await refused({ sort: [{ column: 'nature', descending: true }] }, 'unknown-property', /nature/)
    t.equal(await store.count({ source, columns: [], key: false }), 700)
    await store.drop?.(schema, 'ventes')
  })
}
