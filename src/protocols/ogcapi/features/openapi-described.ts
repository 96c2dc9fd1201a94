import { aggregateLimits } from '#core/aggregate-features.js'
import { timeUnits } from '#core/queries.js'
import { operation } from '../common/openapi-operation.js'

const ref = (name: string) => ({ $ref: `#/components/parameters/${name}` })
const query = (name: string, description: string, schema: object) => ({ name, in: 'query', description, schema })
const text = { type: 'string' }

/** What chooses the features that are spoken of, as in items. */
const selecting = ['q', 'bbox', 'bbox-crs', 'datetime', 'filter', 'filter-lang', 'filter-crs'].map(ref)
const groups = query('limit', 'Groups, at most', {
  type: 'integer',
  minimum: 1,
  maximum: aggregateLimits.groups,
  default: aggregateLimits.groupsByDefault,
})
const form = query('f', 'Format of the answer; wins over Accept', { type: 'string', enum: ['json', 'csv', 'html'] })
const order = query('sortby', 'Names as they are told, each after - where the greatest come first', text)
const rowTypes = ['application/json', 'text/csv', 'text/html'] as const
const schemaTypes = ['application/schema+json', 'text/html'] as const

/** What features are made of and come to: schemas, functions of filters, groups, values. */
export const describedPaths: Readonly<Record<string, object>> = {
  '/functions': { get: operation('functions', 'The functions of filters', ['application/json', 'text/html'], [ref('f')]) },
  '/collections/{collectionId}/schema': {
    get: operation('schema', 'The properties of features, as a JSON Schema', schemaTypes, [ref('collectionId'), ref('f')]),
  },
  '/collections/{collectionId}/queryables': {
    get: operation('queryables', 'The properties that filters may speak of', schemaTypes, [ref('collectionId'), ref('f')]),
  },
  '/collections/{collectionId}/sortables': {
    get: operation('sortables', 'The properties that features may be sorted by', schemaTypes, [ref('collectionId'), ref('f')]),
  },
  '/collections/{collectionId}/aggregate': {
    get: operation('aggregate', 'Groups of features and what each comes to', rowTypes, [
      ref('collectionId'),
      query('group-by', `Properties, or ${timeUnits.join(', ')}, width or bins of one, as in month(jour),width(prix,100)`, text),
      query('measures', 'count, sum(p), avg(p), min(p), max(p), median(p), percentile(p,0.9), count-distinct(p), extent', {
        ...text,
        default: 'count',
      }),
      query('time-zone', 'In which days begin', { ...text, default: 'UTC' }),
      order,
      groups,
      form,
      ...selecting,
    ]),
  },
  '/collections/{collectionId}/distinct': {
    get: operation('distinct', 'The values of a property, and how many features have each', rowTypes, [
      ref('collectionId'),
      { ...query('property', 'Name of the property', text), required: true },
      query('prefix', 'Only values that begin with it, whatever the case', text),
      order,
      groups,
      form,
      ...selecting,
    ]),
  },
}
