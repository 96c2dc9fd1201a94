import type { Scalar } from '#filters/expression.js'
import type { Comparison, Filter } from '#filters/filter.js'

export const compare = (name: string, operator: Comparison['operator'], value: Scalar, ignoresCase = false): Filter => ({
  kind: 'compare',
  operator,
  left: { kind: 'property', name },
  right: { kind: 'literal', value },
  ...(ignoresCase && { ignoresCase }),
})

export const equals = (name: string, value: Scalar): Filter => compare(name, '=', value)

export const isNull = (name: string): Filter => ({ kind: 'isNull', operand: { kind: 'property', name } })
