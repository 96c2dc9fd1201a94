import type { Kysely } from 'kysely'
import type { Database } from '../database.js'
import { kyselyOver } from '../kysely-over.js'
import { migrate } from './migrate.js'

/** Runs `work`, which may be done twice, over the tables of the schema `arpent`, which are there and of this version by then. */
export type StateDatabase = <Tables, Result>(work: (db: Kysely<Tables>) => Promise<Result>) => Promise<Result>

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
  return async <Tables, Result>(work: (db: Kysely<Tables>) => Promise<Result>) => {
    await ready()
    return database.session(session => work(kyselyOver<Tables>(session)), { isRepeatable: true })
  }
}
