import type { DimensionKind, ExtentPart, NamedSpan, Span } from './dimension.js'
import { addPeriod, type Period, readPeriod, readTime, spanFrom } from './iso-time.js'

/** Values in one list, those of periods and steps counted one by one. */
export const mostValues = 1000

/** A value or a range of a request. Ranges may have no end: then it is infinite. */
export type AskedPart =
  | ({ readonly kind: 'value' } & NamedSpan)
  | ({ readonly kind: 'range' } & NamedSpan)
  | { readonly kind: 'word'; readonly text: string }

/** Why a text is no list of values: a sentence without subject, as in “is no time”. */
export class ValuesError extends Error {}

/** The latest value there is, which `current` means; undefined where nothing is known. */
export type Latest = () => Span | undefined

/**
 * The values that a request lists (OGC 06-042, C.4; D.2): single ones, `min/max`, `min/max/step`; of times also `start/duration`, `duration/end`, `current`,
 * and `..` or nothing for an end that is open. Throws ValuesError.
 */
export function readValues(text: string, kind: DimensionKind, latest: Latest = () => undefined): readonly AskedPart[] {
  const items = text.split(',', mostValues + 1).map(item => item.trim())
  if (items.length > mostValues) throw new ValuesError(`lists more than ${mostValues} values`)
  const parts: AskedPart[] = []
  for (const item of items) {
    parts.push(...(kind === 'word' ? [{ kind, text: item } as const] : readItem(item, kind, latest)))
    if (parts.length > mostValues) throw new ValuesError(`has more than ${mostValues} steps`)
  }
  return parts
}

/** The extent that an operator writes in the words of the standard (OGC 06-042, C.2), rising. Throws ValuesError. */
export function readExtent(text: string, kind: DimensionKind): readonly ExtentPart[] {
  const items = text.split(',', mostValues + 1).map(item => item.trim())
  if (items.length > mostValues) throw new ValuesError(`lists more than ${mostValues} values`)
  if (kind === 'word') return items.map(text => ({ kind: 'word', text }))
  const start = (part: ExtentPart) => (part.kind === 'value' ? part.at.from : part.kind === 'interval' ? part.first.from : 0)
  return items.map(item => extentPart(item, kind)).sort((a, b) => start(a) - start(b))
}

function extentPart(item: string, kind: 'time' | 'number'): ExtentPart {
  const [from, to, step = '0', ...more] = item.split('/')
  if (to === undefined) return { kind: 'value', at: single(from, kind) }
  const [first, last] = [single(from, kind), single(to, kind)]
  if (more.length > 0 || first.from > last.from) throw new ValuesError(`“${item.slice(0, 80)}” is not min/max/step, min below max`)
  if (step !== '0' && stepOf(step, kind) === undefined) throw new ValuesError(`“${step.slice(0, 40)}” is no step; ${steps[kind]} would be`)
  return { kind: 'interval', first, last, step: step.trim() }
}

const examples = { time: '2017, 2017-06-15 or 2017-06-15T12:00:00Z', number: '12.5' } as const
const steps = { time: 'P1D or PT5S', number: '0.5' } as const

function readItem(item: string, kind: 'time' | 'number', latest: Latest): readonly AskedPart[] {
  const ends = item.split('/')
  if (ends.length === 1) return [{ kind: 'value', ...(latestOf(item, kind, latest) ?? single(item, kind)) }]
  if (ends.length > 3) throw new ValuesError(`has “${item.slice(0, 80)}”, which is not min/max or min/max/step`)
  const [from, to] = rangeEnds(ends[0], ends[1], kind, latest)
  if (from && to && from.from > to.from) throw new ValuesError(`has “${item.slice(0, 80)}”, whose ends are the wrong way round`)
  const range = { kind: 'range', text: item, from: from?.from ?? -Infinity, to: to?.to ?? Infinity } as const
  const step = ends[2]?.trim()
  if (step === undefined || step === '0') return [range]
  if (!from || !to) throw new ValuesError(`has steps in “${item.slice(0, 80)}”, which needs both ends`)
  return kind === 'time' ? momentsOf(from, to, step) : numbersOf(from, to, step)
}

type End = NamedSpan | undefined

/** Two moments, or a moment and how long it is until or since the other. */
function rangeEnds(first: string, second: string, kind: 'time' | 'number', latest: Latest): readonly [End, End] {
  const end = (text: string): End =>
    text.trim() === '' || text.trim() === '..' ? undefined : (latestOf(text, kind, latest) ?? single(text, kind))
  const [before, after] = kind === 'time' ? [readPeriod(first), readPeriod(second)] : []
  if (first.trim() === second.trim() && !end(first)) throw new ValuesError('has no end at all')
  const shifted = (at: NamedSpan, by: Period, times: number) => {
    const moment = addPeriod(at.from, by, times)
    return { text: at.text, from: moment, to: moment + 1 }
  }
  if (before) {
    const to = end(second)
    return [to && shifted(to, before, -1), to]
  }
  const from = end(first)
  return [from, after ? from && shifted(from, after, 1) : end(second)]
}

function latestOf(text: string, kind: 'time' | 'number', latest: Latest): NamedSpan | undefined {
  if (kind !== 'time' || !/^(current|present|now)$/i.test(text.trim())) return undefined
  const span = latest()
  if (!span) throw new ValuesError('means the latest, but nothing is known here yet')
  return { ...span, text: text.trim() }
}

function single(text: string, kind: 'time' | 'number'): NamedSpan {
  const trimmed = text.trim()
  const span = kind === 'time' ? readTime(trimmed) : numberSpan(trimmed)
  if (span) return { text: trimmed, from: span.from, to: span.to }
  throw new ValuesError(`has “${trimmed.slice(0, 60)}”, which is no ${kind}; ${examples[kind]} would be`)
}

function numberSpan(text: string): Span | undefined {
  if (text.length > 40 || !/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text)) return undefined
  const value = Number(text)
  return Number.isFinite(value) ? { from: value, to: value } : undefined
}

/** The step of an extent: a duration of times, a number above 0 of numbers; undefined for anything else. */
export function stepOf(text: string, kind: 'time' | 'number'): Period | number | undefined {
  if (kind === 'time') return readPeriod(text)
  const step = numberSpan(text.trim())?.from
  return step !== undefined && step > 0 ? step : undefined
}

/** Each as exact as the first. */
function momentsOf(first: NamedSpan, last: NamedSpan, step: string): readonly AskedPart[] {
  const period = readPeriod(step)
  if (!period) throw new ValuesError(`has “${step.slice(0, 40)}”, which is no duration; P1M or PT5S would be`)
  const precision = readTime(first.text)?.precision ?? 'millisecond'
  const parts: AskedPart[] = []
  for (let i = 0; i <= mostValues; i++) {
    const from = addPeriod(first.from, period, i)
    if (!(from < last.to)) break
    const { to } = spanFrom(from, precision)
    parts.push({ kind: 'value', text: new Date(from).toISOString(), from, to })
  }
  return parts
}

function numbersOf(first: NamedSpan, last: NamedSpan, step: string): readonly AskedPart[] {
  const size = stepOf(step, 'number')
  if (typeof size !== 'number') throw new ValuesError(`has “${step.slice(0, 40)}”, which is no step; a number above 0 would be`)
  const count = Math.floor((last.from - first.from) / size + 1e-9) + 1
  if (count > mostValues) throw new ValuesError(`has more than ${mostValues} steps`)
  return Array.from({ length: count }, (_, i) => {
    const value = Number((first.from + i * size).toPrecision(12))
    return { kind: 'value', text: String(value), from: value, to: value }
  })
}
