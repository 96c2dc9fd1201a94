import type { Expression } from './expression.js'
import type { Filter, ListLiteral, ListOperand } from './filter.js'

/** What becomes of each part; what is absent stays, and its own parts are visited first. */
export interface Mapping {
  readonly filter?: (filter: Filter) => Filter
  readonly expression?: (expression: Expression) => Expression
}

/** The tree with each part replaced, from the leaves up. */
export function mapFilter(filter: Filter, mapping: Mapping): Filter {
  const inner = (one: Filter) => mapFilter(one, mapping)
  const value = (one: Expression) => mapExpression(one, mapping)
  const mapped = ((): Filter => {
    switch (filter.kind) {
      case 'and':
        return { ...filter, all: filter.all.map(inner) }
      case 'or':
        return { ...filter, any: filter.any.map(inner) }
      case 'not':
        return { ...filter, filter: inner(filter.filter) }
      case 'compare':
        return { ...filter, left: value(filter.left), right: value(filter.right) }
      case 'between':
        return { ...filter, operand: value(filter.operand), lower: value(filter.lower), upper: value(filter.upper) }
      case 'like':
      case 'isNull':
        return { ...filter, operand: value(filter.operand) }
      case 'in':
        return { ...filter, operand: value(filter.operand), values: filter.values.map(value) }
      case 'lists':
        return { ...filter, left: listOf(filter.left, value), right: listOf(filter.right, value) }
      default:
        return filter
    }
  })()
  return mapping.filter ? mapping.filter(mapped) : mapped
}

function listOf(operand: ListOperand, value: (one: Expression) => Expression): ListOperand {
  if (operand.kind === 'list') return mapList(operand, value)
  const mapped = value(operand)
  return mapped.kind === 'property' ? mapped : operand
}

const mapList = (list: ListLiteral, value: (one: Expression) => Expression): ListLiteral => ({
  ...list,
  items: list.items.map(item => (item.kind === 'list' ? mapList(item, value) : value(item))),
})

/** As `mapFilter`, of an expression. */
export function mapExpression(expression: Expression, mapping: Mapping): Expression {
  const value = (one: Expression) => mapExpression(one, mapping)
  const mapped = ((): Expression => {
    switch (expression.kind) {
      case 'call':
        return { ...expression, args: expression.args.map(value) }
      case 'choice':
        return {
          ...expression,
          cases: expression.cases.map(one => ({ when: mapFilter(one.when, mapping), value: value(one.value) })),
          otherwise: value(expression.otherwise),
        }
      case 'recode':
        return {
          ...expression,
          input: value(expression.input),
          entries: expression.entries.map(([key, then]) => [key, value(then)] as const),
          otherwise: value(expression.otherwise),
        }
      case 'step':
        return {
          ...expression,
          input: value(expression.input),
          first: value(expression.first),
          steps: expression.steps.map(([threshold, then]) => [threshold, value(then)] as const),
        }
      case 'interpolation':
        return { ...expression, input: value(expression.input), stops: expression.stops.map(([at, then]) => [at, value(then)] as const) }
      default:
        return expression
    }
  })()
  return mapping.expression ? mapping.expression(mapped) : mapped
}

/** Names of the columns a filter looks at, each once; `''` for the default geometry. */
export function propertiesOfFilter(filter: Filter): readonly string[] {
  return collected(mapping => mapFilter(filter, mapping))
}

/** Names of the columns an expression looks at, each once. */
export function propertiesOfExpression(expression: Expression): readonly string[] {
  return collected(mapping => mapExpression(expression, mapping))
}

/** Whether a condition, itself and not its parts, is one that GEOS looks at. */
export const isSpatial = ({ kind }: Filter): boolean => kind === 'spatial' || kind === 'distance' || kind === 'geometries'

/** Whether a filter asks for ids anywhere. */
export function hasIds(filter: Filter): boolean {
  let has = false
  mapFilter(filter, {
    filter(one) {
      has ||= one.kind === 'ids'
      return one
    },
  })
  return has
}

/** Whether an expression depends on ids, in a condition of it. */
export function asksForIds(expression: Expression): boolean {
  let has = false
  mapExpression(expression, {
    filter(one) {
      has ||= one.kind === 'ids'
      return one
    },
  })
  return has
}

function collected(walk: (mapping: Mapping) => unknown): readonly string[] {
  const names = new Set<string>()
  walk({
    filter(one) {
      if (one.kind === 'bbox' || one.kind === 'spatial' || one.kind === 'distance') names.add(one.property)
      if (one.kind === 'geometries') for (const side of [one.left, one.right]) if (side.kind === 'property') names.add(side.name)
      return one
    },
    expression(one) {
      if (one.kind === 'property') names.add(one.name)
      return one
    },
  })
  return [...names]
}
