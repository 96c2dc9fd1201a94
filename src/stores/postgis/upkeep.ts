import { sql } from 'kysely'
import type { FeatureStore } from '#core/ports.js'
import type { Database } from './database.js'
import { columnStatistics } from './discovery/column-statistics.js'
import { columnValues } from './discovery/column-values.js'
import { discover } from './discovery/discover.js'
import { usableBbox } from './discovery/extents.js'
import { idSql } from './find-sql.js'
import { quoted } from './identifiers.js'
import { kyselyOver } from './kysely-over.js'
import { load } from './load/load.js'
import { geometryOf, tableSql } from './sql.js'
import { tableVersion } from './table-version.js'

type Upkeep = Required<
  Pick<FeatureStore, 'discover' | 'extent' | 'columnStatistics' | 'columnValues' | 'version' | 'invalidGeometries' | 'load'>
>

/** What describes the tables of `database` and fills them: asked for at a start and now and then, by one thread. */
export function upkeepOf(database: Database): Upkeep {
  const catalogue = <T>(work: (db: ReturnType<typeof kyselyOver<unknown>>) => Promise<T>, signal?: AbortSignal) =>
    database.session(session => work(kyselyOver<unknown>(session)), { signal, isRepeatable: true })
  return {
    discover: (options, signal) => catalogue(db => discover(db, options), signal),
    extent: (source, geometry, signal) =>
      catalogue(async db => {
        const column = sql.raw(`${quoted(geometryOf(source, geometry).name)}::geometry`)
        const { rows } = await sql<{ minx: number; miny: number; maxx: number; maxy: number }>`
          SELECT ST_XMin(e) AS minx, ST_YMin(e) AS miny, ST_XMax(e) AS maxx, ST_YMax(e) AS maxy
          FROM (SELECT ST_Extent(${column}) AS e FROM ${sql.raw(tableSql(source))}) x`.execute(db)
        const { minx, miny, maxx, maxy } = rows[0]!
        return usableBbox([minx, miny, maxx, maxy])
      }, signal),
    columnStatistics: (tables, signal) => catalogue(db => columnStatistics(db, tables, signal), signal),
    columnValues: (table, column, most, signal) => catalogue(db => columnValues(db, table, column, most), signal),
    version: ({ schema, table }, signal) => catalogue(db => tableVersion(db, schema, table), signal),
    invalidGeometries: (source, geometry, signal) =>
      catalogue(async db => {
        const column = sql.raw(`${quoted(geometryOf(source, geometry).name)}::geometry`)
        const { rows } = await sql<{ count: string; first: string | null }>`
          SELECT count(*) AS count, min(id) AS first
          FROM (SELECT ${sql.raw(idSql(source))} AS id FROM ${sql.raw(tableSql(source))} WHERE NOT ST_IsValid(${column})) x`.execute(db)
        const { count, first } = rows[0]!
        return { count: Number(count), ...(first === null ? {} : { firstId: first }) }
      }, signal),
    load: (target, layer, options) => load(database, target, layer, options),
  }
}
