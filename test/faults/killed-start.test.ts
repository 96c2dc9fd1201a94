import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { geojsonText, madeFeatures } from '../support/make-files.js'
import { embeddedRows, healthOf, mapOfPoints, rowsOfFile } from '../support/points-world.js'
import { missing } from '../support/programs.js'
import { runServer, startServer } from '../support/running-server.js'
import { seededBlows } from '../support/seeded-blows.js'

const options = { skip: missing('GDAL', 'ogrinfo', '--version') }
// Promised: whenever the program is killed, the folder it leaves can be used at once, every file is loaded whole or not at all, and what was
// acknowledged is there.
t.test('killed during the first start', options, async t => {
  const folder = t.testdir({
    sources: { 'a.geojson': geojsonText(madeFeatures(5000)), 'b.geojson': geojsonText(madeFeatures(5000, 2)) },
  })
  const sources = join(folder, 'sources')
  const began = performance.now()
  const whole = await runServer([sources], { data: join(folder, 'unharmed') })
  const milliseconds = performance.now() - began
  t.equal(await whole.stop(), 0)

  const data = join(folder, 'data')
  for (const { share, signal } of seededBlows(4)) {
    const server = startServer([sources], { data })
    await sleep(milliseconds * share)
    server.process.kill(signal)
    const code = await server.exited
    // before it listens to signals, it has done nothing
    t.ok(code === null || (code === 0 && signal === 'SIGTERM'), `${signal} after ${Math.round(share * 100)} %: ends with ${code}`)
  }
  const server = await runServer([sources], { data })
  t.match(await healthOf(server), { status: 'ready', collections: 2 }, 'the next start finishes it')
  for (const layer of ['a', 'b']) t.equal((await fetch(mapOfPoints(server, layer))).status, 200)
  t.equal(await server.stop(), 0)
  const wanted = Object.fromEntries(['a', 'b'].map(name => [`public.${name}`, rowsOfFile(join(sources, `${name}.geojson`))]))
  t.same(embeddedRows(data), wanted, 'each file is whole, and nothing else is there')
  t.same(
    readdirSync(data).filter(name => !['database', 'identity', 'exports'].includes(name)),
    [],
    'neither locks nor drafts stay',
  )
  t.same(readdirSync(join(data, 'exports')), [], 'nothing was asked for as a file')
})
