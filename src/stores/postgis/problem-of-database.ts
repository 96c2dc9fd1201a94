import { Problem, type ProblemKind, toProblem } from '#core/problem.js'
import { ConnectionLost, DatabaseError } from './wire/database-error.js'

/** First match wins; a key is an SQLSTATE or its first two characters (PostgreSQL manual, appendix A). */
const table: readonly (readonly [states: string, kind: ProblemKind, message: (label: string) => string])[] = [
  ['28', 'unavailable', label => `The database ${label} refuses the user name or the password it is given.`],
  ['3D', 'unavailable', label => `There is no such database: ${label}.`],
  ['53300', 'unavailable', label => `The database ${label} has no connection left; raise its limit, or lower poolSize.`],
  ['53100', 'unavailable', label => `The disk of the database ${label} is full; make room on it.`],
  ['08 53 57P01 57P02 57P03 57P05 58', 'unavailable', label => `The database ${label} cannot answer now; try again shortly.`],
  ['57014', 'deadline', () => 'The database took longer than it is allowed; ask for less at a time.'],
  ['42501', 'unavailable', label => `The database ${label} does not let its user do this; grant the privilege to serve it.`],
  ['42 0A', 'invalid-data', () => 'The table has changed since it was published; reload the configuration.'],
  ['22 XX', 'invalid-data', () => 'The database could not work with the data of this table.'],
  ['23', 'conflict', () => 'The data contradict a rule of the table.'],
  ['25006', 'unavailable', label => `The database ${label} is read-only.`],
  ['40', 'conflict', () => 'Somebody else changed the same data at the same time; try again.'],
]

/**
 * `error` as a Problem: its message names the database by `label` (nothing secret), never SQL, values or the server's own words; those
 * stay in the cause. Problems pass.
 */
export function problemOfDatabase(error: unknown, label: string): Problem {
  if (error instanceof Problem) return error
  if (error instanceof DatabaseError) {
    const row = table.find(([states]) => states.split(' ').some(state => error.code.startsWith(state)))
    if (!row) return new Problem('internal', 'The database refused a statement of the server; the log has the details.', { cause: error })
    return new Problem(row[1], row[2](label), { cause: error, ...(row[1] === 'unavailable' ? { retryAfter: 5 } : {}) })
  }
  const reason = error instanceof ConnectionLost ? 'does not answer' : 'cannot be reached'
  return new Problem('unavailable', `The database ${label} ${reason}; try again shortly.`, { cause: error, retryAfter: 5 })
}

/** What became of a request whose signal aborted: `deadline` after a timeout, `cancelled` when the client left. */
export function problemOfAbort(signal: AbortSignal): Problem {
  const problem = toProblem(signal.reason)
  return problem.kind === 'internal' ? new Problem('cancelled', 'The request was given up.', { cause: signal.reason }) : problem
}
