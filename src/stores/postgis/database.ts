import type { RowStream } from '#core/ports.js'
import type { Problem } from '#core/problem.js'
import type { RowSchema } from '#rows/batch.js'
import type { PartQuery } from './find-sql.js'
import type { Session, Statement } from './session.js'
import type { Field } from './wire/answer.js'

/** What is different between PostGIS behind a socket and PostGIS inside the process; everything else in this room is shared. */
export interface Database {
  /** Names the database in messages; nothing secret in it. */
  readonly label: string
  /** Sessions run side by side; otherwise all share one, and no transaction may span statements unless alone. */
  readonly isConcurrent: boolean
  find(query: PartQuery, signal?: AbortSignal): Promise<RowStream>
  /** The rows of any statement that only reads, with the schema that their fields are given; where the database is embedded they come all at once. */
  read(statement: Statement, schemaOf: (fields: readonly Field[]) => RowSchema, signal?: AbortSignal): Promise<RowStream>
  /** `work` with a session that is its alone where `isAlone` says so (a transaction needs that). Errors come out as Problems. */
  session<T>(work: (session: Session) => Promise<T>, options?: SessionOptions): Promise<T>
  problemOf(error: unknown, signal?: AbortSignal): Problem
  close(): Promise<void>
}

export interface SessionOptions {
  readonly signal?: AbortSignal | undefined
  readonly isAlone?: boolean
  /** May be done twice, as reads may, when the connection turns out to be dead. */
  readonly isRepeatable?: boolean
}
