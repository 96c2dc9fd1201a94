import type { Expression } from '#filters/expression.js'
import { parseCssColor } from './css-color.js'
import type { Value } from './style.js'
import { UnreadPart } from './unread-part.js'
import { literal, mapResults } from './values.js'

/** `#rrggbb`, and 0 to 1. */
export interface ColorValue {
  readonly color: Value<string>
  readonly opacity: Value<number>
}

/**
 * Colours as CSS writes them, of which an expression chooses, as `#rrggbb` and opacity apart. Colours that stand in the data have to be `#rrggbb` there.
 * Throws UnreadPart for what is no colour.
 */
export function splitColor(value: Value<string>): ColorValue {
  if (typeof value === 'string') return colorOf(value)
  if (value.kind === 'literal') return colorOf(String(value.value))
  const opacities = new Set<number>()
  const color = mapResults(value, leaf => {
    if (leaf.kind !== 'literal' || leaf.value === null) {
      opacities.add(1)
      return leaf
    }
    const { color, opacity } = colorOf(String(leaf.value))
    opacities.add(opacity)
    return literal(color)
  })
  if (!color) throw new UnreadPart('a colour that cannot be split')
  if (opacities.size < 2) return { color, opacity: [...opacities][0] ?? 1 }
  return { color, opacity: opacityOf(value) }
}

function opacityOf(value: Expression): Expression {
  const opacity = mapResults(value, leaf =>
    literal(leaf.kind === 'literal' && leaf.value !== null ? colorOf(String(leaf.value)).opacity : 1),
  )
  return asNumbers(opacity ?? literal(1))
}

/** Interpolations of colours made ones of numbers. */
function asNumbers(expression: Expression): Expression {
  switch (expression.kind) {
    case 'interpolation':
      return { ...expression, of: 'number', stops: expression.stops.map(([at, value]) => [at, asNumbers(value)] as const) }
    case 'choice':
      return {
        ...expression,
        cases: expression.cases.map(({ when, value }) => ({ when, value: asNumbers(value) })),
        otherwise: asNumbers(expression.otherwise),
      }
    case 'recode':
      return {
        ...expression,
        entries: expression.entries.map(([key, value]) => [key, asNumbers(value)] as const),
        otherwise: asNumbers(expression.otherwise),
      }
    case 'step':
      return {
        ...expression,
        first: asNumbers(expression.first),
        steps: expression.steps.map(([at, value]) => [at, asNumbers(value)] as const),
      }
    default:
      return expression
  }
}

function colorOf(text: string) {
  const color = parseCssColor(text)
  if (!color) throw new UnreadPart(`${JSON.stringify(text.slice(0, 60))} is no colour of CSS`)
  return color
}
