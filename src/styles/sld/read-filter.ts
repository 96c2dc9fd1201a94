import type { Expression, Scalar } from '#filters/expression.js'
import type { Filter, LikePart } from '#filters/filter.js'
import { attributeOf, childrenOf, textOf, type XmlElement } from '#xml/read.js'
import { type Reading, refuse, takeWhole } from './reading.js'

/** The filter of a Filter element (OGC 02-059, 04-095). The seam to `#filters`; throws StyleError. */
export function readFilter(reading: Reading, element: XmlElement): Filter {
  takeWhole(reading, element)
  const inner = childrenOf(element)
  if (inner.length === 0) refuse(element, 'holds no condition; leave it out where every feature is meant')
  if (inner.every(({ name }) => name === 'FeatureId' || name === 'GmlObjectId'))
    return { kind: 'ids', ids: inner.map(id => id.attributes.find(({ name }) => name === 'fid' || name === 'id')?.value ?? '') }
  return condition(inner[0])
}

/** An expression element; throws StyleError. */
export function readExpression(reading: Reading, element: XmlElement): Expression {
  takeWhole(reading, element)
  return expression(element)
}

const comparisons: Readonly<Record<string, '=' | '<>' | '<' | '<=' | '>' | '>='>> = {
  PropertyIsEqualTo: '=',
  PropertyIsNotEqualTo: '<>',
  PropertyIsLessThan: '<',
  PropertyIsLessThanOrEqualTo: '<=',
  PropertyIsGreaterThan: '>',
  PropertyIsGreaterThanOrEqualTo: '>=',
}

function condition(element: XmlElement): Filter {
  const children = childrenOf(element)
  const operator = comparisons[element.name]
  if (operator) {
    const ignoresCase = attributeOf(element, 'matchCase') === 'false'
    return {
      kind: 'compare',
      operator,
      left: expression(children[0] ?? refuse(element, 'wants two expressions')),
      right: expression(children[1] ?? refuse(element, 'wants two expressions')),
      ...(ignoresCase && { ignoresCase }),
    }
  }
  switch (element.name) {
    case 'And':
      return { kind: 'and', all: children.map(condition) }
    case 'Or':
      return { kind: 'or', any: children.map(condition) }
    case 'Not':
      return { kind: 'not', filter: condition(children[0] ?? refuse(element, 'wants a condition')) }
    case 'PropertyIsNull':
      return { kind: 'isNull', operand: expression(children[0]) }
    case 'PropertyIsBetween':
      return {
        kind: 'between',
        operand: expression(children[0]),
        lower: expression(childrenOf(children[1])[0]),
        upper: expression(childrenOf(children[2])[0]),
      }
    case 'PropertyIsLike':
      return { kind: 'like', operand: expression(children[0]), pattern: likeParts(element, textOf(children[1])) }
    default:
      return refuse(element, 'is no condition that is read here')
  }
}

function likeParts(element: XmlElement, text: string): LikePart[] {
  const of = (...names: string[]) => names.map(name => attributeOf(element, name)).find(value => value !== undefined)
  const [many, one, escaping] = [of('wildCard') ?? '*', of('singleChar') ?? '?', of('escape', 'escapeChar') ?? '\\']
  const parts: LikePart[] = []
  const add = (character: string) => {
    if (typeof parts.at(-1) === 'string') parts[parts.length - 1] += character
    else parts.push(character)
  }
  for (let i = 0; i < text.length; i++) {
    if (text[i] === escaping) add(text[++i] ?? '')
    else if (text[i] === many) parts.push({ any: 'many' })
    else if (text[i] === one) parts.push({ any: 'one' })
    else add(text[i])
  }
  return parts
}

const arithmetic: Readonly<Record<string, string>> = { Add: '+', Sub: '-', Mul: '*', Div: '/' }

function expression(element: XmlElement): Expression {
  if (!element) throw new TypeError('an operand is missing')
  if (element.name === 'Literal') return { kind: 'literal', value: scalar(textOf(element)) }
  if (element.name === 'PropertyName') return { kind: 'property', name: textOf(element).trim() }
  const name = arithmetic[element.name] ?? (element.name === 'Function' ? attributeOf(element, 'name') : undefined)
  if (name === undefined) return refuse(element, 'is no expression that is read here')
  return { kind: 'call', name, args: childrenOf(element).map(expression) }
}

function scalar(text: string): Scalar {
  const trimmed = text.trim()
  return trimmed !== '' && String(Number(trimmed)) === trimmed ? Number(trimmed) : text
}
