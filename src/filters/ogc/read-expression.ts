import { attributeOf, childrenOf, textOf, type XmlElement } from '#xml/read.js'
import { entryOf } from '../entry-of.js'
import type { Expression } from '../expression.js'
import { functionCall } from './named-function.js'
import { beginReading, enter, fail, located, nameOf, type OgcOptions, type Reading } from './reading.js'
import { seFunction } from './se-functions.js'

/**
 * An expression of OGC Filter 1.0.0 or 1.1.0 (PropertyName, Literal, Add, Sub, Mul, Div, Function) or FES 2.0 (ValueReference, Literal, Function), or a function of SE 1.1.0 (OGC 05-077r4,
 * 11.6). Throws FilterError.
 */
export function parseExpressionElement(element: XmlElement, options: OgcOptions = {}): Expression {
  return readExpression(beginReading(options), element, 0)
}

const arithmetic: Readonly<Record<string, string>> = { Add: '+', Sub: '-', Mul: '*', Div: '/' }

/** Longest name of a column. */
const longestName = 500

/** An expression `depth` levels down. Throws FilterError. */
export function readExpression(reading: Reading, element: XmlElement, depth: number): Expression {
  enter(reading, element, depth)
  const operator = entryOf(arithmetic, element.name)
  if (operator)
    return { kind: 'call', name: operator, args: elementsOf(element, 2).map(child => readExpression(reading, child, depth + 1)) }
  switch (element.name) {
    case 'ValueReference':
    case 'PropertyName': {
      const name = textOf(element).trim()
      if (name === '') fail(element, 'names no property.')
      if (name.length > longestName || childrenOf(element).length)
        fail(element, 'wants the name of a property, with a prefix or a path if need be.')
      return { kind: 'property', name }
    }
    case 'Literal': {
      const [child] = childrenOf(element)
      if (child)
        fail(
          element,
          `holds the element ${nameOf(child)}; a text, a number, a date or a truth value is expected. Geometries belong into spatial operators.`,
        )
      return { kind: 'literal', value: readLiteralText(textOf(element)) }
    }
    case 'Function':
      return readFunction(reading, element, depth)
    default:
      return (
        seFunction(element, child => readParameter(reading, child, depth + 1)) ??
        fail(
          element,
          'is no expression; there are PropertyName, ValueReference, Literal, Add, Sub, Mul, Div, Function and the functions of SE 1.1.',
        )
      )
  }
}

function readFunction(reading: Reading, element: XmlElement, depth: number): Expression {
  const name = attributeOf(element, 'name')?.trim()
  if (!name) fail(element, 'has no name.')
  const args = childrenOf(element).map(child => readExpression(reading, child, depth + 1))
  return located(element, () => functionCall(name, args))
}

/** Text and expressions one after the other, as parameters of SE have them: what they make together. */
export function readParameter(reading: Reading, element: XmlElement, depth: number): Expression {
  const parts = element.content.flatMap((item): Expression[] => {
    if (typeof item !== 'string') return [readExpression(reading, item, depth)]
    return item.trim() === '' ? [] : [{ kind: 'literal', value: readLiteralText(item) }]
  })
  if (parts.length === 0) return { kind: 'literal', value: readLiteralText(textOf(element)) }
  return parts.length === 1 ? parts[0] : { kind: 'call', name: 'concat', args: parts }
}

/** The text of a literal; white space around it is layout when it breaks the line. */
export function readLiteralText(text: string): string {
  const isSpace = (at: number) => ' \t\r\n'.includes(text[at])
  let [start, end] = [0, text.length]
  while (start < end && isSpace(start)) start++
  while (end > start && isSpace(end - 1)) end--
  const breaks = (space: string) => /[\r\n]/.test(space)
  return text.slice(breaks(text.slice(0, start)) ? start : 0, breaks(text.slice(end)) ? end : text.length)
}

/** The child elements, as many as there must be. */
export function elementsOf(element: XmlElement, count: number): readonly XmlElement[] {
  const children = childrenOf(element)
  return children.length === count
    ? children
    : fail(element, `wants ${count} ${count === 1 ? 'element' : 'elements'} inside and has ${children.length}.`)
}
