import t from 'tap'
import { openFeatureStore } from '#stores/index.js'
import { sourceOf } from '../stores/feature-store-contract.js'
import { privatePostgres, withoutPrivatePostgres } from '../support/private-postgres.js'
import { tcpProxy } from '../support/tcp-proxy.js'
import { until } from '../support/until.js'

// Promised: an answer that got lost on the way, on a connection that lives on, holds neither who asked nor the connection for ever.
t.test('an answer that never comes', { skip: withoutPrivatePostgres }, async t => {
  const server = await privatePostgres()
  t.teardown(() => server.remove())
  server.sql('CREATE EXTENSION postgis; CREATE TABLE few AS SELECT g AS id FROM generate_series(1, 10) g; ANALYZE')
  const proxy = await tcpProxy(server.port)
  t.teardown(() => proxy.close())
  const url = server.url('postgres', undefined, '?sslmode=disable').replace(String(server.port), String(proxy.port))
  const store = openFeatureStore({ kind: 'postgis', id: 'main', url, poolSize: 1 })
  t.teardown(() => store.close())
  const [description] = await store.discover({ table: 'few', withoutGeometry: true })
  const query = { source: sourceOf(store, description!), columns: ['id'], key: false }
  t.equal(await store.count(query), 10)
  const leaving = new AbortController()
  proxy.set({ kind: 'silent' })
  const lost = store.count(query, leaving.signal)
  t.ok(await until(() => proxy.lost() > 0), 'the statement is on its way')
  proxy.set({ kind: 'clear' })
  leaving.abort()
  await t.rejects(lost, { kind: 'cancelled', message: /client/ })
  t.equal(await store.count(query), 10, 'on another connection')
})
