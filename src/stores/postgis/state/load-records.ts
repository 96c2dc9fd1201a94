import type { LoadRecords } from '#core/ports.js'
import type { StateDatabase } from './state-database.js'

interface LoadTables {
  readonly 'arpent.loads': {
    readonly store: string
    readonly path: string
    readonly fingerprint: string
    readonly table_schema: string
    readonly table_name: string
    readonly row_count: string
    readonly notes: readonly string[] | string
    readonly loaded_at: Date
  }
}

/** What is remembered of files loaded into `store`. */
export function loadRecords(state: StateDatabase, store: string): LoadRecords {
  return {
    list: () =>
      state<LoadTables, Awaited<ReturnType<LoadRecords['list']>>>(async db => {
        const rows = await db.selectFrom('arpent.loads').selectAll().where('store', '=', store).orderBy('path').execute()
        return rows.map(row => ({
          path: row.path,
          fingerprint: row.fingerprint,
          schema: row.table_schema,
          table: row.table_name,
          rows: Number(row.row_count),
          notes: row.notes as readonly string[],
        }))
      }),
    async put({ path, fingerprint, schema, table, rows, notes }) {
      await state<LoadTables, unknown>((db, sql) => {
        const values = {
          fingerprint,
          table_schema: schema,
          table_name: table,
          row_count: String(rows),
          notes: JSON.stringify(notes),
          loaded_at: sql<Date>`now()`,
        }
        return db
          .insertInto('arpent.loads')
          .values({ store, path, ...values })
          .onConflict(conflict => conflict.columns(['store', 'path']).doUpdateSet(values))
          .execute()
      })
    },
    async forget(path) {
      await state<LoadTables, unknown>(db => db.deleteFrom('arpent.loads').where('store', '=', store).where('path', '=', path).execute())
    },
  }
}
