import { Problem } from '#core/problem.js'
import { problemOfParameter } from '#core/problem-of-filter.js'
import type { SortKey } from '#core/queries.js'
import type { Condition, Selection } from '#core/select-features.js'
import { parseEcqlList } from '#filters/ecql/parse-ecql.js'
import type { Filter } from '#filters/filter.js'
import { FilterError } from '#filters/filter-error.js'
import { parseFilter } from '#filters/ogc/parse-filter.js'
import type { Kvp } from '#protocols/ows/kvp.js'
import { qgisFilters } from './qgis-filters.js'

const selecting = ['CQL_FILTER', 'FILTER', 'FEATUREID', 'SORTBY']
const everything: Selection = { conditions: [] }

/**
 * What vendor parameters ask of the features of each layer, in the order of `names`: CQL_FILTER, FILTER (of the OGC or of QGIS Server), FEATUREID and
 * SORTBY. Where several of them speak of a layer, all of them hold. `isLayer` knows the names of all layers. Throws `invalid-parameter`,
 * `too-large` and what else is wrong with a filter.
 */
export function layerSelections(kvp: Kvp, names: readonly string[], isLayer: (name: string) => boolean): readonly Selection[] {
  if (selecting.every(name => kvp.get(name) === undefined)) return names.map(() => everything)
  const readers: Readonly<Record<string, (text: string) => readonly (Filter | undefined)[]>> = {
    CQL_FILTER: text => forEach('CQL_FILTER', parseEcqlList(text), names),
    FILTER: text => (isOgc(text) ? forEach('FILTER', ogcFilters(text), names) : qgisFilters(text, names, isLayer)),
    FEATUREID: text => names.map(() => ({ kind: 'ids', ids: featureIds(text) })),
  }
  const conditions = Object.entries(readers).flatMap(([parameter, read]) => {
    const text = kvp.get(parameter)
    return text === undefined ? [] : [{ parameter, filters: refusing(parameter, () => read(text)) }]
  })
  const order = kvp.get('SORTBY')
  const sorts = order === undefined ? [] : forEach('SORTBY', sortKeys(order), names)
  return names.map((_, i): Selection => {
    const own = conditions.flatMap(({ parameter, filters }): Condition[] => (filters[i] ? [{ parameter, filter: filters[i] }] : []))
    return { conditions: own, ...(sorts[i]?.length && { sort: sorts[i] }) }
  })
}

/** One for each layer, or one for all. */
function forEach<T>(parameter: string, list: readonly T[], names: readonly string[]): readonly T[] {
  if (list.length === names.length) return list
  if (list.length === 1) return names.map(() => list[0])
  throw new Problem(
    'invalid-parameter',
    `${parameter} has ${list.length} parts for ${names.length} layers; one for each, or one for all, would work.`,
    { locator: parameter.toLowerCase() },
  )
}

function refusing<T>(parameter: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw error instanceof FilterError ? problemOfParameter(parameter, 'cannot be read', error) : error
  }
}

/** XML, or XML in brackets. */
const isOgc = (text: string) => /^\s*(\(\s*)?<|^\s*\(\s*\)/.test(text)

/** A document, or GeoServer's list `(<Filter>…</Filter>)()(<Filter>…</Filter>)`, where empty brackets ask for all. */
function ogcFilters(text: string): readonly (Filter | undefined)[] {
  const trimmed = text.trim()
  if (!trimmed.startsWith('(')) return [parseFilter(trimmed)]
  if (!trimmed.endsWith(')')) throw new FilterError('malformed', 'The last bracket of the list of filters is not closed.')
  const parts = trimmed.slice(1, -1).split(/\)\s*\((?=\s*(?:<(?:[\w.-]+:)?Filter[\s>]|<\?xml|\)|$))/)
  return parts.map(part => (part.trim() === '' ? undefined : parseFilter(part.trim())))
}

/** Most ids in a request. */
const mostIds = 10_000

function featureIds(text: string): readonly string[] {
  const ids = text.split(',', mostIds + 1).map(id => id.trim())
  if (ids.length > mostIds) throw new FilterError('too-large', `There are more than the ${mostIds} ids that one request may ask for.`)
  return ids.filter(id => id !== '')
}

/** Most columns to sort by. */
const mostKeys = 20

/** `nom,pop D`, for all layers, or `(nom)(pop D)` for each; A, ASC, D and DESC behind a name, of which a plus may have become a space. */
function sortKeys(text: string): readonly (readonly SortKey[])[] {
  const lists = /^\(.*\)$/s.test(text) ? text.slice(1, -1).split(')(') : [text]
  return lists.map(list => {
    const keys = list.split(',', mostKeys + 1).flatMap((part): SortKey[] => {
      const [, column = '', direction = 'A'] = /^(.*?)(?:[\s+]+(A|ASC|D|DESC))?$/is.exec(part.trim()) ?? []
      return column === '' ? [] : [{ column, descending: /^d/i.test(direction) }]
    })
    if (keys.length <= mostKeys) return keys
    throw new Problem('too-large', `SORTBY names more than the ${mostKeys} columns allowed.`, { locator: 'sortby' })
  })
}
