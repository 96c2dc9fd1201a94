import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface RunningServer {
  /** `http://127.0.0.1:port`, without trailing slash. */
  readonly address: string
  readonly process: ChildProcess
  /** What it wrote so far: log lines on stderr, results on stdout. */
  readonly output: { stdout: string; stderr: string }
  /** SIGTERM, then the exit code. */
  stop(): Promise<number | null>
}

/** The built program, serving `args` on a free port of 127.0.0.1, with a data folder of its own that is removed when it stops (unless `data` is given). */
export async function runServer(
  args: readonly string[],
  { data, env = {}, timeoutSeconds = 90 }: { data?: string; env?: Record<string, string>; timeoutSeconds?: number } = {},
): Promise<RunningServer> {
  const folder = data ?? (await mkdtemp(join(tmpdir(), 'arpent-test-')))
  const child = spawn(process.execPath, ['dist/main.js', 'serve', ...args, '--port', '0', '--data', folder], {
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
  const exited = new Promise<number | null>(resolve => child.once('exit', code => resolve(code)))
  const address = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => fail(`not ready after ${timeoutSeconds} s`), timeoutSeconds * 1000)
    const fail = (why: string) => {
      clearTimeout(timer)
      child.kill('SIGKILL')
      reject(new Error(`The server did not start: ${why}\n${output.stdout}\n${output.stderr}`))
    }
    child.stdout.on('data', () => {
      const found = output.stdout.match(/http:\/\/[^\s/]+:(\d+)\s/)
      if (!found) return
      clearTimeout(timer)
      resolve(`http://127.0.0.1:${found[1]}`)
    })
    child.once('exit', code => fail(`exit code ${code}`))
  })
  return {
    address,
    process: child,
    output,
    stop: async () => {
      child.kill('SIGTERM')
      const code = await exited
      if (data === undefined) await rm(folder, { recursive: true, force: true })
      return code
    },
  }
}
