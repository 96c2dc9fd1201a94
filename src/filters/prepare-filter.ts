import type { Filter } from './filter.js'
import { loadGeos } from './geos.js'
import { mapFilter } from './walk.js'

/** To be waited for before a filter is compiled: loads the library of spatial predicates, if the filter has any. */
export async function prepareFilter(filter: Filter): Promise<void> {
  let isSpatial = false
  mapFilter(filter, {
    filter(one) {
      isSpatial ||= one.kind === 'spatial' || one.kind === 'distance'
      return one
    },
  })
  if (isSpatial) await loadGeos()
}
