import { CrsError } from '#geo/crs-error.js'
import { type CrsName, requireCrsName } from '#geo/crs-name.js'
import { FilterError } from './filter-error.js'

/** The system that a filter names, in any form; WMS 1.3.0's own rule of axes is not for filters. Throws FilterError `unknown-crs`. */
export function namedCrs(name: string): CrsName {
  try {
    return requireCrsName(name, 'other')
  } catch (error) {
    if (error instanceof CrsError) throw new FilterError('unknown-crs', error.message, { locator: name.slice(0, 80) })
    throw error
  }
}
