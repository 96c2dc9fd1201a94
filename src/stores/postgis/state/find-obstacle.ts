import type { StateObstacle } from '#core/ports.js'
import type { Session } from '../session.js'
import { migrations } from './migrations.js'

/**
 * What keeps the schema `arpent` from being made or used: a standby, a session that may only read, a user who may neither create a schema
 * nor owns the one that is there with all that is in it, a version that this program does not know.
 */
export async function findObstacle(session: Session): Promise<StateObstacle | undefined> {
  const { rows } = await session.query({ text: question, values: [] })
  const found = rows[0]!
  if (found.standby) return { code: 'standby', reason: 'it is a standby, which can only be read' }
  if (found.readonly) return { code: 'read-only', reason: 'its sessions can only read (default_transaction_read_only)' }
  if (!found.present && !found.creates) return { code: 'no-privilege', reason: `the user ${found.role} may not create a schema in it` }
  if (found.present && !found.owns)
    return { code: 'not-owner', reason: `the schema “arpent” in it, or a table there, is not of the user ${found.role}` }
  const version = found.versioned ? await versionOf(session) : 0
  const newest = migrations.at(-1)?.version ?? 0
  return version > newest
    ? { code: 'newer', reason: `its schema “arpent” is of version ${version}, and this Arpent knows up to ${newest}` }
    : undefined
}

/** Whether the schema `arpent` is there. */
export async function isPresent(session: Session): Promise<boolean> {
  const { rows } = await session.query({ text: question, values: [] })
  return Boolean(rows[0]?.versioned)
}

const question = `SELECT pg_is_in_recovery() AS standby,
  current_setting('transaction_read_only') = 'on' AS readonly,
  current_user::text AS role,
  has_database_privilege(current_database(), 'CREATE') AS creates,
  EXISTS (SELECT FROM pg_namespace WHERE nspname = 'arpent') AS present,
  NOT EXISTS (SELECT FROM pg_namespace WHERE nspname = 'arpent' AND NOT pg_has_role(nspowner, 'USAGE'))
    AND NOT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = 'arpent' AND c.relkind IN ('r', 'p', 'S') AND NOT pg_has_role(c.relowner, 'USAGE')) AS owns,
  EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'arpent' AND c.relname = 'migrations') AS versioned`

async function versionOf(session: Session): Promise<number> {
  const { rows } = await session.query({ text: 'SELECT coalesce(max(version), 0) AS version FROM arpent.migrations', values: [] })
  return Number(rows[0]?.version)
}
