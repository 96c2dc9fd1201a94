import type { ColumnStatistics, CommonValue } from '#rows/column-statistics.js'
import type { Style } from '../style.js'

/** A style made from what the data are, and why it is so. */
export interface Suggestion {
  readonly style: Style
  /** The column that its classes come from; absent: there was none fit for it. */
  readonly column?: string
  /** For the operator, in a few words that go on after “by”. */
  readonly reason?: string
}

/** What a column is known to hold, empty texts counted as no value. */
export interface KnownValues {
  readonly values: readonly CommonValue[]
  /** Share of rows that have a value. */
  readonly filled: number
}

/** Texts that stand for no value. */
const blanks = /^\s*(|null|none|nan|n\/a|#n\/a|\[nd\])\s*$/i

/** What the statistics of a column tell of it. */
export function knownValues({ common, nullShare }: ColumnStatistics): KnownValues {
  const isBlank = ({ value }: CommonValue) => typeof value === 'string' && blanks.test(value)
  const blank = common.filter(isBlank).reduce((sum, { share }) => sum + share, 0)
  return { values: common.filter(value => !isBlank(value)), filled: Math.max(0, 1 - nullShare - blank) }
}
