import type { Expression } from '#filters/expression.js'
import type { Filter } from '#filters/filter.js'

/** Rows that none of these holds for: what is neither true nor false does not hold, so this is said by a choice and not by `not`. */
export function noneOf(filters: readonly Filter[]): Filter {
  const is = (value: boolean): Expression => ({ kind: 'literal', value })
  const held: Expression = { kind: 'choice', cases: filters.map(when => ({ when, value: is(true) })), otherwise: is(false) }
  return { kind: 'compare', operator: '=', left: held, right: is(false) }
}
