import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import t from 'tap'
import type { FeatureSource } from '#core/atlas.js'
import { Problem } from '#core/problem.js'
import type { FeatureJob, Link, WrittenFeatures } from '#formats/features/index.js'
import { openFeatureStore } from '#stores/index.js'
import { type FeatureWriters, startFeatureWriters } from '#workers/feature-writers.js'
import { testDatabaseUrl, withoutDatabase } from '../support/postgres.js'

const frail = new URL('./frail-export-worker.js', import.meta.url)
const schema = `writers_${process.pid}`
/** Some 12 MB as GeoJSON. */
const rows = 12_000

const options: FeatureJob['options'] = {
  languages: ['en'],
  parameters: new Map(),
  temporaryFolder: '',
  namespaces: new Map(),
  namespace: '',
}
const source: FeatureSource = {
  kind: 'features',
  store: 'main',
  schema,
  table: 'shapes',
  columns: [
    { name: 'id', kind: 'integer', nativeType: 'integer', isNullable: false },
    { name: 'nom', kind: 'text', nativeType: 'text', isNullable: true },
  ],
  geometries: [{ name: 'geom', type: 'POLYGON', dimensions: 'xy', crs: 'EPSG:2154', srid: 2154, isIndexed: false, isNullable: true }],
  geometry: 'geom',
  key: { kind: 'primary', columns: ['id'] },
}
const jobOf = (id = 'shapes', more: Partial<FeatureJob> = {}): FeatureJob => ({
  find: { collection: { id, title: 'Formes', source }, languages: ['en'] },
  format: 'geojson',
  options,
  ...more,
})
/** All of the features, with names so long that no socket holds them: some 180 MB. */
const wideJob = (): FeatureJob =>
  jobOf('wide', { find: { collection: { id: 'wide', title: 'Formes', source: { ...source, table: 'wide' } }, languages: ['en'] } })
/** A page of the features in their order. */
const pageOf = (pageSize: number, next: Link): FeatureJob =>
  jobOf('shapes', {
    find: { ...jobOf().find, pageSize },
    page: { timeStamp: '2026-01-01T00:00:00Z', links: [], itemsAddress: 'https://example.org', next },
  })

async function textOf({ pieces }: WrittenFeatures): Promise<string> {
  const all: Uint8Array[] = []
  // the memory of a piece is used again
  for await (const piece of pieces) all.push(Buffer.from(piece))
  return Buffer.concat(all).toString()
}
const kindOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    error => (error instanceof Problem ? error.kind : String(error)),
  )
const quiet = () => {
  const warnings: string[] = []
  return { warnings, log: { warn: (_: object, message: string) => void warnings.push(message) } }
}

t.test('features of a database', { skip: withoutDatabase }, async t => {
  const url = `${testDatabaseUrl}?application_name=${schema}`
  const client = new pg.Client(testDatabaseUrl)
  await client.connect()
  await client.query(`CREATE SCHEMA ${schema}; CREATE TABLE ${schema}.shapes (id integer PRIMARY KEY, nom text, geom geometry(Polygon, 2154));
    INSERT INTO ${schema}.shapes SELECT n, 'parcelle "' || n || '" à Montlhéry', ST_SetSRID(ST_Buffer(ST_MakePoint(600000 + (n % 300) * 97.13, 6800000 + (n / 300) * 61.7), 20), 2154) FROM generate_series(1, ${rows}) n;
    CREATE VIEW ${schema}.wide AS SELECT id, repeat(nom, 500) AS nom, geom FROM ${schema}.shapes`)
  const here = openFeatureStore({ kind: 'postgis', id: 'main', url })
  const { warnings, log } = quiet()
  const start = (threads: number) =>
    startFeatureWriters({
      threads,
      stores: () => [{ kind: 'postgis', id: 'main', url }],
      here: { features: () => here, raster: () => t.fail() as never },
      log,
    })
  const writers = start(2)
  t.teardown(async () => {
    await writers.close()
    await here.close()
    await client.query(`DROP SCHEMA ${schema} CASCADE`)
    await client.end()
  })
  /** What the statements of this test that run wait for. */
  const waits = async () => {
    const { rows } = await client.query(
      `SELECT coalesce(wait_event, 'none') AS event FROM pg_stat_activity WHERE application_name = $1 AND state = 'active'`,
      [schema],
    )
    return rows.map(({ event }) => event as string)
  }
  const until = async (isSo: (events: string[]) => boolean) => {
    while (!isSo(await waits())) await sleep(20)
  }

  await t.test('a thread writes what this one writes, and PostGIS says the same', async t => {
    const inline = start(0)
    const job = jobOf('shapes', { find: { ...jobOf().find, crs: 'EPSG:4326', sort: [{ column: 'id', descending: false }] } })
    const written = await writers.write(job)
    t.equal(written.end(), undefined)
    const text = await textOf(written)
    t.same(written.end(), { count: rows })
    t.ok(text === (await textOf(await inline.write(job))), 'byte for byte')
    const { features } = JSON.parse(text)
    const right = await client.query(`SELECT ST_AsGeoJSON(ST_Transform(geom, 4326), 12) AS geometry, nom FROM ${schema}.shapes ORDER BY id`)
    t.equal(features.length, rows)
    let worst = 0
    for (const [i, { geometry, nom }] of right.rows.entries()) {
      if (features[i].id !== i + 1 || features[i].properties.nom !== nom) t.fail(`feature ${i}`)
      const [ours, theirs] = [features[i].geometry.coordinates.flat(2), JSON.parse(geometry).coordinates.flat(2)]
      if (ours.length !== theirs.length) t.fail(`vertices of feature ${i}`)
      for (const [k, value] of theirs.entries()) worst = Math.max(worst, Math.abs(value - ours[k]))
    }
    t.ok(worst < 1e-9, `${worst} degrees at most from where PROJ has it`)
  })

  await t.test('a page ends where it should, and says whether there is more', async t => {
    const next = { href: 'https://example.org/items', rel: 'next' }
    for (const limit of [5, 5000]) {
      const more = await writers.write(pageOf(limit, next))
      const first = JSON.parse(await textOf(more))
      t.match([first.numberReturned, more.end()?.count, first.features.at(-1).id], [limit, limit, limit])
      t.match(first.links, [{ rel: 'next', href: /cursor=/ }])
      t.same(first.links, [more.end()?.next])
    }
    const last = await writers.write(pageOf(rows, next))
    t.same(
      [JSON.parse(await textOf(last)).links, last.end()],
      [[], { count: rows, matched: rows }],
      'a first page that none follows knows how many there are',
    )
  })

  await t.test('who does not take holds the database up, and frees it by leaving', async t => {
    const written = await writers.write(wideJob())
    const iterator = written.pieces[Symbol.asyncIterator]()
    await iterator.next()
    await until(events => events.length === 1 && events[0] === 'ClientWrite')
    await iterator.return?.()
    await until(events => events.length === 0)
    t.equal(written.end(), undefined, 'it has no end')
    const controller = new AbortController()
    const other = await writers.write(wideJob(), controller.signal)
    await until(events => events.includes('ClientWrite'))
    controller.abort()
    t.equal(await kindOf(textOf(other)), 'cancelled')
    await until(events => events.length === 0)
    while (writers.stats().running > 0) await sleep(20)
  })

  await t.test('what breaks in the middle is told, and what cannot begin', async t => {
    const written = await writers.write(wideJob())
    const iterator = written.pieces[Symbol.asyncIterator]()
    await iterator.next()
    await until(events => events.includes('ClientWrite'))
    await client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1 AND state = $2', [
      schema,
      'active',
    ])
    const rest = async () => {
      while (!(await iterator.next()).done);
    }
    t.equal(await kindOf(rest()), 'unavailable')
    t.equal(written.end(), undefined)
    t.equal(await kindOf(writers.write(jobOf('shapes', { format: 'none' }))), 'unsupported-format')
    const missing = jobOf('gone', {
      find: { ...jobOf().find, collection: { ...jobOf().find.collection, source: { ...source, table: 'gone' } } },
    })
    t.not(await kindOf(writers.write(missing)), 'done')
    t.equal(await kindOf(writers.write(jobOf(), AbortSignal.abort())), 'cancelled')
    t.equal(JSON.parse(await textOf(await writers.write(jobOf()))).numberReturned, rows, 'the next job is none the worse')
  })
  t.same(warnings, [])
})

const frailWriters = (more: Partial<Parameters<typeof startFeatureWriters>[0]> = {}): FeatureWriters & { warnings: string[] } => {
  const { warnings, log } = quiet()
  const stores = { features: () => t.fail() as never, raster: () => t.fail() as never }
  return Object.assign(startFeatureWriters({ threads: 1, stores: () => [], here: stores, log, script: frail, ...more }), { warnings })
}

t.test('a thread that dies fails what it had, and is replaced', async t => {
  const writers = frailWriters()
  const other = await writers.write(jobOf('stays'))
  // it may be told of its death before its first piece
  t.equal(await kindOf(writers.write(jobOf('dies')).then(textOf)), 'internal')
  t.equal(await kindOf(textOf(other)), 'internal')
  t.equal(await textOf(await writers.write(jobOf('ends'))), '\u0001\u0002\u0003')
  t.same(writers.warnings, ['A thread that writes features died.'])
  await writers.close()
})

t.test('jobs wait their turn, not too many of them, and who leaves does not', async t => {
  const writers = frailWriters({ maxWaiting: 2 })
  const running = await Promise.all(Array.from({ length: 16 }, () => writers.write(jobOf('stays'))))
  const [leaver, waiting] = [new AbortController(), writers.write(jobOf('ends'))]
  const leaving = kindOf(writers.write(jobOf('ends'), leaver.signal))
  t.match(writers.stats(), { threads: 1, running: 16, waiting: 2 })
  t.equal(await kindOf(writers.write(jobOf('ends'))), 'overloaded')
  leaver.abort()
  t.equal(await leaving, 'cancelled')
  await running[3].pieces[Symbol.asyncIterator]().return?.()
  t.equal(await textOf(await waiting), '\u0001\u0002\u0003')
  const last = kindOf(writers.write(jobOf('stays')).then(() => writers.write(jobOf('ends'))))
  while (writers.stats().waiting === 0) await sleep(5)
  await writers.close()
  t.equal(await last, 'unavailable', 'the server closes')
  t.equal(await kindOf(writers.write(jobOf('ends'))), 'unavailable')
})
