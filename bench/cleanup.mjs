// Everything a run starts or writes is registered here and undone at its end, in reverse order, also when it is interrupted or fails.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The undoing of a run. `add(undo)` registers a step and returns a function that takes it now; `all()` takes every step left. */
export function startCleanup() {
  const steps = []
  const all = async () => {
    while (steps.length > 0) await Promise.resolve(steps.pop()()).catch(error => console.error(`cleaning up: ${error.message}`))
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.once(signal, async () => {
      console.error(`\n${signal}: stopping what was started`)
      await all()
      process.exit(130)
    })
  return {
    add(undo) {
      steps.push(undo)
      return async () => {
        const at = steps.indexOf(undo)
        if (at >= 0) {
          steps.splice(at, 1)
          await undo()
        }
      }
    },
    folder(name) {
      const path = mkdtempSync(join(tmpdir(), `arpent-bench-${name}-`))
      this.add(() => rmSync(path, { recursive: true, force: true }))
      return path
    },
    all,
  }
}

/**
 * Starts a program in a process group of its own; `stop()` ends the group: SIGTERM, and SIGKILL after `patience` ms. `output()` is the last it
 * printed. `ended` resolves to a sentence when it ends by itself.
 */
export function startProgram(cleanup, command, args, { env = {}, cwd, patience = 8000, uid, gid } = {}) {
  const child = spawn(command, args, { env: { ...process.env, ...env }, cwd, detached: true, uid, gid, stdio: ['ignore', 'pipe', 'pipe'] })
  let tail = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', text => {
      tail = (tail + text).slice(-20_000)
    })
  const ended = new Promise(resolve => {
    child.once('error', error => resolve(`${command} cannot be started: ${error.message}`))
    child.once('exit', (code, signal) => resolve(`${command} ended with ${code ?? signal}\n${tail.slice(-2000)}`))
  })
  const signal = name => {
    try {
      if (child.pid) process.kill(-child.pid, name)
    } catch {}
  }
  const stop = cleanup.add(async () => {
    signal('SIGTERM')
    const timer = setTimeout(() => signal('SIGKILL'), patience)
    await ended
    clearTimeout(timer)
    // What it forked may outlive it.
    signal('SIGKILL')
  })
  return { pid: child.pid, ended, stop, output: () => tail }
}
