import { sql } from 'kysely'
import type { LoadRecord, StateStore } from '#core/ports.js'
import type { Database } from '../database.js'
import { kyselyOver } from '../kysely-over.js'
import { migrate } from './migrate.js'

/** Tables of the schema `arpent`, as Kysely knows them. */
interface StateTables {
  readonly 'arpent.loads': {
    readonly path: string
    readonly fingerprint: string
    readonly table_schema: string
    readonly table_name: string
    readonly row_count: string
    readonly notes: readonly string[] | string
    readonly loaded_at: Date
  }
}

/** Arpent’s memory in the schema `arpent` of `database`. */
export function postgisState(database: Database): StateStore {
  // Each of these may be done twice: the second time changes nothing.
  const state = <T>(work: (db: ReturnType<typeof kyselyOver<StateTables>>) => Promise<T>) =>
    database.session(session => work(kyselyOver<StateTables>(session)), { isRepeatable: true })

  return {
    migrate: () => database.session(session => migrate(session), { isAlone: true }),
    loads: () =>
      state(async db => {
        const rows = await db.selectFrom('arpent.loads').selectAll().orderBy('path').execute()
        return rows.map(row => ({
          path: row.path,
          fingerprint: row.fingerprint,
          schema: row.table_schema,
          table: row.table_name,
          rows: Number(row.row_count),
          notes: row.notes as readonly string[],
        }))
      }),
    async recordLoad({ path, fingerprint, schema, table, rows, notes }: LoadRecord) {
      const values = {
        fingerprint,
        table_schema: schema,
        table_name: table,
        row_count: String(rows),
        notes: JSON.stringify(notes),
        loaded_at: sql<Date>`now()`,
      }
      await state(db =>
        db
          .insertInto('arpent.loads')
          .values({ path, ...values })
          .onConflict(conflict => conflict.column('path').doUpdateSet(values))
          .execute(),
      )
    },
    async forgetLoad(path) {
      await state(db => db.deleteFrom('arpent.loads').where('path', '=', path).execute())
    },
  }
}
