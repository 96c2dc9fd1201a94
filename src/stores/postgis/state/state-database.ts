import type { Kysely, sql } from 'kysely'
import type { Database } from '../database.js'
import { migrate } from './migrate.js'

/** Runs `work`, which may be done twice, over the tables of the schema `arpent`, which are there and of this version by then. */
export type StateDatabase = <Tables, Result>(work: Work<Tables, Result>) => Promise<Result>
/** `tag` makes SQL of a template; it is handed over because who draws and writes does without that library. */
type Work<Tables, Result> = (db: Kysely<Tables>, tag: typeof sql) => Promise<Result>

/** Migrates before the first use. Throws `conflict` when the schema is of a newer version. */
export function stateDatabase(database: Database): StateDatabase {
  let migrated: Promise<void> | undefined
  const ready = () => {
    migrated ??= database
      .session(session => migrate(session), { isAlone: true })
      .catch(error => {
        migrated = undefined
        throw error
      })
    return migrated
  }
  return async <Tables, Result>(work: Work<Tables, Result>) => {
    await ready()
    const [{ kyselyOver }, { sql }] = await Promise.all([import('../kysely-over.js'), import('kysely')])
    return database.session(session => work(kyselyOver<Tables>(session), sql), { isRepeatable: true })
  }
}
