import type { Expression, Scalar } from '#filters/expression.js'
import type { Filter } from '#filters/filter.js'
import { unread } from '../unread-part.js'
import { literal } from '../values.js'
import { compared, equality, idsFilter, isNull, isThere, oneOf, readCondition } from './read-condition.js'
import { bounded, isScalar, newScope, readExpression, type Scope } from './read-expression.js'

/** The filter of a layer: an expression, or the older form that names properties by their text. Throws UnreadPart. */
export function readFilter(json: unknown): Filter {
  const scope = newScope()
  return bounded(isExpressionFilter(json, 0) ? readCondition(json, true, scope) : legacy(json, true, scope))
}

/** As the specification tells the two forms apart. */
function isExpressionFilter(json: unknown, depth: number): boolean {
  if (typeof json === 'boolean') return true
  if (!Array.isArray(json) || json.length === 0 || depth > 60) return false
  const [operator, first, second] = json
  switch (operator) {
    case 'has':
      return json.length >= 2 && first !== '$id' && first !== '$type'
    case 'in':
      return json.length >= 3 && (typeof first !== 'string' || Array.isArray(second))
    case '!in':
    case '!has':
    case 'none':
      return false
    case '==':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
      return json.length !== 3 || Array.isArray(first) || Array.isArray(second)
    case 'any':
    case 'all':
      return json.slice(1).every(part => typeof part === 'boolean' || isExpressionFilter(part, depth + 1))
    default:
      return true
  }
}

const order = { '<': '>=', '<=': '>', '>': '<=', '>=': '<' } as const

function legacy(json: unknown, holds: boolean, outer: Scope): Filter {
  if (typeof json === 'boolean') return { kind: 'constant', value: json === holds }
  if (!Array.isArray(json) || json.length === 0) return unread('a filter that is no list')
  if (--outer.budget.left < 0 || outer.depth > 60) unread('a filter that is too large')
  const scope = { ...outer, depth: outer.depth + 1 }
  const [operator, key, ...values] = json
  switch (operator) {
    case 'all':
    case 'any':
    case 'none': {
      const inside = operator === 'none' ? !holds : holds
      const list = json
        .slice(1)
        .map(part => (isExpressionFilter(part, 0) ? readCondition(part, inside, scope) : legacy(part, inside, scope)))
      return (operator !== 'any') === holds ? { kind: 'and', all: list } : { kind: 'or', any: list }
    }
    case 'has':
    case '!has':
      return key === '$id'
        ? { kind: 'constant', value: holds === (operator === 'has') }
        : isThere(propertyValue(key), holds === (operator === 'has'))
    case 'in':
    case '!in': {
      const asked = holds === (operator === 'in')
      return key === '$id' ? idsFilter(values.map(String), asked) : oneOf(propertyValue(key), values.flat().map(scalar), asked)
    }
    case '==':
    case '!=': {
      const asked = holds === (operator === '==')
      return key === '$id' ? idsFilter(values.map(String), asked) : equality(propertyValue(key), literal(scalar(values[0])), asked)
    }
    case '<':
    case '<=':
    case '>':
    case '>=': {
      const operand = propertyValue(key)
      if (holds) return compared(operator, operand, scalar(values[0]))
      return { kind: 'or', any: [compared(order[operator as keyof typeof order], operand, scalar(values[0])), isNull(operand)] }
    }
    default:
      return unread(`the filter ${JSON.stringify(operator)?.slice(0, 40)}`)
  }
}

function propertyValue(key: unknown): Expression {
  if (key === '$type') return readExpression(['geometry-type'], 'text')
  if (key === '$id') return unread('an order of ids')
  return typeof key === 'string' ? { kind: 'property', name: key } : unread('a filter of something that is no property')
}

const scalar = (value: unknown): Scalar => (isScalar(value) ? value : unread('a filter with a list as a value'))
