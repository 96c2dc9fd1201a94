import type { Expression, Scalar } from '#filters/expression.js'
import type { Comparison, Filter } from '#filters/filter.js'
import { unread } from '../unread-part.js'
import { literal } from '../values.js'
import { isScalar, nameOf, newScope, readExpression, type Scope } from './read-expression.js'

/** A comparison of the filter tree. */
export type Operator = Comparison['operator']

const opposite: Readonly<Record<string, Operator>> = { '=': '<>', '<>': '=', '<': '>=', '<=': '>', '>': '<=', '>=': '<' }
const operators: Readonly<Record<string, Operator>> = { '==': '=', '!=': '<>', '<': '<', '<=': '<=', '>': '>', '>=': '>=' }

const conditions = new Set([
  ...Object.keys(operators),
  'all',
  'any',
  '!',
  'has',
  '!has',
  'in',
  'within',
  'boolean',
  'to-boolean',
  'is-supported-script',
])

/** An operator whose result is true or false. */
export function isCondition(operator: string): boolean {
  return conditions.has(operator)
}

/**
 * The filter that selects the rows for which an expression is `holds`. MapLibre knows two truths and SQL three, so negations are carried down to
 * the comparisons, and those that hold of nothing say so. Throws UnreadPart.
 */
export function readCondition(json: unknown, holds = true, outer: Scope = newScope()): Filter {
  if (typeof json === 'boolean') return { kind: 'constant', value: json === holds }
  if (!Array.isArray(json)) return unread('a condition that is neither true nor false')
  const [operator, ...args] = json
  if (--outer.budget.left < 0 || outer.depth > 60) unread('a condition that is too large')
  const scope = { ...outer, depth: outer.depth + 1 }
  if (Object.hasOwn(operators, operator)) return comparison(operators[operator], args, holds, scope)
  switch (operator) {
    case 'all':
    case 'any': {
      const list = args.map(arg => readCondition(arg, holds, scope))
      return (operator === 'all') === holds ? { kind: 'and', all: list } : { kind: 'or', any: list }
    }
    case '!':
      return readCondition(args[0], !holds, scope)
    case 'has':
      return isThere({ kind: 'property', name: args.length === 1 ? nameOf(args[0]) : unread('has of an object') }, holds)
    case '!has':
      return isThere({ kind: 'property', name: nameOf(args[0]) }, !holds)
    case 'in':
      return membership(args, holds, scope)
    case 'is-supported-script':
      return { kind: 'constant', value: holds }
    case 'within':
      return unread('within, a geometry inside a filter')
    case 'match':
      return matched(args, holds, scope)
    case 'to-boolean':
      return truthy(readExpression(args[0], 'text', scope), holds)
    case 'boolean':
      return { kind: 'or', any: args.map(arg => compared('=', readExpression(arg, 'text', scope), holds)) }
    default:
      return compared('=', readExpression(json, 'text', scope), holds)
  }
}

/** A comparison with a value of the style. */
export const compared = (operator: Operator, left: Expression, right: Scalar): Filter => ({
  kind: 'compare',
  operator,
  left,
  right: literal(right),
})

/** The property is not there, or null: the same here. */
export const isNull = (operand: Expression): Filter => ({ kind: 'isNull', operand })
/** The opposite of `isNull`; that itself unless `holds`. */
export const isThere = (operand: Expression, holds: boolean): Filter => (holds ? { kind: 'not', filter: isNull(operand) } : isNull(operand))

/** What can be null: conditions on it that are meant to hold of nothing need saying so. */
const mayBeNull = (expression: Expression) => expression.kind !== 'literal' && expression.kind !== 'environment'

/** Neither nothing nor one of the values that count as false; what cannot be compared with these is true. */
function truthy(operand: Expression, holds: boolean): Filter {
  const none = [isNull(operand), ...['', 0, false].map(value => compared('=', operand, value))]
  const test: Expression = { kind: 'choice', cases: none.map(when => ({ when, value: literal(false) })), otherwise: literal(true) }
  return compared('=', test, holds)
}

function comparison(operator: Operator, args: readonly unknown[], holds: boolean, scope: Scope): Filter {
  if (args.length !== 2) return unread(args.length === 3 ? 'a comparison with a collator' : `a comparison of ${args.length} values`)
  const id = identified(operator, args, holds)
  if (id) return id
  const [left, right] = args.map(arg => readExpression(arg, 'text', scope))
  const asked = holds ? operator : opposite[operator]
  if (asked !== '=' && asked !== '<>') return { kind: 'compare', operator: asked, left, right }
  return equality(left, right, asked === '=')
}

/** Nothing equals nothing, and differs from all else. */
export function equality(left: Expression, right: Expression, holds: boolean): Filter {
  for (const [one, other] of [[left, right] as const, [right, left] as const])
    if (one.kind === 'literal') {
      if (one.value === null) return isThere(other, !holds)
      const keys = keysFor(other, one.value)
      if (keys && other.kind === 'recode') return oneOf(other.input, keys, holds)
    }
  const filter: Filter = { kind: 'compare', operator: holds ? '=' : '<>', left, right }
  const nullable = [left, right].filter(mayBeNull)
  if (nullable.length < 2) return holds || nullable.length === 0 ? filter : { kind: 'or', any: [filter, isNull(nullable[0])] }
  if (holds) return { kind: 'or', any: [filter, { kind: 'and', all: nullable.map(isNull) }] }
  const [a, b] = nullable
  const one = (empty: Expression, full: Expression): Filter => ({ kind: 'and', all: [isNull(empty), isThere(full, true)] })
  return { kind: 'or', any: [filter, one(a, b), one(b, a)] }
}

/** Of a recoding into literals, the keys that become a value: `Polygon` is what several types are called. */
function keysFor(expression: Expression, value: Scalar): readonly Scalar[] | undefined {
  if (expression.kind !== 'recode') return undefined
  const { entries, otherwise } = expression
  const isKnown = otherwise.kind === 'literal' && otherwise.value !== value && entries.every(([, result]) => result.kind === 'literal')
  return isKnown ? entries.flatMap(([key, result]) => (result.kind === 'literal' && result.value === value ? [key] : [])) : undefined
}

/** Comparisons of the feature's id. */
function identified(operator: Operator, args: readonly unknown[], holds: boolean): Filter | undefined {
  const isId = (arg: unknown) => Array.isArray(arg) && arg[0] === 'id'
  if (!args.some(isId)) return undefined
  const value = args.find(arg => !isId(arg))
  if ((operator !== '=' && operator !== '<>') || !(typeof value === 'string' || typeof value === 'number'))
    return unread('computing with id')
  return idsFilter([String(value)], holds === (operator === '='))
}

/** The feature has one of the ids; none of them unless `holds`. */
export const idsFilter = (ids: readonly string[], holds: boolean): Filter =>
  holds ? { kind: 'ids', ids } : { kind: 'not', filter: { kind: 'ids', ids } }

function membership([needle, haystack]: readonly unknown[], holds: boolean, scope: Scope): Filter {
  const list = Array.isArray(haystack) && haystack[0] === 'literal' ? haystack[1] : undefined
  if (Array.isArray(needle) && needle[0] === 'id' && Array.isArray(list)) return idsFilter(list.map(String), holds)
  const operand = readExpression(needle, 'text', scope)
  if (Array.isArray(list)) return oneOf(operand, list.map(scalar), holds)
  const text = readExpression(haystack, 'text', scope)
  return compared('=', { kind: 'call', name: 'strContains', args: [text, operand] }, holds)
}

/** Row values among those listed; nulls are none of them. */
export function oneOf(operand: Expression, values: readonly Scalar[], holds: boolean): Filter {
  if (operand.kind === 'recode' && values.every(value => keysFor(operand, value)))
    return oneOf(
      operand.input,
      values.flatMap(value => keysFor(operand, value)!),
      holds,
    )
  const filter: Filter = { kind: 'in', operand, values: values.map(literal) }
  if (values.length === 0) return { kind: 'constant', value: !holds }
  if (holds) return filter
  const differs: Filter = { kind: 'not', filter }
  return mayBeNull(operand) ? { kind: 'or', any: [differs, isNull(operand)] } : differs
}

/** `match` whose outputs are true and false: rows of some values. */
function matched(args: readonly unknown[], holds: boolean, scope: Scope): Filter {
  const outputs = args.filter((_, i) => i > 0 && (i % 2 === 0 || i === args.length - 1))
  if (!outputs.every(output => typeof output === 'boolean')) return compared('=', readExpression(['match', ...args], 'text', scope), holds)
  const operand = readExpression(args[0], 'text', scope)
  const otherwise = args.at(-1)
  const labels = args.flatMap((output, i) =>
    i > 1 && i % 2 === 0 && i < args.length - 1 && output !== otherwise ? [args[i - 1]].flat().map(scalar) : [],
  )
  return oneOf(operand, labels, otherwise !== holds)
}

const scalar = (value: unknown): Scalar => (isScalar(value) ? value : unread('a list within a list'))
