import { attributeOf, childOf, childrenOf, textOf, type XmlElement } from '#xml/read.js'
import type { Filter, SpatialFilter } from '../filter.js'
import { mirroredOperator, someUnits, unitOfLength } from '../spatial-words.js'
import { readGmlGeometry } from './read-gml.js'
import { fail, nameOf, type Reading } from './reading.js'

const relations: Readonly<Record<string, SpatialFilter['operator']>> = {
  Equals: 'equals',
  Disjoint: 'disjoint',
  Touches: 'touches',
  Within: 'within',
  Overlaps: 'overlaps',
  Crosses: 'crosses',
  Intersects: 'intersects',
  Contains: 'contains',
}

/** Of OGC Filter 1.0.0, clause 9, 1.1.0, clause 9, and FES 2.0, 7.8. */
export const spatialOperators: ReadonlySet<string> = new Set(['BBOX', ...Object.keys(relations), 'DWithin', 'Beyond'])

/** FES lets a geometry stand in a Literal. */
function unwrapped(operand: XmlElement): XmlElement {
  const [inner] = operand.name === 'Literal' ? childrenOf(operand) : []
  return inner ?? operand
}

/** A spatial operator. BBOX is what meets the box, as the standard says, not what has a box that does. */
export function readSpatial(reading: Reading, element: XmlElement): Filter {
  const isDistance = element.name === 'DWithin' || element.name === 'Beyond'
  const operands = childrenOf(element).filter(({ name }) => !(isDistance && name === 'Distance'))
  const isName = ({ name }: XmlElement) => name === 'PropertyName' || name === 'ValueReference'
  const names = operands.filter(isName)
  const others = operands.filter(one => !isName(one)).map(unwrapped)
  if (names.length > 1) fail(element, 'compares two properties; one property and one geometry are read here.', 'unsupported')
  if (others.length !== 1) fail(element, `wants a PropertyName and one geometry and has ${others.length} geometries.`)
  if (names.length === 0 && element.name !== 'BBOX') fail(element, 'lacks a PropertyName.')
  if (others[0].name === 'Function') fail(others[0], 'cannot stand for a geometry here; write the geometry in GML.', 'unsupported')
  const property = names[0] ? textOf(names[0]).trim() : ''
  const geometry = readGmlGeometry(reading, others[0])
  if (isDistance) {
    const operator = element.name === 'DWithin' ? 'within' : 'beyond'
    return { kind: 'distance', operator, property, geometry, ...readDistance(element) }
  }
  if (element.name === 'BBOX') return { kind: 'spatial', operator: 'intersects', property, geometry }
  const operator = relations[element.name]
  const isReversed = operands[0] !== names[0]
  return { kind: 'spatial', operator: isReversed ? mirroredOperator(operator) : operator, property, geometry }
}

function readDistance(element: XmlElement): { readonly distance: number; readonly metresPerUnit?: number } {
  const child = childOf(element, 'Distance') ?? fail(element, 'lacks the element Distance.')
  const text = textOf(child).trim()
  const distance = text === '' ? Number.NaN : Number(text)
  if (!Number.isFinite(distance) || distance < 0 || distance > 1e12)
    fail(child, `wants a number that is not negative, and has “${text.slice(0, 40)}”.`)
  const unit = (attributeOf(child, 'units') ?? attributeOf(child, 'uom') ?? '').trim()
  const known = unitOfLength(unit)
  if (known) return { distance, ...known }
  return fail(child, `has the unit “${unit.slice(0, 40)}”; there are ${someUnits} (in ${nameOf(element)}).`, 'unsupported')
}
