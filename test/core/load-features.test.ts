import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { importFile, type LoadContext, syncFiles } from '#core/load-features.js'
import { tableNameOf } from '#core/load-table-name.js'
import type { FeatureStore, LoadRecord } from '#core/ports.js'
import { Problem } from '#core/problem.js'
import { recordsInMemory } from '#core/records-in-memory.js'
import { fingerprint, openFeatureFile } from '#formats/features/readers/index.js'
import { geojsonFeature, geojsonText, madeFeatures, pointsTable, writeGeopackage } from '../support/make-files.js'
import { memoryStore } from '../support/memory-store.js'

function setUp(store: FeatureStore = memoryStore('memory', [])) {
  const folder = mkdtempSync(join(tmpdir(), 'arpent-test-'))
  const known = new Map<string, LoadRecord>()
  const opened: string[] = []
  const context: LoadContext = {
    store,
    records: recordsInMemory(known),
    schema: 'public',
    fingerprint,
    open: (path, signal) => {
      opened.push(path)
      return openFeatureFile(path, { scratch: join(folder, 'scratch'), ...(signal ? { signal } : {}) })
    },
  }
  const write = (name: string, content: string) => {
    writeFileSync(join(folder, name), content)
    return join(folder, name)
  }
  const tables = async () => (await store.discover({ withoutGeometry: true })).map(table => `${table.table} ${table.estimatedCount}`).sort()
  return { folder, known, context, write, tables, opened }
}

t.test('tables are named by one rule', async t => {
  for (const [name, table] of [
    ['communes', 'communes'],
    ['Communes 2024 (été)', 'communes_2024_ete'],
    ['30014_ZONE_URBA', 't_30014_zone_urba'],
    ['Œuvres & Cœurs', 'oeuvres_coeurs'],
    ['a"; drop table b; --', 'a_drop_table_b'],
    ['---', 'layer'],
    ['', 'layer'],
    ['道路', '道路'],
    ['x'.repeat(80), 'x'.repeat(63)],
  ])
    t.equal(tableNameOf(name), table)
  t.ok(Buffer.byteLength(tableNameOf('道'.repeat(40))) <= 63)
})

t.test('new files are loaded, unchanged ones left, changed ones replaced, gone ones withdrawn', async t => {
  const { folder, context, write, tables, opened, known } = setUp()
  const a = write('Été.geojson', geojsonText(madeFeatures(3)))
  const b = write('b.geojson', geojsonText(madeFeatures(4)))
  t.match(await syncFiles([a, b], context), [
    { kind: 'loaded', path: a, tables: [{ name: 'Été', table: 'ete', rows: 3 }] },
    { kind: 'loaded', path: b },
  ])
  t.same(await tables(), ['b 4', 'ete 3'])
  t.match(await syncFiles([a, b], context), [
    { kind: 'unchanged', tables: [{ name: 'Été', table: 'ete', rows: 3 }] },
    { kind: 'unchanged' },
  ])
  t.equal(opened.length, 2, 'unchanged files are not opened')
  write('b.geojson', geojsonText(madeFeatures(9)))
  t.match(await syncFiles([a, b], context), [{ kind: 'unchanged' }, { kind: 'loaded' }])
  t.same(await tables(), ['b 9', 'ete 3'])
  rmSync(join(folder, 'Été.geojson'))
  t.match(await syncFiles([b], context), [
    { kind: 'withdrawn', path: a },
    { kind: 'unchanged', path: b },
  ])
  t.same(await tables(), ['b 9'])
  t.same([...known.keys()], [`${b}#b`])
  t.match(await syncFiles([], context), [], 'a file that is only not named this time stays')
  t.same(await tables(), ['b 9'])
})

t.test('a first load that was cut off before it was recorded is done over, in the same table', async t => {
  const { context, write, tables, known } = setUp()
  const path = write('a.geojson', geojsonText(madeFeatures(3)))
  const put = async (record: LoadRecord) => {
    if (record.fingerprint !== '') throw new Problem('unavailable', 'killed')
    known.set(record.path, record)
  }
  await t.rejects(syncFiles([path], { ...context, records: { ...context.records, put } }), { message: 'killed' })
  t.same(await tables(), ['a 3'], 'loaded, and nothing says so')
  t.match(await syncFiles([path], context), [{ kind: 'loaded', tables: [{ table: 'a' }] }])
  t.same(await tables(), ['a 3'])
  t.match(await syncFiles([path], context), [{ kind: 'unchanged' }])
  // the same, and then the file is broken
  known.set(`${path}#a`, { ...known.get(`${path}#a`)!, fingerprint: '' })
  write('a.geojson', '{')
  t.match(await syncFiles([path], context), [{ kind: 'failed', tables: [] }])
  t.same([await tables(), [...known]], [[], []], 'what nobody can vouch for is gone')
})

t.test('a file that takes the place of another gets its table name', async t => {
  const { context, write, tables, folder } = setUp()
  const first = write('vide.geojson', geojsonText(madeFeatures(3)))
  await syncFiles([first], context)
  rmSync(join(folder, 'vide.geojson'))
  const second = write(
    'vide.geojsonl',
    madeFeatures(2)
      .map(geojsonFeature)
      .map(feature => JSON.stringify(feature))
      .join('\n'),
  )
  t.match(await syncFiles([second], context), [{ kind: 'withdrawn' }, { kind: 'loaded', tables: [{ table: 'vide' }] }])
  t.same(await tables(), ['vide 2'])
})

t.test('a table that somebody dropped is loaded again', async t => {
  const { context, write, tables } = setUp()
  const path = write('a.geojson', geojsonText(madeFeatures(3)))
  await syncFiles([path], context)
  await context.store.drop?.('public', 'a')
  t.match(await syncFiles([path], context), [{ kind: 'loaded' }])
  t.same(await tables(), ['a 3'])
})

t.test('a broken file stops nothing and undoes nothing', async t => {
  const { context, write, tables } = setUp()
  const good = geojsonText(madeFeatures(3))
  const a = write('a.geojson', good)
  await syncFiles([a], context)
  write('a.geojson', good.slice(0, -30))
  const broken = write('broken.geojson', '{')
  const b = write('b.geojson', good)
  const outcomes = await syncFiles([a, broken, `${b}-missing.geojson`, b], context)
  t.match(outcomes, [
    { kind: 'failed', problem: { kind: 'invalid-data', message: /^a\.geojson: byte \d+/ }, tables: [{ table: 'a', rows: 3 }] },
    { kind: 'failed', problem: { message: /^broken\.geojson: / }, tables: [] },
    { kind: 'failed', problem: { kind: 'not-found' } },
    { kind: 'loaded', path: b },
  ])
  t.same(await tables(), ['a 3', 'b 3'], 'the earlier version stays')
  write('a.geojson', geojsonText(madeFeatures(5)))
  t.match(await syncFiles([a], context), [{ kind: 'loaded' }])
})

t.test('namesakes get numbers and keep them', async t => {
  const { folder, context, tables } = setUp()
  const paths = ['x', 'y'].map(name => writeGeopackage(join(folder, `${name}.gpkg`), [pointsTable(madeFeatures(2))]))
  await syncFiles(paths, context)
  t.same(await tables(), ['points 2', 'points_2 2'])
  const [first] = await syncFiles([...paths].reverse(), context)
  t.match(first, { kind: 'unchanged', path: paths[1], tables: [{ table: 'points_2' }] })
})

t.test('a file of several layers is loaded whole or not at all', async t => {
  const { folder, context, tables } = setUp()
  const features = madeFeatures(2)
  const broken = { ...pointsTable(features, 'second'), rows: [[1, 'a', null, null, null, Uint8Array.of(1, 2, 3)]] }
  const path = join(folder, 'a.gpkg')
  writeGeopackage(path, [pointsTable(features, 'first'), broken])
  t.match(await syncFiles([path], context), [{ kind: 'failed', problem: { message: /^a\.gpkg: layer “second”, row 1/ } }])
  t.same(await tables(), [])
  const { store } = context
  const failing: FeatureStore = {
    ...store,
    load: async (target, layer, options) => {
      if (target.table === 'third') throw new Problem('conflict', 'no room')
      return store.load!(target, layer, options)
    },
  }
  rmSync(path)
  writeGeopackage(path, [pointsTable(features, 'first'), pointsTable(features, 'third')])
  t.match(await syncFiles([path], { ...context, store: failing }), [{ kind: 'failed', problem: { message: 'no room' } }])
  t.same(await tables(), [], 'what was made before is dropped again')
  await syncFiles([path], context)
  rmSync(path)
  writeGeopackage(path, [pointsTable(features, 'first')])
  t.match(await syncFiles([path], context), [{ kind: 'loaded' }])
  t.same(await tables(), ['first 2'], 'a layer that left the file is withdrawn')
})

t.test('imported tables are the operator’s own', async t => {
  const { folder, context, write, tables, known } = setUp()
  const path = write('a.geojson', geojsonText(madeFeatures(3)))
  t.match(await importFile(path, { mode: 'create', as: 'Mes points', crs: 'EPSG:3948' }, context), [{ table: 'mes_points', rows: 3 }])
  t.match((await context.store.discover({}))[0].geometries, [{ crs: 'EPSG:3948' }])
  await t.rejects(importFile(path, { mode: 'create', as: 'mes points' }, context), { name: 'Problem', message: /exists already/ })
  t.match(await importFile(path, { mode: 'append', as: 'mes points', crs: 'EPSG:3948' }, context), [{ rows: 3 }])
  t.same(await tables(), ['mes_points 6'])
  await syncFiles([path], context)
  t.equal(known.size, 1)
  await importFile(path, { mode: 'replace', as: 'a' }, context)
  t.equal(known.size, 0, 'a replaced table follows its file no longer')
  rmSync(join(folder, 'a.geojson'))
  await syncFiles([], context)
  t.same(await tables(), ['a 3', 'mes_points 6'])
})

t.test('stores that cannot be written, and cancelling', async t => {
  const { load: _, ...readOnly } = memoryStore('replica', [])
  const { context, write } = setUp(readOnly)
  const path = write('a.geojson', geojsonText(madeFeatures(3)))
  t.match(await syncFiles([path], context), [{ kind: 'failed', problem: { kind: 'unsupported', message: /“replica” cannot be written/ } }])
  await t.rejects(syncFiles([path], { ...context, signal: AbortSignal.abort() }), { name: 'AbortError' })
})
