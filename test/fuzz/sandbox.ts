import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Files } from './probe.js'
import { processorSeconds, residentMegabytes } from './process-figures.js'
import type { Outcome, Subject } from './target.js'

const program = fileURLToPath(new URL('./sandbox-child.js', import.meta.url))

/** Seconds of its own processor time, and of anybody's clock, after which a case counts as hanging. */
const patience = { processor: 15, wall: 240 }

/** Last on stderr for each case: what a case says there and what came of it take two ways, and may arrive in either order. */
export const endOfCase = '\0'

/** The probe of that name in a process of its own, which is started again whenever a case ends it; a case that takes longer than `hangs` ends it, too. */
export async function sandbox(probe: string, hangs = patience): Promise<Subject<Files>> {
  const folder = mkdtempSync(join(tmpdir(), `arpent-fuzz-${probe}-`))
  let child: ChildProcess | undefined
  let starts = 0
  let stderr = ''

  const clean = () => {
    child?.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
  process.once('exit', clean)

  async function started(): Promise<ChildProcess> {
    if (child) return child
    const next = fork(program, [probe, folder], { serialization: 'advanced', stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
    next.stderr!.setEncoding('utf8').on('data', text => {
      stderr = (stderr + text).slice(-4000)
    })
    await new Promise((resolve, reject) =>
      next.once('message', resolve).once('exit', () => reject(new Error(`The sandbox did not start: ${stderr}`))),
    )
    starts++
    child = next
    return next
  }

  const ended = (reason: string): Outcome => {
    const told = stderr.replaceAll(folder, '').trim().split('\n')
    const why = told.find(line => /error|fatal|abort/i.test(line)) ?? told.at(-1) ?? ''
    return { verdict: 'ended', answer: reason, fault: { invariant: 'answers', message: `the process ended (${reason}): ${why.trim()}` } }
  }

  return {
    async run(input) {
      stderr = ''
      const process = await started()
      const before = processorSeconds(process.pid!)
      const from = performance.now()
      const outcome = await new Promise<Outcome>(resolve => {
        const settle = (result: Outcome) => {
          clearInterval(watch)
          process.removeAllListeners('message').removeAllListeners('exit')
          resolve(result)
        }
        const watch = setInterval(() => {
          const seconds = processorSeconds(process.pid!) - before
          if (seconds < hangs.processor && performance.now() - from < hangs.wall * 1000) return
          process.kill('SIGKILL')
          child = undefined
          const message = `no end after ${hangs.processor} s of processor time, or ${hangs.wall} s on the clock`
          settle({ verdict: 'hangs', answer: '', fault: { invariant: 'time', message } })
        }, 100)
        process.once('message', message => settle(message as Outcome))
        process.once('exit', (code, signal) => {
          child = undefined
          // its last words may still be on their way
          setImmediate(() => settle(ended(signal ?? `exit code ${code}`)))
        })
        process.send(input)
      })
      while (child && !stderr.includes(endOfCase)) await once(child.stderr!, 'data')
      const muttered = stderr.replace(endOfCase, '').trim()
      if (outcome.fault || !muttered) return outcome
      return { ...outcome, fault: { invariant: 'log', message: muttered.slice(0, 1000) } }
    },
    memory: () => ({ megabytes: child ? residentMegabytes(child.pid!).now : 0, starts }),
    async stop() {
      const last = child
      child = undefined
      if (last) {
        const gone = new Promise(resolve => last.once('exit', resolve))
        last.kill('SIGKILL')
        await gone
      }
      process.off('exit', clean)
      clean()
    },
  }
}
