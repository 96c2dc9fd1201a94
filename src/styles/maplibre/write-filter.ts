import type { Expression } from '#filters/expression.js'
import type { Comparison, Filter, Like } from '#filters/filter.js'
import { unread } from '../unread-part.js'
import { type Json, writeExpression } from './write-expression.js'

const opposite = { '=': '<>', '<>': '=', '<': '>=', '<=': '>', '>': '<=', '>=': '<' } as const
const operators = { '=': '==', '<>': '!=', '<': '<', '<=': '<=', '>': '>', '>=': '>=' } as const

/**
 * The MapLibre expression that is true for the rows a filter selects. Comparisons with nothing are neither true nor false in SQL and an error here, so
 * what is compared is asked for first. Throws UnreadPart.
 */
export function writeFilter(filter: Filter, holds = true): Json {
  switch (filter.kind) {
    case 'constant':
      return filter.value === holds
    case 'and':
      return [holds ? 'all' : 'any', ...filter.all.map(one => writeFilter(one, holds))]
    case 'or':
      return [holds ? 'any' : 'all', ...filter.any.map(one => writeFilter(one, holds))]
    case 'not':
      return writeFilter(filter.filter, !holds)
    case 'compare':
      return comparison(filter, holds)
    case 'between': {
      const { operand: left, lower, upper } = filter
      const bound = (operator: Comparison['operator'], right: Expression): Filter => ({ kind: 'compare', operator, left, right })
      return writeFilter({ kind: 'and', all: [bound('>=', lower), bound('<=', upper)] }, holds)
    }
    case 'isNull':
      return [holds ? '==' : '!=', writeExpression(filter.operand, 'any'), null]
    case 'in': {
      const { operand, values } = filter
      const list = values.map(value => (value.kind === 'literal' ? value.value : unread('a list of values that are computed')))
      const test: Json = ['in', simple(operand), ['literal', list]]
      return guarded([operand], holds ? test : ['!', test], !holds)
    }
    case 'like':
      return guarded([filter.operand], holds ? like(filter) : ['!', like(filter)], true)
    case 'ids': {
      const test: Json = ['in', ['to-string', ['id']], ['literal', filter.ids]]
      return holds ? test : ['!', test]
    }
    default:
      return unread(`a filter by geometry (${filter.kind})`)
  }
}

function comparison({ operator, left, right, ignoresCase }: Comparison, holds: boolean): Json {
  const asked = holds ? operator : opposite[operator]
  const isOrder = asked !== '=' && asked !== '<>'
  const side = (one: Expression, other: Expression): Json => {
    if (ignoresCase) return ['downcase', writeExpression(one, 'text')]
    const type = isOrder && other.kind === 'literal' ? (typeof other.value === 'number' ? 'number' : 'text') : 'any'
    return type === 'any' ? simple(one) : writeExpression(one, type)
  }
  const test: Json = [operators[asked], side(left, right), side(right, left)]
  return guarded([left, right], test, asked !== '=' || ignoresCase === true)
}

/** `geometry-type` is of the simple types, which is what it is compared with. */
function simple(expression: Expression): Json {
  return writeExpression(expression, 'any')
}

function guarded(operands: readonly Expression[], test: Json, isNeeded: boolean): Json {
  const names = isNeeded ? [...new Set(operands.flatMap(propertiesOf))] : []
  return names.length === 0 ? test : ['all', ...names.map((name): Json => ['!=', ['get', name], null]), test]
}

/** Properties whose null makes the expression null. */
function propertiesOf(expression: Expression): string[] {
  if (expression.kind === 'property') return [expression.name]
  const isStrict = expression.kind === 'call' && !['coalesce', 'concat', 'geometryType'].includes(expression.name)
  return isStrict ? expression.args.flatMap(propertiesOf) : []
}

function like({ operand, pattern, ignoresCase }: Like): Json {
  const folded = (text: string) => (ignoresCase ? text.toLowerCase() : text)
  const plain = writeExpression(operand, 'text')
  const text: Json = ignoresCase ? ['downcase', plain] : plain
  const isMany = (part: Like['pattern'][number] | undefined) => typeof part === 'object' && part.any === 'many'
  const texts = pattern.filter(part => typeof part === 'string').map(folded)
  const [first, last] = [isMany(pattern[0]), isMany(pattern.at(-1))]
  if (texts.length > 1 || pattern.some(part => typeof part === 'object' && part.any === 'one'))
    return unread('a pattern with several parts')
  const [part = ''] = texts
  const length = [...part].length
  if (pattern.length > 0 && texts.length === 0) return true
  if (first && last) return ['in', part, text]
  if (first) return ['==', ['slice', text, -length], part]
  return last ? ['==', ['slice', text, 0, length], part] : ['==', text, part]
}
