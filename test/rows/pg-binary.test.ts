import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import t from 'tap'
import type { ColumnKind, RowBatch, RowColumn } from '#rows/batch.js'
import { PgBinaryWriter } from '#rows/pg-binary.js'
import type { FieldInput } from '#rows/pg-field-writer.js'
import { oids } from '#rows/pg-types.js'
import { RowBuilder } from '#rows/row-builder.js'
import { columnIndex, rowView } from '#rows/row-view.js'
import { testDatabaseUrl, withoutDatabase } from '../support/postgres.js'
import { seeded, seededInteger } from '../support/seeded.js'

const column = (name: string, kind: ColumnKind, oid: number): RowColumn => ({ name, kind, oid })
const columns: readonly RowColumn[] = [
  column('t', 'text', oids.text),
  column('i2', 'integer', oids.int2),
  column('i4', 'integer', oids.int4),
  column('o', 'integer', oids.oid),
  column('i8', 'bigint', oids.int8),
  column('f4', 'double', oids.float4),
  column('f8', 'double', oids.float8),
  column('n', 'numeric', oids.numeric),
  column('b', 'boolean', oids.bool),
  column('d', 'date', oids.date),
  column('h', 'time', oids.time),
  column('hz', 'time', oids.timetz),
  column('ts', 'timestamp', oids.timestamp),
  column('tz', 'timestamptz', oids.timestamptz),
  column('u', 'uuid', oids.uuid),
  column('j', 'json', oids.json),
  column('jb', 'json', oids.jsonb),
  column('by', 'bytes', oids.bytea),
]

/** Rows with every limit and oddity, then seeded ones. Dates and numbers in PostgreSQL's spelling of ISO 8601. */
function rows(): FieldInput[][] {
  const uuid = 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'
  const random = seeded(7)
  const digits = (count: number) => Array.from({ length: count }, () => seededInteger(random, 0, 9)).join('')
  const fixed: FieldInput[][] = [
    [
      'Évrault',
      1,
      2,
      3,
      4,
      0.1,
      0.1,
      '12.50',
      true,
      '2024-02-29',
      '08:30:00',
      '08:30:00+02:00',
      '2024-02-29T08:30:00',
      '2024-02-29T08:30:00Z',
      uuid,
      '{"a": 1}',
      '{"a": 1}',
      Buffer.from([0, 255]),
    ],
    [
      '',
      -32768,
      -2147483648,
      0,
      -(2n ** 63n),
      -1e30,
      5e-324,
      '-0.000000000000000001',
      false,
      '-4713-11-24',
      '00:00:00',
      '00:00:00-12:30',
      '-4713-11-24T00:00:00',
      '-4713-11-24T00:00:00Z',
      uuid,
      'null',
      '[]',
      Buffer.alloc(0),
    ],
    [
      '00057',
      32767,
      2147483647,
      4294967295,
      2n ** 63n - 1n,
      3.4e38,
      1.7976931348623157e308,
      '99999999999999999999999999.0000',
      true,
      '9999-12-31',
      '24:00:00',
      '23:59:59.999999+15:00',
      '294276-12-31T23:59:59.999999',
      '294276-12-31T23:59:59.999999Z',
      uuid,
      '[1, "é"]',
      '{}',
      Buffer.alloc(3),
    ],
    [
      '😀',
      0,
      0,
      0,
      9007199254740993n,
      16777216,
      1e21,
      'NaN',
      null,
      'infinity',
      '12:00:00.000001',
      null,
      'infinity',
      'infinity',
      null,
      null,
      null,
      null,
    ],
    [
      null,
      null,
      null,
      null,
      -9007199254740993n,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      'Infinity',
      null,
      '-infinity',
      null,
      null,
      '-infinity',
      '-infinity',
      null,
      null,
      null,
      null,
    ],
    ['x', 0, 0, 0, 0, 1, 0, '0', null, '0000-02-29', null, null, '0000-02-29T01:02:03.4', '1600-02-29T23:00:00.5Z', null, null, null, null],
    [
      'x',
      0,
      0,
      0,
      0,
      1,
      0,
      '0.00',
      null,
      '5874897-12-31',
      null,
      null,
      '-0001-03-01T00:00:00',
      '1899-12-31T23:59:59Z',
      null,
      null,
      null,
      null,
    ],
    [
      'x',
      0,
      0,
      0,
      0,
      1,
      0,
      '10000',
      null,
      '1900-02-28',
      null,
      null,
      '1969-12-31T23:59:59.999999',
      '2000-01-01T00:00:00Z',
      null,
      null,
      null,
      null,
    ],
  ]
  const seededRows = Array.from({ length: 400 }, (): FieldInput[] => {
    const year = String(seededInteger(random, 1, 9999)).padStart(4, '0')
    const date = `${year}-${String(seededInteger(random, 1, 12)).padStart(2, '0')}-${String(seededInteger(random, 1, 28)).padStart(2, '0')}`
    const number = `${random() < 0.5 ? '-' : ''}${digits(seededInteger(random, 0, 12)).replace(/^0+/, '') || '0'}${random() < 0.7 ? `.${digits(seededInteger(random, 1, 14))}` : ''}`
    const numeric = /^-0(\.0*)?$/.test(number) ? number.slice(1) : number
    return [
      'x',
      0,
      0,
      0,
      0,
      Math.fround((random() - 0.5) * 10 ** seededInteger(random, -5, 9)),
      (random() - 0.5) * 10 ** seededInteger(random, -20, 20),
      numeric,
      null,
      date,
      null,
      null,
      `${date}T0${seededInteger(random, 0, 9)}:00:00`,
      `${date}T12:34:5${seededInteger(random, 0, 9)}Z`,
      null,
      null,
      null,
      null,
    ]
  })
  return [...fixed, ...seededRows]
}

/** What a value reads back as: numbers as such, `numeric` and bigints beyond 2^53 exactly, the rest as text. */
function expected(value: FieldInput, { kind, oid }: RowColumn): unknown {
  if (value === null || value === undefined) return null
  if (kind === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : BigInt(value as bigint)
  if (oid === oids.float4) return Math.fround(Number(value))
  if (kind === 'double') return Number(value)
  if (value instanceof Uint8Array) return [...value]
  return value
}

const seen = (value: unknown, { oid }: RowColumn) =>
  value instanceof Uint8Array ? [...value] : oid === oids.float4 && value !== null ? Math.fround(Number(value)) : value

t.test('what is written is read back', async t => {
  const builder = new RowBuilder({ columns })
  const all = rows()
  for (const row of all) builder.row(row)
  const view = rowView(builder.take())
  for (const [i, row] of all.entries()) {
    view.at(i)
    for (const [c, value] of row.entries()) {
      const back = seen(view.value(c), columns[c])
      const wanted = expected(value, columns[c])
      if (JSON.stringify(back, big) !== JSON.stringify(wanted, big)) t.equal(back, wanted, `row ${i} ${columns[c].name}`)
    }
  }
  t.equal(view.batch.count, all.length)
})

t.test('values as text, as number, as bytes, and null', async t => {
  const schema = { columns: [...columns, column('geom', 'geometry', 0)] }
  const batch = new RowBuilder(schema)
    .row([...rows()[0], Buffer.from('0101', 'hex')])
    .row([])
    .take()
  const view = rowView(batch)
  const at = (name: string) => columnIndex(schema.columns, name)
  t.equal(at('nowhere'), -1)
  t.equal(view.text(at('f4')), '0.1', 'a float is written with the fewest digits')
  t.equal(view.text(at('b')), 'true')
  t.equal(view.text(at('by')), 'AP8=', 'bytes as base 64')
  t.equal(view.text(at('geom')), '0101', 'geometry as hexadecimal')
  t.equal(view.number(at('n')), 12.5)
  t.ok(Number.isNaN(view.number(at('t'))))
  t.same([...(view.bytes(at('i4')) ?? [])], [0, 0, 0, 2])
  t.equal(view.at(1).text(0), null)
  t.ok(view.isNull(3))
  t.ok(Number.isNaN(view.number(2)))
  t.equal(view.bytes(2), undefined)
  t.same(
    view.values(),
    schema.columns.map(() => null),
  )
  t.equal(rowView(new RowBuilder(schema).take()).batch.count, 0, 'an empty batch')
})

t.test('rows may lie anywhere in the bytes, with gaps between them', async t => {
  const schema = { columns: [column('t', 'text', oids.text)] }
  const { bytes, offsets } = new RowBuilder(schema).row(['a']).row(['b']).take()
  const gap = Buffer.concat([Buffer.alloc(7), bytes.subarray(0, offsets[1]), Buffer.alloc(2), bytes.subarray(offsets[1])])
  const batch: RowBatch = { schema, count: 2, bytes: gap, offsets: Int32Array.of(7, 14, 19) }
  t.equal(rowView(batch).text(0), 'a')
  t.equal(rowView({ ...batch, count: 1, offsets: Int32Array.of(14, 19) }).text(0), 'b')
})

t.test('values that do not fit are refused by column, and leave nothing behind', async t => {
  const cases: [ColumnKind, number, FieldInput, RegExp][] = [
    ['integer', oids.int2, 32768, /Column c: 32768 is beyond/],
    ['integer', oids.int4, '2147483648', /beyond/],
    ['integer', oids.int4, 1.5, /“1.5” is not a whole number/],
    ['integer', oids.int4, 'abc', /not a whole number/],
    ['integer', oids.text, 1, /not an integer type/],
    ['bigint', oids.int8, 2n ** 63n, /beyond/],
    ['double', oids.float8, 'x', /not a number/],
    ['double', oids.float8, '', /not a number/],
    ['numeric', oids.numeric, '1,5', /not a number/],
    ['numeric', oids.numeric, '1e999999', /more digits/],
    ['numeric', oids.numeric, '.', /not a number/],
    ['boolean', oids.bool, 'maybe', /neither true nor false/],
    ['date', oids.date, '2023-02-29', /not a day of the calendar/],
    ['date', oids.date, '29/02/2024', /not a date/],
    ['date', oids.date, '9999999-01-01', /beyond the dates/],
    ['time', oids.time, '25:00', /not a time/],
    ['timestamp', oids.timestamp, '2024-01-01Tnoon', /not a time/],
    ['uuid', oids.uuid, 'a0eebc99', /not a UUID/],
    ['text', oids.text, 'a\0b', /NUL/],
    ['text', oids.text, Buffer.from('a'), /bytes are not a text/],
    ['bytes', oids.bytea, 'a', /not bytes/],
    ['geometry', 0, 'POINT(1 2)', /not bytes/],
  ]
  for (const [kind, oid, value, message] of cases) {
    const schema = { columns: [column('a', 'text', oids.text), column('c', kind, oid)] }
    const builder = new RowBuilder(schema)
    const writer = new PgBinaryWriter(schema.columns)
    const before = writer.length
    t.throws(() => builder.row(['kept?', value]), { name: 'ValueError', message }, `${kind} ${String(value).slice(0, 20)}`)
    t.throws(() => writer.row(['kept?', value]), { name: 'ValueError', message })
    t.same([builder.count, builder.length, writer.rows, writer.length], [0, 0, 0, before], 'nothing is left behind')
  }
})

t.test('spellings that people use', async t => {
  const read = (kind: ColumnKind, oid: number, value: FieldInput) => {
    const builder = new RowBuilder({ columns: [column('c', kind, oid)] })
    return rowView(builder.row([value]).take()).value(0)
  }
  t.equal(read('integer', oids.int4, ' +7 '), 7)
  t.equal(read('integer', oids.int4, '7.00'), 7)
  t.equal(read('double', oids.float8, ' 1e3 '), 1000)
  t.equal(read('numeric', oids.numeric, 1e-7), '0.0000001')
  t.equal(read('numeric', oids.numeric, '1.5e3'), '1500')
  t.equal(read('numeric', oids.numeric, '-.5'), '-0.5')
  t.equal(read('numeric', oids.numeric, '00012.340'), '12.340')
  t.equal(read('numeric', oids.numeric, 12345678901234567890n), '12345678901234567890')
  t.equal(read('boolean', oids.bool, 0), false)
  t.equal(read('date', oids.date, '0044-03-15 BC'), '-0043-03-15')
  t.equal(read('date', oids.date, '2024-02-29T10:00:00Z'), '2024-02-29')
  t.equal(read('timestamp', oids.timestamp, '2024-02-29 08:30:00.5+02'), '2024-02-29T08:30:00.5', 'without zone the zone is left out')
  t.equal(read('timestamptz', oids.timestamptz, '2024-02-29 08:30:00+02'), '2024-02-29T06:30:00Z')
  t.equal(read('timestamptz', oids.timestamptz, '2024-02-29T08:30:00-0330'), '2024-02-29T12:00:00Z')
  t.equal(read('timestamptz', oids.timestamptz, '2024-02-29'), '2024-02-29T00:00:00Z')
  t.equal(read('uuid', oids.uuid, '{A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11}'), 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11')
})

t.test('broken batches are refused', async t => {
  const schema = { columns: [column('a', 'integer', oids.int4), column('b', 'numeric', oids.numeric)] }
  const view = (hex: string) => {
    const bytes = Buffer.from(hex.replaceAll(' ', ''), 'hex')
    return rowView({ schema, count: 1, bytes, offsets: Int32Array.of(0, bytes.length) })
  }
  t.throws(() => view('0000').value(0), { name: 'ValueError', message: /breaks off before column a/ })
  t.throws(() => view('00000004 0001').value(0), { name: 'ValueError', message: /breaks off in column a/ })
  t.throws(() => view('7fffffff 0001').value(0), { name: 'ValueError', message: /breaks off in column a/ })
  t.throws(() => view('00000003 000100').value(0), { name: 'ValueError', message: /3 bytes are not a value of kind integer/ })
  t.throws(() => view('ffffffff 00000002 0001').value(1), { name: 'ValueError', message: /breaks off/ })
  t.throws(() => view('ffffffff 00000008 00ff 0000 0000 0000').value(1), { name: 'ValueError', message: /breaks off/ })
})

t.test('PostgreSQL agrees, both ways', { skip: withoutDatabase }, async t => {
  const client = new pg.Client(testDatabaseUrl)
  await client.connect()
  t.teardown(() => client.end())
  await client.query(`set timezone to 'UTC'; set datestyle to 'ISO'; set extra_float_digits to 1`)
  await client.query(`create temp table v (id serial, t text, i2 int2, i4 int4, o oid, i8 int8, f4 float4, f8 float8, n numeric, b boolean, d date,
    h time, hz timetz, ts timestamp, tz timestamptz, u uuid, j json, jb jsonb, by bytea)`)
  const names = columns.map(({ name }) => name).join()
  const writer = new PgBinaryWriter(columns)
  const chunks: Buffer[] = []
  for (const row of rows()) {
    writer.row(row)
    if (writer.length > 2000) chunks.push(writer.take())
  }
  chunks.push(writer.end())
  await pipeline(Readable.from(chunks), client.query(copyFrom(`copy v (${names}) from stdin (format binary)`)))
  const batch = batchOf(await collect(client.query(copyTo(`copy (select ${names} from v order by id) to stdout (format binary)`))))
  const casts = columns.map(({ name, oid }) => (oid === oids.bytea ? `encode(${name}, 'base64') ${name}` : `${name}::text`))
  const { rows: texts } = await client.query<Record<string, string | null>>(`select ${casts.join()} from v order by id`)
  t.equal(batch.count, texts.length)
  const view = rowView(batch)
  for (const [i, row] of texts.entries()) {
    view.at(i)
    for (const [c, { name, kind, oid }] of columns.entries()) {
      // Two texts of a float4 are the same when they mean the same float.
      const float = oid === oids.float4 ? (text: string) => Math.fround(Number(text)) : Number
      const [ours, theirs] = [view.text(c), postgresAsIso(row[name], kind)]
      const same = kind === 'double' && ours !== null && theirs !== null ? Object.is(float(ours), float(theirs)) : ours === theirs
      if (!same) t.equal(ours, theirs, `row ${i} ${name} ${oid}`)
    }
  }
  const { rows: again } = await client.query(
    `select count(*)::int as n from v where t = 'Évrault' and n = 12.5 and jb->>'a' = '1' and d = '2024-02-29'`,
  )
  t.equal(again[0].n, 1, 'and PostgreSQL finds what was written')
})

/** PostgreSQL's own text brought to ISO 8601: `T`, `Z`, a year 0 instead of BC, zones with minutes. */
function postgresAsIso(text: string | null, kind: ColumnKind): string | null {
  if (text === null || text.endsWith('infinity')) return text
  if (kind === 'boolean') return text
  if (kind === 'time') return text.replace(/([+-]\d\d)$/, '$1:00')
  if (!['date', 'timestamp', 'timestamptz'].includes(kind)) return text
  const isBefore = text.endsWith(' BC')
  const iso = text.replace(' BC', '').replace(' ', 'T').replace(/\+00$/, 'Z')
  if (!isBefore) return iso
  const year = 1 - Number(iso.slice(0, 4))
  return `${year < 0 ? '-' : ''}${String(-year).padStart(4, '0')}${iso.slice(4)}`
}

async function collect(stream: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

/** Rows of a COPY stream: after the 19 bytes of its head, each has a field count before it. */
function batchOf(bytes: Buffer): RowBatch {
  const offsets: number[] = []
  let position = 19
  while (bytes.readInt16BE(position) !== -1) {
    position += 2
    offsets.push(position)
    for (let c = 0; c < columns.length; c++) position += 4 + Math.max(0, bytes.readInt32BE(position))
  }
  return { schema: { columns }, count: offsets.length, bytes, offsets: Int32Array.from([...offsets, position]) }
}

function big(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return `${value}n`
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value
}
