import type { Expression } from './expression.js'
import type { Filter } from './filter.js'
import { loadGeos } from './geos.js'
import { type Mapping, mapExpression, mapFilter } from './walk.js'

/** To be waited for before a filter is compiled: loads the library of spatial predicates, if the filter has any. */
export async function prepareFilter(filter: Filter): Promise<void> {
  if (isSpatial(mapping => mapFilter(filter, mapping))) await loadGeos()
}

/** As `prepareFilter`, of an expression, whose choices may hold filters. */
export async function prepareExpression(expression: Expression): Promise<void> {
  if (isSpatial(mapping => mapExpression(expression, mapping))) await loadGeos()
}

function isSpatial(walk: (mapping: Mapping) => unknown): boolean {
  let found = false
  walk({
    filter(one) {
      found ||= one.kind === 'spatial' || one.kind === 'distance'
      return one
    },
  })
  return found
}
