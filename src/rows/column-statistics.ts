import type { ColumnKind } from './batch.js'

/** What the values of a column are like, as far as it is known without reading them all. */
export interface ColumnStatistics {
  readonly name: string
  readonly kind: ColumnKind
  /** Share of rows without a value, 0 to 1. */
  readonly nullShare: number
  /** How many different values there are, roughly. */
  readonly distinct: number
  /** Values that occur more than once, the most common first, with their shares of all rows; at most `mostCommonValues`. */
  readonly common: readonly CommonValue[]
  /** `common` holds every value there is. */
  readonly isWhole: boolean
  /** Of numbers: between two neighbours lie as many rows as between any two, those with a value of `common` aside. Rising, or empty. */
  readonly bounds: readonly number[]
}

export interface CommonValue {
  /** Numbers of every kind, booleans, and everything else as text. */
  readonly value: string | number | boolean
  readonly share: number
}

/** More values than this are no classes anybody could tell apart. */
export const mostCommonValues = 60
/** Longer texts are no names of classes. */
export const longestCommonText = 200

/** Enough for classes that hold as many rows each; of thousands of tables more would be a burden. */
const mostBounds = 21

/** What `values` of a column are like: all of them, or the first of many. */
export function statisticsOf(
  { name, kind }: { readonly name: string; readonly kind: ColumnKind },
  values: readonly unknown[],
  isAll: boolean,
): ColumnStatistics {
  const counts = new Map<string | number | boolean, number>()
  let nulls = 0
  for (const value of values) {
    const known = commonValueOf(kind, value)
    if (known === undefined) nulls++
    else counts.set(known, (counts.get(known) ?? 0) + 1)
  }
  const repeated = [...counts].filter(([value, count]) => count > 1 && isShort(value)).sort(([, a], [, b]) => b - a)
  const common = repeated.slice(0, mostCommonValues).map(([value, count]) => ({ value, share: count / values.length }))
  const listed = new Set(common.map(({ value }) => value))
  const rest = isNumeric(kind) ? values.map(value => commonValueOf(kind, value)).filter(value => !listed.has(value!)) : []
  const sorted = rest.filter(value => typeof value === 'number').sort((a, b) => a - b)
  return {
    name,
    kind,
    nullShare: values.length === 0 ? 1 : nulls / values.length,
    distinct: counts.size,
    common,
    isWhole: isAll && common.length === counts.size,
    bounds: boundsOf(sorted),
  }
}

/** A value as statistics hold it; undefined where there is none, or none that compares. */
export function commonValueOf(kind: ColumnKind, value: unknown): string | number | boolean | undefined {
  if (value === null || value === undefined) return undefined
  if (isNumeric(kind)) {
    const number = Number(value)
    return Number.isFinite(number) ? number : undefined
  }
  if (kind === 'boolean') return value === true || value === 't' || value === 'true'
  return String(value)
}

export function isNumeric(kind: ColumnKind): boolean {
  return kind === 'integer' || kind === 'bigint' || kind === 'double' || kind === 'numeric'
}

const isShort = (value: string | number | boolean) => typeof value !== 'string' || value.length <= longestCommonText

/** Bounds from rising numbers, those of rows or finer bounds. */
export function boundsOf(sorted: readonly number[]): readonly number[] {
  if (sorted.length < 2) return []
  const bounds = Math.min(mostBounds, sorted.length)
  return Array.from({ length: bounds }, (_, i) => sorted[Math.round((i * (sorted.length - 1)) / (bounds - 1))])
}
