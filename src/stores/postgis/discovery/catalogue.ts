import { type Kysely, sql } from 'kysely'
import type { ColumnFilling, ColumnReference } from '#core/atlas.js'
import type { DiscoverOptions } from '#core/ports.js'

export interface RelationRow {
  readonly oid: number
  readonly schema: string
  readonly name: string
  readonly kind: string
  readonly comment: string | null
  readonly count: number
  readonly is_readable: boolean
  readonly is_writable: boolean
}

export interface ColumnRow {
  readonly oid: number
  readonly name: string
  /** Base type, domains looked through. */
  readonly base: string
  readonly native: string
  readonly is_nullable: boolean
  readonly comment: string | null
  readonly geometry_type: string | null
  readonly dimensions: number | null
  readonly srid: number | null
  readonly filling: ColumnFilling | null
  readonly refers: ColumnReference | null
  /** Of a type that lists its values, these in its order. */
  readonly labels: readonly string[] | null
}

export interface KeyRow {
  readonly oid: number
  readonly is_primary: boolean
  readonly columns: readonly string[]
}

/** Relations that can hold features: not the system's, not Arpent's own, not an extension's, not the parts of a partitioned table. */
export async function relations(db: Kysely<unknown>, { schemas, table }: DiscoverOptions): Promise<readonly RelationRow[]> {
  const result = await sql<RelationRow>`
    SELECT c.oid::int8::float8 AS oid, n.nspname AS schema, c.relname AS name, c.relkind AS kind, obj_description(c.oid, 'pg_class') AS comment,
      CASE WHEN c.relkind IN ('v', 'f') OR (c.reltuples = 0 AND c.relpages = 0 AND current_setting('server_version_num')::int4 < 140000)
        THEN -1 ELSE c.reltuples END::float8 AS count,
      has_schema_privilege(n.oid, 'USAGE') AND has_any_column_privilege(c.oid, 'SELECT') AS is_readable,
      has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'INSERT') AND has_table_privilege(c.oid, 'UPDATE')
        AND has_table_privilege(c.oid, 'DELETE') AND pg_relation_is_updatable(c.oid, true) & 28 = 28 AS is_writable
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'v', 'm', 'f', 'p')
      AND n.nspname NOT IN ('information_schema', 'arpent') AND n.nspname !~ '^pg_'
      AND (${schemas ?? null}::text[] IS NULL OR n.nspname = ANY (${schemas ?? null}::text[]))
      AND (${table ?? null}::text IS NULL AND NOT c.relispartition OR c.relname = ${table ?? null}::text)
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
    ORDER BY n.nspname, c.relname`.execute(db)
  return result.rows
}

/** The columns of all `oids` that may be read, in order. */
export async function columns(db: Kysely<unknown>, oids: readonly number[]): Promise<readonly ColumnRow[]> {
  const result = await sql<ColumnRow>`
    SELECT a.attrelid::int8::float8 AS oid, a.attname AS name, b.typname AS base, format_type(a.atttypid, a.atttypmod) AS native,
      NOT a.attnotnull AS is_nullable, col_description(a.attrelid, a.attnum) AS comment,
      CASE WHEN b.typname IN ('geometry', 'geography') THEN postgis_typmod_type(m.typmod) END AS geometry_type,
      CASE WHEN b.typname IN ('geometry', 'geography') THEN postgis_typmod_dims(m.typmod) END AS dimensions,
      CASE WHEN b.typname IN ('geometry', 'geography') THEN postgis_typmod_srid(m.typmod) END AS srid,
      CASE WHEN a.attidentity = 'a' OR to_jsonb(a) ->> 'attgenerated' <> '' OR (c.relkind = 'v' AND NOT pg_column_is_updatable(c.oid, a.attnum, true))
        THEN 'always' WHEN a.atthasdef OR a.attidentity = 'd' OR t.typdefault IS NOT NULL THEN 'default' END AS filling,
      (SELECT jsonb_build_object('schema', rn.nspname, 'table', rc.relname, 'column', ra.attname)
        FROM pg_constraint k
          JOIN pg_class rc ON rc.oid = k.confrelid
          JOIN pg_namespace rn ON rn.oid = rc.relnamespace
          JOIN pg_attribute ra ON ra.attrelid = k.confrelid AND ra.attnum = k.confkey[1]
        WHERE k.conrelid = a.attrelid AND k.contype = 'f' AND k.conkey = ARRAY[a.attnum] ORDER BY k.oid LIMIT 1) AS refers,
      (SELECT jsonb_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = b.oid) AS labels
    FROM pg_attribute a
      JOIN pg_class c ON c.oid = a.attrelid
      JOIN pg_type t ON t.oid = a.atttypid
      JOIN pg_type b ON b.oid = CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END,
      LATERAL (SELECT CASE WHEN t.typtype = 'd' THEN t.typtypmod ELSE a.atttypmod END AS typmod) m
    WHERE a.attrelid = ANY (${oids}::oid[]) AND a.attnum > 0 AND NOT a.attisdropped AND has_column_privilege(a.attrelid, a.attnum, 'SELECT')
    ORDER BY a.attrelid, a.attnum`.execute(db)
  return result.rows
}

/** Everything that identifies rows: primary keys first, then unique indexes over columns that are never null, the shortest first. */
export async function keys(db: Kysely<unknown>, oids: readonly number[]): Promise<readonly KeyRow[]> {
  const result = await sql<KeyRow>`
    SELECT i.indrelid::int8::float8 AS oid, i.indisprimary AS is_primary, array_agg(a.attname::text ORDER BY k.place) AS columns
    FROM pg_index i
      CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k (number, place)
      JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
    WHERE i.indrelid = ANY (${oids}::oid[]) AND i.indisunique AND i.indisvalid AND i.indimmediate AND i.indpred IS NULL AND i.indexprs IS NULL
      AND k.place <= i.indnkeyatts
    GROUP BY i.indrelid, i.indexrelid, i.indisprimary, i.indnkeyatts
    HAVING i.indisprimary OR bool_and(a.attnotnull)
    ORDER BY i.indrelid, i.indisprimary DESC, i.indnkeyatts, i.indexrelid`.execute(db)
  return result.rows
}

/** Columns that begin a spatial index, as `oid.name`. */
export async function spatialIndexes(db: Kysely<unknown>, oids: readonly number[]): Promise<ReadonlySet<string>> {
  const result = await sql<{ column: string }>`
    SELECT DISTINCT i.indrelid::text || '.' || a.attname AS column
    FROM pg_index i
      JOIN pg_class x ON x.oid = i.indexrelid
      JOIN pg_am m ON m.oid = x.relam
      JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
    WHERE i.indrelid = ANY (${oids}::oid[]) AND i.indisvalid AND i.indpred IS NULL AND m.amname IN ('gist', 'spgist', 'brin')`.execute(db)
  return new Set(result.rows.map(row => row.column))
}
