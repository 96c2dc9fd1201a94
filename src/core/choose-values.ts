import { type Dimension, defaultText, type ExtentPart, endsOf, extentText, type NamedSpan, type Span } from './dimension.js'
import { type AskedPart, readValues, stepOf, ValuesError } from './dimension-values.js'
import { addPeriod, type Period, readTime, spanFrom, writeTime } from './iso-time.js'
import { Problem } from './problem.js'

/** What of a dimension a request gets to see. */
export type ChosenValues =
  | { readonly kind: 'all' }
  /** Rising, without overlap. */
  | { readonly kind: 'spans'; readonly spans: readonly Span[] }
  | { readonly kind: 'words'; readonly words: readonly string[] }

/** A value that the request did not say, to be told to the client (OGC 06-042, C.4.3 and C.4.4). */
export interface PutInValue {
  readonly kind: 'default' | 'nearest'
  readonly dimension: Dimension
  readonly value: string
}

/** What was chosen, and what of it the request did not say itself. */
export interface Choice {
  readonly values: ChosenValues
  readonly putIn: readonly PutInValue[]
}

/**
 * What a request means by the values it asks a dimension for, `undefined` being none at all: the default, the nearest, or what it says. Throws
 * `missing-dimension` and `invalid-dimension` with `locator`, which also is what the dimension is called in the message.
 */
export function chooseValues(dimension: Dimension, asked: string | undefined, locator: string, now: () => number = Date.now): Choice {
  const { default: byDefault, extent } = dimension
  if (asked !== undefined) return choose(dimension, asked, locator, now, true)
  if (!byDefault)
    throw new Problem('missing-dimension', `${locator} is missing; ${wouldWork(dimension)} would work.`, { locator: locator.toLowerCase() })
  const text = defaultText(dimension)
  const putIn: readonly PutInValue[] = text === undefined ? [] : [{ kind: 'default', dimension, value: text }]
  if (byDefault.kind === 'all' || extent.length === 0) return { values: { kind: 'all' }, putIn }
  return { values: choose(dimension, text!, locator, now, false).values, putIn }
}

function choose(dimension: Dimension, asked: string, locator: string, now: () => number, isChecked: boolean): Choice {
  const { kind, extent, takesSeveral } = dimension
  const invalid = (why: string) =>
    new Problem('invalid-dimension', `${locator} ${why}; ${wouldWork(dimension)} would work.`, { locator: locator.toLowerCase() })
  const parts = readOrRefuse(asked, dimension, now, invalid)
  if (isChecked && !takesSeveral && (parts.length > 1 || parts[0].kind === 'range')) throw invalid('takes one value at a time here')
  if (kind === 'word') {
    const known = new Set(extent.flatMap(part => (part.kind === 'word' ? part.text : [])))
    const unknown = isChecked ? parts.find(({ text }) => known.size > 0 && !known.has(text)) : undefined
    if (unknown) throw invalid(`has “${unknown.text.slice(0, 60)}”, which is none of its values`)
    return { values: { kind: 'words', words: [...new Set(parts.map(({ text }) => text))] }, putIn: [] }
  }
  const putIn: PutInValue[] = []
  const spans = parts.flatMap((part): Span[] => {
    if (part.kind === 'word') return []
    if (!isChecked || extent.length === 0 || isThere(part, dimension)) {
      const snapped = part.kind === 'value' && isChecked ? snappedTo(part, dimension) : undefined
      if (snapped) putIn.push({ kind: 'nearest', dimension, value: snapped.text })
      return [snapped ?? part]
    }
    const nearest = part.kind === 'value' && dimension.takesNearest ? nearestTo(part, dimension) : undefined
    if (!nearest) throw invalid(`has “${part.text.slice(0, 60)}”, which is outside of what there is`)
    putIn.push({ kind: 'nearest', dimension, value: nearest.text })
    return [nearest]
  })
  return { values: { kind: 'spans', spans: merged(spans, kind === 'time') }, putIn }
}

function readOrRefuse(asked: string, dimension: Dimension, now: () => number, invalid: (why: string) => Problem): readonly AskedPart[] {
  try {
    return readValues(asked, dimension.kind, () => latestOf(dimension, now))
  } catch (error) {
    if (error instanceof ValuesError) throw invalid(error.message)
    throw error
  }
}

/** The last value there is; of rows that hold for some time, what holds now. */
function latestOf({ carrier, extent }: Dimension, now: () => number): Span | undefined {
  const ends = endsOf(extent)
  if (!ends || carrier.kind !== 'columns') return ends?.[1]
  const moment = now()
  return moment >= ends[1].to ? ends[1] : { from: Math.max(moment, ends[0].from), to: Math.max(moment, ends[0].from) + 1 }
}

function wouldWork(dimension: Dimension): string {
  const text = extentText(dimension.extent)
  return text.length === 0 ? 'a value' : text.length > 200 ? `${text.slice(0, 200)}…` : text
}

/** Whether two spans share anything: the ends of times are excluded, those of numbers are not. */
function meet(a: Span, b: Span, isTime: boolean): boolean {
  return isTime ? a.from < b.to && b.from < a.to : a.from <= b.to && b.from <= a.to
}

/** A range is there where it meets the whole extent, a single value where it meets a part. What a step leaves out between is taken, too. */
function isThere(asked: AskedPart & Span, { kind, extent }: Dimension): boolean {
  const ends = endsOf(extent)
  if (!ends) return true
  const hull = { from: ends[0].from, to: ends[1].to }
  if (asked.kind === 'range') return meet(asked, hull, kind === 'time')
  return extent.some(part => part.kind !== 'word' && meet(asked, wholeOf(part), kind === 'time'))
}

const wholeOf = (part: Exclude<ExtentPart, { kind: 'word' }>): Span =>
  part.kind === 'value' ? part.at : { from: part.first.from, to: part.last.to }

/** The value of the step nearest to one that lies between two; undefined where it is one itself, or nearest values are not wanted. */
function snappedTo(asked: Span, { kind, extent, takesNearest }: Dimension): NamedSpan | undefined {
  if (!takesNearest || kind === 'word') return undefined
  const isTime = kind === 'time'
  const around = extent.filter(part => part.kind !== 'word' && meet(asked, wholeOf(part), isTime))
  const values = around.flatMap(part => (part.kind === 'interval' ? stepNear(asked, part, kind) : []))
  return values.length < around.length || values.some(value => meet(asked, value, isTime)) ? undefined : values[0]
}

function nearestTo(asked: Span, { kind, extent }: Dimension): NamedSpan | undefined {
  const values = extent.flatMap(part => (part.kind === 'value' ? [part.at] : part.kind === 'interval' ? [part.first, part.last] : []))
  const distance = (value: Span) => Math.max(0, value.from - asked.to, asked.from - value.to)
  return kind === 'word' ? undefined : values.reduce<NamedSpan | undefined>((a, b) => (a && distance(a) <= distance(b) ? a : b), undefined)
}

/** The step of an interval nearest to a value inside of it; none where anything between is a value. */
function stepNear(asked: Span, { first, last, step }: Extract<ExtentPart, { kind: 'interval' }>, kind: 'time' | 'number'): NamedSpan[] {
  const by = step === '0' ? undefined : stepOf(step, kind)
  if (by === undefined) return []
  if (typeof by === 'number') {
    const count = Math.round((asked.from - first.from) / by)
    const value = Number(Math.min(last.from, first.from + count * by).toPrecision(12))
    return [{ from: value, to: value, text: String(value) }]
  }
  const { precision = 'second' } = readTime(first.text) ?? {}
  const guess = Math.max(0, Math.round((asked.from - first.from) / roughly(by)) - 1)
  const moments = [0, 1, 2, 3].map(i => addPeriod(first.from, by, guess + i)).filter(moment => moment < last.to)
  const near = moments.reduce((a, b) => (Math.abs(b - asked.from) < Math.abs(a - asked.from) ? b : a), first.from)
  return [{ ...spanFrom(near, precision), text: writeTime(near, precision) }]
}

const averageMonth = 2_629_746_000
const roughly = ({ months, milliseconds }: Period) => months * averageMonth + milliseconds

function merged(spans: readonly Span[], isTime: boolean): readonly Span[] {
  const all: { from: number; to: number }[] = []
  for (const { from, to } of spans.toSorted((a, b) => a.from - b.from)) {
    const last = all.at(-1)
    if (last && (from < last.to || from === last.from || (isTime && from === last.to))) last.to = Math.max(last.to, to)
    else all.push({ from, to })
  }
  return all
}
