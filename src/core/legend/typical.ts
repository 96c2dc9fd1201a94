import { compileExpression } from '#filters/compile-filter.js'
import type { Expression, Scalar } from '#filters/expression.js'
import { FilterError } from '#filters/filter-error.js'
import { mapExpression } from '#filters/walk.js'
import { environmentOf, type MapScale } from '#render/map-scale.js'
import { RowBuilder } from '#rows/row-builder.js'
import { RowView } from '#rows/row-view.js'
import { isExpression } from '#styles/computed.js'
import type { Symbolizer } from '#styles/style.js'

/** One of the values a symbolizer may have, by the expression that decides. */
export interface Choice {
  readonly expression: Expression
  readonly value: Scalar
}

const emptySchema = { columns: [] }
const emptyRow = () => {
  const builder = new RowBuilder(emptySchema)
  builder.row([])
  return new RowView(builder.take())
}

/**
 * A symbolizer as it looks without a feature: what is computed for each becomes a value it may have, where `choice` decides, that one. What nobody
 * can tell is left to the defaults: gray, and the usual sizes.
 */
export function typical(symbolizer: Symbolizer, scale: MapScale, choice?: Choice): Symbolizer {
  const settle = (part: unknown, key: string): unknown => {
    if (Array.isArray(part)) return part.map(each => settle(each, key))
    if (typeof part !== 'object' || part === null) return part
    if (!isExpression(part)) return Object.fromEntries(Object.entries(part).map(([name, value]) => [name, settle(value, name)]))
    return settled(part, scale, choice) ?? (isNumberOfPoints(part, key) ? '12' : defaults[key]) ?? null
  }
  return symbolizer.kind === 'raster' ? symbolizer : (settle(symbolizer, '') as Symbolizer)
}

const defaults: Readonly<Record<string, Scalar>> = {
  color: '#808080',
  opacity: 1,
  width: 1,
  size: 8,
  text: 'Abc',
  rotation: 0,
  metres: 1,
  shape: 'square',
  widening: 1,
  scale: 1,
}

/** What clusters write on themselves. */
const isNumberOfPoints = (text: Expression, key: string) => key === 'text' && text.kind === 'property' && text.name === 'count'

function settled(expression: Expression, scale: MapScale, choice: Choice | undefined): Scalar {
  if (choice && JSON.stringify(choice.expression) === JSON.stringify(expression)) return choice.value
  const fixed = mapExpression(expression, {
    expression: one => (one.kind === 'property' ? { kind: 'literal', value: null } : one),
  })
  const known = computed(fixed, scale)
  if (known !== null) return known
  const results = resultsOf(expression)
  return results[results.length >> 1] ?? null
}

function computed(expression: Expression, scale: MapScale): Scalar {
  try {
    return compileExpression(expression, emptySchema, environmentOf(scale))(emptyRow())
  } catch (error) {
    if (error instanceof FilterError) return null
    throw error
  }
}

/** Values written in an expression as what it may come to. */
function resultsOf(expression: Expression): readonly Scalar[] {
  switch (expression.kind) {
    case 'literal':
      return [expression.value]
    case 'choice':
      return [...expression.cases.map(({ value }) => value), expression.otherwise].flatMap(resultsOf)
    case 'recode':
      return [...expression.entries.map(([, value]) => value), expression.otherwise].flatMap(resultsOf)
    case 'step':
      return [expression.first, ...expression.steps.map(([, value]) => value)].flatMap(resultsOf)
    case 'interpolation':
      return expression.stops.flatMap(([, value]) => resultsOf(value))
    default:
      return []
  }
}
