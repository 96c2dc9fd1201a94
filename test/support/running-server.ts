import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface StartingServer {
  readonly process: ChildProcess
  /** What it wrote so far: log lines on stderr, results on stdout. */
  readonly output: { stdout: string; stderr: string }
  /** `http://127.0.0.1:port`, without trailing slash, once it answers; rejects when it ends or takes too long before. */
  readonly ready: Promise<string>
  /** The exit code, null after a signal; all output is there by then. */
  readonly exited: Promise<number | null>
}

export interface RunningServer extends Omit<StartingServer, 'ready'> {
  readonly address: string
  /** SIGTERM, then the exit code. */
  stop(): Promise<number | null>
}

export interface ServerOptions {
  readonly data?: string
  readonly env?: Readonly<Record<string, string>>
  readonly timeoutSeconds?: number
}

/** The built program, starting to serve `args` on a free port of 127.0.0.1 with a data folder. */
export function startServer(
  args: readonly string[],
  { data, env = {}, timeoutSeconds = 300 }: ServerOptions & { readonly data: string },
): StartingServer {
  const child = spawn(process.execPath, ['dist/main.js', 'serve', ...args, '--port', '0', '--data', data], {
    env: { ...process.env, DATABASE_URL: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', text => {
    output.stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', text => {
    output.stderr += text
  })
  const exited = new Promise<number | null>(resolve => child.once('close', code => resolve(code)))
  const ready = new Promise<string>((resolve, reject) => {
    const fail = (why: string) => {
      clearTimeout(timer)
      child.kill('SIGKILL')
      reject(new Error(`The server did not start: ${why}\n${output.stdout}\n${output.stderr}`))
    }
    const timer = setTimeout(() => fail(`not ready after ${timeoutSeconds} s`), timeoutSeconds * 1000)
    child.stdout.on('data', () => {
      const found = output.stdout.match(/http:\/\/[^\s/]+:(\d+)\s/)
      if (!found) return
      clearTimeout(timer)
      resolve(`http://127.0.0.1:${found[1]}`)
    })
    child.once('close', code => fail(`exit code ${code}`))
  })
  ready.catch(() => {}) // who does not wait for it is not disturbed by it
  return { process: child, output, ready, exited }
}

/** The built program, serving; a data folder of its own is removed when it stops, unless `data` is given. */
export async function runServer(args: readonly string[], { data, ...options }: ServerOptions = {}): Promise<RunningServer> {
  const folder = data ?? (await mkdtemp(join(tmpdir(), 'arpent-test-')))
  const { ready, ...server } = startServer(args, { data: folder, ...options })
  return {
    ...server,
    address: await ready,
    stop: async () => {
      server.process.kill('SIGTERM')
      const code = await server.exited
      if (data === undefined) await rm(folder, { recursive: true, force: true })
      return code
    },
  }
}
