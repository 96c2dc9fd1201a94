import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startProgram } from '../cleanup.mjs'
import { freePort } from '../load/ports.mjs'
import { processes } from './fastcgi.mjs'
import { install, peerFolder } from './install.mjs'
import { firstPath, isFeatures, untilReady } from './ready.mjs'

const version = '0.21.0'
const home = join(peerFolder, 'pygeoapi')

export const pygeoapi = {
  name: 'pygeoapi',
  title: 'pygeoapi',
  settings: 'gunicorn with 2 processes, its PostgreSQL provider over the unix socket; features only, in CRS84',
  async check({ installs, say }) {
    const script = `python3 -m venv ${home} && ${home}/bin/pip install -q pygeoapi==${version} psycopg2-binary sqlalchemy geoalchemy2 gunicorn`
    const path = join(home, 'bin/gunicorn')
    const absent = install({ name: 'pygeoapi', path, command: 'sh', args: ['-c', script], minutes: 10, installs, say })
    if (absent) return absent
    const found = spawnSync(join(home, 'bin/python'), ['-c', 'import pygeoapi; print(pygeoapi.__version__)'], { encoding: 'utf8' })
    return found.status === 0 ? { version: found.stdout.trim() } : { absent: `does not load: ${found.stderr.trim().split('\n').at(-1)}` }
  },
  async start(world, { cleanup, layers, ready, count }) {
    const mapPath = ({ layer }, request) =>
      isFeatures(request) && !request.isStored
        ? `/collections/${layer.table}/items?f=json&limit=100000&bbox=${request.lonLat.join(',')}`
        : undefined
    const path = count ? undefined : firstPath(ready, mapPath)
    if (!path) return undefined
    const folder = cleanup.folder('pygeoapi')
    const port = await freePort()
    const config = join(folder, 'config.yml')
    // JSON is YAML
    writeFileSync(config, JSON.stringify(configOf(world, layers, port)))
    const env = { PYGEOAPI_CONFIG: config, PYGEOAPI_OPENAPI: join(folder, 'openapi.yml'), PYTHONWARNINGS: 'ignore' }
    const made = spawnSync(join(home, 'bin/pygeoapi'), ['openapi', 'generate', config, '--output-file', env.PYGEOAPI_OPENAPI], {
      encoding: 'utf8',
      env: { ...process.env, ...env },
    })
    if (made.status !== 0) throw new Error(`its OpenAPI document could not be written: ${made.stderr.slice(-1000)}`)
    const args = [
      '-m',
      'gunicorn',
      '-w',
      String(processes),
      '-b',
      `127.0.0.1:${port}`,
      '--timeout',
      '300',
      '--log-level',
      'error',
      'pygeoapi.flask_app:APP',
    ]
    const server = startProgram(cleanup, join(home, 'bin/python'), args, { env, cwd: folder })
    await untilReady(server, port, path, 'json', 120)
    return { port, pid: server.pid, mapPath, stop: server.stop }
  },
}

function configOf({ postgres: { socket, port, user, database } }, layers, httpPort) {
  const resource = ({ table, extent }) => ({
    type: 'collection',
    title: table,
    description: table,
    keywords: ['parcelles'],
    extents: { spatial: { bbox: [-180, -90, 180, 90], crs: 'http://www.opengis.net/def/crs/OGC/1.3/CRS84' } },
    links: [],
    providers: [
      {
        type: 'feature',
        name: 'PostgreSQL',
        data: { host: socket, port, dbname: database, user, password: 'none', search_path: ['public'] },
        id_field: 'id',
        table,
        geom_field: 'geom',
        storage_crs: 'http://www.opengis.net/def/crs/EPSG/0/2154',
      },
    ],
    ...(extent && {}),
  })
  return {
    server: {
      bind: { host: '127.0.0.1', port: httpPort },
      url: `http://127.0.0.1:${httpPort}`,
      mimetype: 'application/json; charset=UTF-8',
      encoding: 'utf-8',
      languages: ['en-US'],
      limits: { default_items: 10, max_items: 100_000 },
      map: { url: 'http://127.0.0.1/{z}/{x}/{y}.png', attribution: 'none' },
      pretty_print: false,
      gzip: false,
    },
    logging: { level: 'ERROR' },
    metadata: {
      identification: {
        title: 'bench',
        description: 'bench',
        keywords: ['bench'],
        keywords_type: 'theme',
        terms_of_service: 'none',
        url: 'http://127.0.0.1',
      },
      license: { name: 'none', url: 'http://127.0.0.1' },
      provider: { name: 'bench', url: 'http://127.0.0.1' },
      contact: {
        name: 'bench',
        position: 'none',
        address: 'none',
        city: 'none',
        stateorprovince: 'none',
        postalcode: '0',
        country: 'none',
        phone: '0',
        fax: '0',
        email: 'a@example.org',
        url: 'http://127.0.0.1',
        hours: 'none',
        instructions: 'none',
        role: 'none',
      },
    },
    resources: Object.fromEntries(layers.filter(({ table }) => table).map(layer => [layer.table, resource(layer)])),
  }
}
