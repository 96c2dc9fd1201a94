import { randomBytes } from 'node:crypto'
import type { FeatureLayer, LoadOptions, LoadSummary, LoadTarget } from '#core/ports.js'
import { Problem } from '#core/problem.js'
import type { Database } from '../database.js'
import { literal, quoted } from '../identifiers.js'
import { kyselyOver } from '../kysely-over.js'
import type { Session } from '../session.js'
import { tableSql } from '../sql.js'
import { DatabaseError } from '../wire/database-error.js'
import { appendScript, planAppend } from './append.js'
import { copyLayer } from './copy-layer.js'
import { cut, tableNames } from './names.js'
import { stagingColumns, stagingPrefix } from './staging.js'
import { targetSrid } from './target-srid.js'

/**
 * Loads a layer into `target`, all or nothing: rows go by COPY into a table of their own, which gets key, spatial index and statistics and then takes
 * the target’s place, or is appended to it, in one step. Native, everything is one transaction. Embedded, there is one session for all, so every
 * statement is a transaction, others are served in between, and only the last step is seen.
 */
export async function load(database: Database, target: LoadTarget, layer: FeatureLayer, options: LoadOptions): Promise<LoadSummary> {
  const mark = randomBytes(6).toString('hex')
  const staging = { schema: target.schema, table: `${stagingPrefix}${mark}` }
  const isOneTransaction = database.isConcurrent
  const work = async (session: Session): Promise<LoadSummary> => {
    const db = kyselyOver<unknown>(session)
    const existing = await planAppend(db, target, layer)
    const append = target.mode === 'append' ? existing : undefined
    if (existing && target.mode === 'create')
      throw new Problem('conflict', `The table “${target.table}” exists already; say replace or append.`, { locator: target.table })
    const names = tableNames(layer)
    const srid = append ? append.srid : await targetSrid(db, target.crs ?? layer.geometry?.crs)
    const type = append?.geometryType ?? layer.geometry?.type ?? 'GEOMETRY'
    if (isOneTransaction) await session.script(`BEGIN; SET LOCAL maintenance_work_mem = '256MB'`)
    try {
      const columns = stagingColumns(layer, names, { srid, type, isKeyed: !append, mark, schema: target.schema })
      await session.script(
        `CREATE SCHEMA IF NOT EXISTS ${quoted(target.schema)}; CREATE TABLE ${tableSql(staging)} (${columns.join(', ')})`,
      )
      const layout = { geometryType: type, ...(names.generatedKey && !append ? { keyAfter: 0 } : {}) }
      const rows = await copyLayer(session, tableSql(staging), layer, layout, { ...options, isFrozen: isOneTransaction })
      const notes = [...layer.notes, ...names.notes]
      if (append) await session.script(appendScript(staging, target, names, append))
      else {
        const prefix = `${cut(target.table, 40)}_${mark}`
        notes.push(
          ...(await addKey(
            session,
            tableSql(staging),
            layer.key === undefined ? undefined : names.columns[layer.columns.findIndex(c => c.name === layer.key)],
            prefix,
            isOneTransaction,
          )),
        )
        await session.script(finishing(tableSql(staging), names.geometry, names.generatedKey, rows, prefix))
        if (target.comment) await session.script(`COMMENT ON TABLE ${tableSql(staging)} IS ${literal(target.comment)}`)
        options.signal?.throwIfAborted()
        await session.script(`DROP TABLE IF EXISTS ${tableSql(target)}; ALTER TABLE ${tableSql(staging)} RENAME TO ${quoted(target.table)}`)
      }
      if (isOneTransaction) await session.script('COMMIT')
      return { rows, notes }
    } catch (error) {
      if (isOneTransaction) await session.script('ROLLBACK').catch(() => {}) // a connection that cannot even do that is given up
      throw error
    }
  }
  try {
    return await database.session(work, { signal: options.signal })
  } catch (error) {
    // The request may have been given up: cleaning goes without its signal.
    if (!isOneTransaction) await database.session(session => session.script(`DROP TABLE IF EXISTS ${tableSql(staging)}`)).catch(() => {})
    throw loadProblem(error, target, layer)
  }
}

/** Makes the file's own key the primary one; where its values turn out to be no key, a generated one. */
async function addKey(
  session: Session,
  table: string,
  key: string | undefined,
  prefix: string,
  isOneTransaction: boolean,
): Promise<readonly string[]> {
  if (key === undefined) return []
  const constraint = (column: string) => `ALTER TABLE ${table} ADD CONSTRAINT ${quoted(`${prefix}_pkey`)} PRIMARY KEY (${quoted(column)})`
  try {
    await session.script(isOneTransaction ? `SAVEPOINT key; ${constraint(key)}; RELEASE SAVEPOINT key` : constraint(key))
    return []
  } catch (error) {
    if (!(error instanceof DatabaseError) || !error.code.startsWith('23')) throw error
    const generated = key === 'fid' ? 'arpent_fid' : 'fid'
    if (isOneTransaction) await session.script('ROLLBACK TO SAVEPOINT key')
    await session.script(
      `ALTER TABLE ${table} ADD COLUMN ${quoted(generated)} bigint GENERATED BY DEFAULT AS IDENTITY; ${constraint(generated)}`,
    )
    return [`Column “${key}” was to identify rows but has doubles or gaps; “${generated}” does instead.`]
  }
}

function finishing(table: string, geometry: string | undefined, key: string | undefined, rows: number, prefix: string): string {
  return [
    ...(key
      ? [
          `ALTER TABLE ${table} ADD CONSTRAINT ${quoted(`${prefix}_pkey`)} PRIMARY KEY (${quoted(key)})`,
          `ALTER TABLE ${table} ALTER COLUMN ${quoted(key)} RESTART WITH ${rows + 1}`,
        ]
      : []),
    ...(geometry ? [`CREATE INDEX ${quoted(`${prefix}_geom`)} ON ${table} USING gist (${quoted(geometry)})`] : []),
    `ANALYZE ${table}`,
  ].join('; ')
}

/** Says which table and layer it was about, where the database alone knew. */
function loadProblem(error: unknown, target: LoadTarget, layer: FeatureLayer): unknown {
  const cause = error instanceof Problem ? error.cause : undefined
  if (!(cause instanceof DatabaseError)) return error
  if (cause.code === '2BP01')
    return new Problem('conflict', `Views depend on the table “${target.table}”; drop them first, or append.`, { cause })
  if (cause.code.startsWith('22') || cause.code === 'XX000')
    return new Problem('invalid-data', `The database does not take a value of “${layer.name}”: ${cause.message}.`, { cause })
  return error
}
