import type { RowStream } from '#core/ports.js'
import type { Problem } from '#core/problem.js'
import type { RowBatch, RowSchema } from '#rows/batch.js'
import type { Database, SessionOptions } from '../database.js'
import { findSchema, findSql, type PartQuery } from '../find-sql.js'
import { problemOfAbort, problemOfDatabase } from '../problem-of-database.js'
import type { Session, Statement } from '../session.js'
import { inHalvesWhereMany, isSmallBox } from '../small-box.js'
import type { Field } from '../wire/answer.js'
import { ConnectionLost, DatabaseError } from '../wire/database-error.js'
import { addressLabel, parseNativeAddress } from './address.js'
import { controlledRows } from './controlled-rows.js'
import { NativePool } from './pool.js'

export interface NativeOptions {
  readonly url: string
  /** Connections at most. */
  readonly poolSize?: number
  /** Seconds after which the server itself stops a statement; requests have shorter deadlines of their own. */
  readonly statementSeconds?: number
  /** Between two batches of rows others of the thread have their turn. */
  readonly takesTurns?: boolean
}

/** How long a cancelled statement of a session may go on before its connection is given up. */
const cancelMilliseconds = 10_000

const defaults = { poolSize: 4, statementSeconds: 3600 }

/**
 * PostgreSQL with PostGIS over sockets. A page of 20,000 features is put in order in memory, not on disk. Plans are made for the values at hand (a box of a metre and one of a country want different ones), but for boxes that are
 * small for certain, and without JIT, which costs more than a map. PostGIS is found in whatever schema it was created.
 */
export function openNativeDatabase({
  url,
  poolSize = defaults.poolSize,
  statementSeconds = defaults.statementSeconds,
  takesTurns = false,
}: NativeOptions): Database {
  const address = parseNativeAddress(url)
  const label = addressLabel(address)
  const setup = `SET statement_timeout = ${Math.round(statementSeconds * 1000)};
    SELECT set_config('work_mem', '32MB', false) WHERE pg_size_bytes(current_setting('work_mem')) < 32 * 1024 * 1024;
    SET plan_cache_mode = force_custom_plan; SET jit = off; SET client_min_messages = warning; SET extra_float_digits = 1;
    SELECT set_config('search_path', concat_ws(', ', nullif(current_setting('search_path'), ''), quote_ident(n.nspname)), false)
    FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'postgis' AND n.nspname <> ALL (current_schemas(true))`
  const pool = new NativePool(address, { size: poolSize, setup, takesTurns })
  const problemOf = (error: unknown, signal?: AbortSignal) => (signal?.aborted ? problemOfAbort(signal) : problemOfDatabase(error, label))

  /** A connection may have ended while it was idle: the server was restarted, say. What only reads may be asked twice. */
  async function twice<T>(attempt: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    try {
      return await attempt()
    } catch (error) {
      if (!isLoss(error) || signal?.aborted) throw problemOf(error, signal)
    }
    try {
      return await attempt()
    } catch (error) {
      throw problemOf(error, signal)
    }
  }

  async function find(query: PartQuery, signal?: AbortSignal): Promise<RowStream> {
    const schemaOf = (fields: readonly Field[]) => findSchema(query, fields)
    const statement = { ...findSql(inHalvesWhereMany(query)), hasOnePlan: isSmallBox(query) }
    return twice(() => begin(statement, schemaOf, signal, query.isFleeting), signal)
  }

  /** One attempt. The first batch is awaited, so that what fails fails before anything is answered. */
  async function begin(
    statement: Statement,
    schemaOf: (fields: readonly Field[]) => RowSchema,
    signal: AbortSignal | undefined,
    isFleeting?: boolean,
  ): Promise<RowStream> {
    const connection = await pool.acquire(signal)
    let schema: RowSchema = { columns: [] }
    /** Starts when asked for the first batch, so that waiting for the first answer is as abortable as the rest. */
    async function* batches(): AsyncGenerator<RowBatch, void> {
      const running = await connection.run(statement)
      schema = schemaOf(running.fields)
      yield* running.batches(schema, isFleeting)
    }
    const rows = controlledRows(connection, batches(), signal, () => pool.release(connection))
    const first = await rows.next()
    return { schema, batches: { [Symbol.asyncIterator]: () => resumed(first, rows, error => problemOf(error, signal)) } }
  }

  const read: Database['read'] = (statement, schemaOf, signal) => twice(() => begin(statement, schemaOf, signal), signal)

  async function hold<T>(work: (session: Session) => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    const connection = await pool.acquire(signal)
    let timer: NodeJS.Timeout | undefined
    const cancel = () => {
      void connection.cancel()
      // an answer that got lost on the way never comes
      timer = setTimeout(() => connection.destroy(), cancelMilliseconds)
    }
    signal?.addEventListener('abort', cancel)
    try {
      return await work(connection)
    } finally {
      signal?.removeEventListener('abort', cancel)
      clearTimeout(timer)
      await connection.settle().catch(() => connection.destroy())
      pool.release(connection)
    }
  }

  function session<T>(work: (session: Session) => Promise<T>, { signal, isRepeatable }: SessionOptions = {}): Promise<T> {
    const attempt = () => hold(work, signal)
    return isRepeatable ? twice(attempt, signal) : attempt().catch(error => Promise.reject(problemOf(error, signal)))
  }

  return { label, isConcurrent: true, find, read, session, problemOf, close: () => pool.close() }
}

/** `first`, then the rest. Not a generator: one that was never begun would not tell the rest that nobody wants it. */
function resumed(
  first: IteratorResult<RowBatch, void>,
  rest: AsyncIterableIterator<RowBatch, void>,
  problemOf: (error: unknown) => Problem,
): AsyncIterator<RowBatch, void> {
  let waiting: IteratorResult<RowBatch, void> | undefined = first
  return {
    async next() {
      const next = waiting
      waiting = undefined
      return next ?? rest.next().catch(error => Promise.reject(problemOf(error)))
    },
    async return() {
      waiting = undefined
      await rest.return?.()
      return { done: true, value: undefined }
    },
  }
}

const isLoss = (error: unknown) => error instanceof ConnectionLost || (error instanceof DatabaseError && error.severity === 'FATAL')
