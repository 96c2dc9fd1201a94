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
  const store = openFeatureStore({ kind: 'postgis', id: 'main', url, poolSize: 2 })
  t.teardown(() => store.close())
  const [description] = await store.discover({ table: 'few', withoutGeometry: true })
  const query = { source: sourceOf(store, description!), columns: ['id'], key: false }
  const both = () => Promise.all([store.count(query), store.count(query)])
  // a connection that PostgreSQL calls idle may not have been heard of here yet
  const asked = () =>
    server.sql(`SELECT count(*) FROM pg_stat_activity WHERE application_name = 'arpent' AND state = 'idle' AND query LIKE '%few%'`).trim()
  const isAnswered = async () => (await both()).every(count => count === 10)
  t.ok(await until(async () => (await isAnswered()) && asked() === '2'), 'both connections are in use')
  const ended: string[] = []
  const leaving = new AbortController()
  proxy.set({ kind: 'silent' })
  const lost = store.count(query, leaving.signal).finally(() => ended.push('count'))
  t.ok(await until(() => proxy.lost() > 0), 'the statement is on its way')
  const before = proxy.lost()
  const rows = store.find(query, leaving.signal).finally(() => ended.push('rows'))
  t.ok(await until(() => proxy.lost() > before), 'the other, too')
  proxy.set({ kind: 'clear' })
  leaving.abort()
  await Promise.all([rows, lost].map(async answer => t.match(await answer.catch(error => error), { kind: 'cancelled', message: /client/ })))
  t.same(ended, ['rows', 'count'], 'rows are given up at once, a session when it is known to be lost')
  t.equal(await store.count(query), 10, 'on another connection')
})
