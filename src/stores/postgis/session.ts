import type { RowBatch, RowSchema } from '#rows/batch.js'
import type { Field } from './wire/answer.js'
import type { Parameter } from './wire/message-writer.js'

/** SQL text with `$1`, `$2`, … and the values bound to them. */
export interface Statement {
  readonly text: string
  readonly values: readonly Parameter[]
  /** One plan is right whatever the values are: it is made once, and not for each. */
  readonly hasOnePlan?: boolean
}

/** A statement that began to answer: its columns are known, its rows wait. */
export interface Running {
  readonly fields: readonly Field[]
  /** To be called once. Ends with the answer; throws DatabaseError or ConnectionLost. Fleeting batches hold until the next is asked for. */
  batches(schema: RowSchema, isFleeting?: boolean): AsyncGenerator<RowBatch, void>
  /** Command tag, as in `INSERT 0 5`; known after the batches. */
  tag(): string
}

export interface TextResult {
  readonly rows: Record<string, unknown>[]
  readonly tag: string
}

/** One conversation with a database, one statement at a time. */
export interface Session {
  /** Rows as objects with JavaScript values: for what is not hot. */
  query(statement: Statement): Promise<TextResult>
  /** All rows of a statement in binary form, as one batch: for few. `schemaOf` says what its columns are. */
  rows(statement: Statement, schemaOf: (fields: readonly Field[]) => RowSchema): Promise<RowBatch>
  /** Statements without parameters, separated by semicolons: all of them or none, unless a transaction is open. */
  script(text: string): Promise<void>
  /** COPY … FROM STDIN with one whole file. Returns the number of rows. */
  copyIn(text: string, file: Uint8Array): Promise<number>
}
