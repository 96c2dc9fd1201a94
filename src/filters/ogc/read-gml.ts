import type { CrsName } from '#geo/crs-name.js'
import { EwkbError, writeEwkb } from '#geo/ewkb.js'
import type { Geometry, GeometryKind, PathGeometry } from '#geo/geometry.js'
import { attributeOf, childrenOf, type XmlElement } from '#xml/read.js'
import { boxGeometry } from '../box-geometry.js'
import type { GeometryLiteral } from '../filter.js'
import { FilterError } from '../filter-error.js'
import { namedCrs } from '../named-crs.js'
import { readPositions } from './gml-positions.js'
import { fail, located, nameOf, type Reading } from './reading.js'

/** What holds for a geometry and what is inside it. */
interface Frame {
  readonly crs: CrsName | undefined
  /** Ordinates of a position, where the document says. */
  readonly dimension: number | undefined
}

/**
 * A geometry of GML 2.1.2 or 3.1.1 as WKB, x before y, without heights: its axes are in the order that the form of its srsName means
 * (`parseCrsName`), or that of `defaultCrs`. Throws FilterError.
 */
export function readGmlGeometry(reading: Reading, element: XmlElement): GeometryLiteral {
  const srsName = attributeOf(element, 'srsName') ?? innerName(element) ?? reading.defaultCrs
  const crs = srsName === undefined ? undefined : located(element, () => namedCrs(srsName))
  const geometry = read(reading, element, frameOf(element, { crs, dimension: undefined }), 0)
  try {
    return { wkb: writeEwkb(crs?.isFlipped ? flipped(geometry) : geometry), ...(crs && { crs: crs.crs.code }) }
  } catch (error) {
    return error instanceof EwkbError ? fail(element, `is no geometry: ${error.message}`) : raise(error)
  }
}

function raise(error: unknown): never {
  throw error
}

/** The system that the first part names, where the whole names none. */
function innerName(element: XmlElement): string | undefined {
  for (const child of childrenOf(element)) {
    const name = attributeOf(child, 'srsName') ?? innerName(child)
    if (name !== undefined) return name
  }
  return undefined
}

function frameOf(element: XmlElement, outer: Frame): Frame {
  const srsName = attributeOf(element, 'srsName')
  const crs = srsName && srsName !== outer.crs?.text ? located(element, () => namedCrs(srsName)) : outer.crs
  if (crs?.crs.code !== outer.crs?.crs.code || crs?.isFlipped !== outer.crs?.isFlipped)
    fail(element, `is in ${crs?.text} and another part of the geometry in ${outer.crs?.text}; one system is expected.`)
  const dimension = attributeOf(element, 'srsDimension') ?? attributeOf(element, 'dimension')
  return { crs, dimension: dimension && /^[234]$/.test(dimension.trim()) ? Number(dimension) : outer.dimension }
}

const deepest = 12
const dimensions = 'xy' as const

const readers: Readonly<Record<string, (reading: Reading, element: XmlElement, frame: Frame, depth: number) => Geometry>> = {
  Point: (reading, element, frame) => ({ kind: 'Point', dimensions, coordinates: positions(reading, element, frame, 1, 1) }),
  LineString: line,
  LineStringSegment: line,
  LinearRing: (reading, element, frame) => ({ kind: 'LineString', dimensions, coordinates: closed(positions(reading, element, frame, 3)) }),
  Polygon: polygon,
  PolygonPatch: polygon,
  Rectangle: polygon,
  Triangle: polygon,
  Box: box,
  Envelope: box,
  Curve: (reading, element, frame, depth) => chained(reading, element, 'segments', frame, depth),
  CompositeCurve: (reading, element, frame, depth) => chained(reading, element, 'curveMember', frame, depth),
  Ring: (reading, element, frame, depth) => {
    const ring = chained(reading, element, 'curveMember', frame, depth)
    return { ...ring, coordinates: closed(ring.coordinates) }
  },
  Surface: (reading, element, frame, depth) => simplest('MultiPolygon', inside(reading, element, frame, depth, ['patches'])),
  CompositeSurface: (reading, element, frame, depth) => simplest('MultiPolygon', inside(reading, element, frame, depth, ['surfaceMember'])),
  MultiPoint: (reading, element, frame, depth) =>
    whole('MultiPoint', inside(reading, element, frame, depth, ['pointMember', 'pointMembers'])),
  MultiLineString: (reading, element, frame, depth) =>
    whole('MultiLineString', inside(reading, element, frame, depth, ['lineStringMember'])),
  MultiCurve: (reading, element, frame, depth) =>
    whole('MultiLineString', inside(reading, element, frame, depth, ['curveMember', 'curveMembers', 'lineStringMember'])),
  MultiPolygon: (reading, element, frame, depth) => whole('MultiPolygon', inside(reading, element, frame, depth, ['polygonMember'])),
  MultiSurface: (reading, element, frame, depth) =>
    whole('MultiPolygon', inside(reading, element, frame, depth, ['surfaceMember', 'surfaceMembers', 'polygonMember'])),
  MultiGeometry: (reading, element, frame, depth) =>
    collection(inside(reading, element, frame, depth, ['geometryMember', 'geometryMembers'])),
}

function read(reading: Reading, element: XmlElement, frame: Frame, depth: number): Geometry {
  if (depth > deepest) fail(element, `is nested deeper than the ${deepest} levels that a geometry has here.`, 'too-large')
  const reader = Object.hasOwn(readers, element.name) ? readers[element.name] : undefined
  if (!reader) fail(element, `is no geometry that is read here; there are ${Object.keys(readers).join(', ')}.`, 'unsupported')
  return reader(reading, element, frame, depth)
}

/** x and y of the positions of an element, `least` or more of them. */
function positions(reading: Reading, element: XmlElement, frame: Frame, least: number, most = Number.POSITIVE_INFINITY): Float64Array {
  const flat = readPositions(element, frame.dimension, count => {
    reading.vertices += count
    const { vertices } = reading.limits
    if (reading.vertices > vertices) fail(element, `has more than the ${vertices} positions allowed in a filter.`, 'too-large')
  })
  const count = flat.length / 2
  if (count < least || count > most) fail(element, `has ${count} positions and needs ${least === most ? least : `${least} or more`}.`)
  return flat
}

function line(reading: Reading, element: XmlElement, frame: Frame): PathGeometry {
  return { kind: 'LineString', dimensions, coordinates: positions(reading, element, frame, 2) }
}

/** The ring with its first position at its end, too. */
function closed(path: Float64Array): Float64Array {
  const isClosed = path[0] === path.at(-2) && path[1] === path.at(-1)
  const ring = isClosed ? path : Float64Array.from([...path, path[0], path[1]])
  return ring.length >= 8 ? ring : Float64Array.from([...ring.subarray(0, 2), ...ring.subarray(0, 2), ...ring])
}

function polygon(reading: Reading, element: XmlElement, frame: Frame, depth: number): Geometry {
  const rings = inside(reading, element, frame, depth, ['outerBoundaryIs', 'exterior', 'innerBoundaryIs', 'interior'])
  if (rings.length === 0) fail(element, 'has no ring; outerBoundaryIs (GML 2) or exterior (GML 3) is expected.')
  return {
    kind: 'Polygon',
    dimensions,
    rings: rings.map(ring =>
      ring.kind === 'LineString' ? ring.coordinates : fail(element, 'wants a LinearRing or a Ring as its boundary.'),
    ),
  }
}

/** A rectangle; a line or a point where it has no width or height. */
function box(reading: Reading, element: XmlElement, frame: Frame): Geometry {
  const corners = positions(reading, element, frame, 2, 2)
  const [minX, minY, maxX, maxY] = corners
  if (minX > maxX || minY > maxY) fail(element, `has its lower corner (${minX}, ${minY}) beyond its upper one (${maxX}, ${maxY}).`)
  return boxGeometry([minX, minY, maxX, maxY])
}

/** The geometries inside the members of those names. */
function inside(reading: Reading, element: XmlElement, frame: Frame, depth: number, names: readonly string[]): Geometry[] {
  return childrenOf(element)
    .filter(child => names.includes(child.name) || !/^(name|description|metaDataProperty|boundedBy)$/.test(child.name))
    .flatMap(member => {
      if (!names.includes(member.name)) fail(element, `holds ${nameOf(member)}; ${names.join(' or ')} is expected.`)
      const parts = childrenOf(member)
      if (parts.length === 0) fail(member, 'is empty.')
      return parts.map(part => read(reading, part, frameOf(part, frame), depth + 1))
    })
}

/** Lines that follow each other, as one. */
function chained(reading: Reading, element: XmlElement, name: string, frame: Frame, depth: number): PathGeometry {
  const lines = inside(reading, element, frame, depth, [name])
  const path: number[] = []
  for (const part of lines) {
    if (part.kind !== 'LineString') fail(element, 'is made of something else than lines.')
    const { coordinates } = part
    const follows = path.length > 0 && path.at(-2) === coordinates[0] && path.at(-1) === coordinates[1]
    if (path.length > 0 && !follows) fail(element, 'has a gap between two of its parts.')
    for (let i = follows ? 2 : 0; i < coordinates.length; i++) path.push(coordinates[i])
  }
  if (path.length < 4) fail(element, 'has no line inside.')
  return { kind: 'LineString', dimensions, coordinates: Float64Array.from(path) }
}

/** Parts as a geometry of several, parts of parts laid side by side. */
function whole(kind: 'MultiPoint' | 'MultiLineString' | 'MultiPolygon', parts: readonly Geometry[]): Geometry {
  const flat = parts.flatMap(part => (part.kind === kind ? part.parts : [part]))
  if (flat.length === 0) throw new FilterError('malformed', `A ${kind} in the filter is empty.`)
  return { kind, dimensions, parts: flat }
}

function simplest(kind: 'MultiPolygon', parts: readonly Geometry[]): Geometry {
  return parts.length === 1 ? parts[0] : whole(kind, parts)
}

const multiples: Partial<Record<GeometryKind, 'MultiPoint' | 'MultiLineString' | 'MultiPolygon'>> = {
  Point: 'MultiPoint',
  LineString: 'MultiLineString',
  Polygon: 'MultiPolygon',
}

/** Parts of one kind as what holds such parts, others as a collection. */
function collection(parts: readonly Geometry[]): Geometry {
  const kind = multiples[parts[0]?.kind ?? 'GeometryCollection']
  if (kind && parts.every(part => part.kind === parts[0].kind)) return whole(kind, parts)
  if (parts.length === 0) throw new FilterError('malformed', 'A MultiGeometry in the filter is empty.')
  return { kind: 'GeometryCollection', dimensions, parts }
}

function flipped(geometry: Geometry): Geometry {
  const swap = (path: Float64Array) => path.map((_, i) => path[i ^ 1])
  if ('coordinates' in geometry) return { ...geometry, coordinates: swap(geometry.coordinates) }
  if ('rings' in geometry) return { ...geometry, rings: geometry.rings.map(swap) }
  return { ...geometry, parts: geometry.parts.map(flipped) }
}
