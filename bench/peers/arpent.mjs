import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startProgram } from '../cleanup.mjs'
import { freePort } from '../load/ports.mjs'
import { getCapabilities, getMap } from '../world/workloads.mjs'
import { untilReady } from './ready.mjs'

const root = fileURLToPath(new URL('../../', import.meta.url))

export const arpent = {
  name: 'arpent',
  title: 'Arpent',
  settings:
    'as it comes: one process, a drawing thread a core; caches at their defaults: decoded raster blocks 256 MB a thread, no encoded maps, no rows',
  async check() {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    return { version: `${version}, node ${process.version}` }
  },
  async start(world, { cleanup, count }) {
    const folder = cleanup.folder('arpent')
    const { socket, port: databasePort, user, database } = world.postgres
    const url = `postgres://${user}@${encodeURIComponent(socket)}:${databasePort}/${database}`
    const collections = count
      ? Object.fromEntries(
          Array.from({ length: count }, (_, n) => [
            `layer_${n}`,
            {
              store: 'main',
              table: 'public.places',
              title: `Couche n° ${n}`,
              abstract: 'Des lieux, répétés',
              keywords: ['lieux', 'adresses'],
            },
          ]),
        )
      : {
          ...Object.fromEntries(['parcels', 'streets', 'places'].map(table => [table, { store: 'main', table: `public.${table}` }])),
          ortho: { store: 'ortho', files: '*.tif' },
        }
    const config = join(folder, 'arpent.json')
    const stores = { main: { kind: 'postgis', url, discover: false }, ...(!count && { ortho: { kind: 'cog', root: world.orthoFolder } }) }
    writeFileSync(config, JSON.stringify({ stores, collections }))
    const port = await freePort()
    const profile = process.env.ARPENT_BENCH_PROFILE ? ['--cpu-prof', '--cpu-prof-dir', process.env.ARPENT_BENCH_PROFILE] : []
    const args = [
      ...profile,
      join(root, 'dist/main.js'),
      'serve',
      '--config',
      config,
      '--data',
      join(folder, 'data'),
      '--port',
      String(port),
    ]
    const program = startProgram(cleanup, process.execPath, args, { env: { ARPENT_LOG: 'error', DATABASE_URL: '' } })
    const mapPath = (workload, request) => getMap('/wms?', workload.layer.published, request)
    const capabilitiesPath = getCapabilities('/wms?')
    await untilReady(program, port, count ? capabilitiesPath : mapPath(world.first, world.first.requests[0]), count ? 'xml' : 'image/png')
    return { port, pid: program.pid, mapPath, capabilitiesPath, stop: program.stop }
  },
}
