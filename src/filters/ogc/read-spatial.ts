import { attributeOf, childOf, childrenOf, textOf, type XmlElement } from '#xml/read.js'
import { entryOf } from '../entry-of.js'
import type { Filter, SpatialFilter } from '../filter.js'
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

/** Of OGC Filter 1.0.0, clause 9, and 1.1.0, clause 9. */
export const spatialOperators: ReadonlySet<string> = new Set(['BBOX', ...Object.keys(relations), 'DWithin', 'Beyond'])

/** Metres in the units that filters name distances in, by name, code or the end of a URI. */
const units: Readonly<Record<string, number>> = {
  m: 1,
  meter: 1,
  meters: 1,
  metre: 1,
  metres: 1,
  km: 1000,
  kilometer: 1000,
  kilometers: 1000,
  kilometre: 1000,
  kilometres: 1000,
  cm: 0.01,
  mm: 0.001,
  ft: 0.3048,
  feet: 0.3048,
  foot: 0.3048,
  'us-ft': 1200 / 3937,
  mi: 1609.344,
  mile: 1609.344,
  miles: 1609.344,
  'statute miles': 1609.344,
  nmi: 1852,
  'nautical miles': 1852,
  yd: 0.9144,
  '9001': 1,
  '9002': 0.3048,
  '9036': 1000,
}

/** `A within B` said the other way round. */
const mirrored: Partial<Record<SpatialFilter['operator'], SpatialFilter['operator']>> = { within: 'contains', contains: 'within' }

/** A spatial operator. BBOX is what meets the box, as the standard says, not what has a box that does. */
export function readSpatial(reading: Reading, element: XmlElement): Filter {
  const isDistance = element.name === 'DWithin' || element.name === 'Beyond'
  const operands = childrenOf(element).filter(({ name }) => !(isDistance && name === 'Distance'))
  const names = operands.filter(({ name }) => name === 'PropertyName')
  const others = operands.filter(({ name }) => name !== 'PropertyName')
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
  return { kind: 'spatial', operator: (isReversed && mirrored[operator]) || operator, property, geometry }
}

function readDistance(element: XmlElement): { readonly distance: number; readonly metresPerUnit?: number } {
  const child = childOf(element, 'Distance') ?? fail(element, 'lacks the element Distance.')
  const text = textOf(child).trim()
  const distance = text === '' ? Number.NaN : Number(text)
  if (!Number.isFinite(distance) || distance < 0 || distance > 1e12)
    fail(child, `wants a number that is not negative, and has “${text.slice(0, 40)}”.`)
  const unit = (attributeOf(child, 'units') ?? attributeOf(child, 'uom') ?? '').trim()
  if (unit === '') return { distance }
  const metresPerUnit = entryOf(units, unit.toLowerCase()) ?? entryOf(units, /[#:/]([\w-]+)$/.exec(unit)?.[1].toLowerCase() ?? '')
  if (metresPerUnit !== undefined) return { distance, metresPerUnit }
  // Degrees and the like: the units of the data.
  if (/^(deg|degree|degrees|unit|units|pixel)$/i.test(unit.replace(/^.*[#:/]/, ''))) return { distance }
  return fail(
    child,
    `has the unit “${unit.slice(0, 40)}”; there are ${Object.keys(units).slice(0, 12).join(', ')}, ft, mi and nmi (in ${nameOf(element)}).`,
    'unsupported',
  )
}
