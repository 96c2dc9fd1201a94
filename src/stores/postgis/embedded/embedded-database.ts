import type { MessagePort } from 'node:worker_threads'
import type { RowStream } from '#core/ports.js'
import type { FeatureQuery } from '#core/queries.js'
import type { RowBatch, RowSchema } from '#rows/batch.js'
import type { Database, SessionOptions } from '../database.js'
import { findSchema } from '../find-sql.js'
import { problemOfAbort, problemOfDatabase } from '../problem-of-database.js'
import type { Session, Statement } from '../session.js'
import { ConnectionLost } from '../wire/database-error.js'
import { EmbeddedClient } from './embedded-client.js'
import { embeddedSession, runEmbedded } from './embedded-session.js'
import { firstSlice, firstTexts, head, idsOfQuery, sliceOfIds, sliceOfPositions, sliceRows } from './slices.js'

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

  async function slice(query: FeatureQuery, statement: Statement, signal: AbortSignal | undefined): Promise<RowBatch> {
    const { reader, fields } = await runEmbedded(client, statement, { isBinary: true, seconds: readSeconds, signal })
    return reader.takeRows(findSchema(query, fields))
  }

  async function find(query: FeatureQuery, signal?: AbortSignal): Promise<RowStream> {
    const statement = firstSlice(query)
    try {
      const first = await twice(() => slice(query, statement, signal))
      const { schema } = first
      const isAll = first.count <= sliceRows
      return { schema, batches: { [Symbol.asyncIterator]: () => (isAll ? only(first) : sliced(query, schema, first, signal)) } }
    } catch (error) {
      throw problemOf(error, signal)
    }
  }

  /** One slice ahead of the consumer, so that the database works while the consumer does. */
  async function* sliced(
    query: FeatureQuery,
    schema: RowSchema,
    first: RowBatch,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<RowBatch, void> {
    const hasIds = query.source.key.kind !== 'none'
    const ahead = async (at: number, ids: readonly string[]): Promise<RowBatch | undefined> => {
      if (hasIds && at >= ids.length) return undefined
      const statement = hasIds ? sliceOfIds(query, ids.slice(at, at + sliceRows)) : sliceOfPositions(query, at)
      return { ...(await slice(query, statement, signal)), schema }
    }
    try {
      const known = hasIds ? firstTexts(await slice({ ...query, columns: [], key: true }, idsOfQuery(query), signal)) : []
      if (!hasIds) yield head(first, sliceRows)
      let at = hasIds ? 0 : sliceRows
      let next = ahead(at, known)
      for (;;) {
        const batch = await next
        if (!batch) break
        at += sliceRows
        const isLast = !hasIds && batch.count < sliceRows
        next = isLast ? Promise.resolve(undefined) : ahead(at, known)
        next.catch(() => {}) // looked at in the next turn, or never
        if (batch.count > 0) yield batch
      }
    } catch (error) {
      throw problemOf(error, signal)
    }
  }

  async function session<T>(work: (session: Session) => Promise<T>, { signal, isAlone, isRepeatable }: SessionOptions = {}): Promise<T> {
    try {
      if (isRepeatable) return await twice(() => work(embeddedSession(client, workSeconds, signal)))
      if (isAlone) await client.lock(signal)
      try {
        return await work(embeddedSession(client, workSeconds, signal))
      } finally {
        if (isAlone) client.unlock()
      }
    } catch (error) {
      throw problemOf(error, signal)
    }
  }

  return { label, isConcurrent: false, find, session, problemOf, close: async () => client.close() }
}

async function* only(batch: RowBatch): AsyncGenerator<RowBatch, void> {
  if (batch.count > 0) yield batch
}

/** The database may start anew under our feet; what only reads may be asked twice. */
function twice<T>(attempt: () => Promise<T>): Promise<T> {
  return attempt().catch(error => (error instanceof ConnectionLost ? attempt() : Promise.reject(error)))
}
