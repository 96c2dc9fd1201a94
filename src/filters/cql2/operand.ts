import type { Expression } from '../expression.js'
import type { Filter, GeometryLiteral } from '../filter.js'
import { FilterError } from '../filter-error.js'
import * as parts from '../parts.js'

/** What stands in a CQL2 filter: both encodings are read into these, and `operation` makes one of several. */
export type Operand =
  | { readonly kind: 'value'; readonly value: Expression }
  | { readonly kind: 'truth'; readonly filter: Filter }
  | { readonly kind: 'geometry'; readonly geometry: GeometryLiteral }
  | { readonly kind: 'interval'; readonly interval: Interval }
  | { readonly kind: 'list'; readonly items: readonly Operand[] }

/** From a moment to a moment, both included; what is absent is open. */
export interface Interval {
  readonly begin?: Expression
  readonly end?: Expression
}

/** An operand that is a value. */
export const ofValue = (value: Expression): Operand => ({ kind: 'value', value })
/** An operand that is a condition. */
export const ofTruth = (filter: Filter): Operand => ({ kind: 'truth', filter })

const names: Readonly<Record<Exclude<Operand['kind'], 'value' | 'truth'>, string>> = {
  geometry: 'A geometry',
  interval: 'An interval',
  list: 'A list',
}

/** An operand as a value; throws FilterError for what is none, `where` saying where it stands. */
export function expressionOf(operand: Operand, where: string): Expression {
  if (operand.kind === 'value') return operand.value
  if (operand.kind === 'truth') return parts.asValue(operand)
  throw new FilterError('malformed', `${names[operand.kind]} cannot stand ${where}; a property, a literal or a computation can.`)
}

/** An operand as a condition: a property or a function alone is true when its value is. Throws FilterError for what is none. */
export function filterOf(operand: Operand): Filter {
  if (operand.kind === 'truth') return operand.filter
  if (operand.kind !== 'value') throw new FilterError('malformed', `${names[operand.kind]} is no condition.`)
  const { value } = operand
  if (value.kind !== 'literal') return { kind: 'compare', operator: '=', left: value, right: { kind: 'literal', value: true } }
  if (typeof value.value === 'boolean') return { kind: 'constant', value: value.value }
  throw new FilterError(
    'malformed',
    `${JSON.stringify(value.value).slice(0, 60)} is no condition; a comparison such as = would make one of it.`,
  )
}
