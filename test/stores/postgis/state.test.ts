import t, { type Test } from 'tap'
import { openFeatureStore } from '#stores/index.js'
import { openEmbeddedDatabase } from '#stores/postgis/embedded/embedded-database.js'
import { startEmbeddedDatabase } from '#stores/postgis/embedded/embedded-host.js'
import { openNativeDatabase } from '#stores/postgis/native/native-database.js'
import { migrate } from '#stores/postgis/state/migrate.js'
import { migrations } from '#stores/postgis/state/migrations.js'
import { privatePostgres, withoutPrivatePostgres } from '../../support/private-postgres.js'

const record = { path: '/données/communes.gpkg#communes', fingerprint: 'abc', schema: 'public', table: 'communes', rows: 3, notes: ['“é”'] }

/** What state promises, over a store and a way to script its database. */
async function stateContract(
  test: Test,
  store: ReturnType<typeof openFeatureStore>,
  script: (text: string) => Promise<void>,
): Promise<void> {
  await store.migrate?.()
  await store.migrate?.()
  test.same(await store.loads?.(), [])
  await store.recordLoad?.(record)
  await store.recordLoad?.({ ...record, path: '/a', notes: [] })
  await store.recordLoad?.({ ...record, rows: 4 })
  test.same(await store.loads?.(), [
    { ...record, path: '/a', notes: [] },
    { ...record, rows: 4 },
  ])
  await store.forgetLoad?.('/a')
  await store.forgetLoad?.('/nowhere')
  test.same(await store.loads?.(), [{ ...record, rows: 4 }])
  await script("INSERT INTO arpent.migrations VALUES (999, 'from the future')")
  await test.rejects(store.migrate!(), { kind: 'conflict', message: /999.*newer/ })
  await script('DELETE FROM arpent.migrations WHERE version = 999')
  await store.migrate?.()
}

t.test('native', { skip: withoutPrivatePostgres }, async t => {
  const server = await privatePostgres()
  t.teardown(() => server.remove())
  const url = server.url('postgres')
  server.sql('CREATE EXTENSION postgis')
  const stores = Array.from({ length: 4 }, () => openFeatureStore({ kind: 'postgis', id: 'main', url }))
  await Promise.all(stores.map(store => store.migrate?.()))
  await stateContract(t, stores[0]!, async text => void server.sql(text))
  await Promise.all(stores.map(store => store.close()))
  const database = openNativeDatabase({ url })
  const next = [
    ...migrations,
    { version: 2, name: 'broken', script: 'CREATE TABLE arpent.other (id int); CREATE TABLE arpent.loads (id int)' },
  ]
  await t.rejects(
    database.session(session => migrate(session, next)),
    { kind: 'invalid-data', message: /changed/ },
  )
  t.equal(server.sql("SELECT to_regclass('arpent.other') IS NULL"), 't\n', 'a step that fails leaves nothing')
  await database.close()
})

t.test('embedded', async t => {
  const host = await startEmbeddedDatabase({ dataDir: t.testdir() })
  t.teardown(() => host.close())
  const database = openEmbeddedDatabase(host.openPort())
  const store = openFeatureStore({ kind: 'embedded', id: 'local', port: host.openPort() })
  await stateContract(t, store, text => database.session(session => session.script(text)))
})
