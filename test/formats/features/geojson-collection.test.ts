import t from 'tap'
import type { FeatureTable } from '#core/feature-table.js'
import { putValue } from '#formats/features/geojson.js'
import { geojsonCollection } from '#formats/features/geojson-collection.js'
import { putGeoJsonGeometry } from '#formats/features/geojson-geometry.js'
import type { Page, WriteOptions } from '#formats/features/index.js'
import { TextSink } from '#formats/text-sink.js'
import { writeEwkb } from '#geo/ewkb.js'
import type { RowBatch, RowColumn } from '#rows/batch.js'
import { oidOfKind, oids } from '#rows/pg-types.js'
import { RowBuilder } from '#rows/row-builder.js'
import { rowView } from '#rows/row-view.js'
import { randomGeometry } from '../../support/random-geometry.js'
import { pick, seeded, seededInteger } from '../../support/seeded.js'

const attributes: readonly RowColumn[] = [
  { name: 'nom "é"', kind: 'text', oid: oids.text },
  { name: 'int2', kind: 'integer', oid: oids.int2 },
  { name: 'int4', kind: 'integer', oid: oids.int4 },
  { name: 'int8', kind: 'bigint', oid: oids.int8 },
  { name: 'oid', kind: 'integer', oid: oids.oid },
  { name: 'float8', kind: 'double', oid: oids.float8 },
  { name: 'float4', kind: 'double', oid: oids.float4 },
  { name: 'numeric', kind: 'numeric', oid: oids.numeric },
  { name: 'boolean', kind: 'boolean', oid: oids.bool },
  { name: 'date', kind: 'date', oid: oids.date },
  { name: 'time', kind: 'time', oid: oids.time },
  { name: 'timetz', kind: 'time', oid: oids.timetz },
  { name: 'timestamp', kind: 'timestamp', oid: oids.timestamp },
  { name: 'timestamptz', kind: 'timestamptz', oid: oids.timestamptz },
  { name: 'uuid', kind: 'uuid', oid: oids.uuid },
  { name: 'json', kind: 'json', oid: oids.json },
  { name: 'jsonb', kind: 'json', oid: oids.jsonb },
  { name: 'bytes', kind: 'bytes', oid: oids.bytea },
  { name: 'other', kind: 'geometry', oid: 0 },
]
const columns: readonly RowColumn[] = [
  { name: '@id', kind: 'text', oid: oids.text },
  ...attributes,
  { name: 'geom', kind: 'geometry', oid: oidOfKind.geometry },
]

const texts = [
  '',
  'Sainte-Orée',
  'L’Haÿ-les-Roses',
  '"\\/',
  '\b\t\n\f\r\u0001\u001f\u007f',
  '𝄞 clef de sol',
  '12345678',
  'abcdefg"',
  '\u2028',
] as const
const doubles = [
  0,
  -0,
  1,
  -1.5,
  0.1,
  1 / 3,
  1e-6,
  9.99e-7,
  1e15,
  1e21,
  123456.789,
  5e-324,
  1.7976931348623157e308,
  Number.NaN,
  Infinity,
  2.5,
  100,
  0.000123456789,
] as const
const numerics = [
  '0',
  '-0.050',
  '12.50',
  '123456789012345678901234567890.000001',
  'NaN',
  'Infinity',
  '0.0000000000001',
  '10000',
  '1000000000000.1',
] as const
const days = [
  '2024-02-29',
  '1999-12-31',
  '2000-01-01',
  '0000-01-01',
  '9999-12-31',
  '10000-01-01',
  '0001-03-01',
  '-0043-03-15',
  'infinity',
  '1900-02-28',
  '1582-10-15',
] as const
const clocks = ['00:00:00', '08:30:00.25', '23:59:59.999999', '24:00:00', '12:00:00.000001'] as const

function randomRow(random: () => number, row: number): Parameters<RowBuilder['row']>[0] {
  const double = () => (random() < 0.5 ? pick(random, doubles) : pick(random, [1, 1e3, 1e9, 1e-3]) * (random() - 0.5))
  const day = () => (random() < 0.5 ? pick(random, days) : `${seededInteger(random, 1000, 9999)}-0${seededInteger(random, 1, 9)}-28`)
  const stamp = () => {
    const date = day()
    return date === 'infinity' || date === '-0043-03-15' ? date : `${date}T${pick(random, clocks)}`
  }
  const any = [
    pick(random, texts),
    seededInteger(random, -32768, 32767),
    seededInteger(random, -(2 ** 31), 2 ** 31 - 1),
    pick(random, [2n ** 63n - 1n, -(2n ** 63n), 0n, 9007199254740993n, BigInt(row)]),
    seededInteger(random, 0, 2 ** 32 - 1),
    double(),
    double(),
    pick(random, numerics),
    random() < 0.5,
    day(),
    pick(random, clocks),
    `${pick(random, clocks)}+02:00`,
    stamp(),
    stamp(),
    '6f9619ff-8b86-d011-b42d-00cf4fc964ff',
    '{"à": [1, 2.50]}',
    '{"a": null}',
    Uint8Array.of(1, 2, row & 255),
    writeEwkb(randomGeometry(random)),
  ]
  return [
    random() < 0.1 ? null : `${row}"`,
    ...any.map(value => (random() < 0.15 ? null : value)),
    random() < 0.1 ? null : writeEwkb(randomGeometry(random)),
  ]
}

function batchesOf(seed: number, counts: readonly number[]): RowBatch[] {
  const random = seeded(seed)
  const builder = new RowBuilder({ columns })
  let row = 0
  return counts.map(count => {
    for (let i = 0; i < count; i++) builder.row(randomRow(random, row++))
    return builder.take()
  })
}

function tableOf(batches: readonly RowBatch[], more: Partial<FeatureTable> = {}): FeatureTable {
  return {
    id: 'all',
    title: 'All',
    columns: attributes.map(({ name, kind }) => ({ name, kind, nativeType: kind, isNullable: true })),
    geometry: { name: 'geom', type: 'GEOMETRY', dimensions: 'xy', crs: 'EPSG:2154' },
    hasNumericIds: false,
    schema: { columns },
    batches: (async function* () {
      yield* batches
    })(),
    ...more,
  }
}

const options: WriteOptions = { languages: ['en'], parameters: new Map(), temporaryFolder: '', namespaces: new Map(), namespace: '' }

async function written(table: FeatureTable, more: Partial<WriteOptions> = {}): Promise<{ text: string; pieces: number[] }> {
  const pieces: Uint8Array[] = []
  for await (const piece of geojsonCollection.write(table, { ...options, ...more })) pieces.push(piece)
  return { text: Buffer.concat(pieces).toString(), pieces: pieces.map(({ length }) => length) }
}

/** Features by the writers that work value by value in JavaScript. */
function plainFeatures(batches: readonly RowBatch[], numbers: { decimals: number; tolerance: number; isFlipped: boolean }): string {
  const features = batches.flatMap(batch =>
    Array.from({ length: batch.count }, (_, i) => {
      const row = rowView(batch).at(i)
      const sink = new TextSink().text('{"type":"Feature"')
      const id = row.text(0)
      if (id !== null) sink.text(`,"id":${JSON.stringify(id)}`)
      sink.text(',"geometry":')
      const shape = row.bytes(columns.length - 1)
      if (shape) putGeoJsonGeometry(sink, shape, numbers)
      else sink.text('null')
      sink.text(',"properties":{')
      for (const [k, { name }] of attributes.entries()) {
        sink.text(`${k ? ',' : ''}${JSON.stringify(name)}:`)
        putValue(sink, columns[k + 1], row, k + 1, numbers)
      }
      return sink.text('}}').toString()
    }),
  )
  return features.join(',')
}

t.test('every kind of value and of geometry is written byte for byte as value by value', async t => {
  for (const [decimals, isFlipped] of [
    [3, false],
    [9, true],
    [0, false],
    [12, true],
    [7, false],
    [8, true],
  ] as const) {
    const batches = batchesOf(decimals + 1, [40, 1, 0, 160])
    const { text } = await written(tableOf(batches), { decimals, isFlipped })
    const from = text.indexOf('"features":[') + 12
    const right = plainFeatures(batches, { decimals, tolerance: 0.01, isFlipped })
    t.equal(text.slice(from, text.lastIndexOf(']')), right, `${decimals} decimals`)
    t.match(JSON.parse(text), { type: 'FeatureCollection', numberReturned: 201 })
  }
})

t.test('vertices that share their first digits are written as others are', async t => {
  const random = seeded(77)
  for (const [decimals, x, y, step] of [
    [9, 2.3, 48.8, 1e-4],
    [9, -1e-5, 0.1, 1e-6],
    [8, 0, -1, 1e-3],
    [3, 700_000, 6_800_000, 40],
    [3, 99_990, -100_010, 10],
    [0, 1e8, -1e8, 3],
    [12, 1.0001, -0.0001, 1e-6],
  ] as const) {
    const coordinates = Float64Array.from({ length: 400 }, (_, i) => (i % 2 ? y : x) + Math.round((random() - 0.5) * 200) * step)
    const builder = new RowBuilder({ columns })
    builder.row([null, ...attributes.map(() => null), writeEwkb({ kind: 'LineString', dimensions: 'xy', coordinates })])
    const batch = builder.take()
    const { text } = await written(tableOf([batch]), { decimals })
    const from = text.indexOf('"features":[') + '"features":['.length
    t.equal(
      text.slice(from, text.lastIndexOf(']')),
      plainFeatures([batch], { decimals, tolerance: 0.01, isFlipped: false }),
      `${decimals}, ${x}`,
    )
  }
})

t.test('coordinates are rounded as numbers of that many decimals, half a unit away from zero', async t => {
  const random = seeded(7)
  const builder = new RowBuilder({ columns: [columns[0], columns.at(-1)!] })
  const values = Array.from({ length: 4000 }, () => (random() - 0.5) * 10 ** seededInteger(random, -4, 12))
  values.push(0.0005, -0.0005, 0.4999999, 1e9 - 0.0005, 99999999.9995, 100000000, 8999999999999.998, 1e13, 1e22, 2 ** 53, 999999.9995)
  for (const value of values) builder.row(['1', writeEwkb({ kind: 'Point', dimensions: 'xy', coordinates: Float64Array.of(value, 1) })])
  const { text } = await written(tableOf([builder.take()], { columns: [], schema: { columns: [columns[0], columns.at(-1)!] } }), {
    decimals: 3,
  })
  const read = JSON.parse(text).features.map((feature: { geometry: { coordinates: number[] } }) => feature.geometry.coordinates[0])
  t.same(
    read,
    values.map(value => Math.sign(value) * (Math.round(Math.abs(value) * 1000) / 1000) + 0),
  )
  t.notMatch(text, /[eE][+-]?\d|-0[,\]]|\.\d*0[,\]]/, 'no exponents, no negative zero, no zeros at the end')
})

t.test('a page says what is known of it; one feature is no collection', async t => {
  const page: Page = {
    numberMatched: () => 7,
    timeStamp: '2026-01-01T00:00:00Z',
    links: [{ href: 'https://example.org/items', rel: 'self' }],
    lastLinks: () => [{ href: 'https://example.org/items?cursor=2', rel: 'next' }],
    itemsAddress: 'https://example.org/items',
  }
  const { text } = await written(tableOf(batchesOf(3, [2])), { page })
  const { features, ...said } = JSON.parse(text)
  t.equal(features.length, 2)
  t.same(said, {
    type: 'FeatureCollection',
    crs: { type: 'name', properties: { name: 'urn:ogc:def:crs:EPSG::2154' } },
    numberReturned: 2,
    numberMatched: 7,
    timeStamp: '2026-01-01T00:00:00Z',
    links: [...page.links, ...page.lastLinks()],
  })
  const single = JSON.parse((await written(tableOf(batchesOf(3, [1])), { page: { ...page, isSingle: true } })).text)
  t.match(single, { type: 'Feature', links: [{ rel: 'self' }, { rel: 'next' }], id: '0"' })
})

t.test('no columns, no geometry, ids that are numbers, no rows', async t => {
  const only: readonly RowColumn[] = [columns[0]]
  const batch = new RowBuilder({ columns: only }).row(['12']).row([null]).take()
  const { geometry: _, ...table } = tableOf([batch], { columns: [], schema: { columns: only }, hasNumericIds: true })
  t.equal(
    (await written(table)).text,
    '{"type":"FeatureCollection","features":[{"type":"Feature","id":12,"geometry":null,"properties":{}},{"type":"Feature","geometry":null,"properties":{}}],"numberReturned":2}',
  )
  t.same(JSON.parse((await written(tableOf([]))).text).features, [])
})

t.test('much is written in pieces of 256 KB or so, and so is one feature that is larger', async t => {
  const long: readonly RowColumn[] = [columns[0], { name: 'text', kind: 'text', oid: oids.text }]
  const builder = new RowBuilder({ columns: long })
  for (let i = 0; i < 4000; i++) builder.row([String(i), `${'é"'.repeat(100)}`])
  const head = { columns: [{ name: 'text', kind: 'text' as const, nativeType: 'text', isNullable: true }], schema: { columns: long } }
  const { pieces } = await written(tableOf([builder.take()], head))
  t.ok(pieces.length > 4 && pieces.every(length => length < 400_000), pieces.join(' '))
  const huge = '\u0001'.repeat(3_000_000)
  const { text } = await written(tableOf([new RowBuilder({ columns: long }).row(['1', huge]).row(['2', 'x']).take()], head))
  t.same(
    JSON.parse(text).features.map((one: { properties: { text: string } }) => one.properties.text.length),
    [huge.length, 1],
  )
})

t.test('bytes that are no text of UTF-8, no geometry or no row do not pass', async t => {
  const one: readonly RowColumn[] = [columns[0], { name: 'text', kind: 'text', oid: oids.text }]
  const head = { columns: [{ name: 'text', kind: 'text' as const, nativeType: 'text', isNullable: true }], schema: { columns: one } }
  const row = (bytes: number[], cut = 0): RowBatch => {
    const all = Uint8Array.from([0, 0, 0, 1, 0x31, 0, 0, 0, bytes.length, ...bytes])
    return { schema: head.schema, count: 1, bytes: all, offsets: Int32Array.of(0, all.length - cut) }
  }
  for (const bytes of [[0xc3], [0x80], [0xc0, 0x80], [0xe0, 0x80, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0x61, 0xff]]) {
    const { text } = await written(tableOf([row(bytes)], head))
    t.equal(JSON.parse(text).features[0].properties.text, Buffer.from(bytes).toString('utf8'), `${bytes} is replaced as everywhere`)
  }
  await t.rejects(written(tableOf([row([0x61, 0x62], 1)], head)), { name: 'ValueError' })
  const shapes = { columns: [], schema: { columns: [columns[0], columns.at(-1)!] } }
  const line = writeEwkb({ kind: 'LineString', dimensions: 'xy', coordinates: Float64Array.of(1, 2, 3, 4) })
  for (let length = 0; length < line.length; length++) {
    const batch = new RowBuilder({ columns: shapes.schema.columns }).row(['1', line.slice(0, length)]).take()
    await t.rejects(written(tableOf([batch], shapes)), { name: 'EwkbError' }, `${length} bytes of a line`)
  }
  const after = await written(tableOf(batchesOf(5, [3])))
  t.equal(JSON.parse(after.text).numberReturned, 3, 'what failed leaves nothing behind')
})
