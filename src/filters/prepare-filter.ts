import type { Filter } from './filter.js'
import { loadGeos } from './geos.js'
import { isSpatial, mapFilter } from './walk.js'

/** To be waited for before a filter is compiled: loads the library of spatial predicates, if the filter has any. */
export async function prepareFilter(filter: Filter): Promise<void> {
  let needsGeos = false
  mapFilter(filter, {
    filter(one) {
      needsGeos ||= isSpatial(one)
      return one
    },
  })
  if (needsGeos) await loadGeos()
}
