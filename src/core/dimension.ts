import type { Precision } from './iso-time.js'

/**
 * A dimension of a collection beside its place: time, elevation, or another one (OGC 06-042, C; OGC 01-068r3, C). Values are milliseconds since
 * the epoch (UTC) of times, numbers in `units`, or words.
 */
export interface Dimension {
  /** `time`, `elevation`, or as the operator calls it. */
  readonly name: string
  readonly kind: DimensionKind
  /** `ISO8601`, `EPSG:5030`, …; may be empty. */
  readonly units: string
  readonly unitSymbol?: string
  readonly carrier: DimensionCarrier
  /** Rising. Empty where nothing is known: then any value is taken. */
  readonly extent: readonly ExtentPart[]
  /** What is shown where a request says nothing; absent: a request has to say it. */
  readonly default?: DimensionDefault
  /** Lists and ranges are taken. */
  readonly takesSeveral: boolean
  /** The nearest value is taken for one that is not there. */
  readonly takesNearest: boolean
  /** Of times: what is told is kept up to date (OGC 06-042, C.2). `current` is understood anyway. */
  readonly isCurrent?: boolean
}

/** What values are: milliseconds since the epoch (UTC), numbers in the units of the dimension, or words. */
export type DimensionKind = 'time' | 'number' | 'word'

/** What a request gets that says nothing: everything, the last value, or values as they are written. */
export type DimensionDefault = { readonly kind: 'all' } | { readonly kind: 'latest' } | { readonly kind: 'values'; readonly text: string }

/** Where the values are. */
export type DimensionCarrier =
  | { readonly kind: 'column'; readonly column: string; readonly as: ColumnForm }
  /** A row holds from the one to the other, both included; without one of them it has no such end. */
  | { readonly kind: 'columns'; readonly start: string; readonly end: string; readonly as: readonly [ColumnForm, ColumnForm] }
  /** A text column with times, whose texts are known: those of a moment. */
  | { readonly kind: 'texts'; readonly column: string; readonly texts: readonly (NamedSpan & { readonly precision: Precision })[] }
  /** The dates of the files of a mosaic, as exact as they are. */
  | { readonly kind: 'files'; readonly precision: Precision }
  /** The values of the cells, in stored samples `(value - offset) / scale`. */
  | { readonly kind: 'band'; readonly band: number; readonly scale: number; readonly offset: number }

/** What a column holds: moments, days that last until midnight, years as numbers, numbers, words. */
export type ColumnForm = 'instant' | 'day' | 'year' | 'number' | 'word'

/** What a value stands for. `to` is excluded of times and included of numbers, where it is the same as `from`. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** A span, as it is written. */
export interface NamedSpan extends Span {
  readonly text: string
}

/** A value there is, an interval of them, or a word; numbers in units, times in milliseconds. */
export type ExtentPart =
  | { readonly kind: 'value'; readonly at: NamedSpan }
  /** `step` is a number or a duration; `0`: anything between. */
  | { readonly kind: 'interval'; readonly first: NamedSpan; readonly last: NamedSpan; readonly step: string }
  | { readonly kind: 'word'; readonly text: string }

/** Values of one band that are shown, in stored samples; cells with others are as if they were not there. */
export interface ShownValues {
  /** From 0. */
  readonly band: number
  /** Rising, both ends included. */
  readonly spans: readonly Span[]
}

/** As capabilities write it: `500,490,480`, `0/425/1` (OGC 06-042, C.2). */
export const extentText = (extent: readonly ExtentPart[]): string => extent.map(partText).join(',')

/** One part of an extent as capabilities write it. */
export function partText(part: ExtentPart): string {
  switch (part.kind) {
    case 'value':
      return part.at.text
    case 'interval':
      return `${part.first.text}/${part.last.text}/${part.step}`
    case 'word':
      return part.text
  }
}

/** The first and the last value of an extent of times or numbers; undefined where it is empty. */
export function endsOf(extent: readonly ExtentPart[]): readonly [first: NamedSpan, last: NamedSpan] | undefined {
  const spans = extent.flatMap(part => (part.kind === 'value' ? [part.at] : part.kind === 'interval' ? [part.first, part.last] : []))
  if (spans.length === 0) return undefined
  return [spans.reduce((a, b) => (b.from < a.from ? b : a)), spans.reduce((a, b) => (b.to > a.to ? b : a))]
}

/** The default as capabilities and headers write it; undefined where there is none, or nothing is known. */
export function defaultText({ default: byDefault, extent, kind, carrier }: Dimension): string | undefined {
  if (!byDefault || extent.length === 0) return undefined
  if (byDefault.kind === 'values') return byDefault.text
  const ends = endsOf(extent)
  if (!ends) return byDefault.kind === 'all' ? extentText(extent) : partText(extent.at(-1)!)
  // what holds now changes while the document stays
  if (byDefault.kind === 'latest') return kind === 'time' && carrier.kind === 'columns' ? 'current' : ends[1].text
  return ends[0].text === ends[1].text ? ends[0].text : `${ends[0].text}/${ends[1].text}`
}
