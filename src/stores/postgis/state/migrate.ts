import { Problem } from '#core/problem.js'
import { literal } from '../identifiers.js'
import type { Session } from '../session.js'
import { type Migration, migrations } from './migrations.js'

/** Number of the advisory lock under which one process at a time migrates: “arpent” in ASCII. */
const lock = 0x617270656e74

/** Only where it is missing: IF NOT EXISTS asks for the right to create schemas even when there is nothing to create. */
const schema = `DO $$BEGIN IF to_regnamespace('arpent') IS NULL THEN CREATE SCHEMA arpent; END IF; END$$`

/** Brings the schema `arpent` to this version’s state. Throws `conflict` when it is newer already. */
export async function migrate(session: Session, known: readonly Migration[] = migrations): Promise<void> {
  await session.script(`BEGIN; SELECT pg_advisory_xact_lock(${lock}); ${schema};
    CREATE TABLE IF NOT EXISTS arpent.migrations (version integer PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`)
  try {
    const { rows } = await session.query({ text: 'SELECT coalesce(max(version), 0) AS version FROM arpent.migrations', values: [] })
    const present = Number(rows[0]?.version)
    const newest = known.at(-1)?.version ?? 0
    if (present > newest) {
      const message = `The schema “arpent” is of version ${present}, made by a newer Arpent; this one knows up to ${newest}. Use the newer one.`
      throw new Problem('conflict', message)
    }
    for (const { version, name, script } of known.filter(step => step.version > present))
      await session.script(`${script}; INSERT INTO arpent.migrations (version, name) VALUES (${version}, ${literal(name)})`)
    await session.script('COMMIT')
  } catch (error) {
    await session.script('ROLLBACK').catch(() => {}) // a connection that cannot even do that is given up
    throw error
  }
}
