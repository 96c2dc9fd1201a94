import { FilterError } from '#filters/filter-error.js'
import type { AttributeColumn, FeatureSource, Finding } from './atlas.js'
import type { Publication } from './publication.js'
import { type Restriction, readRestriction } from './restriction.js'

/** Which rows of a table a collection is, `columns` being all of the table; a filter that does not fit it keeps the collection from being published. Undefined without one. */
export function buildRestriction(
  { settings: { filter, params = {}, hidden = [] } }: Publication,
  source: FeatureSource,
  columns: readonly AttributeColumn[],
): Restriction | { readonly obstacle: Finding } | undefined {
  if (filter === undefined) return undefined
  const unseen = columns.filter(({ name, kind }) => hidden.includes(name) && kind !== 'geometry')
  const parameters = Object.entries(params).map(([name, parameter]) => ({ name, ...parameter }))
  try {
    return readRestriction(filter, parameters, source, unseen)
  } catch (error) {
    if (!(error instanceof FilterError)) throw error
    const message = `Its "filter" cannot be asked of it, so nothing of it is published. ${error.message}`
    return { obstacle: { severity: 'error', code: 'bad-filter', message } }
  }
}
