import type { Expression } from './expression.js'
import type { Filter } from './filter.js'

/** What a part of an expression is: languages of texts have one tree for values and truths, this program two. */
export type Part = { readonly kind: 'value'; readonly value: Expression } | { readonly kind: 'truth'; readonly filter: Filter }

/** A part that is a value. */
export const ofValue = (value: Expression): Part => ({ kind: 'value', value })
/** A part that is a condition. */
export const ofTruth = (filter: Filter): Part => ({ kind: 'truth', filter })

/** True and false as values; neither is null. */
export function asValue(part: Part): Expression {
  if (part.kind === 'value') return part.value
  const { filter } = part
  if (filter.kind === 'constant') return { kind: 'literal', value: filter.value }
  const is = (when: Filter, value: boolean) => ({ when, value: { kind: 'literal', value } }) as const
  return { kind: 'choice', cases: [is(filter, true), is({ kind: 'not', filter }, false)], otherwise: { kind: 'literal', value: null } }
}

/** A value is true when it is a number other than 0. */
export function asTruth(part: Part): Filter {
  if (part.kind === 'truth') return part.filter
  const { value } = part
  if (value.kind === 'literal') {
    const known = value.value
    return {
      kind: 'constant',
      value: known === null ? null : typeof known === 'string' ? Number(known) !== 0 && known.trim() !== '' : Boolean(known),
    }
  }
  return { kind: 'compare', operator: '<>', left: value, right: { kind: 'literal', value: 0 } }
}
