import { type Kysely, sql } from 'kysely'
import { type Bbox, isValidBbox } from '#geo/bbox.js'
import { bisected } from './bisected.js'

export interface GeometryName {
  readonly oid: number
  readonly schema: string
  readonly table: string
  readonly column: string
}

/** No place is farther; PostGIS writes infinity as the greatest single precision number, 3.4e38. */
const farthest = 1e30

/** A box fit to be told: four numbers that can be coordinates, neither side inverted. */
export function usableBbox(numbers: readonly (number | null)[]): Bbox | undefined {
  const known = numbers.filter(number => number !== null)
  return isValidBbox(known) && known.every(number => Math.abs(number) < farthest) ? known : undefined
}

/** What values take on average, in bytes, by `oid.column`, as ANALYZE has found it; columns that it has not seen are absent. */
export async function averageWidths(db: Kysely<unknown>, names: readonly GeometryName[]): Promise<ReadonlyMap<string, number>> {
  if (names.length === 0) return new Map()
  const { rows } = await sql<{ key: string; width: number }>`
    SELECT g.oid::text || '.' || g.col AS key, s.avg_width AS width
    FROM unnest(${names.map(name => name.oid)}::oid[], ${names.map(name => name.schema)}::text[], ${names.map(name => name.table)}::text[],
        ${names.map(name => name.column)}::text[]) AS g (oid, sch, tab, col)
      JOIN pg_stats s ON s.schemaname = g.sch AND s.tablename = g.tab AND s.attname = g.col`.execute(db)
  return new Map(rows.map(({ key, width }) => [key, width]))
}

/**
 * Extents from spatial indexes and statistics, in storage CRS, by `oid.column`. Columns that have neither, or nothing usable, are absent.
 * PostGIS puts schema and table between quotes without looking for quotes in them, so that is done here.
 */
export async function estimatedExtents(db: Kysely<unknown>, names: readonly GeometryName[]): Promise<ReadonlyMap<string, Bbox>> {
  type Row = { key: string; minx: number; miny: number; maxx: number; maxy: number }
  const rows = await bisected(names, async some => {
    const result = await sql<Row>`
      SELECT g.oid::text || '.' || g.col AS key, ST_XMin(e) AS minx, ST_YMin(e) AS miny, ST_XMax(e) AS maxx, ST_YMax(e) AS maxy
      FROM unnest(${some.map(name => name.oid)}::oid[], ${some.map(name => name.schema)}::text[], ${some.map(name => name.table)}::text[],
        ${some.map(name => name.column)}::text[]) AS g (oid, sch, tab, col),
        LATERAL (SELECT ST_EstimatedExtent(replace(g.sch, '"', '""'), replace(g.tab, '"', '""'), g.col) AS e) x
      WHERE e IS NOT NULL`.execute(db)
    return result.rows
  })
  const extents = new Map<string, Bbox>()
  for (const { key, minx, miny, maxx, maxy } of rows) {
    const bbox = usableBbox([minx, miny, maxx, maxy])
    if (bbox) extents.set(key, bbox)
  }
  return extents
}
