import { spawnSync } from 'node:child_process'
import { chmodSync, chownSync, copyFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import t from 'tap'
import type { FeatureStore } from '#core/ports.js'
import { Problem } from '#core/problem.js'
import { rowView } from '#rows/row-view.js'
import { openFeatureStore } from '#stores/index.js'
import { equals } from '../../support/filters.js'
import { privatePostgres, withoutPrivatePostgres } from '../../support/private-postgres.js'
import { missing } from '../../support/programs.js'
import { until } from '../../support/until.js'
import { found, sourceOf } from '../feature-store-contract.js'

const open = (url: string, more: { poolSize?: number; statementSeconds?: number; takesTurns?: boolean } = {}) =>
  openFeatureStore({ kind: 'postgis', id: 'main', url, ...more })

async function queryOf(store: FeatureStore, table: string) {
  const [description] = await store.discover({ table, withoutGeometry: true })
  const source = sourceOf(store, description!)
  return { source, columns: source.columns.map(column => column.name), key: false }
}

t.test('a PostgreSQL of our own', { skip: withoutPrivatePostgres }, async t => {
  const server = await privatePostgres()
  t.teardown(() => server.remove())
  server.sql(`CREATE EXTENSION postgis; CREATE TABLE many AS SELECT g AS id, 'texte ' || g AS name, repeat('x', 200) AS filler FROM generate_series(1, 50000) g;
    CREATE VIEW slow AS SELECT g AS id, pg_sleep(0.001)::text AS nap FROM generate_series(1, 100000) g; ANALYZE`)

  await t.test('rows over the own client equal rows over pg', async t => {
    server.sql(`CREATE TABLE kinds AS SELECT 1::int2 AS a, -2::int4 AS b, 3::int8 AS c, 1.5::float4 AS d, 'NaN'::float8 AS e, 12345.678901::numeric AS f, true AS g,
      'é'::varchar(3) AS h, 'ab'::char(5) AS i, '2024-02-29'::date AS j, '\\xdeadbeef'::bytea AS k, '{1,2}'::int[] AS l, '1 day'::interval AS m, 'a=>1' AS n,
      '10.0.0.1'::inet AS o, '12:00+02'::timetz AS p, '{"a":1}'::jsonb AS q, 'x'::"char" AS r, 'nom'::name AS s, null::text AS u
      UNION ALL SELECT null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null`)
    const store = open(server.url('postgres'))
    const query = await queryOf(store, 'kinds')
    const { batches } = await store.find(query)
    const ours: (string | null)[][] = []
    for await (const batch of batches) {
      const view = rowView(batch)
      for (let i = 0; i < batch.count; i++) ours.push(query.columns.map((_, column) => view.at(i).text(column)))
    }
    const client = new pg.Client({ connectionString: server.url('postgres') })
    await client.connect()
    const casts = query.columns.map(name => (name === 'k' ? `encode(k, 'hex') AS k` : `"${name}"::text`))
    const { rows } = await client.query({ text: `SELECT ${casts.join(', ')} FROM kinds`, rowMode: 'array' })
    await client.end()
    t.equal(ours.length, 2)
    for (const [at, name] of query.columns.entries()) {
      const [mine, theirs] = [ours[0]![at], rows[0][at] as string]
      if (name === 'g') t.equal(mine, 'true')
      else if (name === 'k') t.ok(mine, 'bytes have a text form of their own')
      else if (name === 'i') t.equal(mine?.trim(), 'ab')
      else t.equal(mine, theirs, name)
      t.equal(ours[1]![at], null, `${name} null`)
    }
    await store.close()
  })

  await t.test('a client that leaves frees its statement, and the connection serves on', async t => {
    // backends of stores that are closed may still be there
    const store = open(server.url('postgres', undefined, '?application_name=leaver'), { poolSize: 1 })
    const query = await queryOf(store, 'slow')
    const many = await queryOf(store, 'many')
    const working = () =>
      server.sql(`SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%slow%' AND state = 'active' AND pid <> pg_backend_pid()`).trim()
    const backend = () => server.sql(`SELECT string_agg(pid::text, ',') FROM pg_stat_activity WHERE application_name = 'leaver'`).trim()
    const before = backend()
    await t.rejects(store.find({ ...query, sort: [{ column: 'nap', descending: true }] }, AbortSignal.timeout(200)), {
      kind: 'deadline',
      message: /longer/,
    })
    const leaving = new AbortController()
    setTimeout(() => leaving.abort(), 100)
    await t.rejects(store.count({ ...query, filter: equals('nap', 'x') }, leaving.signal), {
      kind: 'cancelled',
      message: /client/,
    })
    for (let i = 0; i < 30; i++) {
      const leaving = new AbortController()
      const { batches } = await store.find(many, leaving.signal)
      const iterator = batches[Symbol.asyncIterator]()
      if (i % 3 === 0) leaving.abort()
      else if (i % 3 === 1) await iterator.return?.()
      else {
        const next = iterator.next()
        leaving.abort()
        await next.catch(error => t.match(error, { kind: 'cancelled' }))
      }
    }
    t.equal(await store.count(many), 50_000)
    t.equal((await found(store, many)).length, 50_000)
    t.ok(await until(() => working() === '0'))
    t.equal(backend(), before, 'on the same connection')
    await store.close()
  })

  await t.test('a consumer that does not read makes the server wait', async t => {
    const store = open(server.url('postgres'), { poolSize: 1 })
    const query = { ...(await queryOf(store, 'many')), sort: [{ column: 'id', descending: false }] }
    const iterator = (await store.find(query)).batches[Symbol.asyncIterator]()
    await iterator.next()
    const waiting = () => server.sql(`SELECT wait_event FROM pg_stat_activity WHERE application_name = 'arpent'`).trim()
    for (let i = 0; i < 50 && waiting() !== 'ClientWrite'; i++) await new Promise(resolve => setTimeout(resolve, 50))
    t.equal(waiting(), 'ClientWrite')
    await iterator.return?.()
    t.equal(await store.count(query), 50_000)
    await store.close()
  })

  await t.test('where turns are taken, others of the thread have theirs between two batches, of which none is lost', async t => {
    const store = open(server.url('postgres'), { takesTurns: true })
    const { batches } = await store.find({ ...(await queryOf(store, 'many')), isFleeting: true })
    let [rows, asked, had] = [0, 0, 0]
    for await (const batch of batches) {
      t.equal(had, asked)
      rows += batch.count
      asked++
      setImmediate(() => had++)
    }
    t.equal(rows, 50_000)
    t.ok(asked > 10)
    await store.close()
  })

  await t.test('the server stops what outlasts the store’s own limit', async t => {
    const [patient, store] = [open(server.url('postgres')), open(server.url('postgres'), { statementSeconds: 0.2 })]
    const query = await queryOf(patient, 'slow')
    await patient.close()
    await t.rejects(store.count({ ...query, filter: equals('nap', 'x') }), {
      kind: 'deadline',
      message: /longer/,
    })
    await store.close()
  })

  await t.test('a table that changes between two requests is answered anew', async t => {
    const store = open(server.url('postgres'), { poolSize: 1 })
    server.sql('CREATE TABLE changing (id int, name varchar(5)); INSERT INTO changing VALUES (1, $$a$$)')
    const query = await queryOf(store, 'changing')
    t.same(await found(store, query), [[1, 'a']])
    server.sql('ALTER TABLE changing ALTER name TYPE varchar(50)')
    t.same(await found(store, query), [[1, 'a']], 'the prepared statement is made again')
    server.sql('ALTER TABLE changing DROP name')
    await t.rejects(found(store, query), { kind: 'invalid-data', message: /changed/ })
    server.sql('DROP TABLE changing')
    await t.rejects(found(store, query), { kind: 'invalid-data', message: /changed/ })
    await store.close()
  })

  await t.test('passwords: SCRAM, md5, clear; right and wrong', async t => {
    server.sql(`SET password_encryption = 'scram-sha-256'; CREATE ROLE scram LOGIN PASSWORD 'pâß wörd'; CREATE ROLE clear LOGIN PASSWORD 'clear';
      SET password_encryption = 'md5'; CREATE ROLE md LOGIN PASSWORD 'md5 secret'`)
    server.allow(['host all scram all scram-sha-256', 'host all md all md5', 'host all clear all password', 'host all all all trust'])
    for (const [user, password] of [
      ['scram', 'pâß wörd'],
      ['md', 'md5 secret'],
      ['clear', 'clear'],
    ] as const) {
      const store = open(server.url(user, password))
      await t.resolves(store.ping(), user)
      await store.close()
      const wrong = open(server.url(user, 'hunter2'))
      const error = await wrong.ping().catch(error => error)
      t.match(error, { kind: 'unavailable', message: /refuses/ })
      t.notMatch(`${error.message} ${error.cause} ${error.stack}`, /hunter2/, 'no secret in it')
      const without = open(server.url(user))
      await t.rejects(without.ping(), { kind: 'unavailable', message: /password|answer/ })
    }
  })

  await t.test('TLS by sslmode', { skip: missing('openssl', 'openssl', 'version') }, async t => {
    const [key, certificate] = [join(server.folder, 'server.key'), join(server.folder, 'server.crt')]
    spawnSync('openssl', [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-days',
      '2',
      '-subj',
      '/CN=localhost',
      '-addext',
      'subjectAltName=DNS:localhost',
      '-keyout',
      key,
      '-out',
      certificate,
    ])
    const copy = join(t.testdir(), 'root.crt')
    copyFileSync(certificate, copy)
    chmodSync(key, 0o600)
    const owner = Number(spawnSync('id', ['-u', 'postgres'], { encoding: 'utf8' }).stdout)
    chownSync(key, owner, owner)
    chownSync(certificate, owner, owner)
    const mode = async (mode: string, host = '127.0.0.1') => {
      const store = open(server.url('postgres', undefined, `?sslmode=${mode}`).replace('127.0.0.1', host), { poolSize: 1 })
      try {
        await store.ping()
        // that of a store that is closed may still be there
        return server
          .sql(
            `SELECT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name = 'arpent' ORDER BY backend_start DESC LIMIT 1`,
          )
          .trim()
      } catch (error) {
        return error instanceof Problem ? error.kind : error
      } finally {
        await store.close()
      }
    }
    t.equal(await mode('prefer'), 'f')
    t.equal(await mode('require'), 'unavailable', 'not in clear when told so')
    server.sql(`ALTER SYSTEM SET ssl_cert_file = '${certificate}'`)
    server.sql(`ALTER SYSTEM SET ssl_key_file = '${key}'`)
    server.sql('ALTER SYSTEM SET ssl = on')
    server.reload()
    t.equal(await mode('disable'), 'f')
    t.equal(await mode('prefer'), 't')
    t.equal(await mode('require'), 't')
    t.equal(await mode('verify-full', 'localhost'), 'unavailable', 'nobody vouches for the certificate')
    t.equal(await mode(`verify-full&sslrootcert=${copy}`, 'localhost'), 't')
    t.equal(await mode(`verify-full&sslrootcert=${copy}`), 'unavailable', 'it is for another host')
    t.equal(await mode(`verify-ca&sslrootcert=${copy}`), 't')
  })

  await t.test('a restarted server is found again; nothing crashes', async t => {
    const store = open(server.url('postgres', undefined, '?sslmode=disable'), { poolSize: 3 })
    const query = await queryOf(store, 'many')
    t.equal(await store.count(query), 50_000)
    server.stop('fast')
    server.start()
    t.equal((await found(store, query)).length, 50_000, 'connections that ended while idle are not noticed by anybody')
    let isDone = false
    const outcomes = new Set<string>()
    const client = async () => {
      while (!isDone) {
        await found(store, query).then(
          rows => outcomes.add(rows.length === 50_000 ? 'whole' : 'cut'),
          error => outcomes.add(error instanceof Problem ? error.kind : String(error)),
        )
        await new Promise(resolve => setTimeout(resolve, 5))
      }
    }
    const clients = Array.from({ length: 6 }, client)
    server.stop('immediate')
    await t.rejects(store.ping(), { kind: 'unavailable', message: /127\.0\.0\.1/ })
    server.start()
    for (
      let i = 0;
      i < 100 &&
      (await store.ping().then(
        () => false,
        () => true,
      ));
      i++
    )
      await new Promise(resolve => setTimeout(resolve, 100))
    t.equal((await found(store, query)).length, 50_000)
    isDone = true
    await Promise.all(clients)
    t.same(
      [...outcomes].filter(outcome => outcome !== 'whole' && outcome !== 'unavailable'),
      [],
      'an answer is whole or a problem',
    )
    await store.close()
  })
})

t.test('addresses that cannot work say so, without the password', async t => {
  for (const [url, message] of [
    ['mysql://root@localhost/x', /postgres:\/\//],
    ['not a url', /postgres:\/\//],
    ['postgres://a:geheim@h:99999/d', /postgres:|port/],
    ['postgres://a:geheim@h/d?sslmode=maybe', /maybe.*prefer/],
    ['postgres://a:geheim@h/d?colour=red', /colour/],
    ['postgres://a:geheim%zz@h/d', /%25/],
  ] as const) {
    const error = t.throws(() => open(url), { kind: 'invalid-parameter', message })
    t.notMatch(String(error instanceof Error ? error.message : ''), /geheim/)
  }
  const store = open('postgres://a:geheim@127.0.0.1:1/d')
  const error = await store.ping().catch(error => error)
  t.match(error, { kind: 'unavailable', message: /127\.0\.0\.1:1\/d/ })
  t.notMatch(`${error.message}${error.stack}${error.cause}`, /geheim/)
  const again = await store.ping().catch(error => error)
  t.match(again, { kind: 'unavailable', retryAfter: 5 })
  await store.close()
})
