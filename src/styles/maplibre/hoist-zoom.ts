import type { Expression } from '#filters/expression.js'
import { mapExpression } from '#filters/walk.js'
import { literal } from '../values.js'
import { denominatorOfZoom } from './zoom.js'

/**
 * MapLibre reads the zoom only at the outside of an expression. One that asks for it inside becomes an interpolation over zooms: those where it
 * bends, and all whole ones between.
 */
export function hoistZoom(expression: Expression): { readonly expression: Expression; readonly isSampled: boolean } {
  const stops = new Set<number>()
  if (!findZoom(expression, stops)) return { expression, isSampled: false }
  const isOutside =
    (expression.kind === 'interpolation' || expression.kind === 'step') &&
    expression.input.kind === 'environment' &&
    expression.input.name === 'zoom'
  if (isOutside && !resultsOf(expression).some(result => findZoom(result, new Set()))) return { expression, isSampled: false }
  const bends = [...stops].filter(zoom => zoom >= 0 && zoom <= 24)
  const [least, most] = bends.length > 0 ? [Math.min(...bends), Math.max(...bends)] : [0, 24]
  const whole = Array.from({ length: 25 }, (_, i) => i).filter(zoom => zoom > least && zoom < most)
  const zooms = [...new Set([least, ...bends, ...whole, most])].sort((a, b) => a - b)
  const at = zooms.map(zoom => [zoom, settle(expression, zoom)] as const)
  const of = at.some(([, value]) => value.kind === 'literal' && typeof value.value === 'string') ? 'color' : 'number'
  return { expression: { kind: 'interpolation', input: { kind: 'environment', name: 'zoom' }, of, stops: at }, isSampled: true }
}

const isZoom = (expression: Expression) =>
  expression.kind === 'environment' && (expression.name === 'zoom' || expression.name === 'scaleDenominator')

function resultsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'interpolation':
      return expression.stops.map(([, value]) => value)
    case 'step':
      return [expression.first, ...expression.steps.map(([, value]) => value)]
    case 'choice':
      return [expression.otherwise, ...expression.cases.map(({ value }) => value)]
    case 'recode':
      return [expression.otherwise, ...expression.entries.map(([, value]) => value)]
    case 'call':
      return expression.args
    default:
      return []
  }
}

/** Whether it depends on the zoom outside its filters; the zooms of its stops are put into `stops`. */
function findZoom(expression: Expression, stops: Set<number>): boolean {
  if (isZoom(expression)) return true
  let found = resultsOf(expression).filter(inner => findZoom(inner, stops)).length > 0
  if (expression.kind === 'interpolation' || expression.kind === 'step') {
    const isOfZoom = expression.input.kind === 'environment' && expression.input.name === 'zoom'
    const list = expression.kind === 'step' ? expression.steps : expression.stops
    if (isOfZoom) for (const [at] of list) stops.add(at)
    found = findZoom(expression.input, stops) || found
  } else if (expression.kind === 'recode') found = findZoom(expression.input, stops) || found
  return found
}

/** The expression at one zoom. */
function settle(expression: Expression, zoom: number): Expression {
  return mapExpression(expression, {
    expression(one) {
      if (!isZoom(one) || one.kind !== 'environment') return one
      return literal(one.name === 'zoom' ? zoom : denominatorOfZoom(zoom))
    },
  })
}
