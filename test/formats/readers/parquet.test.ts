import { tmpdir } from 'node:os'
import { parquetWriteBuffer } from 'hyparquet-writer'
import t from 'tap'
import { collectionFormat } from '#formats/features/index.js'
import { writeEwkb } from '#geo/ewkb.js'
import { hardTable } from '../../support/hard-table.js'
import { shapeFault } from '../../support/shape-fault.js'
import { written } from '../../support/written.js'
import { asObjects, failure, kindsOf, readOne, testFolder } from './read-all.js'

const { file } = testFolder()
const point = (x: number, y: number) => writeEwkb({ kind: 'Point', dimensions: 'xy', coordinates: Float64Array.of(x, y) })
const geo = (crs: unknown) =>
  JSON.stringify({
    version: '1.1.0',
    primary_column: 'geom',
    columns: {
      geom: {
        encoding: 'WKB',
        geometry_types: ['Point'],
        ...(crs === undefined ? {} : { crs }),
        covering: { bbox: { xmin: ['xbox', 'xmin'] } },
      },
    },
  })

const columns = {
  nom: ['Été à Nancy', null, '東京'],
  n: [1, -2147483648, null],
  big: [9223372036854775807n, null, 7n],
  r: [0.1, null, -1e300],
  ok: [true, false, null],
} as const

function bytes(crs: unknown, rows = 1): Buffer {
  const many = <T>(values: readonly T[]): T[] => Array.from({ length: rows }, () => values).flat()
  return Buffer.from(
    parquetWriteBuffer({
      columnData: [
        { name: 'nom', data: many(columns.nom), type: 'STRING' },
        { name: 'n', data: many(columns.n), type: 'INT32' },
        { name: 'big', data: many(columns.big), type: 'INT64' },
        { name: 'r', data: many(columns.r), type: 'DOUBLE' },
        { name: 'ok', data: many(columns.ok), type: 'BOOLEAN' },
        { name: 'le', data: many([new Date('2024-02-29T08:30:00.5Z'), null, new Date('1969-12-31T23:59:59.250Z')]), type: 'TIMESTAMP' },
        { name: 'facts', data: many([{ a: [1, 2] }, null, { é: 'x' }]), type: 'JSON' },
        { name: 'geom', data: many([point(1.5, 2.25), null, point(-3, 4)]), type: 'BYTE_ARRAY' },
      ],
      kvMetadata: [{ key: 'geo', value: geo(crs) }],
      rowGroupSize: 2000,
    }),
  )
}

t.test('every value comes with its type, and geometries with their system', async t => {
  const read = await readOne(file('places.parquet', bytes({ id: { authority: 'EPSG', code: 2154 } })))
  t.match(read.layer, { name: 'places', count: 3, geometry: { name: 'geom', type: 'POINT', dimensions: 'xy', crs: 'EPSG:2154' } })
  t.match(kindsOf(read.layer), { nom: 'text', n: 'integer', big: 'bigint', r: 'double', ok: 'boolean', le: 'timestamptz', facts: 'json' })
  const rows = asObjects(read)
  for (const [name, values] of Object.entries(columns))
    t.same(
      rows.map(row => row[name]),
      values,
      name,
    )
  t.match(rows[0], { le: /^2024-02-29T08:30:00\.50*Z$/, facts: '{"a":[1,2]}', geom: { kind: 'Point' } })
  t.match(rows[2].le, /^1969-12-31T23:59:59\.250*Z$/)
  t.equal(rows[1].geom, null)
})

t.test('without a system it is WGS 84, with null it is not known', async t => {
  t.equal((await readOne(file('none.parquet', bytes(undefined)))).layer.geometry?.crs, 'EPSG:4326')
  t.equal((await readOne(file('null.parquet', bytes(null)))).layer.geometry?.crs, undefined)
  t.equal((await readOne(file('crs84.geoparquet', bytes({ id: { authority: 'OGC', code: 'CRS84' } })))).layer.geometry?.crs, 'EPSG:4326')
})

t.test('several row groups come in order and in bounded batches', async t => {
  const { layer, rows } = await readOne(file('many.parquet', bytes(undefined, 2000)))
  t.same([layer.count, rows.length], [6000, 6000])
  for (const [i, row] of rows.entries()) if (row[0] !== columns.nom[i % 3]) t.fail(`row ${i}`)
  const { openFeatureFile } = await import('#formats/features/readers/index.js')
  const opened = await openFeatureFile(file('batches.parquet', bytes(undefined, 2000)))
  for await (const { rows } of opened.layers[0].read()) t.ok(rows.length <= 1000)
  const cancel = new AbortController()
  await t.rejects(
    async () => {
      for await (const _ of opened.layers[0].read(cancel.signal)) cancel.abort()
    },
    { name: 'AbortError' },
  )
  await opened.close()
})

t.test('a table without geometries is one', async t => {
  const plain = parquetWriteBuffer({ columnData: [{ name: 'a', data: ['x', 'y'], type: 'STRING' }] })
  const { layer, rows } = await readOne(file('plain.parquet', Buffer.from(plain)))
  t.equal(layer.geometry, undefined)
  t.same(rows, [['x'], ['y']])
})

t.test('broken files are refused', async t => {
  const whole = bytes(undefined)
  for (const [name, content] of Object.entries({
    'text.parquet': Buffer.from('this is none'),
    'cut.parquet': whole.subarray(0, whole.length - 20),
    'head.parquet': whole.subarray(0, 100),
    'zeros.parquet': Buffer.concat([Buffer.alloc(whole.length - 8), whole.subarray(-8)]),
    'native.parquet': Buffer.from(
      parquetWriteBuffer({
        columnData: [{ name: 'geom', data: ['x'], type: 'STRING' }],
        kvMetadata: [{ key: 'geo', value: '{"primary_column":"geom","columns":{"geom":{"encoding":"point"}}}' }],
      }),
    ),
  })) {
    const found = await failure(file(name, content))
    t.equal(found.kind, 'invalid-data', name)
    t.match(found.message, new RegExp(`^${name.replace('.', '\\.')}: cannot be read as Parquet`))
  }
  // bytes changed anywhere end in rows or in an error, never in a crash
  for (let at = 4; at < whole.length; at += 37) {
    const changed = Buffer.from(whole)
    changed[at] ^= 0xff
    try {
      await readOne(file('changed.parquet', changed))
    } catch (error) {
      if ((error as { kind?: string }).kind !== 'invalid-data') t.fail(`byte ${at}: ${error}`)
    }
  }
})

t.test('what is written here comes back whole', async t => {
  const hard = hardTable({
    dimensions: 'xyz',
    isSimple: true,
    columns: ['code', 'nom de l’été', 'population_2020', 'big', 'length', 'order', 'day'],
  })
  const { layer, rows } = await readOne(
    file('hard.parquet', await written(collectionFormat('parquet')!, hard.table, { temporaryFolder: tmpdir() })),
  )
  t.match(layer.geometry, { dimensions: 'xyz', crs: 'EPSG:2154' })
  t.equal(rows.length, 120)
  const at = (column: string) => layer.columns.findIndex(one => one.name === column)
  for (const [i, row] of rows.entries()) {
    const fault = shapeFault(row.at(-1) as Uint8Array | null, hard.geometries[i], { by: 0, tolerance: 0.01, hasZ: true })
    if (fault) t.fail(`row ${i}: ${fault}`)
    for (const [c, { name }] of hard.table.columns.entries())
      if (row[at(name)] !== hard.values[i][c]) t.fail(`${name} of row ${i}: ${row[at(name)]}`)
  }
})
