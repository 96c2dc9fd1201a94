import type { Expression } from '../expression.js'
import { FilterError } from '../filter-error.js'
import { instantOfText } from '../instants.js'

const forms = { date: /^\d{4}-\d\d-\d\d$/, timestamp: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/ } as const
const examples = { date: '2024-02-29', timestamp: '2024-02-29T12:00:00Z' } as const

/** A date or a timestamp (RFC 3339) as a literal. Throws FilterError for what is none, or no day of the calendar. */
export function moment(type: 'date' | 'timestamp', text: string): Expression {
  if (forms[type].test(text) && instantOfText(text) !== null) return { kind: 'literal', value: text, type }
  throw new FilterError('malformed', `${JSON.stringify(text.slice(0, 60))} is no ${type}; ${examples[type]} would be.`)
}

/** An end of an interval that is written out: a date, a timestamp, or `..`, which is undefined. Throws FilterError. */
export function endOfInterval(text: string): Expression | undefined {
  return text === '..' ? undefined : moment(forms.date.test(text) ? 'date' : 'timestamp', text)
}

/** Throws FilterError for an interval that is written out and ends before it begins. */
export function checkOrder(begin: Expression | undefined, end: Expression | undefined): void {
  if (begin?.kind !== 'literal' || end?.kind !== 'literal') return
  const [first, last] = [begin, end].map(({ value }) => instantOfText(String(value)))
  if (first !== null && last !== null && first > last)
    throw new FilterError('malformed', `The interval from ${begin.value} to ${end.value} ends before it begins.`)
}
