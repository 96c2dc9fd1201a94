import { flipBbox } from '#geo/bbox.js'
import { ewkbBbox, writeEwkb } from '#geo/ewkb.js'
import { boxGeometry } from '../box-geometry.js'
import { entryOf } from '../entry-of.js'
import type { Filter, GeometryLiteral, SpatialFilter } from '../filter.js'
import { FilterError } from '../filter-error.js'
import { namedCrs } from '../named-crs.js'
import { mirroredOperator, someUnits, unitOfLength } from '../spatial-words.js'
import type { Cursor } from './cursor.js'
import { geometryOfWkt } from './geometry-of-wkt.js'
import { takeWkt } from './take-wkt.js'

const relations: Readonly<Record<string, SpatialFilter['operator']>> = {
  intersects: 'intersects',
  disjoint: 'disjoint',
  equals: 'equals',
  touches: 'touches',
  crosses: 'crosses',
  within: 'within',
  contains: 'contains',
  overlaps: 'overlaps',
}

/** A spatial predicate: `INTERSECTS(geom, POINT(1 2))`. Undefined when there is none here. */
export function readSpatial(cursor: Cursor): Filter | undefined {
  const { kind, text } = cursor.peek()
  if (kind !== 'word' || !cursor.isSign('(', 1)) return undefined
  const name = text.toLowerCase()
  const operator = entryOf(relations, name)
  if (!operator && !['bbox', 'dwithin', 'beyond', 'relate'].includes(name)) return undefined
  if (name === 'relate')
    throw new FilterError('unsupported', `RELATE is not computed; there are ${Object.keys(relations).join(', ').toUpperCase()}.`)
  cursor.take()
  cursor.expectSign('(')
  const filter = operator ? readRelation(cursor, operator) : name === 'bbox' ? readBbox(cursor) : readDistance(cursor, name === 'beyond')
  cursor.expectSign(')')
  return filter
}

function readRelation(cursor: Cursor, operator: SpatialFilter['operator']): Filter {
  const { property, geometry, isReversed } = readPair(cursor)
  return { kind: 'spatial', operator: isReversed ? mirroredOperator(operator) : operator, property, geometry }
}

function readDistance(cursor: Cursor, isBeyond: boolean): Filter {
  const { property, geometry } = readPair(cursor)
  cursor.expectSign(',')
  const distance = readNumber(cursor)
  if (!(distance >= 0 && distance <= 1e12)) throw new FilterError('malformed', 'A distance of the CQL filter is negative or too long.')
  cursor.expectSign(',')
  const words: string[] = []
  while (['word', 'text', 'name'].includes(cursor.peek().kind)) words.push(cursor.take().text)
  const asked = words.join(' ')
  const unit = asked === '' ? undefined : unitOfLength(asked)
  if (!unit)
    throw new FilterError('unsupported', `A distance of the CQL filter has the unit “${asked.slice(0, 40)}”; there are ${someUnits}.`)
  return { kind: 'distance', operator: isBeyond ? 'beyond' : 'within', property, geometry, distance, ...unit }
}

/** What meets the box: four numbers and perhaps a system, whose axes are in the order that its name means, or the box around a geometry. */
function readBbox(cursor: Cursor): Filter {
  const property = readProperty(cursor)
  cursor.expectSign(',')
  const meeting = (geometry: GeometryLiteral): Filter => ({ kind: 'spatial', operator: 'intersects', property, geometry })
  const around = tryGeometry(cursor)
  if (around) return meeting({ ...around, wkb: writeEwkb(boxGeometry(ewkbBbox(around.wkb)!)) })
  const [minX, minY, maxX, maxY] = readNumbers(cursor, 4)
  if (!(minX <= maxX && minY <= maxY))
    throw new FilterError(
      'malformed',
      'A BBOX of the CQL filter has its first corner beyond its second; minX, minY, maxX, maxY would work.',
    )
  if (!cursor.takeSign(',')) return meeting({ wkb: writeEwkb(boxGeometry([minX, minY, maxX, maxY])) })
  if (!['text', 'name'].includes(cursor.peek().kind)) cursor.fail('the name of a system in quotes')
  const { crs, isFlipped } = namedCrs(cursor.take().text)
  const box = [minX, minY, maxX, maxY] as const
  return meeting({ wkb: writeEwkb(boxGeometry(isFlipped ? flipBbox(box) : box)), crs: crs.code })
}

/** A column and a geometry, in either order. */
function readPair(cursor: Cursor): { readonly property: string; readonly geometry: GeometryLiteral; readonly isReversed: boolean } {
  const first = tryGeometry(cursor)
  const property = first ? undefined : readProperty(cursor)
  cursor.expectSign(',')
  if (first) return { property: readProperty(cursor), geometry: first, isReversed: true }
  const geometry = tryGeometry(cursor) ?? cursor.fail('a geometry in WKT, such as POINT(1 2),')
  return { property: property!, geometry, isReversed: false }
}

function readProperty(cursor: Cursor): string {
  const { kind, text } = cursor.peek()
  if (kind !== 'name' && kind !== 'word') cursor.fail('the name of a geometry')
  if (cursor.isSign('(', 1))
    throw new FilterError('unsupported', `${text.slice(0, 40)} cannot stand for a geometry in a CQL filter; a geometry in WKT can.`, {
      locator: text,
    })
  return cursor.take().text
}

/** A geometry in WKT, with `SRID=…;` or without, in quotes or without, or CQL's own ENVELOPE; undefined when there is none here. */
function tryGeometry(cursor: Cursor): GeometryLiteral | undefined {
  const start = cursor.peek()
  if (start.kind === 'text') return geometryOfWkt(cursor.take().text)
  if (cursor.isWord('envelope') && cursor.isSign('(', 1)) return readEnvelope(cursor)
  const wkt = takeWkt(cursor)
  return wkt === undefined ? undefined : geometryOfWkt(wkt)
}

/** West, east, north, south (OGC 07-006r1, table 2). */
function readEnvelope(cursor: Cursor): GeometryLiteral {
  cursor.take()
  cursor.expectSign('(')
  const [x1, x2, y1, y2] = readNumbers(cursor, 4)
  cursor.expectSign(')')
  return { wkb: writeEwkb(boxGeometry([Math.min(x1, x2), Math.min(y1, y2), Math.max(x1, x2), Math.max(y1, y2)])) }
}

function readNumbers(cursor: Cursor, count: number): number[] {
  return Array.from({ length: count }, (_, i) => {
    if (i > 0) cursor.expectSign(',')
    return readNumber(cursor)
  })
}

function readNumber(cursor: Cursor): number {
  const sign = cursor.takeSign('-') ? -1 : 1
  cursor.takeSign('+')
  if (cursor.peek().kind !== 'number') cursor.fail('a number')
  const number = sign * Number(cursor.take().text)
  return Number.isFinite(number) ? number : cursor.fail('a number that can be computed with')
}
