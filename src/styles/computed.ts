import type { Expression } from '#filters/expression.js'
import { type Graphic, type Style, type Symbolizer, withSymbolizers } from './style.js'

const expressionKinds: ReadonlySet<unknown> = new Set<Expression['kind']>([
  'literal',
  'property',
  'call',
  'environment',
  'choice',
  'recode',
  'step',
  'interpolation',
])

/** Whether a value of a style is computed for each feature. */
export function isExpression(value: unknown): value is Expression {
  return typeof value === 'object' && value !== null && expressionKinds.has((value as { kind?: unknown }).kind)
}

/** All expressions in symbolizers, which are plain data; none of those inside others. */
export function expressionsIn(part: unknown): readonly Expression[] {
  if (Array.isArray(part)) return part.flatMap(expressionsIn)
  if (typeof part !== 'object' || part === null) return []
  return isExpression(part) ? [part] : Object.values(part).flatMap(expressionsIn)
}

/** All graphics in symbolizers: at points, along lines, in patterns. */
export function graphicsIn(part: unknown): readonly Graphic[] {
  if (Array.isArray(part)) return part.flatMap(graphicsIn)
  if (typeof part !== 'object' || part === null || isExpression(part)) return []
  const inside = Object.values(part).flatMap(graphicsIn)
  return Array.isArray((part as Partial<Graphic>).shapes) ? [part as Graphic, ...inside] : inside
}

/** The style with what `change` makes of each expression of its symbolizers in its place. */
export function withExpressions(style: Style, change: (expression: Expression) => Expression): Style {
  const changed = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(changed)
    if (typeof part !== 'object' || part === null) return part
    return isExpression(part) ? change(part) : Object.fromEntries(Object.entries(part).map(([key, value]) => [key, changed(value)]))
  }
  return withSymbolizers(style, symbolizer => (symbolizer.kind === 'raster' ? symbolizer : (changed(symbolizer) as Symbolizer)))
}
