import type { ColumnKind } from '#rows/batch.js'
import type { AttributeColumn, Finding, RasterBand } from './atlas.js'
import type { ColumnForm, Dimension, DimensionCarrier, DimensionDefault, DimensionKind, ExtentPart } from './dimension.js'
import { readExtent, readValues, ValuesError } from './dimension-values.js'
import { bounds, momentsExtent, momentsIn, numbersExtent, rising, written } from './extent-of-values.js'
import { precisionOf, precisions, readTime } from './iso-time.js'
import type { ColumnValues } from './ports.js'
import type { DimensionSetting } from './publication.js'

/** What there is to make dimensions of. */
export type DimensionGround =
  | {
      readonly kind: 'table'
      readonly columns: readonly AttributeColumn[]
      /** What columns hold, by name; those that are not known are absent. */
      readonly values: ReadonlyMap<string, ColumnValues>
    }
  | { readonly kind: 'raster'; readonly bands: readonly RasterBand[]; readonly times: readonly number[] }

/** The dimensions that an operator wants of a collection, and why others cannot be had. */
export function buildDimensions(
  settings: readonly DimensionSetting[],
  ground: DimensionGround,
): { readonly dimensions: readonly Dimension[]; readonly findings: readonly Finding[] } {
  const built = settings.map(setting => buildDimension(setting, ground))
  return {
    dimensions: built.flatMap(each => ('dimension' in each ? each.dimension : [])),
    findings: built.flatMap(each => ('why' in each ? { severity: 'warning', code: 'no-dimension', message: each.why } : [])),
  }
}

const isWord = (text: string) => /^(all|latest|current|none)$/.test(text)

function valuesFault(text: string, kind: DimensionKind): string | undefined {
  try {
    readValues(text, kind)
    return undefined
  } catch (error) {
    if (error instanceof ValuesError) return error.message
    throw error
  }
}

function extentOr(text: string, kind: DimensionKind): readonly ExtentPart[] | ValuesError {
  try {
    return readExtent(text, kind)
  } catch (error) {
    if (error instanceof ValuesError) return error
    throw error
  }
}

type Built = { readonly dimension: Dimension } | { readonly why: string }
type Found = { readonly kind: DimensionKind; readonly carrier: DimensionCarrier; readonly extent: readonly ExtentPart[] }

function buildDimension(setting: DimensionSetting, ground: DimensionGround): Built {
  const { name, unitSymbol, takesNearest = false } = setting
  const found = ground.kind === 'table' ? ofTable(setting, ground) : ofRaster(setting, ground)
  if ('why' in found) return { why: `The dimension ${name} is not served: ${found.why}` }
  const { kind, carrier } = found
  const extent = setting.extent === undefined ? found.extent : extentOr(setting.extent, kind)
  if (extent instanceof ValuesError) return { why: `The extent of the dimension ${name} ${extent.message}.` }
  const takesSeveral = setting.takesSeveral ?? true
  const fault = setting.default === undefined || isWord(setting.default) ? undefined : valuesFault(setting.default, kind)
  if (fault !== undefined) return { why: `The default of the dimension ${name} ${fault}.` }
  const byDefault = defaultOf(setting.default, takesSeveral)
  const isElevation = name === 'elevation'
  // what holds now is told by that word
  const isCurrent = setting.isCurrent ?? (kind === 'time' && carrier.kind === 'columns' && byDefault?.kind === 'latest')
  const symbol = unitSymbol ?? (isElevation ? 'm' : undefined)
  return {
    dimension: {
      name,
      kind,
      units: setting.units ?? (kind === 'time' ? 'ISO8601' : isElevation ? 'EPSG:5030' : ''),
      ...(symbol !== undefined && { unitSymbol: symbol }),
      carrier,
      extent,
      ...(byDefault && { default: byDefault }),
      takesSeveral,
      takesNearest,
      ...(isCurrent && { isCurrent }),
    },
  }
}

/** Whoever takes one value at a time cannot be shown all by default. */
function defaultOf(said: string | undefined, takesSeveral: boolean): DimensionDefault | undefined {
  if (said === 'none') return undefined
  if (said === undefined || said === 'all') return { kind: takesSeveral ? 'all' : 'latest' }
  return said === 'latest' || said === 'current' ? { kind: 'latest' } : { kind: 'values', text: said }
}

function ofRaster(
  setting: DimensionSetting,
  { bands, times }: Extract<DimensionGround, { kind: 'raster' }>,
): Found | { readonly why: string } {
  const { place } = setting
  if (place.kind === 'files') {
    if (times.length === 0) return { why: 'no file of it has a date.' }
    const precision = written(precisionOf(times))
    return {
      kind: 'time',
      carrier: { kind: 'files', precision },
      extent: momentsExtent(times, times[0], times.at(-1)!, precision, setting),
    }
  }
  if (place.kind !== 'band') return { why: 'rasters have no columns.' }
  const band = bands[place.band]
  if (!band) return { why: `there is no band ${place.band + 1}; it has ${bands.length}.` }
  return { kind: 'number', carrier: { kind: 'band', band: place.band, scale: band.scale || 1, offset: band.offset ?? 0 }, extent: [] }
}

function ofTable(
  setting: DimensionSetting,
  { columns, values }: Extract<DimensionGround, { kind: 'table' }>,
): Found | { readonly why: string } {
  const { place } = setting
  const named = (name: string) => columns.find(column => column.name === name)
  if (place.kind === 'columns') {
    const [start, end] = [named(place.start), named(place.end)]
    const forms = [start, end].map(column => column && formOf(column, setting))
    const odd = [start, end].find((_, i) => forms[i] === undefined || forms[i] === 'word')
    if (!start || !end || odd) return { why: misfit(odd, setting) }
    const as = forms as [ColumnForm, ColumnForm]
    if ((as[0] === 'number') !== (as[1] === 'number')) return { why: 'its two columns are of different kinds.' }
    const known = [values.get(place.start), values.get(place.end)].flatMap(found => [found?.least, found?.greatest])
    const ends = known.filter(value => typeof value === 'number')
    const carrier = { kind: 'columns', start: place.start, end: place.end, as } as const
    if (as[0] === 'number') return { kind: 'number', carrier, extent: numbersExtent(undefined, bounds(ends), false, setting) }
    const moments = momentsIn(ends, as[0])
    const precision = as.every(form => form === 'year') ? 'year' : as.every(form => form === 'day') ? 'day' : 'second'
    return { kind: 'time', carrier, extent: momentsExtent(undefined, ...bounds(moments), precision, setting) }
  }
  if (place.kind !== 'column') return { why: 'a table has its values in columns.' }
  const column = named(place.column)
  const found = values.get(place.column)
  const wantsTime = isTime(setting)
  if (wantsTime && column && isText(column.kind)) return ofTexts(place.column, found, setting)
  const as = column && formOf(column, setting)
  if (!column || !as) return { why: misfit(column, setting) }
  const carrier = { kind: 'column', column: place.column, as } as const
  if (as === 'word') {
    const words = (found?.values ?? []).map(String).filter(word => !word.includes(',') && word.length <= 200)
    return { kind: 'word', carrier, extent: words.sort().map(text => ({ kind: 'word', text })) }
  }
  const numbers = found?.values?.filter(value => typeof value === 'number')
  const ends = bounds([found?.least, found?.greatest].filter(value => typeof value === 'number'))
  if (as === 'number')
    return { kind: 'number', carrier, extent: numbersExtent(numbers, ends, column.kind === 'integer' || column.kind === 'bigint', setting) }
  const moments = numbers && rising(momentsIn(numbers, as))
  const [first, last] = bounds(momentsIn(ends, as))
  const isFine = moments !== undefined && precisionOf(moments) === 'millisecond'
  const precision = as === 'year' || as === 'day' ? as : isFine ? 'millisecond' : 'second'
  return { kind: 'time', carrier, extent: momentsExtent(moments, first, last, precision, setting) }
}

/** Times that are texts: each means what it says. */
function ofTexts(column: string, found: ColumnValues | undefined, setting: DimensionSetting): Found | { readonly why: string } {
  if (found && !found.values)
    return { why: `the column ${column} is text and has more than ${mostTexts} different values; one of type date or timestamp would do.` }
  const texts = (found?.values ?? []).flatMap(value => {
    const span = readTime(String(value))
    return span ? [{ ...span, text: String(value) }] : []
  })
  if (found && texts.length === 0) return { why: `the column ${column} is text, and none of it is a time such as 2017-06-15T12:00:00Z.` }
  const moments = rising(texts.map(({ from }) => from))
  const precision = written(precisions.findLast(each => texts.some(text => text.precision === each)) ?? 'second')
  return {
    kind: 'time',
    carrier: { kind: 'texts', column, texts },
    extent: momentsExtent(moments, ...bounds(moments), precision, setting),
  }
}

/** Different values of a text column that are told apart. */
export const mostTexts = 1000

const isTime = ({ name, units }: DimensionSetting) => name === 'time' || units === 'ISO8601'
const isNumber = (kind: ColumnKind) => kind === 'integer' || kind === 'bigint' || kind === 'double' || kind === 'numeric'
const isText = (kind: ColumnKind) => kind === 'text'

/** What a column holds of a dimension; undefined where it cannot. */
export function formOf({ kind }: Pick<AttributeColumn, 'kind'>, setting: DimensionSetting): ColumnForm | undefined {
  const moment = kind === 'date' ? 'day' : kind === 'timestamp' || kind === 'timestamptz' ? 'instant' : undefined
  if (isTime(setting)) return moment ?? (kind === 'integer' || kind === 'bigint' ? 'year' : undefined)
  if (isNumber(kind)) return 'number'
  if (setting.name === 'elevation') return undefined
  return moment ?? (isText(kind) ? 'word' : undefined)
}

function misfit(column: AttributeColumn | undefined, setting: DimensionSetting): string {
  const wanted = isTime(setting)
    ? 'a date, a timestamp, a year as an integer'
    : setting.name === 'elevation'
      ? 'a number'
      : 'a number, a date, a timestamp or a text'
  return column ? `the column ${column.name} is of type ${column.nativeType}; ${wanted} would do.` : 'its column is not there.'
}
