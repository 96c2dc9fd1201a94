import t from 'tap'
import type { FeatureLayer, FeatureStore, LayerValue } from '#core/ports.js'
import type { FeatureQuery } from '#core/queries.js'
import { writeEwkb } from '#geo/ewkb.js'
import { rowView } from '#rows/row-view.js'
import { equals, isNull } from './filters.js'
import { type MemoryTable, memorySource, memoryStore } from './memory-store.js'

const point = (x: number, y: number) => writeEwkb({ kind: 'Point', dimensions: 'xy', coordinates: Float64Array.of(x, y) }, { srid: 2154 })
const geom = { name: 'geom', type: 'POINT', dimensions: 'xy', crs: 'EPSG:2154', srid: 2154, isIndexed: true, isNullable: true } as const
const trees: MemoryTable = {
  schema: 'public',
  table: 'arbres',
  comment: 'Arbres',
  columns: [
    { name: 'id', kind: 'integer', nativeType: 'integer', isNullable: false },
    { name: 'essence', kind: 'text', nativeType: 'text', isNullable: true },
    { name: 'hauteur', kind: 'double', nativeType: 'double precision', isNullable: true },
  ],
  geometries: [geom],
  key: { kind: 'primary', columns: ['id'] },
  rows: [
    [1, 'Chêne', 12.5, point(10, 10)],
    [2, 'Hêtre', null, point(20, 20)],
    [3, null, 7, null],
    [4, 'Chêne', 3, point(30, 5)],
  ],
}
const source = memorySource('memory', trees)
const query = (more: Partial<FeatureQuery> = {}): FeatureQuery => ({ source, columns: ['essence', 'geom'], key: true, ...more })

async function found(store: FeatureStore, asked: FeatureQuery): Promise<unknown[][]> {
  const { schema, batches } = await store.find(asked)
  const rows: unknown[][] = []
  for await (const batch of batches) {
    if (batch.schema !== schema) throw new Error('a batch has its own schema')
    const view = rowView(batch)
    for (let i = 0; i < batch.count; i++) rows.push(view.at(i).values())
  }
  return rows
}

const ids = async (store: FeatureStore, more: Partial<FeatureQuery>) =>
  (await found(store, query({ columns: [], ...more }))).map(([id]) => id)

t.test('finds by box, ids and values, sorts and pages, in batches', async t => {
  const store = memoryStore('memory', [trees], { batchRows: 2 })
  t.same(await found(store, query({ limit: 1 })), [['1', 'Chêne', Buffer.from(point(10, 10))]], 'id first, then the columns asked')
  t.same(await ids(store, {}), ['1', '2', '3', '4'])
  t.same(await ids(store, { filter: { kind: 'bbox', property: 'geom', bbox: [15, 0, 40, 30] } }), ['2', '4'])
  t.same(await ids(store, { filter: { kind: 'ids', ids: ['4', '1', 'x'] } }), ['1', '4'])
  t.same(await ids(store, { filter: equals('essence', 'Chêne') }), ['1', '4'])
  t.same(await ids(store, { filter: equals('hauteur', '7.0') }), ['3'])
  t.same(await ids(store, { filter: isNull('essence') }), ['3'])
  t.same(await ids(store, { filter: { kind: 'not', filter: { kind: 'ids', ids: ['1'] } } }), ['2', '3', '4'])
  const both = [{ kind: 'ids', ids: ['1', '2'] } as const, { kind: 'ids', ids: ['2', '3'] } as const]
  t.same(await ids(store, { filter: { kind: 'and', all: both } }), ['2'])
  t.same(await ids(store, { filter: { kind: 'or', any: both } }), ['1', '2', '3'])
  t.same(await ids(store, { sort: [{ column: 'hauteur', descending: false }] }), ['4', '3', '1', '2'], 'nulls last')
  t.same(await ids(store, { sort: [{ column: 'hauteur', descending: true }], offset: 1, limit: 2 }), ['1', '3'])
  t.equal(await store.count(query({ filter: { kind: 'ids', ids: ['1', '4'] }, limit: 1 })), 2, 'the count leaves the limit aside')
  await t.rejects(store.find(query({ columns: ['nom'] })), { kind: 'unknown-property', message: /nom/ })
})

t.test('describes its tables', async t => {
  const plain: MemoryTable = { schema: 'stats', table: 'population', columns: trees.columns, geometries: [], rows: [[1, 'x', 2]] }
  const store = memoryStore('memory', [trees, plain])
  const [description] = await store.discover({})
  t.match(description, { table: 'arbres', comment: 'Arbres', estimatedCount: 4, geometries: [{ extent: [10, 5, 30, 20] }] })
  t.equal((await store.discover({})).length, 1)
  t.equal((await store.discover({ withoutGeometry: true })).length, 2)
  t.equal((await store.discover({ withoutGeometry: true, schemas: ['stats'] })).length, 1)
  t.same(await store.extent(source, 'geom'), [10, 5, 30, 20])
  t.same(await ids(store, { source: memorySource('memory', plain) }), ['0-1'], 'without a key the row number stands in')
})

t.test('loads all or nothing, and drops', async t => {
  const store = memoryStore('memory', [])
  const layer = (rows: LayerValue[][], fails = false): FeatureLayer => ({
    name: 'arbres',
    columns: [{ name: 'essence', kind: 'text' }],
    geometry: { name: 'geom', type: 'POINT', dimensions: 'xy', crs: 'EPSG:2154' },
    notes: [],
    async *read() {
      yield { rows, progress: 0.5 }
      if (fails) throw new Error('the file breaks off')
    },
  })
  const target = { schema: 'public', table: 'arbres', mode: 'create' } as const
  await t.rejects(store.load!(target, layer([['Chêne', point(1, 1)]], true), {}))
  t.same(await store.discover({}), [], 'nothing half done')
  t.same(await store.load?.(target, layer([['Chêne', point(1, 1)]]), {}), { rows: 1, notes: [] })
  await t.rejects(store.load!(target, layer([]), {}), { kind: 'conflict', message: /exists/ })
  t.same(await store.load?.({ ...target, mode: 'append' }, layer([['Hêtre', point(2, 2)]]), {}), { rows: 1, notes: [] })
  const [{ geometries, estimatedCount }] = await store.discover({})
  t.match([geometries[0].crs, geometries[0].srid, estimatedCount], ['EPSG:2154', 2154, 2])
  await store.drop?.('public', 'arbres')
  t.same(await store.discover({}), [])
})

t.test('aborts and closes', async t => {
  const store = memoryStore('memory', [trees])
  await t.rejects(store.find(query(), AbortSignal.abort()), { name: 'AbortError' })
  await store.ping()
  await store.close()
  await t.rejects(store.count(query()), { kind: 'unavailable', message: /closed/ })
})
