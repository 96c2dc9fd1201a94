import type { Expression } from '../expression.js'
import type { Comparison, Filter } from '../filter.js'
import { FilterError } from '../filter-error.js'
import type { Interval } from './operand.js'

/** What T_AFTER and the others compare: a moment, or an interval. */
export type TemporalOperand = { readonly kind: 'instant'; readonly moment: Expression } | ({ readonly kind: 'interval' } & Interval)

/** An end of an interval; 1 is after, -1 before all there is. */
type End = Expression | 1 | -1
interface Ends {
  readonly begin: End
  readonly end: End
}
type Relation = (a: Ends, b: Ends) => Filter

const all = (...filters: readonly Filter[]): Filter => ({ kind: 'and', all: filters })
const before: Relation = (a, b) => is(a.end, '<', b.begin)
const after: Relation = (a, b) => is(a.begin, '>', b.end)

/** Of moments and intervals (OGC 21-065r2, table 4, after OWL-Time). */
const ofAny: Readonly<Record<string, Relation>> = {
  t_after: after,
  t_before: before,
  t_disjoint: (a, b) => ({ kind: 'or', any: [before(a, b), after(a, b)] }),
  t_equals: (a, b) => all(is(a.begin, '=', b.begin), is(a.end, '=', b.end)),
  t_intersects: (a, b) => all(is(a.end, '>=', b.begin), is(a.begin, '<=', b.end)),
}

/** Of intervals alone (table 5). */
const ofIntervals: Readonly<Record<string, Relation>> = {
  t_contains: (a, b) => all(is(a.begin, '<', b.begin), is(a.end, '>', b.end)),
  t_during: (a, b) => all(is(a.begin, '>', b.begin), is(a.end, '<', b.end)),
  t_finishedby: (a, b) => all(is(a.begin, '<', b.begin), is(a.end, '=', b.end)),
  t_finishes: (a, b) => all(is(a.begin, '>', b.begin), is(a.end, '=', b.end)),
  t_meets: (a, b) => is(a.end, '=', b.begin),
  t_metby: (a, b) => is(a.begin, '=', b.end),
  t_overlappedby: (a, b) => all(is(a.begin, '>', b.begin), is(a.begin, '<', b.end), is(a.end, '>', b.end)),
  t_overlaps: (a, b) => all(is(a.begin, '<', b.begin), is(a.end, '>', b.begin), is(a.end, '<', b.end)),
  t_startedby: (a, b) => all(is(a.begin, '=', b.begin), is(a.end, '>', b.end)),
  t_starts: (a, b) => all(is(a.begin, '=', b.begin), is(a.end, '<', b.end)),
}

/** Names of all temporal functions, in lower case. */
export const temporalFunctions: readonly string[] = [...Object.keys(ofAny), ...Object.keys(ofIntervals)]

/** What a temporal function says of two operands, in comparisons of their ends. Throws FilterError where it is of intervals and has a moment. */
export function temporalRelation(name: string, a: TemporalOperand, b: TemporalOperand): Filter {
  const relation = ofAny[name]
  if (relation) return relation(endsOf(a), endsOf(b))
  if (a.kind === 'instant' || b.kind === 'instant')
    throw new FilterError(
      'malformed',
      `${name.toUpperCase()} is of two intervals, and has a moment; T_INTERSECTS, T_BEFORE, T_AFTER, T_DISJOINT and T_EQUALS are of moments, too, and INTERVAL(begin, end) makes an interval of two.`,
    )
  return ofIntervals[name]!(endsOf(a), endsOf(b))
}

function endsOf(operand: TemporalOperand): Ends {
  if (operand.kind === 'instant') return { begin: operand.moment, end: operand.moment }
  return { begin: operand.begin ?? -1, end: operand.end ?? 1 }
}

function is(left: End, operator: Comparison['operator'], right: End): Filter {
  if (typeof left === 'object' && typeof right === 'object') return { kind: 'compare', operator, left, right }
  // where one end is open, what stands there says nothing but that it is something
  const order = Math.sign((typeof left === 'object' ? 0 : left) - (typeof right === 'object' ? 0 : right))
  const truth = holds(operator, order)
  const known = typeof left === 'object' ? left : typeof right === 'object' ? right : undefined
  if (known === undefined || known.kind === 'literal') return { kind: 'constant', value: truth }
  return { kind: 'compare', operator: truth ? '=' : '<>', left: known, right: known }
}

function holds(operator: Comparison['operator'], order: number): boolean {
  switch (operator) {
    case '=':
      return order === 0
    case '<>':
      return order !== 0
    case '<':
      return order < 0
    case '<=':
      return order <= 0
    case '>':
      return order > 0
    case '>=':
      return order >= 0
  }
}
