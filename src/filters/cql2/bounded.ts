import type { Filter } from '../filter.js'
import { FilterError } from '../filter-error.js'
import { isDeeperThan, isLargerThan } from '../tree-size.js'

/** Parts of a filter, of what is read and of what is made of it. */
export const most = 50_000
/** Levels of what is made: chains such as `a + b + c` have no brackets, and two levels for each link. */
const deepest = 1000

/** The filter; throws FilterError `too-large` for one of too many parts or levels. */
export function bounded(filter: Filter): Filter {
  if (isLargerThan(filter, most)) throw new FilterError('too-large', `The CQL2 filter has more than ${most} parts.`)
  if (isDeeperThan(filter, deepest)) throw new FilterError('too-large', `The CQL2 filter computes deeper than ${deepest} levels.`)
  return filter
}
