import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { type ExportsWorld, exportsWorld } from '../support/exports-world.js'
import { withoutPrivatePostgres } from '../support/private-postgres.js'
import { smallDisk, withoutMounts } from '../support/small-disk.js'
import { until } from '../support/until.js'

const options = { skip: withoutPrivatePostgres }
const dataFolder = (t: { teardown(work: () => void): void }) => {
  const folder = mkdtempSync(join(tmpdir(), 'arpent-kept-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
const keptIn = (data: string) =>
  existsSync(join(data, 'exports')) ? readdirSync(join(data, 'exports')).filter(name => !name.endsWith('.json')) : []
const path = (id: string, extension: string) => `/files/exports/${id}.${extension}`
const linesOf = async (answer: Response) => (await answer.text()).split('\r\n').length - 2

async function world(t: { teardown(work: () => void): void }): Promise<ExportsWorld> {
  const one = await exportsWorld()
  t.teardown(() => one.remove())
  one.sql(`CREATE TABLE "a.b" (id integer PRIMARY KEY, name text, geom geometry(Point, 4326));
    INSERT INTO "a.b" VALUES (1, 'é', 'SRID=4326;POINT(5 48)'), (2, NULL, NULL); ANALYZE "a.b"`)
  return one
}

// Promised: a file is made once for all who ask, kept with a validator, over restarts too, and made anew when its rows are others.
t.test('files of whole collections are kept', options, async t => {
  const postgres = await world(t)
  const data = dataFolder(t)
  const server = await postgres.serve('spaces: { eau: { collections: [many] } }\naccess: { write: { "*": [anonymous] } }', { data })
  const get = (address: string, headers: Record<string, string> = {}, method = 'GET') =>
    fetch(`${server.address}${address}`, { method, headers })

  await t.test('made once', async t => {
    const answers = await Promise.all(Array.from({ length: 6 }, () => get(path('many', 'csv'))))
    t.same(await Promise.all(answers.map(linesOf)), Array(6).fill(40_000))
    t.equal(keptIn(data).length, 1)
    t.equal(postgres.sql(`SELECT count(*) FROM pg_stat_user_tables WHERE relname = 'many' AND seq_scan > 20`).trim(), '0')
  })

  await t.test('parts of it', async t => {
    const head = await get(path('many', 'csv'), {}, 'HEAD')
    const size = Number(head.headers.get('content-length'))
    const etag = head.headers.get('etag')!
    const all = await (await get(path('many', 'csv'))).text()
    t.equal(Buffer.byteLength(all), size, 'HEAD tells the length')
    for (const [range, start, end] of [
      ['0-9', 0, 10],
      ['100-', 100, size],
      ['-7', size - 7, size],
      [`${size - 1}-${size + 50}`, size - 1, size],
    ] as const) {
      const part = await get(path('many', 'csv'), { range: `bytes=${range}` })
      t.equal(part.status, 206, range)
      t.equal(part.headers.get('content-range'), `bytes ${start}-${end - 1}/${size}`)
      t.equal(await part.text(), Buffer.from(all).subarray(start, end).toString())
    }
    t.equal((await get(path('many', 'csv'), { range: `bytes=${size}-` })).status, 416)
    t.equal((await get(path('many', 'csv'), { 'if-none-match': etag })).status, 304)
    const opened = () => readdirSync(`/proc/${server.process.pid}/fd`).length
    const before = opened()
    for (let i = 0; i < 30; i++) {
      t.equal((await get(path('many', 'csv'), { 'if-none-match': etag })).status, 304)
      t.equal((await get(path('many', 'csv'), {}, 'HEAD')).status, 200)
    }
    t.ok(await until(() => opened() < before + 10), `no file stays open: ${before} before, ${opened()} now`)
    t.equal((await get(path('many', 'csv'), { range: 'bytes=0-9', 'if-range': etag })).status, 206)
    t.equal((await get(path('many', 'csv'), { range: 'bytes=0-9', 'if-range': '"another"' })).status, 200)
  })

  await t.test('by other addresses, and under names with dots', async t => {
    t.equal(await linesOf(await get(`/datasets/many${path('many', 'csv')}`)), 40_000)
    t.equal(await linesOf(await get(`/eau${path('many', 'csv')}`)), 40_000)
    t.equal((await get(`/eau${path('parcels', 'csv')}`)).status, 404, 'not what the space does not have')
    t.equal(keptIn(data).length, 1, 'it is one file')
    t.equal(await linesOf(await get(path('a.b', 'csv'))), 2)
    for (const method of ['GET', 'HEAD'])
      t.equal((await get(path('a.b', 'csv'), {}, method)).headers.get('vary'), 'Accept-Encoding', method)
    for (const name of ['a.csv', 'a.b', 'a.b.nope', '..%2f..%2fetc%2fpasswd', '%00.csv', '.csv', 'many.']) {
      const answer = await get(`/files/exports/${name}`)
      t.equal(answer.status, 404, name)
      t.equal(answer.headers.get('content-type'), 'application/problem+json')
    }
  })

  await t.test('renewed with the rows', async t => {
    const before = (await get(path('many', 'csv'), {}, 'HEAD')).headers.get('etag')
    postgres.sql(`DELETE FROM many WHERE id > 39990`)
    t.ok(await until(async () => (await linesOf(await get(path('many', 'csv')))) === 39_990))
    t.not((await get(path('many', 'csv'), {}, 'HEAD')).headers.get('etag'), before)
    t.ok(await until(() => keptIn(data).length === 2), 'the older one is gone')
  })

  await t.test('at once when they are changed here', async t => {
    const rows = await linesOf(await get(path('a.b', 'csv')))
    for (const id of [10, 11, 12]) {
      const feature = { type: 'Feature', properties: { id, name: 'neuf' }, geometry: { type: 'Point', coordinates: [5, 48] } }
      const answer = await fetch(`${server.address}/collections/a.b/items`, {
        method: 'POST',
        headers: { 'content-type': 'application/geo+json' },
        body: JSON.stringify(feature),
      })
      t.equal(answer.status, 201, await answer.text())
      t.equal(await linesOf(await get(path('a.b', 'csv'))), rows + id - 9, 'the next who asks gets it')
    }
  })

  const etag = (await get(path('many', 'csv'), {}, 'HEAD')).headers.get('etag')
  await server.stop()
  // what the database counts of rows is no change of them
  postgres.sql(`DELETE FROM pg_statistic WHERE starelid = 'many'::regclass`)
  await t.test('over a restart', async t => {
    const kept = keptIn(data).sort()
    const again = await postgres.serve('', { data })
    const answer = await fetch(`${again.address}${path('many', 'csv')}`, { method: 'HEAD' })
    t.equal(answer.headers.get('etag'), etag)
    t.same(keptIn(data).sort(), kept, 'nothing is made again')
    postgres.pause(0.001)
    const making = fetch(`${again.address}${path('dripping', 'csv')}`)
      .then(answer => answer.text())
      .catch(() => '')
    t.ok(
      await until(() => keptIn(data).some(name => name.endsWith('.part') && statSync(join(data, 'exports', name)).size > 0)),
      'one is being made',
    )
    again.process.kill('SIGKILL')
    await Promise.all([again.exited, making])
    postgres.pause(0)
    const third = await postgres.serve('', { data })
    t.same(keptIn(data).sort(), kept, 'what was half made is gone')
    await third.stop()
  })
})

// Promised: the files keep to their room on disk, the longest unused going first, and what has none is told so.
t.test('files have their room', options, async t => {
  const postgres = await world(t)
  const data = dataFolder(t)
  const server = await postgres.serve('limits: { exportBytes: 6000000 }', { data })
  t.teardown(() => server.stop())
  const get = (id: string, extension: string) => fetch(`${server.address}${path(id, extension)}`)
  // one too large is cut off, before its head is read or after
  for (const extension of ['csv', 'fgb', 'csv', 'parquet', 'gpkg'])
    await get(extension === 'gpkg' ? 'parcels' : 'many', extension)
      .then(answer => answer.arrayBuffer())
      .catch(() => {})
  await until(() => !keptIn(data).some(name => name.endsWith('.part')))
  const bytes = keptIn(data).reduce((sum, name) => sum + statSync(join(data, 'exports', name)).size, 0)
  t.ok(bytes <= 6_000_000, `${bytes} bytes are kept`)
  t.ok(
    keptIn(data).some(name => name.endsWith('.gpkg')),
    'the last among them',
  )
  const first = await get('wide', 'csv')
    .then(async answer => ({ status: answer.status, bytes: await answer.arrayBuffer() }))
    .catch(() => 'cut off')
  t.ok(
    first === 'cut off' || (typeof first === 'object' && first.status === 400),
    'whoever asks first is cut off, or told before the first bytes',
  )
  const refused = await get('wide', 'csv')
  t.equal(refused.status, 400)
  t.match(await refused.json(), { title: 'too large', detail: /larger than the room/ })
  t.notOk(
    keptIn(data).some(name => name.endsWith('.part')),
    'nothing of it is left',
  )
})

// Promised: a disk that is full fails what needs it, with the reason, and nothing else.
t.test('the disk is full', { ...options, skip: withoutPrivatePostgres || withoutMounts }, async t => {
  const postgres = await world(t)
  const disk = smallDisk(16)
  t.teardown(() => disk.remove())
  const server = await postgres.serve('', { data: join(disk.folder, 'data') })
  t.teardown(() => server.stop())
  for (const extension of ['csv', 'gpkg']) {
    disk.fill(1000)
    const full = await fetch(`${server.address}${path('many', extension)}`)
    t.equal(full.status, 503, extension)
    t.match(await full.json(), { detail: /has no room/ })
    t.equal((await fetch(`${server.address}/collections/many/items?limit=1`)).status, 200, 'the rest is served')
    disk.free()
    t.equal((await fetch(`${server.address}${path('a.b', extension)}`)).status, 200, 'with room, it works')
  }
})
