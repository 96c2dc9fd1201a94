import { execFileSync } from 'node:child_process'
import { connect, type Socket } from 'node:net'
import t from 'tap'
import { geojsonText, madeFeatures } from '../support/make-files.js'
import { writeTiff } from '../support/make-tiff.js'
import { troubles } from '../support/native-world.js'
import { healthOf, mapOfPoints } from '../support/points-world.js'
import { missing } from '../support/programs.js'
import { runServer } from '../support/running-server.js'
import { faultsOf, startTraffic } from '../support/traffic.js'
import { until } from '../support/until.js'

// Promised: with all file descriptors taken, nothing dies: those who are connected get answers or polite refusals, the others wait; and when
// some are free again, everything is as before.
t.test('no file descriptor is left', { skip: missing('prlimit', 'prlimit', '--version') }, async t => {
  const folder = t.testdir({ 'points.geojson': geojsonText(madeFeatures(500)) })
  writeTiff(`${folder}/ortho.tif`, [{ width: 64, height: 64, bands: [() => 100], epsg: 2154, place: [600_000, 6_800_000, 100, 100] }])
  const server = await runServer([folder])
  t.teardown(() => server.stop())
  // only now: the loader of modules opens a file for each of some hundred at once
  execFileSync('prlimit', ['--pid', String(server.process.pid), '--nofile=256'])
  t.match(await healthOf(server), { status: 'ready', collections: 2 })
  const traffic = startTraffic(turn => mapOfPoints(server, turn % 2 ? 'points' : 'ortho', turn))
  t.teardown(() => traffic.stop())
  t.ok(await traffic.settled(200))

  const { hostname, port } = new URL(server.address)
  const idle: Socket[] = []
  for (let i = 0; i < 400; i++) idle.push(connect(Number(port), hostname).on('error', () => {}))
  t.notOk(await traffic.settled(500, 1, 5), 'nobody is told of an inner fault')
  t.equal(server.process.exitCode, null, 'it lives')
  for (const socket of idle) socket.destroy()
  t.ok(await traffic.settled(200), 'and serves everybody again')
  t.ok(await until(async () => (await healthOf(server)).status === 'ready'))

  await traffic.stop()
  t.same(faultsOf(traffic.answers), [])
  t.same(troubles(server), [])
  t.equal(await server.stop(), 0)
})
