import type { Expression } from '#filters/expression.js'
import type { Filter } from '#filters/filter.js'
import { FilterError } from '#filters/filter-error.js'
import { parseFilterElement } from '#filters/ogc/parse-filter.js'
import { parseExpressionElement } from '#filters/ogc/read-expression.js'
import type { XmlElement } from '#xml/read.js'
import { StyleError } from '../style-error.js'
import { type Reading, takeWhole } from './reading.js'

/** The filter of a Filter element (OGC 02-059, 04-095); throws StyleError. */
export function readFilter(reading: Reading, element: XmlElement): Filter {
  takeWhole(reading, element)
  return asStyleError(() => parseFilterElement(element))
}

/** An expression element, functions of SE among them; throws StyleError. */
export function readExpression(reading: Reading, element: XmlElement): Expression {
  takeWhole(reading, element)
  return asStyleError(() => parseExpressionElement(element))
}

function asStyleError<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw error instanceof FilterError ? new StyleError(error.message.replace(/^Line \d+: /, ''), error.line) : error
  }
}
