import type { FeatureSource } from '#core/atlas.js'
import { featureVersion, versionColumns } from '#core/feature-version.js'
import type { EditedFeature, FeatureChange, RowStream } from '#core/ports.js'
import { Problem } from '#core/problem.js'
import type { FeatureQuery } from '#core/queries.js'
import { restrictedQuery } from '#core/restriction.js'
import { rowView } from '#rows/row-view.js'
import type { Database } from '../database.js'
import { findSchema, findSql } from '../find-sql.js'
import { findWithRest } from '../find-with-rest.js'
import type { Session } from '../session.js'
import { DatabaseError } from '../wire/database-error.js'
import { deleteSql, insertSql, updateSql } from './change-sql.js'
import { type Creation, inBatches } from './in-batches.js'
import { merged } from './merge-json.js'
import { problemOfChange } from './problem-of-change.js'

/** How long a feature that somebody else is changing is waited for: a connection is held meanwhile. */
const lockMilliseconds = 5_000

/**
 * All changes in one transaction, in a session that is ours alone. Features are locked before their version is looked at, so of several who expect
 * the same one the first wins; whatever fails, the connection included, leaves the table as it was. Embedded, a statement cannot be given up half way,
 * so the signal is heeded between them.
 */
export async function edit(
  database: Database,
  source: FeatureSource,
  changes: readonly FeatureChange[],
  signal?: AbortSignal,
): Promise<readonly EditedFeature[]> {
  const work = async (session: Session): Promise<readonly EditedFeature[]> => {
    signal?.throwIfAborted()
    try {
      await session.script(`BEGIN; SET LOCAL lock_timeout = ${lockMilliseconds}; SET LOCAL timezone = 'UTC'`)
      const done: EditedFeature[] = []
      for (const step of inBatches(changes)) {
        signal?.throwIfAborted()
        done.push(...(step.kind === 'creations' ? await create(session, source, step.all) : [await change(session, source, step.change)]))
      }
      await guarded(session, source, undefined, () => session.script('SET CONSTRAINTS ALL IMMEDIATE'))
      signal?.throwIfAborted()
      await session.script('COMMIT')
      return done
    } catch (error) {
      await session.script('ROLLBACK').catch(() => {}) // a connection that cannot even do that is given up
      throw error
    }
  }
  try {
    return await database.session(work, { isAlone: true, ...(database.isConcurrent && { signal }) })
  } catch (error) {
    throw database.problemOf(error, signal)
  }
}

type ChangeOfOne = Exclude<FeatureChange, { readonly kind: 'create' }>

async function change(session: Session, source: FeatureSource, one: ChangeOfOne): Promise<EditedFeature> {
  const { id } = one
  if (source.key.kind === 'ctid' || source.key.kind === 'none')
    throw new Problem(
      'unsupported',
      'These features have no lasting ids, so they can be added only; a primary key of the table would help.',
    )
  const [before] = await guarded(session, source, one, () => versionsOf(session, source, [id], true))
  if (!before) throw new Problem('not-found', `There is no feature “${id}” here.`)
  if (one.expected && !one.expected.includes(before.version!))
    throw new Problem('precondition-failed', 'The feature has been changed since you read it; read it again, then change what you see.')
  if (one.unwanted === 'any' || one.unwanted?.includes(before.version!))
    throw new Problem('precondition-failed', 'The feature is there, and the request says that it must not be, or not in this version.')
  if (one.kind === 'remove') {
    const { tag } = await guarded(session, source, one, () => session.query(deleteSql(source, id)))
    if (tag !== 'DELETE 1') throw new Problem('conflict', 'The database did not remove the feature; a rule of the table keeps it.')
    return { id }
  }
  const statement = updateSql(source, one.kind === 'update' && one.patches ? { ...one, values: await merged(session, source, one) } : one)
  if (!statement) return before
  await guarded(session, source, one, () => session.query(statement))
  const [after] = await versionsOf(session, source, [id], false)
  if (!after) throw hidden()
  return after
}

/** Rows in one statement; where that fails, one by one, to find out which is at fault. */
async function create(session: Session, source: FeatureSource, all: readonly Creation[]): Promise<readonly EditedFeature[]> {
  const insert = (some: readonly Creation[]) => guarded(session, source, some[0].change, () => session.query(insertSql(source, some)))
  const inserted = async (): Promise<readonly Record<string, unknown>[]> => {
    if (all.length > 1) {
      try {
        return (await insert(all)).rows
      } catch (error) {
        if (!(error instanceof Problem)) throw error
      }
    }
    const rows: Record<string, unknown>[] = []
    for (const one of all) {
      try {
        rows.push(...(await insert([one])).rows)
      } catch (error) {
        throw one.place === undefined || !(error instanceof Problem) ? error : placed(error, one.place)
      }
    }
    return rows
  }
  const ids = (await inserted()).map(({ id }) => (typeof id === 'string' ? id : undefined))
  if (ids.length < all.length) throw new Problem('conflict', 'The database did not keep the feature; a rule of the table leaves it out.')
  if (all.length > 1 && !source.restriction) return ids.map(id => (id === undefined ? {} : { id }))
  if (source.key.kind === 'none' || ids.some(id => id === undefined)) {
    if (source.restriction) throw hidden()
    return ids.map(id => (id === undefined ? {} : { id }))
  }
  const known = await versionsOf(session, source, ids as string[], false)
  if (known.length < ids.length) throw hidden()
  return known
}

/** Those of the features that are there, in the order of `ids`; for nobody else to change until the end of the transaction, where they are locked. */
async function versionsOf(session: Session, source: FeatureSource, ids: readonly string[], isLocked: boolean): Promise<EditedFeature[]> {
  const query: FeatureQuery = { source, columns: versionColumns(source), key: true, filter: { kind: 'ids', ids } }
  const { batches } = await findWithRest(findIn(session, isLocked), restrictedQuery(query))
  const versions = new Map<string, string>()
  for await (const batch of batches) {
    const row = rowView(batch)
    for (let i = 0; i < batch.count; i++) versions.set(row.at(i).text(0) ?? '', featureVersion(source, row))
  }
  return ids.flatMap(id => {
    const version = versions.get(id) ?? (ids.length === 1 ? [...versions.values()][0] : undefined)
    return version === undefined ? [] : [{ id, version }]
  })
}

const findIn =
  (session: Session, isLocked: boolean) =>
  async (query: FeatureQuery): Promise<RowStream> => {
    const { text, values } = findSql(query)
    const batch = await session.rows({ text: isLocked ? `${text} FOR UPDATE` : text, values }, fields => findSchema(query, fields))
    async function* only() {
      if (batch.count > 0) yield batch
    }
    return { schema: batch.schema, batches: only() }
  }

/** What the database does not take is told in terms of the feature; what was done before stays. */
async function guarded<T>(session: Session, source: FeatureSource, one: FeatureChange | undefined, work: () => Promise<T>): Promise<T> {
  await session.script('SAVEPOINT change')
  try {
    const result = await work()
    await session.script('RELEASE SAVEPOINT change')
    return result
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.severity === 'FATAL') throw error
    await session.script('ROLLBACK TO SAVEPOINT change')
    throw (await problemOfChange(session, source, one, error)) ?? error
  }
}

const placed = ({ kind, message, locator, cause }: Problem, place: number) =>
  new Problem(kind, `Feature ${place + 1}: ${message}`, { ...(locator !== undefined && { locator }), cause })

const hidden = () =>
  new Problem(
    'unprocessable',
    'The feature would not be part of this collection, which shows only some rows of its table; its values must say that it is.',
  )
