import { spawnSync } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A PostgreSQL of a test's own, to be stopped, started and configured at will. */
export interface PrivatePostgres {
  readonly port: number
  readonly folder: string
  /** `postgres://…` for a user, with a password where given. */
  url(user: string, password?: string, query?: string): string
  start(): void
  /** `immediate` is a crash. */
  stop(mode: 'fast' | 'immediate'): void
  /** Replaces pg_hba.conf; it is in effect when this returns. */
  allow(lines: readonly string[]): void
  /** Has the configuration read again: after `ALTER SYSTEM`. It is in effect when this returns. */
  reload(): void
  /** Runs SQL as the superuser over the unix socket and returns what psql prints. */
  sql(text: string): string
  remove(): void
}

const root = '/usr/lib/postgresql'
const bin = existsSync(root)
  ? readdirSync(root)
      .map(version => join(root, version, 'bin'))
      .find(path => existsSync(join(path, 'initdb')))
  : undefined
const idOf = (option: string) => Number(spawnSync('id', [option, 'postgres'], { encoding: 'utf8' }).stdout)

/** For the `skip` option: false where a private PostgreSQL can be made. */
export const withoutPrivatePostgres: string | false = !bin
  ? 'the PostgreSQL server is not installed'
  : process.getuid?.() !== 0
    ? 'PostgreSQL is started as its own user, which takes root'
    : false

/** Makes and starts one, trusting everybody on 127.0.0.1 and the unix socket. */
export async function privatePostgres(): Promise<PrivatePostgres> {
  const [uid, gid] = [idOf('-u'), idOf('-g')]
  const folder = mkdtempSync(join(tmpdir(), 'arpent-postgres-'))
  chownSync(folder, uid, gid)
  const data = join(folder, 'data')
  let port = await freePort()
  const run = (command: string, ...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(join(bin!, command), args, {
      uid,
      gid,
      encoding: 'utf8',
      cwd: folder,
      env: { LC_ALL: 'C.UTF-8', PGCTLTIMEOUT: '300' },
    })
    if (status !== 0) throw new Error(`${command} failed: ${stderr}${stdout}`)
    return stdout
  }
  const control = (...args: string[]) => run('pg_ctl', '-D', data, '-w', '-s', ...args)
  run('initdb', '-D', data, '-U', 'postgres', '-A', 'trust', '--no-sync', '-E', 'UTF8')
  const start = () => {
    // what is known of a table is what the test wants to be known, however long it takes
    const options = `-p ${port} -k ${folder} -c listen_addresses=127.0.0.1 -c fsync=off -c shared_buffers=16MB -c autovacuum=off`
    control('-o', options, '-l', join(folder, 'log'), 'start')
  }
  // another may take the port before it is used
  for (let tries = 1; ; tries++)
    try {
      start()
      break
    } catch (error) {
      if (tries === 5) throw error
      port = await freePort()
    }
  const server: PrivatePostgres = {
    port,
    folder,
    url: (user, password, query = '') =>
      `postgres://${user}${password ? `:${encodeURIComponent(password)}` : ''}@127.0.0.1:${port}/postgres${query}`,
    start,
    stop: mode => void control('-m', mode, 'stop'),
    allow(lines) {
      writeFileSync(join(data, 'pg_hba.conf'), `local all all trust\n${lines.join('\n')}\n`)
      server.reload()
    },
    reload() {
      // who is let in next has what the first process has read by then, which it does in its own time
      const loaded = () => server.sql('SELECT pg_conf_load_time()')
      const before = loaded()
      control('reload')
      while (loaded() === before);
    },
    sql: text =>
      run('psql', '-h', folder, '-p', String(port), '-U', 'postgres', '-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-c', text),
    remove() {
      spawnSync(join(bin!, 'pg_ctl'), ['-D', data, '-s', '-m', 'immediate', 'stop'], { uid, gid })
      rmSync(folder, { recursive: true, force: true })
    },
  }
  return server
}

/** A free port below those that the system gives to whoever names none: it is still free after a stop. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = 10_000 + Math.floor(Math.random() * 20_000)
    const isFree = await new Promise<boolean>(resolve => {
      const probe = createServer().once('error', () => resolve(false))
      probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
    })
    if (isFree) return port
  }
}
