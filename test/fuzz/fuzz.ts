import { seeded } from '../support/seeded.js'
import { minimise } from './minimise.js'
import { writeRegression } from './regressions.js'
import type { Fault, FuzzCase, Invariant, Outcome, Subject, Target } from './target.js'

export interface Budget {
  readonly seed: number
  readonly cases: number
  /** Ends the run before `cases` are tried. */
  readonly seconds?: number
}

export interface Finding extends Fault {
  /** `seed/number` */
  readonly of: string
  /** The regression file written; none for what only a whole run shows. */
  readonly file?: string
}

export interface Report {
  readonly target: string
  readonly cases: number
  readonly verdicts: ReadonlyMap<string, number>
  readonly findings: readonly Finding[]
  /** Megabytes by which the process grew after its warm-up. */
  readonly grown: number
  readonly seconds: number
}

/** A run ends early with so many different findings: more of them say nothing new. */
const mostFindings = 5
/** Every how many cases one is tried twice. */
const repeatEvery = 10

/** Case `number` of a seed: always the same one. */
export const caseOf = (target: Target, seed: number, number: number): FuzzCase =>
  target.make(seeded(Math.imul(seed, 0x9e3779b1) ^ Math.imul(number, 0x85ebca6b)))

/**
 * Tries the cases of a seed one after the other, holds every answer against the invariants, and makes what fails small. `write` keeps a finding for
 * ever and says where; absent, it becomes a file in fixtures/fuzz.
 */
export async function fuzz(
  target: Target,
  { seed, cases, seconds = Number.POSITIVE_INFINITY }: Budget,
  write: typeof writeRegression = writeRegression,
): Promise<Report> {
  const started = performance.now()
  const passed = () => (performance.now() - started) / 1000
  const verdicts = new Map<string, number>()
  const findings = new Map<string, Finding>()
  const subject = await target.start()
  try {
    const growth = growthWatch(subject)
    let number = 0
    for (; number < cases && passed() < seconds && findings.size < mostFindings; number++) {
      const made = caseOf(target, seed, number)
      const outcome = await tried(subject, target, made, number % repeatEvery === 0)
      verdicts.set(outcome.verdict, (verdicts.get(outcome.verdict) ?? 0) + 1)
      if (number > cases / 4 || passed() > seconds / 4) growth.look()
      const { fault } = outcome
      if (!fault || findings.has(keyOf(fault))) continue
      findings.set(keyOf(fault), { ...fault, of: `${seed}/${number}`, file: await kept(target, subject, made, fault, write) })
    }
    const grown = growth.megabytes()
    if (grown > target.growth) {
      const message = `${Math.round(grown)} MB more after ${number} cases; ${target.growth} are allowed`
      findings.set('growth', { invariant: 'memory', message, of: `${seed}/0-${number - 1}` })
    }
    return { target: target.name, cases: number, verdicts, findings: [...findings.values()], grown, seconds: passed() }
  } finally {
    await subject.stop()
  }
}

async function tried(subject: Subject<unknown>, target: Target, made: FuzzCase, isTwice: boolean): Promise<Outcome> {
  const input = target.inputOf(made)
  const outcome = await subject.run(input)
  if (outcome.fault || !isTwice) return outcome
  const again = await subject.run(input)
  if (again.fault || again.answer === outcome.answer) return again
  const message = `${outcome.verdict} ${outcome.answer}, then ${again.verdict} ${again.answer}`
  return { ...again, fault: { invariant: 'same', message } }
}

async function kept(
  target: Target,
  subject: Subject<unknown>,
  made: FuzzCase,
  fault: Fault,
  write: typeof writeRegression,
): Promise<string> {
  const fails = async (parts: readonly unknown[]) => {
    const again = await tried(subject, target, { ...made, parts }, fault.invariant === 'same')
    return again.fault !== undefined && keyOf(again.fault) === keyOf(fault)
  }
  const parts = await minimise(made.parts, fails, target.shorter?.bind(target))
  return write(target.name, fault, target.inputOf({ ...made, parts }))
}

/** Findings that differ in numbers and names alone are one. */
function keyOf({ invariant, message }: Fault): string {
  const kind: Record<Invariant, string> = { time: '', memory: '', same: '', answers: message, log: message, 'well-formed': message }
  return `${invariant} ${kind[invariant]
    .split('\n')[0]
    .replace(/\d+|"[^"]*"/g, '…')
    .slice(0, 120)}`
}

/** How far memory rose over its first look, within one start of the process; the least of the last looks counts, not a peak. */
function growthWatch(subject: Subject<unknown>) {
  let first: { readonly megabytes: number; readonly starts: number } | undefined
  const last: number[] = []
  return {
    look() {
      const now = subject.memory()
      if (first?.starts !== now.starts) {
        first = now
        last.length = 0
      }
      last.push(now.megabytes)
      if (last.length > 20) last.shift()
    },
    megabytes: () => (first && last.length ? Math.max(0, Math.min(...last) - first.megabytes) : 0),
  }
}
