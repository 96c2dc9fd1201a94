import { attributeOf, childrenOf, readXml, textOf, type XmlElement, XmlError } from '#xml/read.js'
import { entryOf } from '../entry-of.js'
import type { Comparison, Filter } from '../filter.js'
import { FilterError } from '../filter-error.js'
import { likeParts } from '../like-parts.js'
import type { TemporalOperator } from '../temporal.js'
import { elementsOf, readExpression, readLiteralText } from './read-expression.js'
import { readSpatial, spatialOperators } from './read-spatial.js'
import { readTemporal, temporalOperators } from './read-temporal.js'
import { beginReading, enter, fail, nameOf, type OgcOptions, type Reading } from './reading.js'

/**
 * Reads a document whose root is a Filter of OGC Filter 1.0.0 (OGC 02-059), 1.1.0 (OGC 04-095) or FES 2.0 (OGC 09-026r2); all are read by one grammar,
 * elements by their local names. Names stay as they are written, and geometries in the system they name: `settleFilter` brings both to a table. Throws
 * FilterError.
 */
export function parseFilter(document: Uint8Array | string, options: OgcOptions = {}): Filter {
  try {
    return parseFilterElement(readXml(document), options)
  } catch (error) {
    if (error instanceof XmlError) throw new FilterError(error.kind, error.message)
    throw error
  }
}

/** As `parseFilter`, of an element that was read already: a Filter, or one of its operators. */
export function parseFilterElement(element: XmlElement, options: OgcOptions = {}): Filter {
  return readFilter(beginReading(options), element, 0)
}

const comparisons: Readonly<Record<string, Comparison['operator']>> = {
  PropertyIsEqualTo: '=',
  PropertyIsNotEqualTo: '<>',
  PropertyIsLessThan: '<',
  PropertyIsLessThanOrEqualTo: '<=',
  PropertyIsGreaterThan: '>',
  PropertyIsGreaterThanOrEqualTo: '>=',
}

/** Of PropertyIsLike. */
const longestPattern = 10_000

const idAttributes: Readonly<Record<string, string>> = { FeatureId: 'fid', GmlObjectId: 'id', ResourceId: 'rid' }

/** A Filter element or an operator, `depth` levels down. */
export function readFilter(reading: Reading, element: XmlElement, depth: number): Filter {
  if (element.name === 'Filter') return readRoot(reading, element, depth)
  enter(reading, element, depth)
  const operator = entryOf(comparisons, element.name)
  if (operator) return readComparison(reading, element, operator, depth)
  if (spatialOperators.has(element.name)) return readSpatial(reading, element)
  const temporal = entryOf<TemporalOperator>(temporalOperators, element.name)
  if (temporal) return readTemporal(reading, element, temporal, depth)
  const parts = () => childrenOf(element).map(child => readFilter(reading, child, depth + 1))
  switch (element.name) {
    case 'And':
      return { kind: 'and', all: atLeastOne(element, parts()) }
    case 'Or':
      return { kind: 'or', any: atLeastOne(element, parts()) }
    case 'Not': {
      const inner = atLeastOne(element, parts())
      return inner.length === 1
        ? { kind: 'not', filter: inner[0] }
        : fail(element, 'negates one operator; put several into an And or an Or.')
    }
    // a table knows of one kind of nothing
    case 'PropertyIsNil':
    case 'PropertyIsNull': {
      const [operand] = elementsOf(element, 1)
      return { kind: 'isNull', operand: readExpression(reading, operand, depth + 1) }
    }
    case 'PropertyIsBetween':
      return readBetween(reading, element, depth)
    case 'PropertyIsLike':
      return readLike(reading, element, depth)
    case 'FeatureId':
    case 'GmlObjectId':
    case 'ResourceId':
      return { kind: 'ids', ids: [idOf(element)] }
    default:
      return fail(
        element,
        `is no operator of a filter; there are ${[...Object.keys(comparisons), ...spatialOperators, ...Object.keys(temporalOperators)].join(', ')}, PropertyIsLike, PropertyIsNull, PropertyIsNil, PropertyIsBetween, And, Or, Not, FeatureId, GmlObjectId and ResourceId.`,
      )
  }
}

function readRoot(reading: Reading, element: XmlElement, depth: number): Filter {
  const children = childrenOf(element)
  const others = children.filter(({ name }) => !Object.hasOwn(idAttributes, name))
  if (children.length === 0) fail(element, 'is empty; leave it out to ask for all features.')
  if (others.length > 1) fail(element, `holds ${others.length} operators; put them into an And or an Or.`)
  if (others.length === 1 && children.length > 1) fail(element, 'mixes ids with operators; ask for one or the other.')
  if (others.length === 1) return readFilter(reading, others[0], depth + 1)
  for (const child of children) enter(reading, child, depth + 1)
  return { kind: 'ids', ids: children.map(idOf) }
}

function idOf(element: XmlElement): string {
  const name = idAttributes[element.name]
  // The id of a GmlObjectId is in the namespace of GML.
  const id = element.attributes.find(attribute => attribute.name === name)?.value.trim()
  return id || fail(element, `has no ${name === 'id' ? 'gml:id' : name}.`)
}

function atLeastOne(element: XmlElement, parts: readonly Filter[]): readonly Filter[] {
  return parts.length ? parts : fail(element, 'holds no operator.')
}

const ignoring = (element: XmlElement) =>
  /^(false|0)$/i.test(attributeOf(element, 'matchCase')?.trim() ?? '') ? { ignoresCase: true } : {}

function readComparison(reading: Reading, element: XmlElement, operator: Comparison['operator'], depth: number): Filter {
  const [left, right] = elementsOf(element, 2)
  return {
    kind: 'compare',
    operator,
    left: readExpression(reading, left, depth + 1),
    right: readExpression(reading, right, depth + 1),
    ...ignoring(element),
  }
}

function readBetween(reading: Reading, element: XmlElement, depth: number): Filter {
  const [operand, lower, upper] = elementsOf(element, 3)
  const boundary = (one: XmlElement, name: string) => {
    if (one.name !== name)
      fail(element, `holds ${nameOf(one)} where ${name} is expected: an expression, then LowerBoundary and UpperBoundary.`)
    return readExpression(reading, elementsOf(one, 1)[0], depth + 1)
  }
  return {
    kind: 'between',
    operand: readExpression(reading, operand, depth + 1),
    lower: boundary(lower, 'LowerBoundary'),
    upper: boundary(upper, 'UpperBoundary'),
  }
}

function readLike(reading: Reading, element: XmlElement, depth: number): Filter {
  const [operand, pattern] = elementsOf(element, 2)
  if (pattern.name !== 'Literal' || childrenOf(pattern).length) fail(element, 'wants a Literal with the pattern as its second operand.')
  const sign = (...names: string[]) => names.map(name => attributeOf(element, name)).find(value => value !== undefined)
  const [many, one, literal] = [sign('wildCard'), sign('singleChar'), sign('escapeChar', 'escape')]
  if (many === undefined) fail(element, 'lacks the attribute wildCard, e.g. wildCard="*" singleChar="." escapeChar="!".')
  const text = readLiteralText(textOf(pattern))
  if (text.length > longestPattern) fail(pattern, `is a pattern of more than the ${longestPattern} characters allowed here.`, 'too-large')
  return {
    kind: 'like',
    operand: readExpression(reading, operand, depth + 1),
    pattern: likeParts(text, { many, one: one ?? '', literal: literal ?? '' }),
    ...ignoring(element),
  }
}
