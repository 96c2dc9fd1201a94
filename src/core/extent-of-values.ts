import type { ColumnForm, ExtentPart } from './dimension.js'
import { type Precision, readTime, spanFrom, writeTime } from './iso-time.js'
import type { DimensionSetting } from './publication.js'

/** Values listed one by one; of more, the first and the last are told. */
const mostListed = 250

/** Hours and minutes are written with their seconds. */
export const written = (precision: Precision): Precision => (precision === 'hour' || precision === 'minute' ? 'second' : precision)

/** Each once. */
export const rising = (moments: readonly number[]) => [...new Set(moments)].sort((a, b) => a - b)

/** Moments in milliseconds, of years their first one. */
export const momentsIn = (values: readonly number[], as: ColumnForm) =>
  as === 'year' ? values.map(year => readTime(String(year).padStart(4, '0'))?.from ?? Number.NaN).filter(Number.isFinite) : values

/** The least and the greatest; NaN where there is none. */
export const bounds = (values: readonly number[]): [number, number] =>
  values.length === 0 ? [Number.NaN, Number.NaN] : [Math.min(...values), Math.max(...values)]

/** All moments, or the first and the last: with the step of the operator, else as finely as they are written. */
export function momentsExtent(
  moments: readonly number[] | undefined,
  first: number,
  last: number,
  precision: Precision,
  { step }: DimensionSetting,
): readonly ExtentPart[] {
  const at = (moment: number) => ({ ...spanOf(moment, precision), text: writeTime(moment, precision) })
  if (Number.isNaN(first)) return []
  if (step === undefined && moments && moments.length <= mostListed) return moments.map(moment => ({ kind: 'value', at: at(moment) }))
  if (first === last) return [{ kind: 'value', at: at(first) }]
  return [{ kind: 'interval', first: at(first), last: at(last), step: step ?? finest[precision] }]
}

function spanOf(moment: number, precision: Precision) {
  const { from, to } = spanFrom(moment, precision)
  return { from, to }
}

const finest: Readonly<Record<Precision, string>> = {
  year: 'P1Y',
  month: 'P1M',
  day: 'P1D',
  hour: 'PT1S',
  minute: 'PT1S',
  second: 'PT1S',
  millisecond: 'PT0.001S',
}

/** The same of numbers; of whole ones the step is 1. */
export function numbersExtent(
  numbers: readonly number[] | undefined,
  [first, last]: readonly [number, number],
  isWhole: boolean,
  { step }: DimensionSetting,
): readonly ExtentPart[] {
  const at = (value: number) => ({ from: value, to: value, text: String(value) })
  if (Number.isNaN(first)) return []
  if (step === undefined && numbers && numbers.length <= mostListed) return numbers.map(value => ({ kind: 'value', at: at(value) }))
  if (first === last) return [{ kind: 'value', at: at(first) }]
  return [{ kind: 'interval', first: at(first), last: at(last), step: step ?? (isWhole ? '1' : '0') }]
}
