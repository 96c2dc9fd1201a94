import type { DimensionKind } from '#core/dimension.js'
import { readExtent, readValues, stepOf, ValuesError } from '#core/dimension-values.js'
import type { DimensionPlace, DimensionSetting } from '#core/publication.js'
import type { MeaningCheck } from './check-meaning.js'
import { listOf, type RawCollection, type RawDimension } from './raw-config.js'

/** The tag of a TIFF that says when its picture was taken. */
const dateTag = 'DateTime'

interface Declared {
  readonly name: string
  /** JSON pointer below the collection. */
  readonly at: string
  readonly raw: string | RawDimension
}

function declaredIn({ time, elevation, dimensions = {} }: RawCollection): readonly Declared[] {
  return [
    ...(time === undefined ? [] : [{ name: 'time', at: 'time', raw: time }]),
    ...(elevation === undefined ? [] : [{ name: 'elevation', at: 'elevation', raw: elevation }]),
    ...Object.entries(dimensions).map(([name, raw]) => ({ name, at: `dimensions/${name}`, raw })),
  ]
}

/** The dimensions of a checked collection. */
export function resolveDimensions(collection: RawCollection): readonly DimensionSetting[] {
  return declaredIn(collection).map(({ name, raw }) => {
    const said = typeof raw === 'string' ? {} : raw
    const { units, symbol, extent, step, multiple, nearest, current } = said
    return {
      name,
      place: placeOf(collection, name, raw),
      ...(units !== undefined && { units }),
      ...(symbol !== undefined && { unitSymbol: symbol }),
      ...(extent !== undefined && { extent: textOf(extent) }),
      ...(step !== undefined && { step: String(step) }),
      ...(said.default !== undefined && { default: textOf(said.default) }),
      ...(multiple !== undefined && { takesSeveral: multiple }),
      ...(nearest !== undefined && { takesNearest: nearest }),
      ...(current !== undefined && { isCurrent: current }),
    }
  })
}

const textOf = (values: NonNullable<RawDimension['extent']>) => (Array.isArray(values) ? values.join(',') : String(values))

function placeOf({ files }: RawCollection, name: string, raw: string | RawDimension): DimensionPlace {
  if (typeof raw === 'string') return files === undefined ? { kind: 'column', column: raw } : { kind: 'files' }
  const { column, start, end, band } = raw
  if (band !== undefined) return { kind: 'band', band: band - 1 }
  if (files !== undefined) return name === 'time' ? { kind: 'files' } : { kind: 'band', band: 0 }
  return start !== undefined && end !== undefined ? { kind: 'columns', start, end } : { kind: 'column', column: column ?? '' }
}

/** As the file has them. */
export function showDimensions(dimensions: readonly DimensionSetting[], timePattern: string | undefined): object {
  const shown = dimensions.map(
    ({ name, place, unitSymbol, takesSeveral, takesNearest, isCurrent, ...said }): [string, string | RawDimension] => {
      const more: RawDimension = {
        ...(name !== 'time' || timePattern === undefined ? {} : { pattern: timePattern }),
        ...columnsOf(place),
        ...said,
        ...(unitSymbol !== undefined && { symbol: unitSymbol }),
        ...(takesSeveral !== undefined && { multiple: takesSeveral }),
        ...(takesNearest !== undefined && { nearest: takesNearest }),
        ...(isCurrent !== undefined && { current: isCurrent }),
      }
      return [name, place.kind === 'files' && Object.keys(more).length === 0 ? dateTag : more]
    },
  )
  const others = shown.filter(([name]) => name !== 'time' && name !== 'elevation')
  return {
    ...Object.fromEntries(shown.filter(([name]) => name === 'time' || name === 'elevation')),
    ...(others.length > 0 && { dimensions: Object.fromEntries(others) }),
  }
}

function columnsOf(place: DimensionPlace): RawDimension {
  switch (place.kind) {
    case 'column':
      return { column: place.column }
    case 'columns':
      return { start: place.start, end: place.end }
    case 'band':
      return { band: place.band + 1 }
    case 'files':
      return {}
  }
}

/** Faults of the dimensions of a collection: where their values are, and what they are said to be. */
export function checkDimensions(pointer: string, collection: RawCollection, fault: MeaningCheck): void {
  const hidden = new Set(listOf(collection.hidden))
  const names = new Set<string>()
  for (const declared of declaredIn(collection)) {
    const at = `${pointer}/${declared.at}`
    if (names.has(declared.name.toLowerCase()))
      fault(at, 'upper and lower case are one in requests, and there is a dimension of that name', 'key')
    names.add(declared.name.toLowerCase())
    if (collection.files === undefined) checkColumns(at, declared, hidden, fault)
    else checkRaster(at, declared, fault)
    if (typeof declared.raw === 'object') checkValues(at, declared, declared.raw, fault)
  }
}

function checkColumns(at: string, { raw }: Declared, hidden: ReadonlySet<string>, fault: MeaningCheck): void {
  const { column, start, end, pattern, band }: RawDimension = typeof raw === 'string' ? { column: raw } : raw
  if (pattern !== undefined) fault(`${at}/pattern`, 'the time of a table is in a column: { column: … } says which')
  else if (band !== undefined) fault(`${at}/band`, 'a table has no bands: { column: … } says where its values are')
  else if ((start === undefined) !== (end === undefined) || (column === undefined) !== (start !== undefined))
    fault(at, 'it needs either "column", or both "start" and "end"', 'key')
  for (const name of [column, start, end])
    if (name !== undefined && hidden.has(name)) fault(at, `"${name}" is a hidden column: what it holds would be told`)
}

function checkRaster(at: string, { name, raw }: Declared, fault: MeaningCheck): void {
  const isTime = name === 'time'
  const would = isTime
    ? `the time of rasters is in their names, as { pattern: "(?<year>\\\\d{4})" }, or in their tag: ${dateTag}`
    : 'its values are those of a band: { band: 1, extent: 0/425/1 }'
  if (typeof raw === 'string') {
    if (!isTime || raw !== dateTag) fault(at, would)
    return
  }
  for (const key of ['column', 'start', 'end'] as const)
    if (raw[key] !== undefined) fault(`${at}/${key}`, `rasters have no columns: ${would}`)
  if (isTime && raw.band !== undefined) fault(`${at}/band`, would)
  if (!isTime && raw.extent === undefined)
    fault(at, '"extent" is missing: cells are not counted; 0/425/1 would say from 0 to 425 by 1', 'key')
}

/** What is known before the data are: of dimensions that may be words nothing is. */
function checkValues(at: string, { name }: Declared, raw: RawDimension, fault: MeaningCheck): void {
  const kind: DimensionKind =
    name === 'time' || raw.units === 'ISO8601' ? 'time' : name === 'elevation' || raw.band !== undefined ? 'number' : 'word'
  const check = (key: 'extent' | 'default', read: (text: string) => unknown) => {
    const values = raw[key]
    if (values === undefined) return
    try {
      read(textOf(values))
    } catch (error) {
      if (!(error instanceof ValuesError)) throw error
      fault(`${at}/${key}`, `it ${error.message}`)
    }
  }
  check('extent', text => readExtent(text, kind))
  check('default', text => /^(all|latest|none|current)$/.test(text) || readValues(text, kind))
  if (raw.step !== undefined && kind !== 'word' && stepOf(String(raw.step), kind) === undefined)
    fault(`${at}/step`, kind === 'time' ? 'this is no duration such as P1D or PT5S' : 'this is no number above 0')
  if (raw.step !== undefined && raw.extent !== undefined) fault(`${at}/step`, 'the "extent" says its step itself, as in 0/425/1')
  if (raw.current !== undefined && kind !== 'time') fault(`${at}/current`, 'only times are current')
  if (raw.default === 'all' && raw.multiple === false) fault(`${at}/default`, 'all cannot be shown where one value is taken at a time')
}
