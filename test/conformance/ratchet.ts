import { readFileSync, writeFileSync } from 'node:fs'
import type { Result } from './run-suite.js'

const file = 'test/conformance/expected.json'

/** What is known of a suite: names that pass, and those that do not (or have nothing to try), each with the reason. */
export interface Expected {
  readonly passed: readonly string[]
  readonly red: Readonly<Record<string, string>>
  readonly void: Readonly<Record<string, string>>
}

export type ExpectedSuites = Readonly<Record<string, Expected>>

/** A result held against what was expected of it. */
export interface Judged extends Result {
  /** `lost`: it passed before. `unlisted`: it fails, and nobody has said why. `gained`: it passes for the first time. */
  readonly standing: 'passed' | 'gained' | 'red' | 'void' | 'lost' | 'unlisted'
}

const nothing: Expected = { passed: [], red: {}, void: {} }

export const readExpected = (): ExpectedSuites => JSON.parse(readFileSync(file, 'utf8')) as ExpectedSuites

/** Each result with its standing; names that were expected to pass and did not come up at all are lost, too. */
export function judgeResults(results: readonly Result[], expected: Expected = nothing): readonly Judged[] {
  const passed = new Set(expected.passed)
  const judged = results.map((result): Judged => {
    if (result.outcome === 'passed') return { ...result, standing: passed.has(result.name) ? 'passed' : 'gained' }
    if (passed.has(result.name)) return { ...result, standing: 'lost' }
    if (result.outcome === 'void') return { ...result, standing: 'void' }
    return { ...result, standing: result.name in expected.red ? 'red' : 'unlisted' }
  })
  const seen = new Set(results.map(({ name }) => name))
  const gone = expected.passed.filter(name => !seen.has(name))
  return [...judged, ...gone.map((name): Judged => ({ name, outcome: 'failed', message: 'it did not run', asked: 0, standing: 'lost' }))]
}

/** Adds what was gained, and what is red or void with its message where no reason is known yet. Nothing that passed is ever taken out. */
export function bless(expected: ExpectedSuites, judged: Readonly<Record<string, readonly Judged[]>>): void {
  const blessed = { ...expected }
  for (const [id, results] of Object.entries(judged)) blessed[id] = blessSuite(expected[id] ?? nothing, results)
  writeFileSync(file, `${JSON.stringify(blessed, null, 2)}\n`)
}

function blessSuite(before: Expected, results: readonly Judged[]): Expected {
  const passed = [...new Set([...before.passed, ...results.filter(({ outcome }) => outcome === 'passed').map(({ name }) => name)])]
  const ran = new Set(results.map(({ name }) => name))
  const reasons = (known: Readonly<Record<string, string>>, outcome: Result['outcome']) =>
    Object.fromEntries([
      ...Object.entries(known).filter(([name]) => !ran.has(name)),
      ...results
        .filter(result => result.outcome === outcome && !passed.includes(result.name))
        .map(({ name, message = '' }) => [name, known[name] ?? message]),
    ])
  return { passed, red: reasons(before.red, 'failed'), void: reasons(before.void, 'void') }
}
