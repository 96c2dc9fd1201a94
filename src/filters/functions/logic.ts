import { compareScalars } from '../compare-scalars.js'
import type { Scalar } from '../expression.js'
import { booleanOfText, numberOfText } from '../numbers.js'
import { define } from './define-function.js'

const compared = (names: string, holds: (order: number) => boolean) =>
  define(names, 'any any', 'boolean', (a: Scalar, b: Scalar) => {
    const order = compareScalars(a, b)
    return order === null ? null : holds(order)
  })

/** The number a value is or spells; null when it is none. */
function toNumber(value: Scalar): number | null {
  return typeof value === 'string' ? numberOfText(value) : value === null ? null : Number(value)
}

function truncated(value: Scalar): number | null {
  const number = toNumber(value)
  return number === null ? null : Math.trunc(number)
}

function toBoolean(value: Scalar): boolean | null {
  return typeof value === 'string' ? booleanOfText(value) : typeof value === 'number' ? value !== 0 : value
}

/** Choices, comparisons and conversions of values of any type. */
export const logic = [
  define('if_then_else if', 'null boolean any any?', 'any', (test: boolean | null, yes: Scalar, no?: Scalar) =>
    test ? yes : (no ?? null),
  ),
  define('coalesce', 'null any…', 'any', (...list: Scalar[]) => list.find(value => value !== null) ?? null),
  define('isNull', 'null any', 'boolean', (value: Scalar) => value === null),
  define('nullif', 'null any any', 'any', (a: Scalar, b: Scalar) => (compareScalars(a, b) === 0 ? null : a)),
  compared('equalTo', order => order === 0),
  compared('notEqual notEqualTo', order => order !== 0),
  compared('lessThan', order => order < 0),
  compared('lessEqualThan', order => order <= 0),
  compared('greaterThan', order => order > 0),
  compared('greaterEqualThan', order => order >= 0),
  define('not', 'boolean', 'boolean', (value: boolean) => !value),
  define('parseDouble to_real to_number to-number number', 'any', 'number', toNumber),
  define('parseInt parseLong to_int int', 'any', 'number', truncated),
  define('parseBoolean to_bool to-boolean boolean', 'any', 'boolean', toBoolean),
  define('to_string to-string string toString', 'text', 'text', (value: string) => value),
]
