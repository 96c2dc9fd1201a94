import type { Scalar } from './expression.js'
import { booleanOfText, compareDoubles, numberOfText } from './numbers.js'
import { compareTexts, lowerCase } from './texts.js'

/**
 * The order of two values whose types are known only now: as numbers when one is a number, as booleans when one is a boolean, else as texts.
 * Null when one is null or cannot be what the other is.
 */
export function compareScalars(a: Scalar, b: Scalar, ignoresCase = false): number | null {
  if (a === null || b === null) return null
  if (typeof a === 'number' || typeof b === 'number') {
    const [x, y] = [numberOf(a), numberOf(b)]
    return x === null || y === null ? null : compareDoubles(x, y)
  }
  if (typeof a === 'boolean' || typeof b === 'boolean') {
    const [x, y] = [typeof a === 'string' ? booleanOfText(a) : a, typeof b === 'string' ? booleanOfText(b) : b]
    return x === null || y === null ? null : Number(x) - Number(y)
  }
  return ignoresCase ? compareTexts(lowerCase(a), lowerCase(b)) : compareTexts(a, b)
}

const numberOf = (value: string | number | boolean) => (typeof value === 'string' ? numberOfText(value) : Number(value))
