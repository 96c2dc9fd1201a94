import type { Expression } from '#filters/expression.js'
import type { Filter } from '#filters/filter.js'
import { FilterError } from '#filters/filter-error.js'
import { parseFilterElement } from '#filters/ogc/parse-filter.js'
import { parseExpressionElement } from '#filters/ogc/read-expression.js'
import type { XmlElement } from '#xml/read.js'
import { StyleError } from '../style-error.js'
import { type Reading, takeWhole } from './reading.js'

/** The filter of a Filter element (OGC 02-059, 04-095). Throws StyleError. */
export function readFilter(reading: Reading, element: XmlElement): Filter {
  takeWhole(reading, element)
  return asOfStyle(() => parseFilterElement(element))
}

/** What an expression element computes: of OGC Filter, or of SE 1.1.0. Throws StyleError. */
export function readExpression(reading: Reading, element: XmlElement): Expression {
  takeWhole(reading, element)
  return asOfStyle(() => parseExpressionElement(element))
}

function asOfStyle<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof FilterError)) throw error
    // Both begin with the line.
    throw new StyleError(error.message.replace(/^Line \d+: /, ''), error.line)
  }
}
