import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import t from 'tap'

const cleanup = JSON.stringify(resolve('bench/cleanup.mjs'))
/** A run that has started a program which itself has a child, made a folder, and waits. */
const run = `
  import { startCleanup, startProgram } from ${cleanup}
  const cleanup = startCleanup()
  const folder = cleanup.folder('test')
  const program = startProgram(cleanup, '/bin/sh', ['-c', 'sleep 600 & wait'])
  console.log(JSON.stringify({ folder, pid: program.pid }))
  setInterval(() => {}, 1000)`

async function startRun() {
  const child = spawn(process.execPath, ['--input-type=module', '-e', run], { stdio: ['ignore', 'pipe', 'ignore'] })
  const [line] = await once(child.stdout, 'data')
  const { folder, pid } = JSON.parse(String(line))
  return { child, folder: String(folder), pid: Number(pid) }
}

/** True while any process of the group is at work (proc(5), stat: state and group): one that nobody has waited for is not. */
function isRunning(group: number) {
  const stats = readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(statOf)
  return stats.some(([state, , ofGroup]) => state !== 'Z' && ofGroup === String(group))
}

function statOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
  } catch {
    return []
  }
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  t.test(`a benchmark that gets ${signal} in mid-run leaves nothing running and nothing lying about`, async t => {
    const { child, folder, pid } = await startRun()
    t.ok(isRunning(pid) && existsSync(folder))
    child.kill(signal)
    const [code] = await once(child, 'exit')
    t.equal(code, 130)
    t.notOk(isRunning(pid), 'the program and its child are gone')
    t.notOk(existsSync(folder), 'the folder is gone')
  })

t.test('what a benchmark killed outright has left is undone by the next run, and only that', async t => {
  const killed = await startRun()
  const other = await startRun()
  killed.child.kill('SIGKILL')
  await once(killed.child, 'exit')
  t.ok(isRunning(killed.pid) && existsSync(killed.folder), 'nobody could clean up')
  const next = await startRun()
  t.notOk(isRunning(killed.pid), 'its program is gone')
  t.notOk(existsSync(killed.folder), 'its folder is gone')
  t.ok(isRunning(other.pid) && existsSync(other.folder), 'a run beside it keeps its own')
  for (const { child } of [other, next]) {
    child.kill('SIGTERM')
    await once(child, 'exit')
  }
})
