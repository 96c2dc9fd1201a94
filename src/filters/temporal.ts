import type { Expression } from './expression.js'
import type { Comparison, Filter } from './filter.js'

/** A stretch of time; an instant is one that ends where it begins. */
export interface Period {
  readonly begin: Expression
  readonly end: Expression
}

/** Relations of times (OGC 09-026r1, 7.9), as far as tables are asked for them. */
export type TemporalOperator = 'after' | 'before' | 'during' | 'begins' | 'ends' | 'equals' | 'any-interacts'

/**
 * How the moment that `operand` is stands to a period (OGC 09-026r2, table 5; ISO 19108, 5.2.3.5): `during` leaves out both ends, `after` is behind
 * the end, `before` before the beginning.
 */
export function temporalFilter(name: TemporalOperator, operand: Expression, { begin, end }: Period): Filter {
  const is = (operator: Comparison['operator'], right: Expression): Filter => ({ kind: 'compare', operator, left: operand, right })
  switch (name) {
    case 'after':
      return is('>', end)
    case 'before':
      return is('<', begin)
    case 'begins':
      return is('=', begin)
    case 'ends':
      return is('=', end)
    case 'equals':
      return begin === end ? is('=', begin) : { kind: 'and', all: [is('=', begin), is('=', end)] }
    case 'during':
      return { kind: 'and', all: [is('>', begin), is('<', end)] }
    case 'any-interacts':
      return { kind: 'between', operand, lower: begin, upper: end }
  }
}
