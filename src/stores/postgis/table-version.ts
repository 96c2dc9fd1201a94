import { type Kysely, sql } from 'kysely'

/**
 * What the statistics of PostgreSQL count of a table and of all that a view is made of: rows inserted, changed and deleted, and where the data lie, which
 * TRUNCATE and REFRESH change. Undefined where something is not counted here, such as a foreign table.
 */
export async function tableVersion(db: Kysely<unknown>, schema: string, table: string): Promise<string | undefined> {
  const { rows } = await sql<{ version: string | null; isCounted: boolean | null }>`
    WITH RECURSIVE parts (oid) AS (
      SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ${schema} AND c.relname = ${table}
      UNION
      SELECT below.oid FROM parts CROSS JOIN LATERAL (
        SELECT d.refobjid AS oid FROM pg_class v
          JOIN pg_rewrite r ON r.ev_class = v.oid
          JOIN pg_depend d ON d.objid = r.oid AND d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> v.oid
          WHERE v.oid = parts.oid AND v.relkind = 'v'
        UNION ALL
        SELECT i.inhrelid FROM pg_inherits i WHERE i.inhparent = parts.oid
      ) below
    )
    SELECT
      string_agg(concat_ws('/', c.oid, c.relfilenode, pg_stat_get_tuples_inserted(c.oid), pg_stat_get_tuples_updated(c.oid),
        pg_stat_get_tuples_deleted(c.oid)), ',' ORDER BY c.oid) AS version,
      bool_and(c.relkind IN ('r', 'm', 'v', 'p', 'S')) AS "isCounted"
    FROM parts JOIN pg_class c ON c.oid = parts.oid`.execute(db)
  const { version = null, isCounted } = rows[0] ?? {}
  return version !== null && isCounted ? version : undefined
}
