import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startProgram } from '../cleanup.mjs'
import { freePort } from '../load/ports.mjs'
import { processes } from './fastcgi.mjs'
import { install, peerFolder } from './install.mjs'
import { firstPath, untilReady } from './ready.mjs'

const version = '1.14.0'
const home = join(peerFolder, 'martin')
const program = join(home, 'bin/martin')

export const martin = {
  name: 'martin',
  title: 'Martin',
  settings:
    'one process, 2 worker threads; only stored tiles of COGs in web mercator; its cache of tiles off, so that every tile is read from its file',
  async check({ installs, say }) {
    const built = `${home}.built`
    const script = `cargo install martin --version ${version} --locked --no-default-features --features postgres,unstable-cog,metrics --target-dir ${built} --root ${home} && rm -rf ${built}`
    const absent = install({ name: 'Martin', path: program, command: 'sh', args: ['-c', script], minutes: 40, installs, say })
    return absent ?? { version: spawnSync(program, ['--version'], { encoding: 'utf8' }).stdout.trim().replace('martin ', '') }
  },
  async start(_world, { cleanup, layers, ready, count }) {
    const mapPath = (workload, { tile }) =>
      tile && workload.layer.raster ? `/${workload.layer.name}/${tile.z}/${tile.x}/${tile.y}` : undefined
    const path = count ? undefined : firstPath(ready, mapPath)
    if (!path) return undefined
    const folder = cleanup.folder('martin')
    const port = await freePort()
    const sources = Object.fromEntries(
      layers.filter(({ raster }) => raster?.crs === 'EPSG:3857').map(({ name, raster }) => [name, raster.paths[0]]),
    )
    const config = { listen_addresses: `127.0.0.1:${port}`, worker_processes: processes, cache: { size_mb: 0 }, cog: { sources } }
    writeFileSync(join(folder, 'martin.yaml'), JSON.stringify(config))
    const server = startProgram(cleanup, program, ['--config', join(folder, 'martin.yaml')], {
      env: { RUST_LOG: 'error', DATABASE_URL: '' },
    })
    await untilReady(server, port, path, 'image/')
    return { port, pid: server.pid, mapPath, stop: server.stop }
  },
}
