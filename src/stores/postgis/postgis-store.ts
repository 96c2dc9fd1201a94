import type { DiscoverOptions, FeatureStore } from '#core/ports.js'
import type { FeatureQuery } from '#core/queries.js'
import { restrictedQuery } from '#core/restriction.js'
import { aggregateSql } from './aggregate-sql.js'
import type { Database } from './database.js'
import { edit } from './edit/edit.js'
import { estimator } from './estimate.js'
import { findBehind } from './find-behind.js'
import { countSql } from './find-sql.js'
import { countWithRest, findWithRest } from './find-with-rest.js'
import { tableSql } from './sql.js'
import { postgisState } from './state/state-store.js'

/** PostGIS as a FeatureStore that can keep state, whichever way it is reached; `schemas` are looked at where a discovery names none. */
export function postgisStore(id: string, database: Database, schemas?: readonly string[]): FeatureStore {
  /** Threads that draw and write need nothing of it, nor of the library it brings. */
  const upkeep = async () => (await import('./upkeep.js')).upkeepOf(database)

  const estimate = estimator(database)
  const findPart: Database['find'] = (query, signal) => findBehind(database, estimate, query, signal)

  return {
    id,
    state: postgisState(database),
    find: (query: FeatureQuery, signal) => findWithRest(findPart, restrictedQuery(query), signal),
    discover: async (options: DiscoverOptions, signal) => (await upkeep()).discover(schemas ? { schemas, ...options } : options, signal),
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
    extent: async (source, geometry, signal) => (await upkeep()).extent(source, geometry, signal),
    columnStatistics: async (tables, signal) => (await upkeep()).columnStatistics(tables, signal),
    columnValues: async (table, column, most, signal) => (await upkeep()).columnValues(table, column, most, signal),
    version: async (table, signal) => (await upkeep()).version(table, signal),
    invalidGeometries: async (source, geometry, signal) => (await upkeep()).invalidGeometries(source, geometry, signal),
    load: async (target, layer, options) => (await upkeep()).load(target, layer, options),
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
