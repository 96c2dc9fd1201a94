import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { geojsonText, madeFeatures } from '../support/make-files.js'
import { healthOf, mapOfPoints } from '../support/points-world.js'
import { runServer } from '../support/running-server.js'
import { faultsOf, referenceHashes, startTraffic } from '../support/traffic.js'
import { until } from '../support/until.js'

// Promised: a render thread that dies takes no request with it, as long as a request does not kill two.
t.test('render threads die under traffic', async t => {
  const folder = t.testdir({ 'points.geojson': geojsonText(madeFeatures(2000)), poison: {} })
  // In the program itself nothing can be told to die: a preload in each render thread waits for a file, and takes it along.
  // By unlink, which only one of two threads can do: `rmSync` looks first, and finds nothing wrong when the file is gone since.
  const preload = join(folder, 'poison', 'mortal.mjs')
  const order = join(folder, 'poison', 'die')
  writeFileSync(
    preload,
    `import { unlinkSync } from 'node:fs'
if (/render-worker/.test(process.argv[1] ?? '')) setInterval(() => { try { unlinkSync(${JSON.stringify(order)}) } catch { return } process.exit(7) }, 20).unref()`,
  )
  const server = await runServer([folder], { env: { NODE_OPTIONS: `--import ${preload}`, ARPENT_WORKERS: '2' } })
  t.teardown(() => server.stop())
  const urls = Array.from({ length: 8 }, (_, at) => mapOfPoints(server, 'points', at))
  const right = await referenceHashes(urls)
  const traffic = startTraffic(turn => urls[turn % urls.length]!)
  t.teardown(() => traffic.stop())
  const deaths = () => server.output.stderr.match(/A render worker died and is replaced/g)?.length ?? 0
  for (let death = 1; death <= 6; death++) {
    writeFileSync(order, '')
    await until(() => deaths() >= death)
    t.equal(deaths(), death)
    t.ok(await traffic.settled(200, 60), 'what it had in hand was drawn by another')
    // one that was lost twice would be given up, and rightly so
    await traffic.round()
  }
  t.ok(await traffic.settled(200))
  await traffic.stop()
  t.same(faultsOf(traffic.answers, right), [])
  t.same([...new Set(traffic.answers.map(({ status }) => status))], [200], 'every map was drawn')
  t.same(traffic.failures, [])
  t.match(await healthOf(server), { status: 'ready' })
  t.equal(await server.stop(), 0)
})
