import type { Literal } from '../expression.js'
import { FilterError } from '../filter-error.js'

/** A number as it is written, exact: integers that no double holds stay texts. Throws FilterError for one beyond all doubles. */
export function numberLiteral(text: string): Literal {
  const value = Number(text)
  if (!Number.isFinite(value)) throw new FilterError('malformed', `${text.slice(0, 40)} is a number beyond what can be computed with.`)
  return Number.isInteger(value) && !Number.isSafeInteger(value) && /^-?\d{1,100}$/.test(text)
    ? { kind: 'literal', value: text, type: 'number' }
    : { kind: 'literal', value }
}
