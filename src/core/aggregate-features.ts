import type { Filter } from '#filters/filter.js'
import { FilterError } from '#filters/filter-error.js'
import { resolveName } from '#filters/resolve-name.js'
import type { ColumnKind } from '#rows/batch.js'
import { rowView } from '#rows/row-view.js'
import type { AttributeColumn, FeatureSource } from './atlas.js'
import type { FeatureStore, RowStream } from './ports.js'
import { Problem } from './problem.js'
import { problemOfParameter } from './problem-of-filter.js'
import type { AggregateQuery, Grouping, Measure, SortKey, TextSearch, TimeUnit } from './queries.js'

/** What a chart asks of features. Names are as people write them. */
export interface AggregateRequest {
  readonly source: FeatureSource
  /** Columns that may be spoken of. */
  readonly names: readonly string[]
  readonly filter?: Filter
  readonly search?: TextSearch
  readonly groupBy: readonly AskedGrouping[]
  readonly measures: readonly Measure[]
  /** Absent: stretches in their order; otherwise the greatest first, by the first measure that is a number. */
  readonly sort?: readonly SortKey[]
  readonly limit?: number
}

/** A column to group by, as a request names it, and into which stretches its values fall. */
export interface AskedGrouping {
  readonly name: string
  readonly column: string
  readonly bin?:
    | { readonly kind: 'time'; readonly unit: TimeUnit; readonly zone: string }
    | { readonly kind: 'width'; readonly width: string }
    /** As many stretches or fewer, of a round width. */
    | { readonly kind: 'bins'; readonly count: number }
}

/** Groups as rows: those of `groupBy`, then those of `measures`; an extent takes four columns. */
export interface Aggregated extends RowStream {
  /** With their columns settled, and the widths of stretches found. */
  readonly groupBy: readonly Grouping[]
  readonly measures: readonly Measure[]
  readonly limit: number
}

/** What one request may ask for at most. */
export const aggregateLimits = { groupings: 4, measures: 20, groups: 100_000, groupsByDefault: 1000, bins: 1000 } as const

/**
 * The groups of features and what each comes to; one more than `limit`, so that it is known whether there are more. Throws `unknown-property` and
 * `invalid-parameter`, with what would have worked.
 */
export async function aggregateFeatures(store: FeatureStore, request: AggregateRequest, signal?: AbortSignal): Promise<Aggregated> {
  const { source, filter, search, sort } = request
  if (!store.aggregate) throw new Problem('unsupported', 'The features of this collection cannot be put together in groups.')
  const measures = request.measures.map(one => settledMeasure(one, request))
  const limit = Math.min(request.limit ?? aggregateLimits.groupsByDefault, aggregateLimits.groups)
  const asked = request.groupBy.map(one => settledGrouping(one, request))
  checkCounts(asked, measures)
  const rows = { source, ...(filter && { filter }), ...(search && { search }) }
  const groupBy = await Promise.all(asked.map(one => withWidth(store, rows, one, signal)))
  const query: AggregateQuery = { ...rows, groupBy, measures, sort: orderOf(groupBy, measures, sort), limit: limit + 1 }
  return { ...(await store.aggregate(query, signal)), groupBy, measures, limit }
}

const fault = (parameter: string, message: string) => new Problem('invalid-parameter', message, { locator: parameter })

function checkCounts(groupBy: readonly AskedGrouping[], measures: readonly Measure[]): void {
  const { groupings, measures: most } = aggregateLimits
  if (groupBy.length > groupings) throw fault('group-by', `group-by may name ${groupings} columns; it names ${groupBy.length}.`)
  if (measures.length > most) throw fault('measures', `measures may be ${most}; there are ${measures.length}.`)
  if (measures.length === 0) throw fault('measures', 'measures is empty; measures=count would work.')
  const names = [...groupBy, ...measures].map(({ name }) => name)
  const twice = names.find((name, at) => names.indexOf(name) < at)
  if (twice !== undefined)
    throw fault(measures.some(({ name }) => name === twice) ? 'measures' : 'group-by', `${twice} is asked for twice.`)
}

function columnOf(parameter: string, name: string, { source, names }: AggregateRequest): AttributeColumn {
  const columns = source.columns.filter(column => names.includes(column.name))
  try {
    const resolved = resolveName(
      name,
      columns.map(column => column.name),
    )
    return columns.find(column => column.name === resolved)!
  } catch (error) {
    throw error instanceof FilterError ? problemOfParameter(parameter, 'cannot be asked here', error) : error
  }
}

const numbers: readonly ColumnKind[] = ['integer', 'bigint', 'double', 'numeric']
const times: readonly ColumnKind[] = ['date', 'timestamp', 'timestamptz']
const ordered: readonly ColumnKind[] = [...numbers, ...times, 'time', 'text']
const alike: readonly ColumnKind[] = [...ordered, 'boolean', 'uuid', 'bytes']

/** Throws where a column is of no kind that this can be asked of, naming those that are. */
function requireKind(
  parameter: string,
  what: string,
  column: AttributeColumn,
  kinds: readonly ColumnKind[],
  request: AggregateRequest,
): void {
  if (kinds.includes(column.kind)) return
  const fitting = request.source.columns
    .filter(({ name, kind }) => kinds.includes(kind) && request.names.includes(name))
    .map(({ name }) => name)
  const hint = fitting.length > 0 ? `; it could be of ${fitting.slice(0, 20).join(', ')}` : ''
  throw fault(parameter, `${what} cannot be asked of ${column.name}, which is of kind ${column.kind}${hint}.`)
}

function settledGrouping(asked: AskedGrouping, request: AggregateRequest): AskedGrouping {
  const column = columnOf('group-by', asked.column, request)
  const { bin } = asked
  if (!bin) requireKind('group-by', 'A group', column, alike, request)
  else if (bin.kind !== 'time') requireKind('group-by', 'A width', column, numbers, request)
  else requireKind('group-by', `A ${bin.unit}`, column, bin.unit === 'hour' ? times.slice(1) : times, request)
  if (bin?.kind === 'bins' && !(Number.isInteger(bin.count) && bin.count >= 2 && bin.count <= aggregateLimits.bins))
    throw fault('group-by', `bins may be 2 to ${aggregateLimits.bins}.`)
  if (bin?.kind === 'width' && !isWidth(bin.width))
    throw fault('group-by', `A width is a number above 0, as 100 or 0.5; it is “${bin.width.slice(0, 40)}”.`)
  if (bin?.kind === 'time') checkZone(bin.zone)
  return { ...asked, column: column.name }
}

const isWidth = (text: string) => /^\d{1,30}(\.\d{1,30})?$/.test(text) && Number(text) > 0

function checkZone(zone: string): void {
  try {
    if (/^[A-Za-z][\w+/-]{0,63}$/.test(zone) && new Intl.DateTimeFormat('en', { timeZone: zone })) return
  } catch {}
  throw fault('time-zone', `“${zone.slice(0, 40)}” is no time zone; UTC or Europe/Paris would work.`)
}

function settledMeasure(asked: Measure, request: AggregateRequest): Measure {
  if (asked.kind === 'extent') return { ...asked, column: geometryNamed(asked.column, request.source) }
  if (asked.column === undefined) return asked
  const column = columnOf('measures', asked.column, request)
  const { kind } = asked
  const kinds = kind === 'count' ? undefined : kind === 'count-distinct' ? alike : kind === 'min' || kind === 'max' ? ordered : numbers
  if (kinds) requireKind('measures', kind, column, kinds, request)
  if (asked.kind === 'percentile' && !(asked.fraction >= 0 && asked.fraction <= 1))
    throw fault('measures', 'The share of a percentile is a number from 0 to 1, as in percentile(pop,0.9).')
  return { ...asked, column: column.name }
}

/** A geometry column; the default one where none is named. */
function geometryNamed(name: string, { geometries, geometry }: FeatureSource): string {
  if (geometry === undefined) throw fault('measures', 'There are no geometries here to have an extent.')
  if (name === '') return geometry
  try {
    return resolveName(
      name,
      geometries.map(one => one.name),
    )
  } catch (error) {
    throw error instanceof FilterError ? problemOfParameter('measures', 'cannot be asked here', error) : error
  }
}

/** A number of stretches as a width, by the least and the greatest number there is. */
async function withWidth(
  store: FeatureStore,
  rows: Pick<AggregateQuery, 'source' | 'filter' | 'search'>,
  { bin, ...grouping }: AskedGrouping,
  signal?: AbortSignal,
): Promise<Grouping> {
  if (bin?.kind !== 'bins') return { ...grouping, ...(bin && { bin }) }
  const { column } = grouping
  const ends = (['min', 'max'] as const).map(kind => ({ name: kind, kind, column }))
  const { batches } = await store.aggregate!({ ...rows, groupBy: [], measures: ends, sort: [], limit: 1 }, signal)
  let [least, greatest] = [0, 0]
  for await (const batch of batches) [least, greatest] = [rowView(batch).number(0), rowView(batch).number(1)]
  const isWhole = rows.source.columns.some(({ name, kind }) => name === column && (kind === 'integer' || kind === 'bigint'))
  return { ...grouping, bin: { kind: 'width', width: roundWidth(least, greatest, bin.count, isWhole) } }
}

/** The least of 1, 2, 5, 10, 20, … whose multiples part what lies from `least` to `greatest` into `count` stretches or fewer. */
export function roundWidth(least: number, greatest: number, count: number, isWhole: boolean): string {
  const range = greatest - least
  if (!(range > 1e-25 && range < 1e200)) return '1'
  const exponent = Math.floor(Math.log10(range / count))
  const stretches = (width: number) => stretchOf(greatest, width) - stretchOf(least, width) + 1
  const step = [1, 2, 5, 10, 20].find(one => stretches(Number(`${one}e${exponent}`)) <= count) ?? 50
  return isWhole && Number(`${step}e${exponent}`) < 1 ? '1' : decimal(step, exponent)
}

/** Doubles that lie a thousand millionth of a stretch below the next one are in that: as 0.3 is in the stretch of 0.3. */
const stretchOf = (value: number, width: number) => Math.floor(value / width + 1e-9)

const decimal = (step: number, exponent: number): string =>
  exponent >= 0
    ? `${step}${'0'.repeat(exponent)}`
    : step >= 10
      ? decimal(step / 10, exponent + 1)
      : Number(`${step}e${exponent}`).toFixed(-exponent)

/** Groupings come last, so that the order is total. */
function orderOf(groupBy: readonly Grouping[], measures: readonly Measure[], asked: readonly SortKey[] | undefined): readonly SortKey[] {
  const names = [...groupBy, ...measures].flatMap(({ name }) =>
    measures.some(one => one.name === name && one.kind === 'extent') ? [] : [name],
  )
  const keys = asked?.map(key => {
    try {
      return { ...key, column: resolveName(key.column, names) }
    } catch (error) {
      throw error instanceof FilterError ? problemOfParameter('sortby', 'cannot be asked here', error) : error
    }
  })
  const first = measures.find(({ kind }) => kind !== 'extent' && kind !== 'min' && kind !== 'max')
  const usual = groupBy.some(({ bin }) => bin) || !first ? [] : [{ column: first.name, descending: true }]
  const wanted = keys ?? usual
  return [
    ...wanted,
    ...groupBy.filter(({ name }) => !wanted.some(({ column }) => column === name)).map(({ name }) => ({ column: name, descending: false })),
  ]
}
