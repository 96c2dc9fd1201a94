import { checkFilter } from '#filters/check-filter.js'
import { parseEcqlTemplate } from '#filters/ecql/parse-ecql.js'
import type { Scalar } from '#filters/expression.js'
import type { Filter } from '#filters/filter.js'
import { bindParameters } from '#filters/parameters.js'
import { settleFilter } from '#filters/settle-filter.js'
import { propertiesOfFilter } from '#filters/walk.js'
import type { AttributeColumn, Collection, FeatureSource } from './atlas.js'
import type { Parameter } from './parameter.js'
import type { FeatureQuery } from './queries.js'

/** The rows of a table that a collection is, wherever it is read, and what a request may say about that. */
export interface Restriction {
  /** Its parameters have no values yet. */
  readonly filter: Filter
  readonly parameters: readonly Parameter[]
  /** Columns that it looks at and that nobody sees. */
  readonly columns: readonly AttributeColumn[]
}

/** A restriction with its values. */
export type BoundRestriction = Pick<Restriction, 'filter' | 'columns'>

/**
 * The restriction that a text in CQL is, of a table with columns that nobody sees beside those of `source`. It is checked with the values that hold
 * where a request gives none. Throws FilterError.
 */
export function readRestriction(
  text: string,
  parameters: readonly Parameter[],
  source: FeatureSource,
  hidden: readonly AttributeColumn[],
): Restriction {
  const table = { ...source, columns: [...source.columns, ...hidden] }
  const filter = settleFilter(parseEcqlTemplate(text), table)
  const names = propertiesOfFilter(filter)
  const restriction = { filter, parameters, columns: hidden.filter(({ name }) => names.includes(name)) }
  checkFilter(bound(restriction, new Map()).filter, table)
  return restriction
}

/** The collection with these values, by the names of its parameters, instead of those that hold otherwise. */
export function withParameters(collection: Collection, values: ReadonlyMap<string, Scalar>): Collection {
  const { source, restriction } = collection
  if (!restriction || source.kind !== 'features' || values.size === 0) return collection
  return { ...collection, source: restricted(source, restriction, values) }
}

/** A source that has only the rows of a restriction; how many these are is not known. */
export function restricted(
  source: FeatureSource,
  restriction: Restriction,
  values: ReadonlyMap<string, Scalar> = new Map(),
): FeatureSource {
  const { count: _, ...rest } = source
  return { ...rest, restriction: bound(restriction, values) }
}

function bound({ filter, parameters, columns }: Restriction, values: ReadonlyMap<string, Scalar>): BoundRestriction {
  const valueFor = (name: string) => values.get(name) ?? parameters.find(one => one.name === name)?.default ?? null
  return { filter: bindParameters(filter, valueFor), columns }
}

/** What a store is asked for: the restriction of the source is a part of the filter. Each store does this first. */
export function restrictedQuery(query: FeatureQuery): FeatureQuery {
  const { restriction, ...source } = query.source
  if (!restriction) return query
  const filter: Filter = query.filter ? { kind: 'and', all: [restriction.filter, query.filter] } : restriction.filter
  return { ...query, source: { ...source, columns: [...source.columns, ...restriction.columns] }, filter }
}
