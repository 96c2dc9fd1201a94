import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { geojsonText, madeFeatures } from '../support/make-files.js'
import { embeddedRows, mapOfPoints, rowsOfFile } from '../support/points-world.js'
import { missing } from '../support/programs.js'
import { runProgram } from '../support/run-program.js'
import { type RunningServer, runServer } from '../support/running-server.js'
import { seededBlows } from '../support/seeded-blows.js'
import { startTraffic } from '../support/traffic.js'

const options = { skip: missing('GDAL', 'ogrinfo', '--version') }
// Promised: whenever the program is killed while it imports, reloads and serves, what was acknowledged is there, nothing is half there, and the
// folder can be used at once.
t.test('killed while it imports, reloads and serves', options, async t => {
  const folder = t.testdir({
    sources: { 'points.geojson': geojsonText(madeFeatures(1000)) },
    'import.geojson': geojsonText(madeFeatures(8000, 3)),
  })
  const [sources, data, file] = [join(folder, 'sources'), join(folder, 'data'), join(folder, 'import.geojson')]
  const serve = () => runServer([sources], { data })
  const importAs = (name: string) => runProgram(['import', file, '--as', name, '--data', data])

  let server: RunningServer = await serve()
  const began = performance.now()
  t.match(await importAs('first'), { code: 0 })
  const milliseconds = performance.now() - began
  const acknowledged = new Set(['first'])
  for (const [turn, { share, signal }] of seededBlows(4).entries()) {
    const address = server
    const traffic = startTraffic(at => mapOfPoints(address, 'points', at))
    const name = `import_${turn}`
    const importing = importAs(name)
    if (turn % 2) server.process.kill('SIGHUP')
    await sleep(milliseconds * share)
    const answersBefore = traffic.answers.length
    server.process.kill(signal)
    const code = await server.exited
    t.ok(signal === 'SIGKILL' ? code === null : code === 0, `${signal} after ${Math.round(share * 100)} % ends with ${code}`)
    await traffic.stop()
    t.ok(
      traffic.answers.slice(0, answersBefore).every(({ status }) => status === 200),
      'until then it served',
    )
    const imported = await importing
    if (imported.code === 0) acknowledged.add(name)
    else t.equal(imported.code, 1, `the command says that it failed: ${imported.stderr}`)
    server = await serve()
    t.equal((await fetch(mapOfPoints(server, 'points'))).status, 200, 'the folder is free at once, and served again')
  }
  t.equal(await server.stop(), 0)
  const rows = embeddedRows(data)
  const wanted = rowsOfFile(file)
  for (const name of acknowledged) t.equal(rows[`public.${name}`], wanted, `${name} was acknowledged and is there`)
  for (const [table, count] of Object.entries(rows)) t.equal(count, table === 'public.points' ? 1000 : wanted, `${table} is whole`)
})
