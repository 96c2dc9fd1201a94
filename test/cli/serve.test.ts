import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { writeTiff } from '../support/make-tiff.js'
import { runProgram } from '../support/run-program.js'
import { runServer } from '../support/running-server.js'
import { until } from '../support/until.js'

const root = mkdtempSync(join(tmpdir(), 'arpent-serve-'))
t.teardown(() => rmSync(root, { recursive: true, force: true }))
const folder = join(root, 'sources')
const data = join(root, 'data')
mkdirSync(folder)
const places = (...names: string[]) =>
  JSON.stringify({
    type: 'FeatureCollection',
    features: names.map((name, i) => ({
      type: 'Feature',
      properties: { name },
      geometry: { type: 'Point', coordinates: [6.1 + i / 100, 49.1] },
    })),
  })

t.test('a folder is served, imported into, reloaded, killed and served again', async t => {
  writeFileSync(join(folder, 'lieux.geojson'), places('Metz', 'Woippy'))
  writeFileSync(join(folder, 'broken.geojson'), '{"type":"FeatureCollection","features":[{')
  writeTiff(join(folder, 'ortho.tif'), [{ width: 4, height: 4, bands: [(x, y) => x + y], epsg: 2154, place: [930_000, 6_890_000, 1, 1] }])
  const config = join(root, 'arpent.yaml')
  writeFileSync(config, 'sources: [sources]\n')
  const first = await runServer(['--config', config], { data })
  const ready = async (address: string) =>
    (await (await fetch(`${address}/health/ready`)).json()) as {
      status: string
      collections: number
      generation: number
      leftOut?: unknown[]
    }
  const reached = async (address: string, isRight: (health: Awaited<ReturnType<typeof ready>>) => boolean) => {
    await until(async () => isRight(await ready(address)))
    return ready(address)
  }
  t.match(await ready(first.address), { status: 'degraded', collections: 2, leftOut: [{ source: /broken\.geojson/ }] })
  t.match(first.output.stdout, /^2 collections published:\n {2}lieux/)

  const second = await runProgram(['serve', folder, '--port', '0', '--data', data])
  t.equal(second.code, 1, 'the data folder has one owner')
  t.match(second.stderr, new RegExp(`Process ${first.process.pid} is using the data folder`))

  writeFileSync(join(root, 'more.geojson'), places('Nancy'))
  const imported = await runProgram(['import', 'more.geojson', 'nope.gpkg', '--data', data], { cwd: root })
  t.equal(imported.code, 1)
  t.match(imported.stdout, /more\.geojson, more: 1 rows into public\.more/)
  t.match(imported.stderr, /nope\.gpkg/)
  t.match(await ready(first.address), { collections: 3 }, 'what is imported is published when the command ends')

  writeFileSync(config, 'sources: [sources]\nservise: {}\n')
  first.process.kill('SIGHUP')
  for (const told of [/not reloaded: what was published stays/, /arpent\.yaml:2:1: unknown key servise; did you mean \\"service\\"\?/])
    t.ok(await until(() => told.test(first.output.stderr)), first.output.stderr)
  t.match(await ready(first.address), { collections: 3 })

  rmSync(join(folder, 'broken.geojson'))
  cpSync(join(folder, 'lieux.geojson'), join(folder, 'copie.geojson'))
  writeFileSync(config, 'sources: [sources]\nspaces: { eau: { collections: [lieux] } }\n')
  first.process.kill('SIGHUP')
  t.match(await reached(first.address, ({ status }) => status === 'ready'), { status: 'ready', collections: 4 })
  t.equal((await fetch(`${first.address}/eau/wms?SERVICE=WMS&REQUEST=GetCapabilities`)).status, 200)

  first.process.kill('SIGKILL')
  await once(first.process, 'exit')
  const alone = await runProgram(['import', 'more.geojson', '--as', 'again', '--data', data], { cwd: root })
  t.match(alone, { code: 0, stdout: /1 rows into public\.again/ }, 'the folder of a dead process is free')
  const last = await runServer(['--config', config], { data })
  t.match(await ready(last.address), { status: 'ready', collections: 5 })
  t.equal(await last.stop(), 0)
  t.match(last.output.stderr, /stopping: requests under way have 10 seconds/)
  t.notMatch(last.output.stderr, /"level":"(warn|error)"/)
})
