// Everything a run starts or writes is registered here and undone at its end, in reverse order, also when it is interrupted or fails.
import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What a run has started, on disk: a run that was killed outright is undone by the next one. */
const ledgerOf = pid => join(tmpdir(), `arpent-bench-ledger-${pid}.json`)
/** What the system says of a process (proc(5)) from field 3, its state, on. Undefined when it is gone. */
const statOf = pid => {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
  } catch {
    return undefined
  }
}
/** When a process started, in clock ticks since boot (field 22): its id alone may be another's by now. */
const startOf = pid => statOf(pid)?.[19]

/** True while a process of the group is at work: one that has ended and that nobody has waited for is not. */
const isAtWork = group =>
  readdirSync('/proc').some(name => {
    if (!/^\d+$/.test(name)) return false
    const [state, , ofGroup] = statOf(name) ?? []
    return state !== undefined && state !== 'Z' && ofGroup === String(group)
  })

/** Ends a group for good: a killed process goes on until the system comes to it, and nobody is to find it then. */
function killGroup(group) {
  signalGroup(group, 'SIGKILL')
  const patience = Date.now() + 5000
  while (isAtWork(group) && Date.now() < patience) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
}

/** Undefined when its run has ended in the meantime. */
function ledgerIn(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    if (error.code === 'ENOENT') return undefined
    throw error
  }
}

/** Ends what killed runs left running and removes what they left lying. */
function undoKilledRuns() {
  for (const name of readdirSync(tmpdir())) {
    const pid = name.match(/^arpent-bench-ledger-(\d+)\.json$/)?.[1]
    if (!pid) continue
    const ledger = ledgerIn(ledgerOf(pid))
    if (!ledger || startOf(pid) === ledger.started) continue
    const { groups, folders } = ledger
    console.error(`A run was killed (process ${pid}): undoing what it left`)
    for (const group of groups) if (startOf(group.pid) === group.started) killGroup(group.pid)
    for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    rmSync(ledgerOf(pid), { force: true })
  }
}

function signalGroup(pid, name) {
  try {
    if (pid) process.kill(-pid, name)
  } catch {}
}

/** The undoing of a run. `add(step)` registers a step and returns a function that takes it now; `all()` takes every step left. */
export function startCleanup() {
  undoKilledRuns()
  const steps = []
  let isOver = false
  const ledger = { started: startOf(process.pid), groups: [], folders: [] }
  // whole or not at all: other runs read it
  const write = () => {
    const path = ledgerOf(process.pid)
    writeFileSync(`${path}.part`, JSON.stringify(ledger))
    renameSync(`${path}.part`, path)
  }
  const undo = async () => {
    while (steps.length > 0)
      try {
        await steps.pop()()
      } catch (error) {
        console.error(`cleaning up: ${error.message}`)
      }
  }
  const all = async () => {
    await undo()
    rmSync(ledgerOf(process.pid), { force: true })
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.once(signal, async () => {
      console.error(`\n${signal}: stopping what was started`)
      isOver = true
      await all()
      process.exit(130)
    })
  return {
    add(step) {
      steps.push(step)
      return async () => {
        const at = steps.indexOf(step)
        if (at >= 0) {
          steps.splice(at, 1)
          await step()
        }
      }
    },
    /** After a signal nothing more is begun: the run still goes on while it is undone. */
    refuseIfOver() {
      if (isOver) throw new Error('interrupted')
    },
    folder(name) {
      this.refuseIfOver()
      const path = mkdtempSync(join(tmpdir(), `arpent-bench-${name}-`))
      ledger.folders.push(path)
      write()
      this.add(() => rmSync(path, { recursive: true, force: true, maxRetries: 5 }))
      return path
    },
    /** Notes the leader of a process group that was started. */
    group(pid) {
      ledger.groups.push({ pid, started: startOf(pid) })
      write()
    },
    /** Takes every step so far: the run goes on with other data. */
    steps: undo,
    all,
  }
}

/**
 * Starts a program in a process group of its own; `stop()` ends the group: SIGTERM, and SIGKILL after `patience` ms. `output()` is the last it
 * printed. `ended` resolves to a sentence when it ends by itself.
 */
export function startProgram(cleanup, command, args, { env = {}, cwd, patience = 8000, uid, gid } = {}) {
  cleanup.refuseIfOver()
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
  const signal = name => signalGroup(child.pid, name)
  if (child.pid) cleanup.group(child.pid)
  const stop = cleanup.add(async () => {
    signal('SIGTERM')
    const timer = setTimeout(() => signal('SIGKILL'), patience)
    await ended
    clearTimeout(timer)
    // What it forked may outlive it.
    if (child.pid) killGroup(child.pid)
  })
  return { pid: child.pid, ended, stop, output: () => tail }
}
