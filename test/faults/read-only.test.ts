import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { geojsonText, madeFeatures, pointsTable, writeGeopackage, writeShapefile } from '../support/make-files.js'
import { writeTiff } from '../support/make-tiff.js'
import { mapOf, nativeWorld, troubles } from '../support/native-world.js'
import { healthOf, mapOfPoints } from '../support/points-world.js'
import { withoutPrivatePostgres } from '../support/private-postgres.js'
import { runServer, startServer } from '../support/running-server.js'
import { smallDisk, withoutMounts } from '../support/small-disk.js'

const options = { skip: withoutMounts }

// Promised: sources are only ever read, so they may lie where nothing can be written.
t.test('a source folder that is read-only', options, async t => {
  const disk = smallDisk(20)
  t.teardown(() => disk.remove())
  writeFileSync(join(disk.folder, 'json.geojson'), geojsonText(madeFeatures(100)))
  writeGeopackage(join(disk.folder, 'pack.gpkg'), [pointsTable(madeFeatures(100), 'pack')])
  writeShapefile(disk.folder, 'shape', madeFeatures(100))
  writeTiff(join(disk.folder, 'ortho.tif'), [
    { width: 64, height: 64, bands: [() => 100], epsg: 2154, place: [600_000, 6_800_000, 100, 100] },
  ])
  const before = readdirSync(disk.folder)
  disk.remount('ro')
  const server = await runServer([disk.folder, '--watch'])
  t.teardown(() => server.stop())
  t.match(await healthOf(server), { status: 'ready', collections: 4 })
  for (const layer of ['json', 'pack', 'shape', 'ortho']) t.equal((await fetch(mapOfPoints(server, layer))).status, 200, layer)
  t.same(readdirSync(disk.folder), before)
  t.same(troubles(server), [])
  t.equal(await server.stop(), 0)
})

// Promised: what needs the data folder says that it cannot write there; what does not is served without it.
t.test('a data folder that is read-only', { ...options, skip: options.skip || withoutPrivatePostgres }, async t => {
  const disk = smallDisk(200)
  t.teardown(() => disk.remove())
  const folder = t.testdir({ 'points.geojson': geojsonText(madeFeatures(100)) })
  const [empty, used] = [join(disk.folder, 'empty'), join(disk.folder, 'used')]
  mkdirSync(empty)
  const first = await runServer([folder], { data: used })
  t.equal(await first.stop(), 0)
  disk.remount('ro')
  for (const data of [empty, used, join(disk.folder, 'new')]) {
    const started = startServer([folder], { data })
    t.equal(await started.exited, 1)
    t.match(started.output.stderr, /The data folder .*--data/, started.output.stderr)
    t.notMatch(started.output.stderr, /\bat .*\.js/, 'without a stack')
  }
  const world = await nativeWorld()
  t.teardown(() => world.remove())
  const server = await world.serve('', { data: empty })
  t.equal((await fetch(mapOf(server, 'parcels'))).status, 200, 'a database of its own needs no folder')
  t.same(troubles(server), [])
  t.equal(await server.stop(), 0)
  disk.remount('rw')
  const last = await runServer([folder], { data: used })
  t.match(await healthOf(last), { status: 'ready', collections: 1 }, 'writable again, it is as it was')
  t.equal(await last.stop(), 0)
})
