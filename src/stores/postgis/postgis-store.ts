import { sql } from 'kysely'
import type { FeatureSource } from '#core/atlas.js'
import type { DiscoverOptions, FeatureStore } from '#core/ports.js'
import type { FeatureQuery } from '#core/queries.js'
import { restrictedQuery } from '#core/restriction.js'
import { aggregateSql } from './aggregate-sql.js'
import type { Database } from './database.js'
import { columnStatistics } from './discovery/column-statistics.js'
import { columnValues } from './discovery/column-values.js'
import { discover } from './discovery/discover.js'
import { usableBbox } from './discovery/extents.js'
import { edit } from './edit/edit.js'
import { estimator } from './estimate.js'
import { findBehind } from './find-behind.js'
import { countSql, idSql } from './find-sql.js'
import { countWithRest, findWithRest } from './find-with-rest.js'
import { quoted } from './identifiers.js'
import { kyselyOver } from './kysely-over.js'
import { load } from './load/load.js'
import { geometryOf, tableSql } from './sql.js'
import { postgisState } from './state/state-store.js'
import { tableVersion } from './table-version.js'

/** PostGIS as a FeatureStore that can keep state, whichever way it is reached; `schemas` are looked at where a discovery names none. */
export function postgisStore(id: string, database: Database, schemas?: readonly string[]): FeatureStore {
  const catalogue = <T>(work: (db: ReturnType<typeof kyselyOver<unknown>>) => Promise<T>, signal?: AbortSignal) =>
    database.session(session => work(kyselyOver<unknown>(session)), { signal, isRepeatable: true })

  const estimate = estimator(database)
  const findPart: Database['find'] = (query, signal) => findBehind(database, estimate, query, signal)

  return {
    id,
    state: postgisState(database),
    find: (query: FeatureQuery, signal) => findWithRest(findPart, restrictedQuery(query), signal),
    discover: (options: DiscoverOptions, signal) => catalogue(db => discover(db, schemas ? { schemas, ...options } : options), signal),
    async aggregate(query, signal) {
      const { source, filter } = restrictedQuery({ ...query, columns: [], key: false })
      const { statement, schemaOf } = aggregateSql({ ...query, source, ...(filter && { filter }) })
      return database.read(statement, schemaOf, signal)
    },
    estimate: (query, signal) => estimate(restrictedQuery(query), signal),
    async count(asked, signal, most) {
      const query = restrictedQuery(asked)
      const counted = await countWithRest(database.find, query, most, signal)
      if (counted !== undefined) return counted
      const { rows } = await database.session(session => session.query(countSql(query, most)), { signal, isRepeatable: true })
      return Number(rows[0]?.count)
    },
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
    invalidGeometries: (source: FeatureSource, geometry, signal) =>
      catalogue(async db => {
        const column = sql.raw(`${quoted(geometryOf(source, geometry).name)}::geometry`)
        const { rows } = await sql<{ count: string; first: string | null }>`
          SELECT count(*) AS count, min(id) AS first
          FROM (SELECT ${sql.raw(idSql(source))} AS id FROM ${sql.raw(tableSql(source))} WHERE NOT ST_IsValid(${column})) x`.execute(db)
        const { count, first } = rows[0]!
        return { count: Number(count), ...(first === null ? {} : { firstId: first }) }
      }, signal),
    load: (target, layer, options) => load(database, target, layer, options),
    edit: (source, changes, signal) => edit(database, source, changes, signal),
    async drop(schema, table) {
      await database.session(session => session.script(`DROP TABLE IF EXISTS ${tableSql({ schema, table })}`))
    },
    async ping(signal) {
      await database.session(session => session.query({ text: 'SELECT 1', values: [] }), { signal, isRepeatable: true })
    },
    close: () => database.close(),
  }
}
