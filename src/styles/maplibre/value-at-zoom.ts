import type { Expression } from '#filters/expression.js'
import { foldExpression } from '#filters/fold-constants.js'

/** What a computation on nothing but the zoom gives at one; undefined when it needs more, or is no number. */
export function valueAtZoom(expression: Expression, zoom: number): number | undefined {
  const value = foldExpression(expression, { zoom })
  return value.kind === 'literal' && typeof value.value === 'number' && Number.isFinite(value.value) ? value.value : undefined
}
