// A PostgreSQL of the benchmark's own, over 127.0.0.1 and a unix socket, settings as a small production machine has them, parallel query off
// (on, it costs every server throughput on two cores). Removed with the run.
import { spawnSync } from 'node:child_process'
import { chmodSync, chownSync, existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { startProgram } from '../cleanup.mjs'
import { freePort } from '../load/ports.mjs'

const settings = {
  shared_buffers: '512MB',
  work_mem: '16MB',
  maintenance_work_mem: '256MB',
  max_connections: 200,
  max_parallel_workers_per_gather: 0,
  jit: 'off',
  fsync: 'off',
  autovacuum: 'off',
  random_page_cost: 1.1,
}

/** Address, version and process of a started PostgreSQL with PostGIS. Throws, by name, where the server is not installed. */
export async function startPostgres(cleanup) {
  const bin = serverPrograms()
  if (!bin) throw new Error('PostgreSQL is not installed: apt-get install postgresql postgresql-15-postgis-3')
  const folder = cleanup.folder('postgres')
  chmodSync(folder, 0o755)
  const user = process.getuid() === 0 ? postgresUser() : {}
  if (user.uid) chownSync(folder, user.uid, user.gid)
  const data = join(folder, 'data')
  const made = spawnSync(join(bin, 'initdb'), ['-D', data, '-U', 'bench', '-A', 'trust', '--no-sync', '-E', 'UTF8', '--locale=C.UTF-8'], {
    ...user,
    cwd: folder,
    encoding: 'utf8',
  })
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`)
  const port = await freePort()
  const options = Object.entries({ ...settings, port, listen_addresses: '127.0.0.1', unix_socket_directories: folder })
  const server = startProgram(
    cleanup,
    join(bin, 'postgres'),
    ['-D', data, ...options.flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    {
      ...user,
      cwd: folder,
    },
  )
  const address = { host: '127.0.0.1', port, user: 'bench', database: 'bench', socket: folder }
  const deadline = Date.now() + 30_000
  while (spawnSync(join(bin, 'pg_isready'), ['-h', folder, '-p', String(port)]).status !== 0) {
    if (Date.now() > deadline) throw new Error(`PostgreSQL did not start: ${server.output()}`)
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  spawnSync('psql', ['-h', folder, '-p', String(port), '-U', 'bench', '-d', 'postgres', '-qc', 'CREATE DATABASE bench'], {
    stdio: 'ignore',
  })
  return { ...address, url: `postgres://bench@127.0.0.1:${port}/bench`, pid: server.pid, settings }
}

function serverPrograms() {
  const root = '/usr/lib/postgresql'
  if (!existsSync(root)) return undefined
  return readdirSync(root)
    .map(version => join(root, version, 'bin'))
    .find(path => existsSync(join(path, 'initdb')))
}

function postgresUser() {
  const id = option => Number(spawnSync('id', [option, 'postgres'], { encoding: 'utf8' }).stdout)
  return { uid: id('-u'), gid: id('-g') }
}
