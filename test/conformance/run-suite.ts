import { ask } from './ask.js'
import type { BoundEntry, Trial } from './suite.js'

/** What came of one entry. `void`: there was nothing to try. */
export interface Result {
  readonly name: string
  readonly outcome: 'passed' | 'failed' | 'void'
  /** Why it failed or is void. */
  readonly message?: string
  readonly asked: number
}

/** Runs entries one after the other. `prefix` keeps the names of parts of a suite apart. */
export async function runEntries(entries: readonly BoundEntry[], prefix = ''): Promise<readonly Result[]> {
  const results: Result[] = []
  for (const entry of entries) results.push(await runEntry(entry, prefix + entry.id))
  return results
}

async function runEntry(entry: BoundEntry, name: string): Promise<Result> {
  let asked = 0
  try {
    const trials = entry.trials()
    if (typeof trials === 'string') return { name, outcome: 'void', message: trials, asked }
    const faults: string[] = []
    for (const trial of Array.isArray(trials) ? (trials as readonly Trial[]) : [trials as Trial]) {
      asked += trial.asks.length
      const fault = await faultOf(trial)
      if (fault !== undefined) faults.push(trial.of === undefined ? fault : `${trial.of}: ${fault}`)
    }
    if (faults.length === 0) return { name, outcome: 'passed', asked }
    return { name, outcome: 'failed', message: faults.join(' | '), asked }
  } catch (error) {
    return { name, outcome: 'failed', message: told(error), asked }
  }
}

async function faultOf({ asks, judge }: Trial): Promise<string | undefined> {
  try {
    const answers = []
    for (const url of asks) answers.push(await ask(url))
    await judge(answers)
    return undefined
  } catch (error) {
    return told(error)
  }
}

const told = (error: unknown) => (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ').slice(0, 600)
