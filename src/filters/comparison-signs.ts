import { entryOf } from './entry-of.js'
import type { Comparison } from './filter.js'

/** How languages of texts write comparisons. */
const signs: Readonly<Record<string, Comparison['operator']>> = {
  '=': '=',
  '<>': '<>',
  '!=': '<>',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
}

/** The operator that a sign means; undefined for other signs. */
export const comparisonOf = (sign: string): Comparison['operator'] | undefined => entryOf(signs, sign)
