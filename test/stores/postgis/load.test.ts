import { randomBytes } from 'node:crypto'
import t from 'tap'
import type { FeatureLayer, LayerValue } from '#core/ports.js'
import { writeEwkb } from '#geo/ewkb.js'
import { openFeatureStore } from '#stores/index.js'
import { geometryFitter } from '#stores/postgis/load/geometry-bytes.js'
import { tableNames } from '#stores/postgis/load/names.js'
import { testDatabaseUrl, withoutDatabase } from '../../support/postgres.js'
import { found, point, sourceOf, square } from '../feature-store-contract.js'

const layer = (rows: readonly (readonly LayerValue[])[], more: Partial<FeatureLayer> = {}): FeatureLayer => ({
  name: 'essai',
  columns: [{ name: 'nom', kind: 'text' }],
  geometry: { name: 'geom', type: 'POINT', dimensions: 'xy', crs: 'EPSG:2154' },
  notes: [],
  async *read() {
    yield { rows }
  },
  ...more,
})

t.test('names become fit for PostgreSQL, and it is noted', async t => {
  const long = 'é'.repeat(40)
  const columns = ['ctid', 'geom', 'fid', '', long, `${long}x`].map(name => ({ name, kind: 'text' as const }))
  const names = tableNames(layer([], { columns }))
  t.same(names.columns, ['ctid_2', 'geom', 'fid', 'column', 'é'.repeat(31), `${'é'.repeat(29)}_2`])
  t.equal(names.geometry, 'geom_2')
  t.equal(names.generatedKey, 'fid_2')
  t.equal(names.notes.length, 5)
})

t.test('geometries lose their SRID and gain the shell that the column declares', async t => {
  const shell = geometryFitter('MULTIPOLYGON')
  const plain = square(0, 0, 1)
  const wrapped = Buffer.from(shell(plain))
  t.equal(wrapped.toString('hex', 0, 9), '010600000001000000')
  t.same(wrapped.subarray(9), Buffer.from(plain))
  t.same(
    Buffer.from(
      geometryFitter('POINT')(writeEwkb({ kind: 'Point', dimensions: 'xyz', coordinates: Float64Array.of(1, 2, 3) }, { srid: 4326 })),
    ),
    Buffer.from(writeEwkb({ kind: 'Point', dimensions: 'xyz', coordinates: Float64Array.of(1, 2, 3) })),
  )
  t.same(shell(point(1, 2)), point(1, 2), 'what has no such shell stays')
  t.same(shell(new Uint8Array([1])), new Uint8Array([1]), 'what is none is left to the database to refuse')
})

t.test('loading', { skip: withoutDatabase }, async t => {
  const schema = `load_${randomBytes(4).toString('hex')}`
  const store = openFeatureStore({ kind: 'postgis', id: 'main', url: testDatabaseUrl! })
  t.teardown(async () => {
    for (const { table } of await store.discover({ schemas: [schema], withoutGeometry: true })) await store.drop?.(schema, table)
    await store.close()
  })
  const target = (table: string) => ({ schema, table, mode: 'replace' }) as const
  const described = async (table: string) => (await store.discover({ schemas: [schema], table, withoutGeometry: true }))[0]!
  const rows = async (table: string, ...columns: string[]) =>
    found(store, { source: sourceOf(store, await described(table)), columns, key: true })

  await t.test('generates a key, and goes on counting', async t => {
    await store.load?.(
      target('a'),
      layer([
        ['x', point(1, 2)],
        ['y', null],
      ]),
      {},
    )
    t.same(await rows('a', 'nom'), [
      ['1', 'x'],
      ['2', 'y'],
    ])
    await store.load?.({ ...target('a'), mode: 'append' }, layer([['z', point(3, 4)]]), {})
    t.same((await rows('a', 'nom')).at(-1), ['3', 'z'])
  })

  await t.test('a key with doubles is replaced by a generated one, and noted', async t => {
    const summary = await store.load?.(
      target('b'),
      layer(
        [
          ['x', null],
          ['x', null],
        ],
        { key: 'nom' },
      ),
      {},
    )
    t.match(summary?.notes, [/nom.*fid/])
    t.match((await described('b')).key, { columns: ['fid'] })
  })

  await t.test('tables without geometry, without rows, of many columns', async t => {
    const columns = Array.from({ length: 300 }, (_, i) => ({ name: `c${i}`, kind: 'integer' as const }))
    const { geometry: _, ...plain } = layer([columns.map((_, i) => i)], { columns })
    t.match(await store.load?.(target('c'), plain, {}), { rows: 1 })
    t.match(await store.load?.(target('d'), layer([]), {}), { rows: 0 })
    t.same(await rows('d'), [])
  })

  await t.test('promotes, stores in the CRS told, and indexes', async t => {
    const polygons = layer([['x', square(0, 0, 1)]], { geometry: { name: 'geom', type: 'MULTIPOLYGON', dimensions: 'xy' } })
    await store.load?.({ ...target('e'), crs: 'EPSG:3948' }, polygons, {})
    t.match((await described('e')).geometries, [{ type: 'MULTIPOLYGON', crs: 'EPSG:3948', isIndexed: true }])
    await store.load?.({ ...target('f'), crs: 'OGC:CRS84' }, layer([['x', point(2, 48)]]), {})
    t.match((await described('f')).geometries, [{ crs: 'EPSG:4326' }])
  })

  await t.test('refuses with the place, and leaves nothing', async t => {
    const bad = [
      [layer([['x', new Uint8Array([1, 2, 3])]]), /essai/],
      [layer([['x', square(0, 0, 1)]]), /essai/],
      [
        layer([
          ['un', null],
          ['nul\0octet', null],
        ]),
        /Row 2.*nom/,
      ],
      [layer([['douze', null]], { columns: [{ name: 'nom', kind: 'integer' }] }), /Row 1.*nom.*douze/],
      [layer([['2024-13-01', null]], { columns: [{ name: 'nom', kind: 'date' }] }), /Row 1.*nom/],
    ] as const
    for (const [layer, message] of bad) await t.rejects(store.load!(target('g'), layer, {}), { kind: 'invalid-data', message })
    await t.rejects(store.load!({ ...target('g'), crs: 'IGNF:NIMPORTE' }, layer([]), {}), { kind: 'unknown-crs', message: /IGNF:NIMPORTE/ })
    await t.rejects(store.load!({ ...target('nulle part'), mode: 'append' }, layer([]), {}), { kind: 'not-found', message: /nulle part/ })
    await t.rejects(
      store.load!({ ...target('a'), mode: 'append' }, layer([['x', null]], { columns: [{ name: 'autre', kind: 'text' }] }), {}),
      { kind: 'invalid-data', message: /autre.*nom/ },
    )
    await t.rejects(store.load!({ ...target('a'), mode: 'append', crs: 'EPSG:4326' }, layer([['x', null]]), {}), {
      kind: 'conflict',
      message: /EPSG:2154.*EPSG:4326/,
    })
    t.notOk(await described('g'))
  })
})
