// Starts the built program for a measurement, and reads what it costs from /proc (Linux).
import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * `node dist/main.js serve …args` on a free port. Resolves when it has printed its address, with the seconds that took, and `seconds` of
 * processor time used until then. `stop()` resolves to the exit code.
 */
export async function startArpent(args, { data, env = {}, nodeOptions = [] } = {}) {
  const folder = data ?? mkdtempSync(join(tmpdir(), 'arpent-bench-'))
  const began = performance.now()
  const child = spawn(process.execPath, [...nodeOptions, 'dist/main.js', 'serve', ...args, '--port', '0', '--data', folder], {
    env: { ...process.env, DATABASE_URL: '', ARPENT_LOG: 'warn', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = { stdout: '', stderr: '' }
  child.stderr.setEncoding('utf8').on('data', text => {
    output.stderr += text
  })
  const exited = new Promise(resolve => child.once('exit', resolve))
  const port = await new Promise((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', text => {
      output.stdout += text
      const found = output.stdout.match(/http:\/\/[^\s/]+:(\d+)\s/)
      if (found) resolve(Number(found[1]))
    })
    child.once('exit', code => reject(new Error(`the server ended with ${code}\n${output.stdout}\n${output.stderr}`)))
  })
  const wall = (performance.now() - began) / 1000
  return {
    pid: child.pid,
    port,
    address: `http://127.0.0.1:${port}`,
    output,
    started: { wall, processor: processorSeconds(child.pid) },
    memory: () => treeMemory(child.pid),
    processor: () => processorSeconds(child.pid),
    async stop() {
      child.kill('SIGTERM')
      const code = await exited
      if (data === undefined) rmSync(folder, { recursive: true, force: true })
      return code
    },
  }
}

/** Resident megabytes of a process and its descendants: now, and the most so far of the process itself. */
export function treeMemory(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const kilobytes = name => Number(status.match(new RegExp(`${name}:\\s+(\\d+)`))?.[1] ?? 0)
  const children = descendants(pid).map(child => treeMemory(child).now)
  return { now: kilobytes('VmRSS') / 1024 + children.reduce((a, b) => a + b, 0), peak: kilobytes('VmHWM') / 1024 }
}

function descendants(pid) {
  return readdirSync(`/proc/${pid}/task`).flatMap(task =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number),
  )
}

/** User and system seconds of all threads of a process. */
function processorSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}
