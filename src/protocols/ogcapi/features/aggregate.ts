import { type Aggregated, aggregateFeatures } from '#core/aggregate-features.js'
import type { Collection, FeatureSource } from '#core/atlas.js'
import { Problem } from '#core/problem.js'
import type { TextSearch } from '#core/queries.js'
import type { Filter } from '#filters/filter.js'
import { transformBbox } from '#geo/transform.js'
import { jsonForm, negotiate } from '#protocols/http/negotiate.js'
import type { Service, ServiceAnswer, ServiceContext, ServiceRequest } from '#protocols/http/service.js'
import { answering } from '../common/answering.js'
import { knownParameters } from '../common/known-parameters.js'
import { groupByParameter, groupLimit, measuresParameter, orderParameter } from './aggregate-parameters.js'
import { csvPieces, type GroupColumn, type GroupRows, type GroupValue, groupRows, jsonPieces, jsonValue } from './group-rows.js'
import { bufferPage, fileBufferBytes } from './page-buffer.js'
import { requireFeatures } from './require-features.js'
import { queryableNames, searchOf, selectionOf, selectionParameters } from './selection.js'

/** What charts and forms ask of the features of a collection: groups and what they come to, and the values of a property. See docs/aggregates.md. */
export function aggregateService(context: ServiceContext): { aggregate: Service; distinct: Service } {
  return {
    aggregate: answering(context, 'groups of features', request => aggregate(request, context)),
    distinct: answering(context, 'values of a property', request => distinct(request, context)),
  }
}

const csvForm = { names: ['csv'], mediaTypes: ['text/csv; charset=utf-8', 'text/csv'] } as const
/** What groups and values come in. */
export const aggregateForms = [jsonForm, csvForm] as const
const selecting = [...selectionParameters, 'q'] as const
const ofAggregate = ['group-by', 'measures', 'time-zone', 'sortby', 'limit', 'f', 'lang'] as const
const ofDistinct = ['property', 'prefix', 'sortby', 'limit', 'f', 'lang'] as const

async function aggregate(request: ServiceRequest, { stores }: ServiceContext): Promise<ServiceAnswer> {
  const { collection, source, names, parameters, form } = asked(request, ofAggregate)
  const aggregated = await aggregateFeatures(
    stores.features(source.store),
    {
      source,
      names,
      ...selected(parameters, ofAggregate, collection, source),
      groupBy: groupByParameter(parameters),
      measures: measuresParameter(parameters),
      limit: groupLimit(parameters),
      ...sorted(parameters),
    },
    request.signal,
  )
  const rows = read(aggregated, collection)
  if (form === csvForm) return answer(request, csvPieces(rows), csvForm.mediaTypes[0])
  const groups = aggregated.groupBy.map(({ name, column, bin }) => ({
    name,
    property: column,
    ...(bin?.kind === 'time' && { interval: bin.unit, timeZone: bin.zone }),
    ...(bin?.kind === 'width' && { width: Number(bin.width) }),
  }))
  const measures = aggregated.measures.map(({ name, kind, column }) => ({
    name,
    function: kind,
    ...(column !== undefined && { property: column }),
  }))
  const object = (columns: readonly GroupColumn[], row: readonly GroupValue[]) =>
    `{${columns.map((column, at) => `${JSON.stringify(column.name)}:${jsonValue(column, row[at])}`).join(',')}}`
  return answer(request, jsonPieces({ collection: collection.id, groups, measures }, 'rows', rows, object), jsonForm.mediaTypes[0])
}

async function distinct(request: ServiceRequest, { stores }: ServiceContext): Promise<ServiceAnswer> {
  const { collection, source, names, parameters, form } = asked(request, ofDistinct)
  const property = parameters.get('property')
  if (!property)
    throw new Problem('missing-parameter', `property is missing; property=${names[0] ?? ''} would work.`, { locator: 'property' })
  const { filter, ...search } = selected(parameters, ofDistinct, collection, source)
  const prefix = parameters.get('prefix')
  const begins: Filter | undefined = prefix
    ? { kind: 'like', operand: { kind: 'property', name: property }, pattern: [prefix, { any: 'many' }], ignoresCase: true }
    : undefined
  const both = [filter, begins].filter(one => one !== undefined)
  const aggregated = await aggregateFeatures(
    stores.features(source.store),
    {
      source,
      names,
      ...search,
      ...(both.length > 0 && { filter: { kind: 'and', all: both } }),
      groupBy: [{ name: 'value', column: property }],
      measures: [{ name: 'count', kind: 'count' }],
      limit: groupLimit(parameters),
      ...sorted(parameters),
    },
    request.signal,
  ).catch(error => {
    throw error instanceof Problem && error.locator === 'group-by'
      ? new Problem(error.kind, error.message.replace('group-by', 'property'), { locator: 'property' })
      : error
  })
  const rows = read(aggregated, collection)
  if (form === csvForm) return answer(request, csvPieces(rows), csvForm.mediaTypes[0])
  const object = ([value, count]: readonly GroupColumn[], row: readonly GroupValue[]) =>
    `{"value":${jsonValue(value, row[0])},"count":${jsonValue(count, row[1])}}`
  const head = { collection: collection.id, property: aggregated.groupBy[0].column }
  return answer(request, jsonPieces(head, 'values', rows, object), jsonForm.mediaTypes[0])
}

/** What both begin with. Throws for parameters that are not known. */
function asked({ view, path, query, headers }: ServiceRequest, own: readonly string[]) {
  const { collection, source } = requireFeatures(view, path.collection ?? '')
  const names = queryableNames(collection)
  const parameters = knownParameters(query, [...own, ...selecting, ...names])
  const twice = own.find(name => parameters.getAll(name).length > 1)
  if (twice !== undefined)
    throw new Problem('invalid-parameter', `${twice} is there twice; one, with commas, would work.`, { locator: twice })
  const form = negotiate(aggregateForms, parameters.get('f'), headers.accept)
  return { collection, source, names, parameters, form }
}

/** The features that are spoken of, by the parameters of items; those of our own are no properties. */
function selected(
  parameters: URLSearchParams,
  own: readonly string[],
  collection: Collection,
  source: FeatureSource,
): { filter?: Filter; search?: TextSearch } {
  const others = new URLSearchParams([...parameters].filter(([name]) => !own.includes(name)))
  const filter = selectionOf(others, collection, source)
  const search = searchOf(others, collection, source)
  return { ...(filter && { filter }), ...(search && { search }) }
}

const sorted = (parameters: URLSearchParams) => {
  const sort = orderParameter(parameters)
  return sort ? { sort } : {}
}

const read = (aggregated: Aggregated, { storageCrs }: Collection): GroupRows =>
  groupRows(aggregated, box => (storageCrs === undefined ? undefined : transformBbox(box, storageCrs, 'OGC:CRS84')))

/** Whole, with a validator, where it is short. What fails after the first of many groups breaks the connection. */
async function answer({ prolong, view }: ServiceRequest, pieces: AsyncIterable<Uint8Array>, mediaType: string): Promise<ServiceAnswer> {
  const buffered = await bufferPage(pieces, fileBufferBytes)
  const head = { status: 200, mediaType, headers: { vary: 'Accept' } } as const
  if (buffered.kind === 'whole') return { ...head, body: buffered.bytes }
  prolong(view.atlas.limits.exportSeconds)
  return { ...head, body: '', stream: buffered.pieces, cacheSeconds: 0 }
}
