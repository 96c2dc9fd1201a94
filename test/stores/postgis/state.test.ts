import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { openFeatureStore } from '#stores/index.js'
import { openEmbeddedDatabase } from '#stores/postgis/embedded/embedded-database.js'
import { startEmbeddedDatabase } from '#stores/postgis/embedded/embedded-host.js'
import { openNativeDatabase } from '#stores/postgis/native/native-database.js'
import { migrate } from '#stores/postgis/state/migrate.js'
import { migrations } from '#stores/postgis/state/migrations.js'
import { privatePostgres, withoutPrivatePostgres } from '../../support/private-postgres.js'
import { rasterFile } from '../../support/publications.js'

const record = { path: '/données/communes.gpkg#communes', fingerprint: 'abc', schema: 'public', table: 'communes', rows: 3, notes: ['“é”'] }

/** What state promises, over a store and a way to script its database. */
async function stateContract(
  test: Test,
  store: ReturnType<typeof openFeatureStore>,
  script: (text: string) => Promise<void>,
): Promise<void> {
  const state = store.state!
  test.equal(await state.isPresent(), false)
  test.equal(await state.obstacle(), undefined)
  test.equal(await state.isPresent(), false, 'asking makes nothing')
  const loads = state.loads('')
  test.same(await loads.list(), [])
  test.equal(await state.isPresent(), true)
  await loads.put(record)
  await loads.put({ ...record, path: '/a', notes: [] })
  await loads.put({ ...record, rows: 4 })
  const elsewhere = state.loads('elsewhere')
  await elsewhere.put({ ...record, rows: 5 })
  test.same(await loads.list(), [
    { ...record, path: '/a', notes: [] },
    { ...record, rows: 4 },
  ])
  await loads.forget('/a')
  await loads.forget('/nowhere')
  test.same(await loads.list(), [{ ...record, rows: 4 }])
  test.same(await elsewhere.list(), [{ ...record, rows: 5 }], 'stores do not mix')
  const rasters = state.rasters('ortho')
  const described = {
    file: rasterFile({ path: '5cm/é “1”.tif', time: 1_262_304_000_000 }),
    bands: [{ name: 'heights', sampleType: 'float32', meaning: 'value', nodata: Number.NaN }] as const,
    notes: [{ severity: 'info', code: 'no-nodata', message: '“é”' }] as const,
    size: 5_000_000_000,
    checksum: 'etag:"é',
    accuracy: 'A',
  }
  const other = {
    file: rasterFile({ path: 'b.tif', crs: '', levels: [] }),
    bands: [{ ...described.bands[0], nodata: 0 }],
    notes: [],
    size: 1,
    checksum: 'state:1',
  }
  const said = { time: 1_577_836_800_000, accuracy: 'B' }
  await rasters.put([described, other].map(described => ({ path: described.file.path, fingerprint: '1', described })))
  await rasters.put([{ path: 'b.tif', fingerprint: '2', described: other, said }])
  test.same(
    new Map((await rasters.list()).map(record => [record.path, record])),
    new Map([
      ['5cm/é “1”.tif', { path: '5cm/é “1”.tif', fingerprint: '1', described }],
      ['b.tif', { path: 'b.tif', fingerprint: '2', described: other, said }],
    ]),
  )
  await script(`DO $$BEGIN
    ASSERT (SELECT array_agg((footprint, resolution, bands, taken_at AT TIME ZONE 'UTC', accuracy, size, checksum)::text ORDER BY path) FROM arpent.rasters)
      = ARRAY['("{930000,6890000,930200,6890200}",0.2,1,"2010-01-01 00:00:00",A,5000000000,"etag:""é")',
        '("{930000,6890000,930200,6890200}",0.2,1,"2020-01-01 00:00:00",B,1,state:1)'],
      (SELECT array_agg((footprint, resolution, bands, taken_at AT TIME ZONE 'UTC', accuracy, size, checksum)::text ORDER BY path) FROM arpent.rasters)::text;
  END$$`)
  test.same(await state.rasters('dem').list(), [])
  await rasters.forget(['b.tif', 'nowhere.tif'])
  test.equal((await rasters.list()).length, 1)
  await script("INSERT INTO arpent.migrations VALUES (999, 'from the future')")
  test.match(await state.obstacle(), { code: 'newer', reason: /999/ })
  await script('DELETE FROM arpent.migrations WHERE version = 999')
  test.equal(await state.obstacle(), undefined)
}

t.test('native', { skip: withoutPrivatePostgres }, async t => {
  const server = await privatePostgres()
  t.teardown(() => server.remove())
  const url = server.url('postgres')
  server.sql('CREATE EXTENSION postgis')
  const stores = Array.from({ length: 4 }, () => openFeatureStore({ kind: 'postgis', id: 'main', url }))
  await stateContract(t, stores[0]!, async text => void server.sql(text))
  server.sql('DROP SCHEMA arpent CASCADE')
  await Promise.all(stores.slice(1).map(store => store.state?.loads('').put(record)))
  t.same(await stores[1]!.state?.loads('').list(), [record], 'several processes make it at once')
  await Promise.all(stores.map(store => store.close()))
  const database = openNativeDatabase({ url })
  const next = [
    ...migrations,
    { version: 99, name: 'broken', script: 'CREATE TABLE arpent.other (id int); CREATE TABLE arpent.loads (id int)' },
  ]
  await t.rejects(
    database.session(session => migrate(session, next)),
    { kind: 'invalid-data', message: /changed/ },
  )
  t.equal(server.sql("SELECT to_regclass('arpent.other') IS NULL"), 't\n', 'a step that fails leaves nothing')
  await database.session(async session => {
    await session.script('DROP SCHEMA arpent CASCADE')
    await migrate(session, migrations.slice(0, 1))
    await session.script("INSERT INTO arpent.loads VALUES ('/old', 'f', 'public', 'old', 1, '[]')")
    await migrate(session, migrations.slice(0, 3))
    await session.script(`INSERT INTO arpent.rasters (store, path, fingerprint, kind, own, crs, footprint, resolution, bands)
      VALUES ('ortho', 'old.tif', '1', 'k', '{}', 'EPSG:2154', ARRAY[0, 0, 1, 1], 1, 3)`)
  })
  await t.rejects(
    database.session(session => migrate(session, [])),
    { kind: 'conflict', message: /newer/ },
  )
  await database.close()
  const store = openFeatureStore({ kind: 'postgis', id: 'main', url })
  t.match(await store.state?.loads('').list(), [{ path: '/old', table: 'old' }], 'old records are about the store they are in')
  t.same(await store.state?.rasters('ortho').list(), [], 'files that were described without size and checksum are looked at once more')
  await store.close()
})

t.test('whether state can be kept is found out', { skip: withoutPrivatePostgres }, async t => {
  const server = await privatePostgres()
  t.teardown(() => server.remove())
  server.sql('CREATE ROLE reader LOGIN; CREATE ROLE maker LOGIN; CREATE ROLE owner LOGIN; CREATE ROLE still LOGIN SUPERUSER')
  server.sql('GRANT CREATE ON DATABASE postgres TO maker; ALTER ROLE still SET default_transaction_read_only = on')
  const obstacleFor = async (user: string) => {
    const store = openFeatureStore({ kind: 'postgis', id: 'main', url: server.url(user) })
    const obstacle = await store.state?.obstacle()
    await store.close()
    return obstacle?.code
  }
  t.equal(await obstacleFor('reader'), 'no-privilege')
  t.equal(await obstacleFor('still'), 'read-only')
  t.equal(await obstacleFor('maker'), undefined)
  server.sql('CREATE SCHEMA arpent AUTHORIZATION owner')
  t.equal(await obstacleFor('maker'), 'not-owner')
  t.equal(await obstacleFor('owner'), undefined)
  const store = openFeatureStore({ kind: 'postgis', id: 'main', url: server.url('owner') })
  await store.state?.loads('').put(record)
  t.same(await store.state?.loads('').list(), [record], 'a schema made for Arpent is enough: no right to create one is needed')
  await store.close()
  server.sql('CREATE TABLE arpent.foreign_one (id int)')
  t.equal(await obstacleFor('owner'), 'not-owner', 'not everything in it is its own')
  server.sql('DROP TABLE arpent.foreign_one')
  writeFileSync(join(server.folder, 'data', 'standby.signal'), '')
  server.stop('fast')
  server.start()
  t.equal(await obstacleFor('owner'), 'standby')
  server.stop('fast')
  await t.rejects(obstacleFor('owner'), { message: /answer/ })
})

t.test('embedded', async t => {
  const host = await startEmbeddedDatabase({ dataDir: t.testdir() })
  t.teardown(() => host.close())
  const database = openEmbeddedDatabase(host.openPort())
  const store = openFeatureStore({ kind: 'embedded', id: 'local', port: host.openPort() })
  await stateContract(t, store, text => database.session(session => session.script(text)))
})
