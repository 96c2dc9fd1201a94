import { addDuration } from '../add-duration.js'
import type { Expression } from '../expression.js'
import type { Filter } from '../filter.js'
import { FilterError } from '../filter-error.js'
import { instantOfText } from '../instants.js'
import { type Period, temporalFilter } from '../temporal.js'
import type { Cursor } from './cursor.js'

/** What follows a value: `BEFORE 2006-11-30T01:30:00Z`, `DURING 2006-11-01T00:00:00Z/P1M`. Undefined when nothing of the kind does. */
export function readTemporal(cursor: Cursor, operand: Expression, value: () => Expression): Filter | undefined {
  const when = () => readPeriod(cursor) ?? instant(value())
  const stretch = () =>
    readPeriod(cursor) ?? cursor.fail('a period such as 2006-11-01T00:00:00Z/2006-12-01T00:00:00Z or 2006-11-01T00:00:00Z/P1M')
  // the longer ones first
  if (cursor.takeWords('before', 'or', 'during')) return { kind: 'compare', operator: '<', left: operand, right: stretch().end }
  if (cursor.takeWords('during', 'or', 'after')) return { kind: 'compare', operator: '>', left: operand, right: stretch().begin }
  if (cursor.takeWords('before')) return temporalFilter('before', operand, when())
  if (cursor.takeWords('after')) return temporalFilter('after', operand, when())
  if (cursor.takeWords('during')) return temporalFilter('during', operand, stretch())
  if (cursor.takeWords('tequals')) return temporalFilter('equals', operand, when())
  return undefined
}

const instant = (moment: Expression): Period => ({ begin: moment, end: moment })
const isTime = (kind: string) => kind === 'moment' || kind === 'duration' || kind === 'text'

/** Two moments, or one and a duration, with `/` between; also as one text in quotes. Throws FilterError for a period that is none. */
function readPeriod(cursor: Cursor): Period | undefined {
  const first = cursor.peek()
  if (first.kind === 'text' && first.text.includes('/')) return periodOf(cursor.take().text)
  if (!isTime(first.kind) || !cursor.isSign('/', 1) || !isTime(cursor.peek(2).kind)) return undefined
  cursor.take()
  cursor.take()
  return periodOf(`${first.text}/${cursor.take().text}`)
}

function periodOf(text: string): Period {
  const [first, second = ''] = text.split('/').map(part => part.trim())
  const begin = /^P/i.test(first) ? addDuration(second, first, -1) : first
  const end = /^P/i.test(second) ? addDuration(first, second, 1) : second
  if (begin === undefined || end === undefined || instantOfText(begin) === null || instantOfText(end) === null)
    throw new FilterError('malformed', `${JSON.stringify(text.slice(0, 60))} is no period; 2006-11-01T00:00:00Z/P1M would be.`)
  return { begin: { kind: 'literal', value: begin }, end: { kind: 'literal', value: end } }
}
