import type { Database, NormalQueryResult } from 'node-sqlite3-wasm'
import type { Problem } from '#core/problem.js'
import { brokenFile } from '../reader.js'

/** Rows of a query, one at a time; the statement is released however the loop ends. Errors of SQLite become `invalid-data` at `place()`. */
export function* rowsOf(database: Database, query: string, label: string, place: () => string): Generator<NormalQueryResult, void> {
  const statement = attempt(() => database.prepare(query), label, place)
  const rows = statement.iterate() as IterableIterator<NormalQueryResult>
  try {
    while (true) {
      const next = attempt(() => rows.next(), label, place)
      if (next.done) return
      yield next.value
    }
  } finally {
    release(() => statement.finalize(), database)
  }
}

function attempt<T>(work: () => T, label: string, place: () => string): T {
  try {
    return work()
  } catch (error) {
    throw sqliteProblem(label, error, `${place()}: `)
  }
}

/** `finalize` reports the error of the last step once more; it was reported already. */
function release(finalize: () => void, database: Database): void {
  try {
    if (database.isOpen) finalize()
  } catch {}
}

/** What SQLite says, as the fault of the file. */
export function sqliteProblem(label: string, error: unknown, place = ''): Problem {
  // its “could not open” names the path, which is nobody's business
  const message = (error instanceof Error ? error.message : String(error)).replace(/"[^"]*"/g, 'file')
  return brokenFile(label, `${place}SQLite cannot read it: ${message}.`, error)
}
