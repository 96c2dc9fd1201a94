import type { RowColumn } from '#rows/batch.js'
import { columnIndex } from '#rows/row-view.js'
import { compareScalars } from './compare-scalars.js'
import { booleanOf, numberOf, type Read, type Scope, scalarOf, textOf } from './compile-expression.js'
import type { Truth } from './compile-filter.js'
import type { Expression } from './expression.js'
import type { Comparison } from './filter.js'
import { instantOfText, timeOfText } from './instants.js'
import { compareDoubles, compareExact, decimalOfText, type Exact, numberOfText } from './numbers.js'
import { float4, readExact, readInstant, readIsText } from './read-column.js'
import { compareTexts, lowerCase } from './texts.js'
import { uuidOfText } from './uuids.js'
import { columnOf, domainOf, typeOf } from './value-type.js'

type Operator = Comparison['operator']

const holds: Readonly<Record<Operator, (order: number) => boolean>> = {
  '=': order => order === 0,
  '<>': order => order !== 0,
  '<': order => order < 0,
  '<=': order => order <= 0,
  '>': order => order > 0,
  '>=': order => order >= 0,
}

const mirrored = { '=': '=', '<>': '<>', '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const

/** A comparison as a function of a row. Throws FilterError for what cannot be compared at all. */
export function compileComparison(comparison: Comparison, scope: Scope): Read<Truth> {
  const { left, right, operator } = comparison
  // The literal on the right, so that there is one kind of fast comparison.
  if (left.kind === 'literal' && right.kind !== 'literal')
    return compileComparison({ ...comparison, left: right, right: left, operator: mirrored[operator] }, scope)
  const { columns } = scope.schema
  const isTrue = holds[operator]
  switch (domainOf(typeOf(left, columns), typeOf(right, columns))) {
    case 'nothing':
      return () => null
    case 'exact':
      return ordered(exactOf(left, scope), exactOf(right, scope), compareExact, isTrue)
    case 'number':
      return compareNumbers(comparison, scope)
    case 'boolean':
      return ordered(booleanOf(left, scope), booleanOf(right, scope), (a, b) => Number(a) - Number(b), isTrue)
    case 'instant':
      return ordered(instantOf(left, scope), instantOf(right, scope), (a, b) => (a < b ? -1 : a > b ? 1 : 0), isTrue)
    case 'time':
      return ordered(timeOf(left, scope), timeOf(right, scope), compareTexts, isTrue)
    case 'text':
      return compareAsTexts(comparison, scope)
    case 'dynamic': {
      const [a, b] = [scalarOf(left, scope), scalarOf(right, scope)]
      return row => {
        const order = compareScalars(a(row), b(row), comparison.ignoresCase)
        return order === null ? null : isTrue(order)
      }
    }
  }
}

function ordered<T>(
  left: Read<T | null>,
  right: Read<T | null>,
  compare: (a: T, b: T) => number,
  isTrue: (order: number) => boolean,
): Read<Truth> {
  return row => {
    const a = left(row)
    if (a === null) return null
    const b = right(row)
    return b === null ? null : isTrue(compare(a, b))
  }
}

function compareNumbers({ left, right, operator }: Comparison, scope: Scope): Read<Truth> {
  const column = columnAt(left, scope)
  if (column?.oid === float4 && right.kind === 'literal') {
    const bound = numberOf(right, scope)(undefined as never)
    // A column of 32 bits holds what such a number is in 32 bits.
    const short = bound === null ? null : shortOf(bound)
    const read = numberOf(left, scope)
    return ordered(
      row => round(read(row)),
      () => short,
      compareDoubles,
      holds[operator],
    )
  }
  return ordered(numberOf(left, scope), numberOf(right, scope), compareDoubles, holds[operator])
}

const round = (value: number | null) => (value === null ? null : Math.fround(value))

/** The nearest number of 32 bits; the number itself where there is none near. */
export function shortOf(value: number): number {
  const short = Math.fround(value)
  return !Number.isFinite(short) || (short === 0 && value !== 0) ? value : short
}

function compareAsTexts({ left, right, operator, ignoresCase }: Comparison, scope: Scope): Read<Truth> {
  const column = columnAt(left, scope)
  const word = right.kind === 'literal' ? String(right.value) : undefined
  if (word?.includes('\0')) return () => null
  const isPlain = column?.kind === 'text' && column.oid === 25 && !ignoresCase
  if (word !== undefined && isPlain && (operator === '=' || operator === '<>')) {
    const isSame = readIsText(word, columnIndex(scope.schema.columns, column.name))
    if (operator === '=') return isSame
    return row => {
      const truth = isSame(row)
      return truth === null ? null : !truth
    }
  }
  const uuid = column?.kind === 'uuid' && word !== undefined ? uuidOfText(word) : undefined
  const other = uuid ? () => uuid : textOf(right, scope)
  const compare = ignoresCase ? (a: string, b: string) => compareTexts(lowerCase(a), lowerCase(b)) : compareTexts
  return ordered(textOf(left, scope), other, compare, holds[operator])
}

const columnAt = (expression: Expression, { schema }: Scope): RowColumn | undefined =>
  expression.kind === 'property' ? columnOf(schema.columns, expression.name) : undefined

function exactOf(expression: Expression, scope: Scope): Read<Exact | null> {
  if (expression.kind === 'literal') {
    const exact = exactOfLiteral(String(expression.value))
    return () => exact
  }
  if (expression.kind !== 'property') return numberOf(expression, scope)
  return readExact(columnIndex(scope.schema.columns, expression.name))
}

/** A number where a double holds it exactly, else its text. */
function exactOfLiteral(text: string): Exact | null {
  const decimal = decimalOfText(text)
  if (decimal === null) return null
  const number = numberOfText(text)!
  return Number.isSafeInteger(number) && /^[+-]?\d{1,16}(\.0*)?$/.test(decimal) ? number : decimal
}

function instantOf(expression: Expression, scope: Scope): Read<bigint | null> {
  const column = columnAt(expression, scope)
  if (column && column.kind !== 'text') return readInstant(column, columnIndex(scope.schema.columns, column.name))
  return parsed(expression, scope, instantOfText)
}

const timeOf = (expression: Expression, scope: Scope) => parsed(expression, scope, timeOfText)

function parsed<T>(expression: Expression, scope: Scope, parse: (text: string) => T | null): Read<T | null> {
  const text = textOf(expression, scope)
  if (expression.kind === 'literal') {
    const value = parse(String(expression.value))
    return () => value
  }
  return row => {
    const one = text(row)
    return one === null ? null : parse(one)
  }
}
