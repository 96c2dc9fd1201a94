import { comparisonOf } from '../comparison-signs.js'
import type { Expression, Scalar } from '../expression.js'
import type { Comparison, Filter } from '../filter.js'
import { FilterError } from '../filter-error.js'
import { instantOfText } from '../instants.js'
import { type LikeSigns, likeParts } from '../like-parts.js'
import { functionCall } from '../ogc/named-function.js'
import { parameter } from '../parameters.js'
import { asTruth, asValue, ofTruth, ofValue, type Part } from '../parts.js'
import { isDeeperThan, isLargerThan } from '../tree-size.js'
import { type Cursor, openCursor } from './cursor.js'
import { readSpatial } from './read-spatial.js'
import { readTemporal } from './read-temporal.js'

/** Parts of what is made of a text. */
const most = 50_000
/** Levels of that: chains such as `a + b + c` have no brackets, and two levels for each link. */
const deepestTree = 1000

/**
 * A filter in CQL (OGC 07-006r1, 6.2.2) or ECQL, GeoServer's extension of it. Names stay as they are written, geometries without `SRID` are in the
 * system of the column: `settleFilter` brings both to a table. Throws FilterError.
 */
export function parseEcql(text: string): Filter {
  const filters = parseEcqlList(text)
  if (filters.length === 1) return filters[0]
  throw new FilterError('malformed', `There are ${filters.length} CQL filters with “;” between them where one is expected.`)
}

/** A filter of the operator's, in which `:name` is a parameter: see `bindParameters`. Throws FilterError. */
export function parseEcqlTemplate(text: string): Filter {
  const cursor = openCursor(text, true)
  const filter = bounded(asTruth(disjunction(cursor)))
  if (cursor.peek().kind !== 'end') cursor.fail('an operator')
  return filter
}

/** Several filters with `;` between them; an empty one is INCLUDE. Throws FilterError. */
export function parseEcqlList(text: string): readonly Filter[] {
  const cursor = openCursor(text)
  const filters: Filter[] = []
  do {
    const isEmpty = cursor.isSign(';') || cursor.peek().kind === 'end'
    filters.push(isEmpty ? { kind: 'constant', value: true } : bounded(asTruth(disjunction(cursor))))
  } while (cursor.takeSign(';'))
  if (cursor.peek().kind !== 'end') cursor.fail('an operator')
  return filters
}

/** A value in ECQL: a name, a text, a sum, a call of a function. Throws FilterError. */
export function parseEcqlExpression(text: string): Expression {
  const cursor = openCursor(text)
  const value = bounded(asValue(disjunction(cursor)))
  if (cursor.peek().kind !== 'end') cursor.fail('an operator')
  return value
}

function bounded<T extends Filter | Expression>(tree: T): T {
  if (isLargerThan(tree, most)) throw new FilterError('too-large', `The CQL filter has more than ${most} parts.`)
  if (isDeeperThan(tree, deepestTree)) throw new FilterError('too-large', `The CQL filter computes deeper than ${deepestTree} levels.`)
  return tree
}

/** The operators from the weakest to the strongest: OR, AND, NOT, predicates, sums, products, signs. */
function disjunction(cursor: Cursor): Part {
  return cursor.deeper(() => {
    const any = [conjunction(cursor)]
    while (cursor.takeWords('or')) any.push(conjunction(cursor))
    return any.length === 1 ? any[0] : ofTruth({ kind: 'or', any: any.map(asTruth) })
  })
}

function conjunction(cursor: Cursor): Part {
  const all = [negation(cursor)]
  while (cursor.takeWords('and')) all.push(negation(cursor))
  return all.length === 1 ? all[0] : ofTruth({ kind: 'and', all: all.map(asTruth) })
}

function negation(cursor: Cursor): Part {
  let count = 0
  while (cursor.takeWords('not')) count++
  const part = predicate(cursor)
  if (count === 0) return part
  return ofTruth(count % 2 === 1 ? { kind: 'not', filter: asTruth(part) } : asTruth(part))
}

function predicate(cursor: Cursor): Part {
  const left = sum(cursor)
  const operator = cursor.peek().kind === 'sign' ? comparisonOf(cursor.peek().text) : undefined
  if (operator) {
    cursor.take()
    return ofTruth(comparison(operator, asValue(left), asValue(sum(cursor))))
  }
  if (cursor.takeWords('is')) {
    const isNot = cursor.takeWords('not')
    if (!cursor.takeWords('null')) cursor.fail('NULL')
    return ofTruth(negated(isNot, { kind: 'isNull', operand: asValue(left) }))
  }
  if (cursor.isWord('exists') || cursor.isWord('does-not-exist'))
    throw new FilterError('unsupported', 'EXISTS and DOES-NOT-EXIST are not asked of tables, whose columns are known; IS NULL would work.')
  const isNot = ['like', 'ilike', 'in', 'between'].some(word => cursor.isWord(word, 1)) && cursor.takeWords('not')
  const listed = readListed(cursor, left)
  if (listed) return ofTruth(negated(isNot, listed))
  const temporal = readTemporal(cursor, asValue(left), () => asValue(sum(cursor)))
  return temporal ? ofTruth(temporal) : left
}

const negated = (isNot: boolean, filter: Filter): Filter => (isNot ? { kind: 'not', filter } : filter)

const likeSigns: LikeSigns = { many: '%', one: '_', literal: '\\' }

/** What follows a value after LIKE, ILIKE, IN or BETWEEN. */
function readListed(cursor: Cursor, left: Part): Filter | undefined {
  const ignoresCase = cursor.isWord('ilike')
  if (cursor.takeWords('like') || cursor.takeWords('ilike')) {
    const pattern = asWritten(asValue(sum(cursor)))
    if (pattern.kind !== 'literal')
      throw new FilterError('unsupported', 'A pattern of LIKE that is computed cannot be matched; a text can.')
    return {
      kind: 'like',
      operand: asValue(left),
      pattern: likeParts(String(pattern.value ?? ''), likeSigns),
      ...(ignoresCase && { ignoresCase }),
    }
  }
  if (cursor.takeWords('in')) {
    const operand = asValue(left)
    const values = readList(cursor).map(part => (operand.kind === 'property' ? asWritten(asValue(part)) : asValue(part)))
    if (values.length === 0) cursor.fail('one value or more before it')
    return { kind: 'in', operand, values }
  }
  if (!cursor.takeWords('between')) return undefined
  const lower = asValue(sum(cursor))
  if (!cursor.takeWords('and')) cursor.fail('AND')
  return { kind: 'between', operand: asValue(left), lower, upper: asValue(sum(cursor)) }
}

/** IN without an operand: ids of features, or GeoServer's function of that name, whose first argument is no literal. */
function idsOrCall(name: string, args: readonly Expression[]): Part {
  const ids = args.map(asWritten).flatMap(arg => (arg.kind === 'literal' ? [String(arg.value)] : []))
  return ids.length > 0 && ids.length === args.length ? ofTruth({ kind: 'ids', ids }) : ofValue(functionCall(name, args))
}

function sum(cursor: Cursor): Part {
  let left = product(cursor)
  for (;;) {
    const name = ['+', '-'].find(sign => cursor.takeSign(sign))
    if (name === undefined) return left
    left = ofValue({ kind: 'call', name, args: [asValue(left), asValue(product(cursor))] })
  }
}

function product(cursor: Cursor): Part {
  let left = signed(cursor)
  for (;;) {
    const name = ['*', '/', '%'].find(sign => cursor.takeSign(sign))
    if (name === undefined) return left
    left = ofValue({ kind: 'call', name, args: [asValue(left), asValue(signed(cursor))] })
  }
}

function signed(cursor: Cursor): Part {
  let isNegative = false
  for (;;) {
    if (cursor.takeSign('-')) isNegative = !isNegative
    else if (!cursor.takeSign('+')) break
  }
  const part = primary(cursor)
  if (!isNegative) return part
  const value = asValue(part)
  if (value.kind === 'literal' && typeof value.value === 'number') return ofValue(numberLiteral(`-${spelled.get(value) ?? value.value}`))
  return ofValue({ kind: 'call', name: '-', args: [value] })
}

function primary(cursor: Cursor): Part {
  for (const [open, close] of brackets)
    if (cursor.takeSign(open)) {
      const inside = disjunction(cursor)
      cursor.expectSign(close)
      return inside
    }
  const spatial = readSpatial(cursor)
  if (spatial) return ofTruth(spatial)
  const token = cursor.peek()
  switch (token.kind) {
    case 'number':
      return ofValue(numberLiteral(cursor.take().text))
    case 'moment':
      if (instantOfText(token.text) === null) cursor.fail('a date of the calendar')
      return ofValue({ kind: 'literal', value: cursor.take().text })
    case 'text':
      return ofValue({ kind: 'literal', value: cursor.take().text })
    case 'name':
      return ofValue({ kind: 'property', name: cursor.take().text })
    case 'word':
      return named(cursor)
    case 'parameter':
      if (!cursor.hasParameters) cursor.fail('a name, a value or a predicate')
      return ofValue(parameter(cursor.take().text))
    default:
      return cursor.fail('a name, a value or a predicate')
  }
}

const brackets = [
  ['(', ')'],
  ['[', ']'],
] as const

const constants: Readonly<Record<string, Scalar>> = { include: true, exclude: false, true: true, false: false, null: null }
const reserved = new Set('and or not is in like ilike between before after during tequals exists does-not-exist'.split(' '))

function named(cursor: Cursor): Part {
  const word = cursor.peek().text
  const lower = word.toLowerCase()
  if (reserved.has(lower) && !(lower === 'in' && cursor.isSign('(', 1))) cursor.fail('a name, a value or a predicate')
  cursor.take()
  if (cursor.isSign('(')) {
    const args = readList(cursor).map(asValue)
    return lower === 'in' ? idsOrCall(word, args) : ofValue(functionCall(word, args))
  }
  return Object.hasOwn(constants, lower) ? ofValue({ kind: 'literal', value: constants[lower] }) : ofValue({ kind: 'property', name: word })
}

/** Values in brackets. */
function readList(cursor: Cursor): Part[] {
  const parts: Part[] = []
  cursor.expectSign('(')
  if (cursor.takeSign(')')) return parts
  do parts.push(disjunction(cursor))
  while (cursor.takeSign(','))
  cursor.expectSign(')')
  return parts
}

/** Numbers as the text has them: `01001` is more than 1001 to a column of texts. */
const spelled = new WeakMap<Expression, string>()

function numberLiteral(text: string): Expression {
  const literal: Expression = { kind: 'literal', value: Number(text) }
  spelled.set(literal, text)
  return literal
}

/** A number without quotes as a text, which becomes whatever it is compared with. */
function asWritten(value: Expression): Expression {
  const text = spelled.get(value)
  return text === undefined ? value : { kind: 'literal', value: text }
}

/** A column decides what it is equal to, as in GeoServer: `insee = 01001` is true for the text `01001`, and an index serves it. */
function comparison(operator: Comparison['operator'], left: Expression, right: Expression): Filter {
  const isEquality = operator === '=' || operator === '<>'
  return {
    kind: 'compare',
    operator,
    left: isEquality && right.kind === 'property' ? asWritten(left) : left,
    right: isEquality && left.kind === 'property' ? asWritten(right) : right,
  }
}
