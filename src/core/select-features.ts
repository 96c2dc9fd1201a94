import { checkFilter } from '#filters/check-filter.js'
import type { Filter } from '#filters/filter.js'
import { FilterError } from '#filters/filter-error.js'
import { foldFilter } from '#filters/fold-constants.js'
import { resolveName } from '#filters/resolve-name.js'
import { settleFilter } from '#filters/settle-filter.js'
import { environmentOf, type MapScale } from '#render/map-scale.js'
import type { Collection } from './atlas.js'
import { filterOfFiles } from './choose-files.js'
import { problemOfFilter, problemOfParameter } from './problem-of-filter.js'
import type { SortKey, StyledLayer } from './queries.js'

/** What a request asks of the features of a layer, as it says it. */
export interface Selection {
  readonly conditions: readonly Condition[]
  /** Features in this order, the last on top. */
  readonly sort?: readonly SortKey[]
}

/** A filter, and the parameter of the request that said it: faults name it. */
export interface Condition {
  readonly filter: Filter
  /** The parameter that says it, for messages. */
  readonly parameter: string
}

/**
 * A layer of which only the features are asked for that every condition is true for, beside the filter it has already. Names come to be those of its
 * table. A raster has no columns, but its files have (`choose-files.ts`): conditions that ask for others are left aside. Throws `unknown-property` and what else is wrong with
 * a filter, naming the collection.
 */
export function selectFeatures(layer: StyledLayer, { conditions, sort }: Selection): StyledLayer {
  const { source } = layer.collection
  if (source.kind === 'raster') {
    const filters = conditions.map(({ filter, parameter }) => asked(layer, parameter, () => filterOfFiles(filter)))
    return withFilters(
      layer,
      filters.filter(filter => filter !== undefined),
    )
  }
  const table = { ...source, typeNames: typeNamesOf(layer.collection) }
  const settled = conditions.map(({ filter, parameter }) =>
    asked(layer, parameter, () => {
      const one = settleFilter(filter, table)
      checkFilter(one, source)
      return one
    }),
  )
  const names = source.columns.map(({ name }) => name)
  const order = sort?.map(key => ({ ...key, column: asked(layer, 'SORTBY', () => resolveName(key.column, names)) }))
  return { ...withFilters(layer, settled), ...(order && { sort: order }) }
}

/** What may stand before ids: the name of the collection, with and without its prefix. */
const typeNamesOf = ({ id }: Collection) => [id, id.slice(id.indexOf(':') + 1)]

function withFilters(layer: StyledLayer, filters: readonly Filter[]): StyledLayer {
  if (filters.length === 0) return layer
  const all = layer.filter ? [layer.filter, ...filters] : filters
  return { ...layer, filter: all.length === 1 ? all[0] : { kind: 'and', all } }
}

function asked<T>({ collection }: StyledLayer, parameter: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw error instanceof FilterError ? problemOfParameter(parameter, `cannot be asked of ${collection.id}`, error) : error
  }
}

/**
 * The filter of a layer with everything computed that depends on no row, what the map is included. `nothing` where it chooses no feature at all;
 * undefined where it leaves out none.
 */
export function filterOnMap(filter: Filter, scale: MapScale): Filter | 'nothing' | undefined {
  try {
    const folded = foldFilter(filter, environmentOf(scale))
    if (folded.kind !== 'constant') return folded
    return folded.value ? undefined : 'nothing'
  } catch (error) {
    throw error instanceof FilterError ? problemOfFilter(error) : error
  }
}
