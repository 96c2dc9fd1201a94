import type { StateStore } from '#core/ports.js'
import type { Database } from '../database.js'
import { findObstacle, isPresent } from './find-obstacle.js'
import { loadRecords } from './load-records.js'
import { rasterRecords } from './raster-records.js'
import { stateDatabase } from './state-database.js'

/** Arpent’s memory in the schema `arpent` of `database`: one line, and one file, for each concern. */
export function postgisState(database: Database): StateStore {
  const state = stateDatabase(database)
  return {
    obstacle: signal => database.session(findObstacle, { signal, isRepeatable: true }),
    isPresent: () => database.session(isPresent, { isRepeatable: true }),
    loads: store => loadRecords(state, store),
    rasters: store => rasterRecords(state, store),
  }
}
