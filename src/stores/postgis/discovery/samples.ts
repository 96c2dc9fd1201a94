import { type Kysely, sql } from 'kysely'
import { quoted } from '../identifiers.js'
import { bisected } from './bisected.js'
import type { GeometryName } from './extents.js'

/** Rows looked at in a column that declares nothing. */
const sampleRows = 500
/** Columns looked at by one statement. */
const together = 50

export interface GeometrySample {
  /** Geometry types as PostGIS names them without `ST_`, in capitals. */
  readonly types: readonly string[]
  readonly srids: readonly number[]
  /** 0 xy, 1 xym, 2 xyz, 3 xyzm. */
  readonly flags: readonly number[]
  /** There may be more rows than were looked at. */
  readonly isPartial: boolean
}

/** What is really in geometry columns that declare no type or SRID, by `oid.column`. Unreadable and empty ones are absent. */
export async function sampleGeometries(db: Kysely<unknown>, names: readonly GeometryName[]): Promise<ReadonlyMap<string, GeometrySample>> {
  type Row = { key: string; types: string[] | null; srids: number[]; flags: number[]; n: number }
  const samples = new Map<string, GeometrySample>()
  for (let from = 0; from < names.length; from += together) {
    const rows = await bisected(names.slice(from, from + together), async some => {
      const parts = some.map(({ oid, schema, table, column }) => {
        const rows = sql.raw(
          `SELECT ${quoted(column)}::geometry AS g FROM ${quoted(schema)}.${quoted(table)} WHERE ${quoted(column)} IS NOT NULL LIMIT ${sampleRows}`,
        )
        return sql`SELECT ${`${oid}.${column}`} AS key, array_agg(DISTINCT upper(substr(ST_GeometryType(g), 4))) AS types,
          array_agg(DISTINCT ST_SRID(g)) AS srids, array_agg(DISTINCT ST_Zmflag(g)::int4) AS flags, count(*)::int4 AS n FROM (${rows}) s`
      })
      return (await sql<Row>`${sql.join(parts, sql` UNION ALL `)}`.execute(db)).rows
    })
    for (const { key, types, srids, flags, n } of rows) if (types) samples.set(key, { types, srids, flags, isPartial: n === sampleRows })
  }
  return samples
}

/** The one type that covers `types`; `GEOMETRY` when none does. Lines and polygons seen only in part may have multiple siblings. */
export function commonType({ types, isPartial }: GeometrySample): string {
  const single = new Set(types.map(type => type.replace(/^MULTI/, '')))
  const [type] = single
  if (single.size !== 1 || !type) return 'GEOMETRY'
  const isMulti = types.some(name => name.startsWith('MULTI')) || (isPartial && (type === 'LINESTRING' || type === 'POLYGON'))
  return isMulti ? `MULTI${type}` : type
}
