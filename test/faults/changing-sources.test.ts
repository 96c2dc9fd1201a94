import { appendFileSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { flatgeobufBytes, geojsonText, madeFeatures } from '../support/make-files.js'
import { makeTiff } from '../support/make-tiff.js'
import { troubles } from '../support/native-world.js'
import { embeddedRows, healthOf, mapOfPoints } from '../support/points-world.js'
import { runServer } from '../support/running-server.js'
import { faultsOf, startTraffic, type TrafficAnswer } from '../support/traffic.js'
import { until } from '../support/until.js'

// Promised: files may be replaced, cut, copied in slowly and taken away under traffic. An answer is of one version or a polite refusal, never a
// mixture; a file that is not whole leaves the last good version in place; and in the end what is there is what is served.
t.test('a source folder changes while it is served', async t => {
  const root = mkdtempSync(join(tmpdir(), 'arpent-changing-'))
  t.teardown(() => rmSync(root, { recursive: true, force: true }))
  const folder = t.testdir({ 'points.geojson': geojsonText(madeFeatures(500)) })
  const ortho = (value: number) =>
    Buffer.from(makeTiff([{ width: 256, height: 256, bands: [() => value], epsg: 2154, place: [600_000, 6_900_000, 1500, 1500] }]))
  writeFileSync(join(folder, 'ortho.tif'), ortho(50))
  const data = join(root, 'data')
  const server = await runServer([folder, '--watch'], { data })
  t.teardown(() => server.stop())
  const pixelsOf = async () => Buffer.from(await (await fetch(mapOfPoints(server, 'ortho'))).arrayBuffer()).toString('base64')
  const seen = new Map<number, string>([[50, await pixelsOf()]])
  const withdrawn = new Set<TrafficAnswer>()
  const traffic = startTraffic(turn => mapOfPoints(server, turn % 2 ? 'points' : 'ortho', turn % 8))
  t.teardown(() => traffic.stop())

  await t.test('a raster is replaced, renamed into place', async t => {
    writeFileSync(join(root, 'next.tif'), ortho(200))
    renameSync(join(root, 'next.tif'), join(folder, 'ortho.tif'))
    t.ok(await until(async () => (await fetch(mapOfPoints(server, 'ortho'))).status === 200 && (await pixelsOf()) !== seen.get(50)))
  })

  await t.test('a raster is cut, and whole again', async t => {
    const before = traffic.answers.length
    truncateSync(join(folder, 'ortho.tif'), 300)
    t.ok(await until(async () => (await healthOf(server)).status === 'degraded'), 'it is told')
    writeFileSync(join(folder, 'ortho.tif'), ortho(50))
    t.ok(await until(async () => (await healthOf(server)).status === 'ready'))
    t.equal(await pixelsOf(), seen.get(50))
    // a raster is read where it lies: there is no last good version to serve, so meanwhile it is no layer at all
    for (const answer of traffic.answers.slice(before))
      if (/LAYERS names «ortho», which is not published/.test(answer.body)) withdrawn.add(answer)
  })

  await t.test('big files are copied in slowly', async t => {
    const files = [
      ['slow.geojson', Buffer.from(geojsonText(madeFeatures(4000, 5)))],
      ['slow2.fgb', Buffer.from(flatgeobufBytes(madeFeatures(4000, 6)))],
      ['slow3.tif', ortho(120)],
    ] as const
    await Promise.all(
      files.map(async ([name, bytes]) => {
        const pieces = 6
        for (let i = 0; i < pieces; i++) {
          appendFileSync(join(folder, name), bytes.subarray((bytes.length * i) / pieces, (bytes.length * (i + 1)) / pieces))
          await sleep(900) // longer than what counts as quiet: a half file is looked at
        }
      }),
    )
    t.ok(
      await until(async () => {
        const { status, collections } = await healthOf(server)
        return status === 'ready' && collections === 5
      }),
      'when they are whole, they are published',
    )
    for (const layer of ['slow', 'slow2', 'slow3']) t.equal((await fetch(mapOfPoints(server, layer))).status, 200, layer)
  })

  await t.test('a good file is overwritten slowly: the good version stays until the new one is whole', async t => {
    const bytes = Buffer.from(geojsonText(madeFeatures(900, 7)))
    writeFileSync(join(folder, 'points.geojson'), bytes.subarray(0, bytes.length / 2))
    t.ok(await until(async () => (await healthOf(server)).status === 'degraded'), 'the half file is told')
    t.equal((await fetch(mapOfPoints(server, 'points'))).status, 200, 'and the good version served')
    writeFileSync(join(folder, 'points.geojson'), bytes)
    t.ok(await until(async () => (await healthOf(server)).status === 'ready'))
  })

  await t.test('a file is taken away', async t => {
    rmSync(join(folder, 'slow.geojson'))
    t.ok(await until(async () => (await healthOf(server)).collections === 4))
  })

  await traffic.stop()
  t.same(faultsOf(traffic.answers.filter(answer => !withdrawn.has(answer))), [])
  t.same(traffic.failures, [])
  t.same(troubles(server), [])
  t.equal(await server.stop(), 0)
  t.same(embeddedRows(data), { 'public.points': 900, 'public.slow2': 4000 }, 'what is there is what was served')
})
