import { spawn } from 'node:child_process'
import { cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import t from 'tap'
import { openFeatureStore } from '#stores/index.js'
import { openEmbeddedDatabase } from '#stores/postgis/embedded/embedded-database.js'
import { startEmbeddedDatabase } from '#stores/postgis/embedded/embedded-host.js'
import { found, placesLayer, sourceOf } from '../feature-store-contract.js'

const nap = 'SELECT count(*) FROM generate_series(1, 2000000000)'

t.test('one database', async t => {
  const restarts: string[] = []
  const host = await startEmbeddedDatabase({ dataDir: t.testdir(), onRestart: reason => restarts.push(reason) })
  t.teardown(() => host.close())
  const store = openFeatureStore({ kind: 'embedded', id: 'local', port: host.openPort() })
  await store.load?.({ schema: 'public', table: 'lieux', mode: 'create' }, placesLayer(5_000), {})
  const [table] = await store.discover({ table: 'lieux' })
  const query = { source: sourceOf(store, table!), columns: ['geom', 'nom'], key: true }

  await t.test('a long read and a load let others in between', async t => {
    const order: string[] = []
    const other = openFeatureStore({ kind: 'embedded', id: 'other', port: host.openPort() })
    await Promise.all([
      found(store, query).then(() => order.push('long')),
      store.load?.({ schema: 'public', table: 'autres', mode: 'create' }, placesLayer(20_000), {}).then(() => order.push('load')),
      found(other, { ...query, limit: 1 }).then(() => order.push('short')),
    ])
    t.equal(order[0], 'short')
    await other.close()
  })

  await t.test('a statement beyond its deadline restarts the database; others are served after', async t => {
    const slow = openEmbeddedDatabase(host.openPort())
    const overdue = slow.session(session => session.query({ text: nap, values: [] }), { signal: AbortSignal.timeout(300) })
    const impatient = openEmbeddedDatabase(host.openPort(), { workSeconds: 0.3 })
    await t.rejects(overdue, { kind: 'deadline', message: /longer/ })
    t.equal(await store.count(query), 5_000)
    await t.rejects(
      impatient.session(session => session.query({ text: nap, values: [] })),
      { kind: 'deadline', message: /longer/ },
    )
    t.equal((await found(store, query)).length, 5_000)
    t.match(restarts, [/longer/, /longer/])
    t.match(host.stats(), { starts: 3, clients: 3 })
    await slow.close()
    await impatient.close()
  })

  await t.test('a client that leaves while it waits costs nothing', async t => {
    const starts = host.stats().starts
    const leaving = Array.from({ length: 20 }, () => new AbortController())
    const reads = leaving.map(({ signal }) => found(store, query, signal).catch(error => error.kind))
    for (const each of leaving) each.abort()
    t.same(new Set(await Promise.all(reads)), new Set(['cancelled']))
    t.equal(await store.count(query), 5_000)
    t.equal(host.stats().starts, starts)
  })

  await t.test('a transaction is alone, and undone when its owner goes', async t => {
    const owner = openEmbeddedDatabase(host.openPort())
    let meanwhile: Promise<readonly unknown[]> = Promise.resolve([])
    await owner.session(
      async session => {
        await session.script('BEGIN; CREATE TABLE half (id int)')
        meanwhile = store.discover({ table: 'half', withoutGeometry: true })
        await session.script('CREATE TABLE other_half (id int)')
        await session.script('ROLLBACK')
      },
      { isAlone: true },
    )
    t.same(await meanwhile, [], 'nobody sees a transaction from inside')
    const left = owner.session(session => session.script('BEGIN; CREATE TABLE half (id int)').then(() => owner.close()), { isAlone: true })
    await left.catch(() => {})
    await owner.session(session => session.script('BEGIN')).catch(() => {})
    t.same(await store.discover({ table: 'half', withoutGeometry: true }), [])
    const careless = openEmbeddedDatabase(host.openPort())
    await careless.session(session => session.script('BEGIN; CREATE TABLE half (id int)'))
    t.same(await store.discover({ table: 'half', withoutGeometry: true }), [], 'nor may one stay open without being alone')
    await careless.close()
  })

  await t.test('other threads speak to it through ports of their own', async t => {
    const script = `import { workerData, parentPort } from 'node:worker_threads'
      import { openFeatureStore } from '#stores/index.js'
      const store = openFeatureStore({ kind: 'embedded', id: 'local', port: workerData.port })
      parentPort.postMessage(await store.count(workerData.query))`
    const file = fileURLToPath(new URL(`./thread-${process.pid}.mjs`, import.meta.url))
    writeFileSync(file, script)
    const port = host.openPort()
    const worker = new Worker(file, { workerData: { port, query }, transferList: [port] })
    const count = await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject))
    t.equal(count, 5_000)
    await worker.terminate()
    const { rmSync } = await import('node:fs')
    rmSync(file)
  })
})

t.test('what was acknowledged survives kill -9 at any moment', async t => {
  const dataDir = t.testdir()
  const script = `import { startEmbeddedDatabase } from '#stores/postgis/embedded/embedded-host.js'
    import { openEmbeddedDatabase } from '#stores/postgis/embedded/embedded-database.js'
    const host = await startEmbeddedDatabase({ dataDir: ${JSON.stringify(dataDir)} })
    const database = openEmbeddedDatabase(host.openPort())
    const run = text => database.session(session => session.script(text))
    await run('CREATE TABLE IF NOT EXISTS kept (id int PRIMARY KEY, filler text)')
    await run('CREATE TABLE IF NOT EXISTS "~load left" (id int)')
    const { rows } = await database.session(session => session.query({ text: 'SELECT coalesce(max(id), 0) AS last FROM kept', values: [] }))
    for (let id = rows[0].last + 1; ; id++) {
      await run(\`INSERT INTO kept VALUES (\${id}, repeat('x', 2000))\`)
      process.stdout.write(id + '\\n')
    }`
  const file = fileURLToPath(new URL(`./killed-${process.pid}.mjs`, import.meta.url))
  writeFileSync(file, script)
  t.teardown(async () => (await import('node:fs')).rmSync(file))
  let acknowledged = 0
  for (const wait of [1, 300]) {
    const child = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'inherit'] })
    await new Promise<void>(resolve => {
      child.stdout.on('data', chunk => {
        const ids = String(chunk).trim().split('\n').map(Number)
        if (acknowledged < ids[0]! && wait > 0) setTimeout(() => child.kill('SIGKILL'), wait)
        acknowledged = Math.max(acknowledged, ...ids)
      })
      child.once('exit', () => resolve())
    })
  }
  const host = await startEmbeddedDatabase({ dataDir })
  const database = openEmbeddedDatabase(host.openPort())
  const { rows } = await database.session(session =>
    session.query({ text: 'SELECT count(*)::int AS count, max(id) AS last FROM kept', values: [] }),
  )
  t.ok(acknowledged > 0)
  t.ok(Number(rows[0]?.last) >= acknowledged, `${rows[0]?.last} is at least ${acknowledged}`)
  t.equal(rows[0]?.count, rows[0]?.last, 'without a gap')
  const left = await database.session(session =>
    session.query({ text: "SELECT relname FROM pg_class WHERE relname LIKE '~load%'", values: [] }),
  )
  t.same(left.rows, [], 'a load cut short leaves no table')
  await host.close()
})

t.test('a folder it cannot work with', async t => {
  const foreign = t.testdir({ database: { 'a file': 'of somebody' } })
  await t.rejects(startEmbeddedDatabase({ dataDir: foreign }), { kind: 'unavailable', message: /not Arpent/ })
  const future = t.testdir({ database: { 'arpent.json': '{"pglite":"99.0.0","postgis":"9.9.9"}' } })
  await t.rejects(startEmbeddedDatabase({ dataDir: future }), { kind: 'unavailable', message: /another version/ })
  const broken = t.testdir({})
  const prepared = fileURLToPath(new URL('../../../../dist/stores/postgis/embedded/prepared/', import.meta.url))
  cpSync(join(prepared, 'database'), join(broken, 'database'), { recursive: true, filter: source => !source.includes('pg_wal') })
  cpSync(join(prepared, 'versions.json'), join(broken, 'database', 'arpent.json'))
  await t.rejects(startEmbeddedDatabase({ dataDir: broken }), { kind: 'unavailable', message: /does not start/ })
})
