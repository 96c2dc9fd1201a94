import { childOf, childrenOf, textOf, type XmlElement } from '#xml/read.js'
import { addDuration } from '../add-duration.js'
import type { Expression } from '../expression.js'
import type { Filter } from '../filter.js'
import { type Period, type TemporalOperator, temporalFilter } from '../temporal.js'
import { elementsOf, readExpression } from './read-expression.js'
import { enter, fail, nameOf, type Reading } from './reading.js'

/** Of FES 2.0 (OGC 09-026r2, 7.9), as far as they can be true for a moment. */
export const temporalOperators = {
  After: 'after',
  Before: 'before',
  Begins: 'begins',
  Ends: 'ends',
  During: 'during',
  TEquals: 'equals',
  AnyInteracts: 'any-interacts',
} as const satisfies Readonly<Record<string, TemporalOperator>>

/** A temporal operator: a property, then a TimeInstant, a TimePeriod or an expression. */
export function readTemporal(reading: Reading, element: XmlElement, operator: TemporalOperator, depth: number): Filter {
  const [operand, when] = elementsOf(element, 2)
  const period = periodIn(reading, when, depth + 1)
  const isPeriod = period.begin !== period.end
  if (!isPeriod && ['during', 'begins', 'ends'].includes(operator)) fail(element, 'wants a gml:TimePeriod.')
  return temporalFilter(operator, readExpression(reading, operand, depth + 1), period)
}

function periodIn(reading: Reading, element: XmlElement, depth: number): Period {
  // FES wraps what is not its own into a Literal; its own examples do not
  const [inner] = element.name === 'Literal' ? childrenOf(element) : []
  if (inner) return periodIn(reading, inner, depth)
  if (element.name !== 'TimeInstant' && element.name !== 'TimePeriod') {
    const moment = readExpression(reading, element, depth)
    return { begin: moment, end: moment }
  }
  enter(reading, element, depth)
  if (element.name === 'TimeInstant') {
    const moment = literal(positionIn(element))
    return { begin: moment, end: moment }
  }
  const [begin, end] = [endOf(element, 'begin'), endOf(element, 'end')]
  const duration = textOf(childOf(element, 'duration') ?? element).trim()
  const first = begin ?? (end && addDuration(end, duration, -1))
  const last = end ?? (begin && addDuration(begin, duration, 1))
  if (first === undefined || last === undefined)
    fail(element, 'lacks its beginning or its end: beginPosition and endPosition would say both.')
  return { begin: literal(first), end: literal(last) }
}

const literal = (value: string): Expression => ({ kind: 'literal', value })

/** `beginPosition`, or `begin` with a TimeInstant. */
function endOf(period: XmlElement, name: 'begin' | 'end'): string | undefined {
  const position = childOf(period, `${name}Position`)
  if (position) return textOf(position).trim()
  const wrapper = childOf(period, name)
  const instant = wrapper && childOf(wrapper, 'TimeInstant')
  return instant && positionIn(instant)
}

function positionIn(instant: XmlElement): string {
  const position = childOf(instant, 'timePosition') ?? fail(instant, `lacks the element timePosition (in ${nameOf(instant)}).`)
  return textOf(position).trim()
}
