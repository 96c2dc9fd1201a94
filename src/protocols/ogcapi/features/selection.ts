import type { Collection, FeatureSource } from '#core/atlas.js'
import { isSortable } from '#core/feature-schema.js'
import { Problem } from '#core/problem.js'
import { problemOfParameter } from '#core/problem-of-filter.js'
import type { SortKey, TextSearch } from '#core/queries.js'
import { readTextSearch, searchedColumns } from '#core/text-search.js'
import { checkFilter } from '#filters/check-filter.js'
import { checkTypes } from '#filters/cql2/check-types.js'
import { parseCql2Json } from '#filters/cql2/parse-cql2-json.js'
import { parseCql2Text } from '#filters/cql2/parse-cql2-text.js'
import { parseEcql } from '#filters/ecql/parse-ecql.js'
import type { Expression } from '#filters/expression.js'
import type { Filter } from '#filters/filter.js'
import { FilterError } from '#filters/filter-error.js'
import { resolveName } from '#filters/resolve-name.js'
import { settleFilter } from '#filters/settle-filter.js'
import type { ColumnKind } from '#rows/batch.js'
import { bboxFilter, bboxParameter } from './bbox-parameter.js'
import { crsParameter } from './crs-parameter.js'
import { datetimeFilter, datetimeParameter } from './datetime-parameter.js'

/** Parameters that say which features are wanted, beside the properties themselves. */
export const selectionParameters = ['bbox', 'bbox-crs', 'datetime', 'filter', 'filter-lang', 'filter-crs'] as const

/** Names of the properties that requests may filter and sort by. */
export function queryableNames({ source, queryables }: Collection): readonly string[] {
  if (source.kind !== 'features') return []
  const all = [...source.columns, ...source.geometries].map(({ name }) => name)
  return queryables ? all.filter(name => queryables.includes(name) || name === source.geometry) : all
}

/**
 * The features that a request selects, all its conditions together: box, time, properties by name, and a filter; settled to the collection. Undefined
 * where it selects all. Throws `invalid-parameter` and `unknown-property`.
 */
export function selectionOf(parameters: URLSearchParams, collection: Collection, source: FeatureSource): Filter | undefined {
  const all = [...boxes(parameters, collection, source), ...times(parameters, collection), ...properties(parameters, collection, source)]
  const filter = parameters.get('filter')
  if (filter) all.push(asked('filter', () => readFilter(filter, parameters, collection, source)))
  return all.length === 0 ? undefined : all.length === 1 ? all[0] : { kind: 'and', all }
}

function boxes(parameters: URLSearchParams, collection: Collection, source: FeatureSource): readonly Filter[] {
  const crs = crsParameter(parameters, 'bbox-crs', collection)
  const found = bboxParameter(parameters.get('bbox'), crs)
  const geometry = source.geometries.find(({ name }) => name === source.geometry)
  // features without geometry are in every box
  if (!found || !geometry) return []
  return [asked('bbox', () => settleFilter(bboxFilter(found, crs.crs.code, geometry), source))]
}

function times(parameters: URLSearchParams, collection: Collection): readonly Filter[] {
  const span = datetimeParameter(parameters.get('datetime'))
  const filter = span && datetimeFilter(collection, span)
  return filter ? [filter] : []
}

/** `nom=Metz`: as filter parameters of OGC 17-069r4, 7.15.5; several values of one name are alternatives. */
function properties(parameters: URLSearchParams, collection: Collection, source: FeatureSource): readonly Filter[] {
  const names = new Set(queryableNames(collection))
  return source.columns.flatMap(({ name, kind }): readonly Filter[] => {
    const values = names.has(name) && !isReserved(name) ? parameters.getAll(name) : []
    if (values.length === 0) return []
    requireKind(name, kind, values)
    const operand: Expression = { kind: 'property', name }
    const equals = values.map((value): Filter => ({ kind: 'compare', operator: '=', left: operand, right: { kind: 'literal', value } }))
    const filter: Filter = equals.length === 1 ? equals[0] : { kind: 'or', any: equals }
    return [asked(name, () => settled(filter, collection, source))]
  })
}

/** Texts that are values of a kind of columns; of the others any text is one. */
const forms: Partial<Record<ColumnKind, readonly [form: RegExp, example: string]>> = {
  integer: [/^[+-]?\d{1,19}$/, '42'],
  bigint: [/^[+-]?\d{1,19}$/, '42'],
  double: [/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i, '4.2'],
  numeric: [/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i, '4.2'],
  boolean: [/^(true|false|t|f|1|0|yes|no)$/i, 'true'],
  date: [/^\d{4}-\d\d-\d\d([T ].*)?$/, '2024-02-29'],
  timestamp: [/^\d{4}-\d\d-\d\d([T ].*)?$/, '2024-02-29T12:00:00'],
  timestamptz: [/^\d{4}-\d\d-\d\d([T ].*)?$/, '2024-02-29T12:00:00Z'],
}

/** OGC 17-069r4, requirement 9: a value has to be one that the API document allows. */
function requireKind(name: string, kind: ColumnKind, values: readonly string[]): void {
  const [form, example] = forms[kind] ?? []
  const odd = form && values.find(value => !form.test(value.trim()))
  if (odd === undefined) return
  throw new Problem('invalid-parameter', `${name}=${odd.slice(0, 60)} is not of the type of ${name}; ${example} would be.`, {
    locator: name,
  })
}

/** Parameters that mean something else than the property of the same name. */
export const reservedParameters: readonly string[] = [
  ...selectionParameters,
  'f',
  'limit',
  'offset',
  'cursor',
  'crs',
  'q',
  'sortby',
  'properties',
  'exclude-properties',
  'profile',
  'zoom-level',
  'max-allowable-offset',
  'skip-geometry',
  'skipGeometry',
  'resultType',
  'lang',
]
const isReserved = (name: string) => reservedParameters.includes(name)

/** CQL2 is strict about types and names; CQL of GeoServer, which its old clients send, is not. */
function readFilter(text: string, parameters: URLSearchParams, collection: Collection, source: FeatureSource): Filter {
  const language = parameters.get('filter-lang') || (text.trimStart().startsWith('{') ? 'cql2-json' : 'cql2-text')
  if (/^e?cql(-text)?$/i.test(language)) return settled(parseEcql(text), collection, source)
  const { crs, isFlipped } = crsParameter(parameters, 'filter-crs', collection)
  const options = { crs: crs.code, axes: isFlipped ? 'yx' : 'xy' } as const
  const filter =
    language === 'cql2-text'
      ? parseCql2Text(text, options)
      : language === 'cql2-json'
        ? parseCql2Json(parsedJson(text), options)
        : undefined
  if (!filter)
    throw new Problem('invalid-parameter', `filter-lang=${language.slice(0, 40)} is not known; cql2-text and cql2-json would work.`, {
      locator: 'filter-lang',
    })
  const names = queryableNames(collection)
  const one = settled(filter, collection, { ...source, columns: source.columns.filter(({ name }) => names.includes(name)) })
  checkTypes(one, source)
  return one
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Problem('invalid-parameter', 'filter is no JSON, which filter-lang=cql2-json says it is.', { locator: 'filter' })
  }
}

function settled(filter: Filter, collection: Collection, source: FeatureSource): Filter {
  const one = settleFilter(filter, { ...source, typeNames: [collection.id] })
  checkFilter(one, source)
  return one
}

function asked<T>(parameter: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw error instanceof FilterError ? problemOfParameter(parameter, 'cannot be asked here', error) : error
  }
}

/** The words of `q`; undefined where there are none. Throws `invalid-parameter`. */
export function searchOf(parameters: URLSearchParams, collection: Collection, source: FeatureSource): TextSearch | undefined {
  const q = parameters.get('q')
  if (q === null || q === '') return undefined
  const names = queryableNames(collection)
  return readTextSearch(
    q,
    source,
    searchedColumns(source).filter(name => names.includes(name)),
  )
}

/** Names of `sortby`. */
const mostSortKeys = 20

/** `sortby=+nom,-pop` (OGC API Features, Sorting): names of sortables, each after `+` or `-`. A plus arrives as a space where it was not escaped. */
export function sortParameter(text: string | null, collection: Collection): readonly SortKey[] | undefined {
  if (text === null || text === '') return undefined
  const columns = collection.source.kind === 'features' ? collection.source.columns : []
  const names = queryableNames(collection).filter(name => columns.some(column => column.name === name))
  const parts = text.split(',', mostSortKeys + 1)
  if (parts.length > mostSortKeys)
    throw new Problem('too-large', `sortby may name ${mostSortKeys} properties; there are more.`, { locator: 'sortby' })
  return parts.map(part => {
    const match = /^\s*([+-]?)(.+?)\s*$/.exec(part)
    if (!match) throw new Problem('invalid-parameter', 'sortby has an empty name; sortby=+nom,-pop would work.', { locator: 'sortby' })
    const name = asked('sortby', () => resolveName(match[2], names))
    const unfit = columns.some(column => column.name === name && !isSortable(column))
    if (unfit) throw new Problem('not-queryable', `Features cannot be sorted by ${name}: its values have no order.`, { locator: 'sortby' })
    return { column: name, descending: match[1] === '-' }
  })
}

/**
 * The properties that `properties` and `exclude-properties` leave, in the order of the collection, further geometries where they are named; undefined: all
 * attributes.
 */
export function propertiesParameter(parameters: URLSearchParams, source: FeatureSource): readonly string[] | undefined {
  const all = [...source.columns, ...source.geometries].map(({ name }) => name)
  const named = (parameter: string) => {
    const text = parameters.get(parameter)
    return text === null
      ? undefined
      : new Set(
          text
            .split(',')
            .filter(Boolean)
            .map(name => asked(parameter, () => resolveName(name, all))),
        )
  }
  const [wanted, unwanted] = [named('properties'), named('exclude-properties')]
  if (!wanted && !unwanted) return undefined
  const attributes = source.columns.map(({ name }) => name)
  const further = source.geometries.map(({ name }) => name).filter(name => name !== source.geometry && wanted?.has(name))
  return [...attributes, ...further].filter(name => (wanted?.has(name) ?? true) && !unwanted?.has(name))
}
