import type { Scalar } from '#filters/expression.js'
import type { Filter } from '#filters/filter.js'

/** Rows whose column is one of `values`: an equation where there is one, so that it reads well in every language of styles. */
export function isOneOf(column: string, values: readonly Scalar[]): Filter {
  const operand = { kind: 'property', name: column } as const
  const literals = values.map(value => ({ kind: 'literal', value }) as const)
  return literals.length === 1
    ? { kind: 'compare', operator: '=', left: operand, right: literals[0] }
    : { kind: 'in', operand, values: literals }
}

/** Rows whose column is not below `least`, and below `limit`; either may be left open, not both. */
export function isWithin(column: string, least: number | undefined, limit: number | undefined): Filter {
  const compare = (operator: '>=' | '<', value: number): Filter => ({
    kind: 'compare',
    operator,
    left: { kind: 'property', name: column },
    right: { kind: 'literal', value },
  })
  const parts = [...(least === undefined ? [] : [compare('>=', least)]), ...(limit === undefined ? [] : [compare('<', limit)])]
  return parts.length === 1 ? parts[0] : { kind: 'and', all: parts }
}
