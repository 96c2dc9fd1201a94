import { mkdtempSync, rmSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { fakeClock, withoutFakeClock } from '../support/fake-clock.js'
import { writeTiff } from '../support/make-tiff.js'
import { infoOf, mapOf, nativeWorld, troubles } from '../support/native-world.js'
import { withoutPrivatePostgres } from '../support/private-postgres.js'
import { faultsOf, referenceHashes, startTraffic } from '../support/traffic.js'
import { until } from '../support/until.js'

const day = 86_400

// Promised: somebody sets the clock, a day forward or back, and no request is given up or hangs because of it, no pause becomes a day, and what
// clients hold stays valid.
t.test('the clock jumps', { skip: withoutPrivatePostgres || withoutFakeClock }, async t => {
  const world = await nativeWorld()
  t.teardown(() => world.remove())
  const folder = mkdtempSync(join(tmpdir(), 'arpent-clock-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  const clock = fakeClock(folder)
  const raster = (value: number) =>
    writeTiff(join(folder, 'ortho.tif'), [{ width: 64, height: 64, bands: [() => value], epsg: 2154, place: [770_000, 6_280_000, 20, 20] }])
  raster(100)
  const server = await world.serve(`sources: ["${folder}"]\nlimits: { requestSeconds: 30 }`, { env: clock.env })
  t.teardown(() => server.stop())
  const timeOfDay = async () => Date.parse((await fetch(`${server.address}/health/live`)).headers.get('date')!) / 1000
  const urls = Array.from({ length: 12 }, (_, at) => (at % 3 === 2 ? infoOf(server, 'parcels', at) : mapOf(server, 'parcels', { at })))
  const right = await referenceHashes([...urls, mapOf(server, 'ortho')])
  const capabilities = `${server.address}/wms?service=WMS&request=GetCapabilities`
  const validator = (await fetch(capabilities)).headers.get('etag')!
  const traffic = startTraffic(turn => [...right.keys()][turn % right.size]!)
  t.teardown(() => traffic.stop())

  for (const [what, jump] of [
    ['a day forward', day],
    ['a day back', -day],
    ['and home again', 0],
  ] as const)
    await t.test(what, async t => {
      world.pause(60)
      const slow = [fetch(mapOf(server, 'slow')), fetch(infoOf(server, 'slow'))]
      t.ok(await until(() => world.running() === 2), 'slow statements run')
      clock.jump(jump)
      t.ok(await until(async () => Math.abs((await timeOfDay()) - Date.now() / 1000 - jump) < 60), 'the server believes it')
      world.pause(0)
      for (const answer of slow) t.equal((await answer).status, 200, 'what was under way is answered')
      t.ok(await traffic.settled(200), 'what comes after, too')
      const again = await fetch(capabilities, { headers: { 'if-none-match': validator } })
      t.equal(again.status, 304, 'what a client holds is still valid')
    })

  await t.test('back while the database is away: its return is noticed', async t => {
    world.stop('immediate')
    t.ok(await traffic.settled(503, 8))
    clock.jump(-day)
    await until(async () => Math.abs((await timeOfDay()) - Date.now() / 1000 + day) < 60)
    world.start()
    t.ok(await traffic.settled(200, 40), 'connections are tried again')
  })

  await t.test('back while a file is replaced: the old one is not shown for a day', async t => {
    clock.jump(-2 * day)
    await until(async () => Math.abs((await timeOfDay()) - Date.now() / 1000 + 2 * day) < 60)
    raster(200)
    utimesSync(join(folder, 'ortho.tif'), 1, 1)
    t.ok(await until(async () => (await fetch(mapOf(server, 'ortho'))).status === 503), 'what is replaced is not shown')
    server.process.kill('SIGHUP')
    t.ok(await until(async () => (await fetch(mapOf(server, 'ortho'))).status === 200), 'until it is read again')
  })

  await t.test('the deadline is none the later', async t => {
    // would it come a day later, the answer would be whole
    world.pause(90)
    const late = fetch(mapOf(server, 'slow'))
    await until(() => world.running() === 1)
    clock.jump(0)
    t.equal((await late).status, 503)
    world.pause(0)
  })

  await traffic.stop()
  t.same(faultsOf(traffic.answers), [])
  t.same(traffic.failures, [])
  t.same(troubles(server), [])
})
