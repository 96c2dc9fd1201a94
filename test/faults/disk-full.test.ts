import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { geojsonText, madeFeatures, pointsTable, writeGeopackage, zipBytes } from '../support/make-files.js'
import { embeddedRows, healthOf, mapOfPoints } from '../support/points-world.js'
import { runProgram } from '../support/run-program.js'
import { runServer, startServer } from '../support/running-server.js'
import { smallDisk, withoutMounts } from '../support/small-disk.js'
import { faultsOf, referenceHashes, startTraffic } from '../support/traffic.js'
import { until } from '../support/until.js'

const options = { skip: withoutMounts }
const sources = mkdtempSync(join(tmpdir(), 'arpent-sources-'))
t.teardown(() => rmSync(sources, { recursive: true, force: true }))
mkdirSync(join(sources, 'small'))
writeFileSync(join(sources, 'small', 'points.geojson'), geojsonText(madeFeatures(500)))
const big = join(sources, 'big.geojson')
writeFileSync(big, geojsonText(madeFeatures(120_000, 2)))

// Promised: a first start without room says so and leaves nothing half made; with room it succeeds.
t.test('the disk is full at the first start', options, async t => {
  const disk = smallDisk(20)
  t.teardown(() => disk.remove())
  const data = join(disk.folder, 'data')
  const started = startServer([join(sources, 'small')], { data })
  t.equal(await started.exited, 1)
  t.same(readdirSync(data), ['identity'], 'nothing half made is left: no database, only the name of the folder')
  t.match(readFileSync(join(data, 'identity'), 'utf8'), /^[0-9a-f]{16}$/, 'which is whole')
  t.match(
    started.output.stderr,
    /^The embedded database cannot be made: the disk of the data folder is full;.*\n$/m,
    'it says what is missing',
  )
  t.notMatch(started.output.stderr, /\bat .*\.js/, 'without a stack')
  disk.remount('size=200m')
  const server = await runServer([join(sources, 'small')], { data })
  t.equal(await server.stop(), 0)
  t.same(embeddedRows(data), { 'public.points': 500 })
})

// Promised: an import that does not fit fails with its reason and changes nothing; what is published is served all the while; with room again,
// it works without a restart.
t.test('the disk of the embedded database fills during an import', options, async t => {
  const disk = smallDisk(400)
  t.teardown(() => disk.remove())
  const data = join(disk.folder, 'data')
  const server = await runServer([join(sources, 'small')], { data })
  t.teardown(() => server.stop())
  const urls = Array.from({ length: 6 }, (_, at) => mapOfPoints(server, 'points', at))
  const right = await referenceHashes(urls)
  const traffic = startTraffic(turn => urls[turn % urls.length]!)
  t.teardown(() => traffic.stop())

  disk.fill(8_000)
  const failed = await runProgram(['import', big, '--data', data])
  t.equal(failed.code, 1)
  console.error(failed.stderr)
  t.match(failed.stderr, /big\.geojson: .*(full|room|space)/i, 'it says what is missing')
  t.ok(await traffic.settled(200), 'the rest is served')
  t.match(await healthOf(server), { collections: 1 })

  disk.free()
  const imported = await runProgram(['import', big, '--data', data])
  t.match(imported, { code: 0, stdout: /120,000 rows/ }, 'with room it works')
  await traffic.stop()
  t.same(faultsOf(traffic.answers, right), [])
  t.same(traffic.failures, [])
  t.equal(await server.stop(), 0)

  t.same(embeddedRows(data), { 'public.points': 500, 'public.big': 120_000 }, 'nothing half is left')
})

// Promised: a packed file for which there is no room is left out with its reason, nothing of it stays, and it is published when there is room.
t.test('the scratch folder is too small for a packed GeoPackage', options, async t => {
  const disk = smallDisk(1)
  t.teardown(() => disk.remove())
  const folder = t.testdir({ 'points.geojson': geojsonText(madeFeatures(50)) })
  const plain = writeGeopackage(join(sources, 'packed.gpkg'), [pointsTable(madeFeatures(30_000), 'packed')])
  writeFileSync(join(folder, 'packed.gpkg.zip'), zipBytes([{ name: 'packed.gpkg', bytes: readFileSync(plain) }]))
  const server = await runServer([folder], { env: { TMPDIR: disk.folder } })
  t.teardown(() => server.stop())
  t.match(await healthOf(server), { status: 'degraded', collections: 1, leftOut: [{ source: /packed/, reasons: [/(full|room|space)/i] }] })
  console.error(await healthOf(server))
  t.same(readdirSync(disk.folder), [], 'nothing stays in it')
  t.equal((await fetch(mapOfPoints(server, 'points'))).status, 200)
  disk.remount('size=100m')
  server.process.kill('SIGHUP')
  t.ok(await until(async () => (await healthOf(server)).collections === 2), 'it is published when there is room')
  t.same(readdirSync(disk.folder), [])
  t.equal(await server.stop(), 0)
})
