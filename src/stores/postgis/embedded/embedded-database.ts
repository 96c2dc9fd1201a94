import type { MessagePort } from 'node:worker_threads'
import type { AttributeColumn } from '#core/atlas.js'
import type { RowStream } from '#core/ports.js'
import type { RowBatch, RowSchema } from '#rows/batch.js'
import { withoutFirst } from '#rows/without-first.js'
import type { Database, SessionOptions } from '../database.js'
import { findSchema, type PartQuery } from '../find-sql.js'
import { problemOfAbort, problemOfDatabase } from '../problem-of-database.js'
import type { Session, Statement } from '../session.js'
import { ConnectionLost } from '../wire/database-error.js'
import { EmbeddedClient } from './embedded-client.js'
import { embeddedSession, runEmbedded } from './embedded-session.js'
import { firstSlice, firstTexts, idsOfQuery, keysetColumn, sliceBehind, sliceOfIds, sliceOfPositions, sliceRows } from './slices.js'

/** Seconds that one statement may keep the one session busy. */
export interface EmbeddedLimits {
  /** A slice of a read. */
  readonly readSeconds?: number
  /** Any other statement: an index over a large table. */
  readonly workSeconds?: number
}

const defaults = { readSeconds: 60, workSeconds: 3600 }

/** The PostGIS in this process, seen from the thread that holds `port`. */
export function openEmbeddedDatabase(
  port: MessagePort,
  { readSeconds = defaults.readSeconds, workSeconds = defaults.workSeconds }: EmbeddedLimits = {},
): Database {
  const client = new EmbeddedClient(port)
  const label = 'embedded'
  const problemOf = (error: unknown, signal?: AbortSignal) => (signal?.aborted ? problemOfAbort(signal) : problemOfDatabase(error, label))

  async function slice(query: PartQuery, statement: Statement, signal: AbortSignal | undefined): Promise<RowBatch> {
    const { reader, fields } = await runEmbedded(client, statement, { isBinary: true, seconds: readSeconds, signal })
    return reader.takeRows(findSchema(query, fields))
  }

  async function find(query: PartQuery, signal?: AbortSignal): Promise<RowStream> {
    const statement = firstSlice(query)
    try {
      const first = await twice(() => slice(query, statement, signal))
      const { schema } = first
      const isAll = first.count <= sliceRows
      return { schema, batches: { [Symbol.asyncIterator]: () => (isAll ? only(first) : ahead(sliced(query, schema, signal))) } }
    } catch (error) {
      throw problemOf(error, signal)
    }
  }

  const read: Database['read'] = async (statement, schemaOf, signal) => {
    try {
      const { reader, fields } = await twice(() => runEmbedded(client, statement, { isBinary: true, seconds: readSeconds, signal }))
      const batch = reader.takeRows(schemaOf(fields))
      return { schema: batch.schema, batches: only(batch) }
    } catch (error) {
      throw problemOf(error, signal)
    }
  }

  /** A whole table along its key: nothing is kept but the last key. */
  async function* along(
    column: AttributeColumn,
    query: PartQuery,
    schema: RowSchema,
    signal?: AbortSignal,
  ): AsyncGenerator<RowBatch, void> {
    let last: string | undefined
    for (let left = query.limit ?? Number.POSITIVE_INFINITY; left > 0; ) {
      const wanted = Math.min(sliceRows, left)
      const batch = await slice({ ...query, key: true }, sliceBehind(query, column, last, wanted), signal)
      last = firstTexts(batch, batch.count - 1)[0]
      if (batch.count > 0) yield query.key ? { ...batch, schema } : withoutFirst(batch, schema)
      if (batch.count < wanted) break
      left -= batch.count
    }
  }

  /** The rows of all ids found at once. */
  async function* byIds(query: PartQuery, schema: RowSchema, signal?: AbortSignal): AsyncGenerator<RowBatch, void> {
    const ids = firstTexts(await slice({ ...query, columns: [], key: true }, idsOfQuery(query), signal))
    for (let at = 0; at < ids.length; at += sliceRows) {
      const batch = await slice(query, sliceOfIds(query, ids.slice(at, at + sliceRows)), signal)
      if (batch.count > 0) yield { ...batch, schema }
    }
  }

  /** Rows without ids, by position. */
  async function* byPosition(query: PartQuery, schema: RowSchema, signal?: AbortSignal): AsyncGenerator<RowBatch, void> {
    for (let at = 0; ; at += sliceRows) {
      const batch = await slice(query, sliceOfPositions(query, at), signal)
      if (batch.count > 0) yield { ...batch, schema }
      if (batch.count < sliceRows) break
    }
  }

  async function* sliced(query: PartQuery, schema: RowSchema, signal?: AbortSignal): AsyncGenerator<RowBatch, void> {
    const column = keysetColumn(query)
    try {
      if (column) yield* along(column, query, schema, signal)
      else if (query.source.key.kind === 'none') yield* byPosition(query, schema, signal)
      else yield* byIds(query, schema, signal)
    } catch (error) {
      throw problemOf(error, signal)
    }
  }

  async function session<T>(work: (session: Session) => Promise<T>, { signal, isAlone, isRepeatable }: SessionOptions = {}): Promise<T> {
    try {
      if (isRepeatable) return await twice(() => work(embeddedSession(client, workSeconds, signal)))
      if (!isAlone) return await work(embeddedSession(client, workSeconds, signal))
      const alone = await client.lock(signal)
      try {
        return await work(embeddedSession(alone, workSeconds, signal))
      } finally {
        client.unlock()
      }
    } catch (error) {
      throw problemOf(error, signal)
    }
  }

  return { label, isConcurrent: false, find, read, session, problemOf, close: async () => client.close() }
}

async function* only(batch: RowBatch): AsyncGenerator<RowBatch, void> {
  if (batch.count > 0) yield batch
}

/** Asks for the next batch while the consumer works on this one. */
async function* ahead(batches: AsyncGenerator<RowBatch, void>): AsyncGenerator<RowBatch, void> {
  let next = batches.next()
  for (;;) {
    const result = await next
    if (result.done) return
    next = batches.next()
    next.catch(() => {}) // looked at in the next turn, or never
    yield result.value
  }
}

/** The database may start anew under our feet; what only reads may be asked twice. */
function twice<T>(attempt: () => Promise<T>): Promise<T> {
  return attempt().catch(error => (error instanceof ConnectionLost ? attempt() : Promise.reject(error)))
}
