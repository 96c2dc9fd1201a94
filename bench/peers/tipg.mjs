import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { startProgram } from '../cleanup.mjs'
import { freePort } from '../load/ports.mjs'
import { processes } from './fastcgi.mjs'
import { install, peerFolder } from './install.mjs'
import { firstPath, isFeatures, untilReady } from './ready.mjs'

const version = '1.6.1'
const home = join(peerFolder, 'tipg')

export const tipg = {
  name: 'tipg',
  title: 'tipg',
  settings: 'gunicorn with 2 uvicorn processes (uvloop, httptools), asyncpg over TCP; features only, in CRS84',
  async check({ installs, say }) {
    const script = `python3 -m venv ${home} && ${home}/bin/pip install -q tipg==${version} 'uvicorn[standard]' gunicorn`
    const path = join(home, 'bin/gunicorn')
    const absent = install({ name: 'tipg', path, command: 'sh', args: ['-c', script], minutes: 10, installs, say })
    if (absent) return absent
    const found = spawnSync(join(home, 'bin/python'), ['-c', 'import tipg; print(tipg.__version__)'], { encoding: 'utf8' })
    return found.status === 0 ? { version: found.stdout.trim() } : { absent: `does not load: ${found.stderr.trim().split('\n').at(-1)}` }
  },
  async start({ postgres }, { cleanup, ready, count }) {
    const mapPath = ({ layer }, request) =>
      isFeatures(request) && !request.isStored
        ? `/collections/public.${layer.table}/items?f=geojson&limit=100000&bbox=${request.lonLat.join(',')}`
        : undefined
    const path = count ? undefined : firstPath(ready, mapPath)
    if (!path) return undefined
    const port = await freePort()
    const { port: databasePort, user, database } = postgres
    const server = startProgram(
      cleanup,
      join(home, 'bin/python'),
      ['-m', 'gunicorn', '-k', 'uvicorn.workers.UvicornWorker', '-w', String(processes), '-b', `127.0.0.1:${port}`, '--timeout', '300',
        '--log-level', 'error', 'tipg.main:app'],
      {
        cwd: cleanup.folder('tipg'),
        env: {
          DATABASE_URL: `postgresql://${user}@127.0.0.1:${databasePort}/${database}`,
          TIPG_DB_SCHEMAS: '["public"]',
          TIPG_MAX_FEATURES_PER_QUERY: '100000',
          PYTHONWARNINGS: 'ignore',
        },
      },
    ) // biome-ignore format: a list
    await untilReady(server, port, path, 'json', 120)
    return { port, pid: server.pid, mapPath, stop: server.stop }
  },
}
