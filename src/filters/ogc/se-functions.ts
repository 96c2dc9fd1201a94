import { attributeOf, childOf, childrenOf, type XmlElement } from '#xml/read.js'
import type { Expression } from '../expression.js'
import { constantOf, interpolation, recode, step } from './named-function.js'
import { fail, located } from './reading.js'

type Read = (element: XmlElement) => Expression

const literal = (value: string | number): Expression => ({ kind: 'literal', value })
const call = (name: string, ...args: Expression[]): Expression => ({ kind: 'call', name, args })

/** A function of SE 1.1.0 (OGC 05-077r4, 11.6), its parameters read by `read`; undefined when the element is none. Throws FilterError. */
export function seFunction(element: XmlElement, read: Read): Expression | undefined {
  const build = Object.hasOwn(functions, element.name) ? functions[element.name] : undefined
  if (!build) return undefined
  const value = located(element, () => build(element, read))
  const fallback = attributeOf(element, 'fallbackValue')
  return fallback === undefined || fallback === '' ? value : call('coalesce', value, literal(fallback))
}

function needed(element: XmlElement, name: string, read: Read): Expression {
  return read(childOf(element, name) ?? fail(element, `lacks the element ${name}.`))
}

function maybe(element: XmlElement, name: string, read: Read): Expression | undefined {
  const child = childOf(element, name)
  return child && read(child)
}

/** Words of the pattern of a date as SE has them (11.6.1.3), as the table of functions has them. */
const datePattern = (pattern: string) => pattern.replace(/YYYY/g, 'yyyy').replace(/YY/g, 'yy').replace(/DD/g, 'dd').replace(/hh/g, 'HH')

const functions: Readonly<Record<string, (element: XmlElement, read: Read) => Expression>> = {
  FormatNumber(element, read) {
    const point = attributeOf(element, 'decimalPoint') ?? '.'
    const separator = attributeOf(element, 'groupingSeparator') ?? ','
    const negative = maybe(element, 'NegativePattern', read)
    return call(
      'numberFormat',
      needed(element, 'Pattern', read),
      needed(element, 'NumericValue', read),
      literal(point),
      literal(separator),
      ...(negative ? [negative] : []),
    )
  },
  FormatDate(element, read) {
    const pattern = String(constantOf('FormatDate', needed(element, 'Pattern', read)))
    return call('dateFormat', literal(datePattern(pattern)), needed(element, 'DateValue', read))
  },
  Substring(element, read) {
    const [position, length] = [maybe(element, 'Position', read), maybe(element, 'Length', read)]
    return call('substr', needed(element, 'StringValue', read), position ?? literal(1), ...(length ? [length] : []))
  },
  Concatenate(element, read) {
    const parts = childrenOf(element, 'StringValue').map(read)
    return parts.length ? call('concat', ...parts) : fail(element, 'lacks the element StringValue.')
  },
  ChangeCase(element, read) {
    const isLower = attributeOf(element, 'direction') === 'toLower'
    return call(isLower ? 'lower' : 'upper', needed(element, 'StringValue', read))
  },
  Trim(element, read) {
    const from = attributeOf(element, 'stripOffPosition') ?? 'leading'
    const name = from === 'both' ? 'trim' : from === 'trailing' ? 'rtrim' : 'ltrim'
    return call(name, needed(element, 'StringValue', read), literal(attributeOf(element, 'stripOffChar') || ' '))
  },
  StringPosition(element, read) {
    const [text, part] = [needed(element, 'StringValue', read), needed(element, 'LookupString', read)]
    if (attributeOf(element, 'searchDirection') !== 'backToFront') return call('strpos', text, part)
    return call('+', call('strLastIndexOf', text, part), literal(1))
  },
  StringLength: (element, read) => call('strLength', needed(element, 'StringValue', read)),
  Recode(element, read) {
    const entries = childrenOf(element, 'MapItem').map(item => {
      return [constantOf('Recode', needed(item, 'Data', read)), needed(item, 'Value', read)] as const
    })
    return recode(needed(element, 'LookupValue', read), entries)
  },
  Categorize(element, read) {
    const values = childrenOf(element, 'Value').map(read)
    const thresholds = childrenOf(element, 'Threshold').map(child => constantOf('Categorize', read(child)))
    if (values.length !== thresholds.length + 1)
      fail(
        element,
        `has ${values.length} values and ${thresholds.length} thresholds; a value is wanted before, between and after thresholds.`,
      )
    const steps = thresholds.map((threshold, i) => [threshold, values[i + 1]] as const)
    // The schema of SE 1.1.0 misspells the attribute.
    const belongsTo = attributeOf(element, 'thresholdsBelongTo') ?? attributeOf(element, 'threshholdsBelongTo')
    return step(needed(element, 'LookupValue', read), values[0], steps, belongsTo === 'preceding')
  },
  Interpolate(element, read) {
    const stops = childrenOf(element, 'InterpolationPoint').map(item => {
      return [constantOf('Interpolate', needed(item, 'Data', read)), needed(item, 'Value', read)] as const
    })
    const of = attributeOf(element, 'method') === 'color' ? 'color' : 'number'
    return interpolation(needed(element, 'LookupValue', read), stops, of, attributeOf(element, 'mode') ?? 'linear')
  },
}
