import type { Geometry, GeometryKind } from '#geo/geometry.js'
import { settleHeights } from '#geo/settle-heights.js'
import { childrenOf, textOf, type XmlElement } from '#xml/read.js'
import { printable } from '../column-names.js'

/** What is wrong with a geometry, for people. */
export class KmlFault extends Error {}

/** Deeper than any real collection. */
const deepest = 12

/**
 * A geometry element (OGC 07-147r2, 10; tracks of Google's extension) with heights where it has some; undefined for what is no geometry, `left-out` for one
 * that is not read. Throws `KmlFault`.
 */
export function kmlGeometry(element: XmlElement): Geometry | 'left-out' | undefined {
  if (element.name === 'Model') return 'left-out'
  const geometry = read(element, 0)
  return geometry && settleHeights(geometry)
}

function read(element: XmlElement, depth: number): Geometry | undefined {
  if (depth > deepest) throw new KmlFault(`the geometry is nested deeper than ${deepest} levels`)
  switch (element.name) {
    case 'Point':
      return { kind: 'Point', dimensions: 'xyz', coordinates: positionsIn(element).subarray(0, 3) }
    case 'LineString':
    case 'LinearRing':
      return { kind: 'LineString', dimensions: 'xyz', coordinates: positionsIn(element) }
    case 'Polygon':
      return { kind: 'Polygon', dimensions: 'xyz', rings: ringsOf(element) }
    case 'MultiGeometry':
    case 'MultiTrack':
      return multiple(childrenOf(element).flatMap(child => read(child, depth + 1) ?? []))
    case 'Track':
      return { kind: 'LineString', dimensions: 'xyz', coordinates: trackOf(element) }
    default:
      return undefined
  }
}

function ringsOf(polygon: XmlElement): Float64Array[] {
  const boundaries = ['outerBoundaryIs', 'innerBoundaryIs'].flatMap(name => childrenOf(polygon, name))
  return boundaries
    .flatMap(boundary => childrenOf(boundary, 'LinearRing').map(ring => closed(positionsIn(ring))))
    .filter(({ length }) => length > 0)
}

/** The ring with its first position at its end, too: old programs leave that out. */
function closed(ring: Float64Array): Float64Array {
  const isClosed = ring.length === 0 || (ring[0] === ring.at(-3) && ring[1] === ring.at(-2))
  return isClosed ? ring : Float64Array.from([...ring, ...ring.subarray(0, 3)])
}

function multiple(parts: readonly Geometry[]): Geometry {
  const [first] = parts
  const kind = first ? kinds[first.kind] : undefined
  return { kind: kind && parts.every(part => part.kind === first.kind) ? kind : 'GeometryCollection', dimensions: 'xyz', parts }
}

const kinds: Partial<Record<GeometryKind, 'MultiPoint' | 'MultiLineString' | 'MultiPolygon'>> = {
  Point: 'MultiPoint',
  LineString: 'MultiLineString',
  Polygon: 'MultiPolygon',
}

/** Tuples of longitude, latitude and height, which may be missing: NaN then. Spaces behind commas are no rule, but happen. */
function positionsIn(element: XmlElement): Float64Array {
  const text = childrenOf(element, 'coordinates').map(textOf).join(' ').trim()
  if (text === '') return new Float64Array(0)
  const tuples = text.replace(/\s*,\s*/g, ',').split(/\s+/)
  const positions = new Float64Array(tuples.length * 3)
  for (const [i, tuple] of tuples.entries()) putPosition(positions, i, tuple, tuple.split(','))
  return positions
}

function trackOf(track: XmlElement): Float64Array {
  const tuples = childrenOf(track, 'coord').map(textOf)
  const positions = new Float64Array(tuples.length * 3)
  for (const [i, tuple] of tuples.entries()) putPosition(positions, i, tuple, tuple.trim().split(/\s+/))
  return positions
}

function putPosition(positions: Float64Array, index: number, text: string, parts: readonly string[]): void {
  const [x, y, z = ''] = parts
  const numbers = [x, y, ...(z === '' ? [] : [z])].map(part => (part === undefined || part === '' ? Number.NaN : Number(part)))
  if (parts.length > 3 || !numbers.every(Number.isFinite))
    throw new KmlFault(`“${printable(text)}” stands where longitude,latitude,height is expected.`)
  positions.set([numbers[0], numbers[1], numbers[2] ?? Number.NaN], 3 * index)
}
