// Runs one probe, case by case, for the process that forked it: node sandbox-child.js PROBE FOLDER
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Files } from './probe.js'
import { hostile } from './probes/hostile.js'
import { probes } from './probes.js'
import { forgetPeak, residentMegabytes } from './process-figures.js'
import { endOfCase } from './sandbox.js'
import type { Fault, Outcome } from './target.js'

/** Seconds of processor time, and megabytes, that a case of some hundred kilobytes may take. */
const slow = 5
const large = 256

const [name, folder] = process.argv.slice(2)
const probe = [...probes, hostile].find(probe => probe.name === name)
if (!probe) throw new Error(`There is no probe ${name}.`)

const [inputs, scratch] = [join(folder, 'in'), join(folder, 'scratch')]
process.env.TMPDIR = scratch
let openAtFirst: number | undefined

process.on('message', async input => {
  for (const each of [inputs, scratch]) mkdirSync(each, { recursive: true })
  forgetPeak(process.pid)
  const before = residentMegabytes(process.pid).now
  const used = process.cpuUsage()
  const outcome = await taken(input as Files)
  const spent = process.cpuUsage(used)
  const seconds = (spent.user + spent.system) / 1e6
  const megabytes = residentMegabytes(process.pid).peak - before
  const fault = outcome.fault ?? strain(seconds, megabytes) ?? leftovers()
  rmSync(folder, { recursive: true, force: true })
  writeFileSync(2, endOfCase)
  process.send!({ ...outcome, fault })
})
process.on('disconnect', () => process.exit())
process.send!('ready')

async function taken(input: Files): Promise<Outcome> {
  try {
    const outcome = await probe!.run(input, folder)
    if (outcome.answer.includes(folder)) throw new Error(`It tells where files lie: ${outcome.answer}`)
    return outcome
  } catch (error) {
    const message = (error instanceof Error ? (error.stack ?? error.message) : String(error)).replaceAll(folder, '')
    return { verdict: 'failed', answer: '', fault: { invariant: 'answers', message: message.slice(0, 1500) } }
  }
}

function strain(seconds: number, megabytes: number): Fault | undefined {
  if (seconds > slow) return { invariant: 'time', message: `${seconds.toFixed(1)} s of processor time; ${slow} are allowed` }
  if (megabytes > large) return { invariant: 'memory', message: `${Math.round(megabytes)} MB for one case; ${large} are allowed` }
  return undefined
}

/** Files left in the scratch folder, or left open. */
function leftovers(): Fault | undefined {
  const left = readdirSync(scratch)
  if (left.length > 0) return { invariant: 'answers', message: `it left ${left.length} entries in the scratch folder` }
  const open = readdirSync('/proc/self/fd').length
  openAtFirst ??= open
  return open > openAtFirst + 20 ? { invariant: 'memory', message: `${open} files are open, ${openAtFirst} at first` } : undefined
}
