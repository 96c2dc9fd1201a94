import { comparisonOf } from '../comparison-signs.js'
import { type Cursor, openCursor } from '../ecql/cursor.js'
import { takeWkt } from '../ecql/take-wkt.js'
import type { Expression, Scalar } from '../expression.js'
import type { Filter } from '../filter.js'
import { FilterError } from '../filter-error.js'
import { bounded } from './bounded.js'
import { checkOrder, endOfInterval, moment } from './moment.js'
import { numberLiteral } from './number-literal.js'
import { expressionOf, filterOf, type Interval, type Operand, ofValue } from './operand.js'
import { likeFilter, operation } from './operations.js'
import { type Folding, patternOf } from './pattern.js'
import { type Cql2Options, type GeometryReader, geometryReader } from './read-geometry.js'
import { patternTextOf, textOf, tokenize } from './tokenize.js'

interface Reading extends Cursor {
  readonly geometries: GeometryReader
}

/**
 * A filter in the text encoding of CQL2 1.0 (OGC 21-065r2, annex B). Names stay as they are written: `settleFilter` brings them, and geometries, to a
 * table, and `checkTypes` says whether types fit. Throws FilterError.
 */
export function parseCql2Text(text: string, options: Cql2Options = {}): Filter {
  const geometries = geometryReader(options)
  const reading: Reading = { ...openCursor(text, false, tokenize(text)), geometries }
  const filter = filterOf(disjunction(reading))
  if (reading.peek().kind !== 'end') reading.fail('an operator')
  return bounded(filter)
}

/** The operators from the weakest to the strongest: OR, AND, NOT, predicates, sums, products, powers, signs. */
function disjunction(reading: Reading): Operand {
  return reading.deeper(() => joined(reading, 'or', () => joined(reading, 'and', () => negation(reading))))
}

function joined(reading: Reading, word: 'and' | 'or', read: () => Operand): Operand {
  const operands = [read()]
  while (reading.takeWords(word)) operands.push(read())
  return operands.length === 1 ? operands[0]! : operation(word, operands)
}

function negation(reading: Reading): Operand {
  let count = 0
  while (reading.takeWords('not')) count++
  const operand = predicate(reading)
  if (count === 0) return operand
  return count % 2 === 1 ? operation('not', [operand]) : { kind: 'truth', filter: filterOf(operand) }
}

function predicate(reading: Reading): Operand {
  const left = sum(reading)
  const sign = reading.peek()
  if (sign.kind === 'sign' && comparisonOf(sign.text) !== undefined) {
    reading.take()
    return operation(sign.text === '!=' ? '<>' : sign.text, [left, sum(reading)])
  }
  if (reading.takeWords('is')) {
    const isNot = reading.takeWords('not')
    if (!reading.takeWords('null')) reading.fail('NULL')
    return negated(isNot, operation('isNull', [left]))
  }
  const isNot = ['like', 'in', 'between'].some(word => reading.isWord(word, 1)) && reading.takeWords('not')
  if (reading.takeWords('like')) return negated(isNot, likeFilter(left, pattern(reading)))
  if (reading.takeWords('in')) return negated(isNot, operation('in', [left, { kind: 'list', items: readList(reading) }]))
  if (!reading.takeWords('between')) return left
  const lower = sum(reading)
  if (!reading.takeWords('and')) reading.fail('AND')
  return negated(isNot, operation('between', [left, lower, sum(reading)]))
}

const negated = (isNot: boolean, operand: Operand) => (isNot ? operation('not', [operand]) : operand)

function pattern(reading: Reading) {
  const foldings: Folding[] = []
  for (;;) {
    const folding = (['casei', 'accenti'] as const).find(name => reading.isWord(name) && reading.isSign('(', 1))
    if (!folding) break
    foldings.push(folding)
    reading.take()
    reading.take()
  }
  if (reading.peek().kind !== 'text') reading.fail('a pattern in single quotes')
  const parts = patternOf(patternTextOf(reading.take().text), foldings)
  for (const _ of foldings) reading.expectSign(')')
  return parts
}

function sum(reading: Reading): Operand {
  let left = product(reading)
  for (;;) {
    const sign = ['+', '-'].find(one => reading.takeSign(one))
    if (sign === undefined) return left
    left = operation(sign, [left, product(reading)])
  }
}

function product(reading: Reading): Operand {
  let left = power(reading)
  for (;;) {
    const sign = ['*', '/', '%'].find(one => reading.takeSign(one)) ?? (reading.takeWords('div') ? 'div' : undefined)
    if (sign === undefined) return left
    left = operation(sign, [left, power(reading)])
  }
}

/** One power, whose operands may have signs of their own: `-2 ^ 2` is 4. */
function power(reading: Reading): Operand {
  const left = signed(reading)
  return reading.takeSign('^') ? operation('^', [left, signed(reading)]) : left
}

function signed(reading: Reading): Operand {
  const isNegative = reading.takeSign('-')
  if (!isNegative) reading.takeSign('+')
  if (reading.peek().kind === 'number') return ofValue(numberLiteral(`${isNegative ? '-' : ''}${reading.take().text}`))
  const operand = primary(reading)
  return isNegative ? operation('*', [ofValue({ kind: 'literal', value: -1 }), operand]) : operand
}

function primary(reading: Reading): Operand {
  if (reading.isSign('(')) return bracketed(reading)
  const wkt = takeWkt(reading)
  if (wkt !== undefined) return { kind: 'geometry', geometry: reading.geometries.ofWkt(wkt) }
  const { kind, text } = reading.peek()
  switch (kind) {
    case 'text':
      reading.take()
      return ofValue({ kind: 'literal', value: textOf(text) })
    case 'name':
      reading.take()
      return ofValue({ kind: 'property', name: text })
    case 'word':
      return reading.isSign('(', 1) && !reserved.has(text.toLowerCase()) ? called(reading) : named(reading)
    default:
      return reading.fail('a name, a value or a predicate')
  }
}

/** A group, or a list where it has a comma or nothing in it. */
function bracketed(reading: Reading): Operand {
  const items = readList(reading)
  return items.length === 1 ? items[0]! : { kind: 'list', items }
}

function readList(reading: Reading): Operand[] {
  const items: Operand[] = []
  reading.expectSign('(')
  if (reading.takeSign(')')) return items
  do items.push(disjunction(reading))
  while (reading.takeSign(','))
  reading.expectSign(')')
  return items
}

const reserved = new Set('and or not is in like between null div'.split(' '))
const constants: Readonly<Record<string, Scalar>> = { true: true, false: false }

function named(reading: Reading): Operand {
  const { text } = reading.peek()
  const lower = text.toLowerCase()
  if (lower === 'null') throw new FilterError('malformed', 'NULL is no value to compare with; IS NULL and IS NOT NULL would work.')
  if (reserved.has(lower)) reading.fail('a name, a value or a predicate')
  reading.take()
  return ofValue(Object.hasOwn(constants, lower) ? { kind: 'literal', value: constants[lower]! } : { kind: 'property', name: text })
}

/** What has its operands in brackets. */
function called(reading: Reading): Operand {
  const { text } = reading.take()
  const name = text.toLowerCase()
  switch (name) {
    case 'date':
    case 'timestamp':
      return ofValue(inBrackets(reading, () => moment(name, quoted(reading))))
    case 'interval':
      return { kind: 'interval', interval: inBrackets(reading, () => interval(reading)) }
    case 'bbox':
      return { kind: 'geometry', geometry: reading.geometries.ofBbox(inBrackets(reading, () => numbers(reading))) }
    case 'a_equals':
    case 'a_contains':
    case 'a_containedby':
    case 'a_overlaps':
      return operation(
        name,
        inBrackets(reading, () => several(reading, () => listOrOperand(reading))),
      )
    default:
      return operation(text, readList(reading))
  }
}

function inBrackets<T>(reading: Reading, read: () => T): T {
  reading.expectSign('(')
  const result = read()
  reading.expectSign(')')
  return result
}

function several<T>(reading: Reading, read: () => T): T[] {
  const items = [read()]
  while (reading.takeSign(',')) items.push(read())
  return items
}

/** In functions of lists brackets are lists, also around one item, unless an operator follows them. */
function listOrOperand(reading: Reading): Operand {
  if (!reading.isSign('(') || !endsOperand(reading)) return disjunction(reading)
  return reading.deeper((): Operand => {
    reading.take()
    if (reading.takeSign(')')) return { kind: 'list', items: [] }
    const items = several(reading, () => listOrOperand(reading))
    reading.expectSign(')')
    return { kind: 'list', items }
  })
}

/** Whether the bracket here is closed where the operand ends. */
function endsOperand(reading: Reading): boolean {
  let [depth, ahead] = [0, 0]
  do {
    if (reading.isSign('(', ahead)) depth++
    if (reading.isSign(')', ahead)) depth--
    ahead++
  } while (depth > 0 && reading.peek(ahead).kind !== 'end')
  return reading.isSign(',', ahead) || reading.isSign(')', ahead)
}

function quoted(reading: Reading): string {
  if (reading.peek().kind !== 'text') reading.fail('a text in single quotes')
  return textOf(reading.take().text)
}

function interval(reading: Reading): Interval {
  const begin = end(reading)
  reading.expectSign(',')
  const last = end(reading)
  checkOrder(begin, last)
  return { ...(begin && { begin }), ...(last && { end: last }) }
}

const end = (reading: Reading): Expression | undefined =>
  reading.peek().kind === 'text' ? endOfInterval(quoted(reading)) : expressionOf(sum(reading), 'in an interval')

const numbers = (reading: Reading): number[] =>
  several(reading, () => {
    const sign = reading.takeSign('-') ? -1 : 1
    reading.takeSign('+')
    return reading.peek().kind === 'number' ? sign * Number(reading.take().text) : reading.fail('a number')
  })
