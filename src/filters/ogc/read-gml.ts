import type { CrsName } from '#geo/crs-name.js'
import { EwkbError, writeEwkb } from '#geo/ewkb.js'
import type { Geometry, GeometryKind, PathGeometry } from '#geo/geometry.js'
import { lineariseGeometry } from '#geo/linearise.js'
import { settleHeights } from '#geo/settle-heights.js'
import { attributeOf, childrenOf, type XmlElement } from '#xml/read.js'
import { boxGeometry } from '../box-geometry.js'
import type { GeometryLiteral } from '../filter.js'
import { FilterError } from '../filter-error.js'
import { flipped } from './gml-ordinates.js'
import { readPositions } from './gml-positions.js'
import { fail, located, nameOf, type Reading } from './reading.js'

/** What holds for a geometry and what is inside it. */
interface Frame {
  readonly crs: CrsName | undefined
  /** Ordinates of a position, where the document says. */
  readonly dimension: number | undefined
}

/**
 * A geometry of GML 2.1.2, 3.1.1 or 3.2 as WKB, x before y, without heights unless the reading keeps them: its axes are in the order that the form of its srsName means
 * (`parseCrsName`), or that of `defaultCrs`. Throws FilterError.
 */
export function readGmlGeometry(reading: Reading, element: XmlElement): GeometryLiteral {
  const srsName = attributeOf(element, 'srsName') ?? innerName(element) ?? reading.defaultCrs
  const crs = srsName === undefined ? undefined : located(element, () => reading.crsNamed(srsName))
  const geometry = settleHeights(read(reading, element, frameOf(reading, element, { crs, dimension: undefined }), 0))
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

function frameOf(reading: Reading, element: XmlElement, outer: Frame): Frame {
  const srsName = attributeOf(element, 'srsName')
  const crs = srsName && srsName !== outer.crs?.text ? located(element, () => reading.crsNamed(srsName)) : outer.crs
  if (crs?.crs.code !== outer.crs?.crs.code || crs?.isFlipped !== outer.crs?.isFlipped)
    fail(element, `is in ${crs?.text} and another part of the geometry in ${outer.crs?.text}; one system is expected.`)
  const dimension = attributeOf(element, 'srsDimension') ?? attributeOf(element, 'dimension')
  return { crs, dimension: dimension && /^[234]$/.test(dimension.trim()) ? Number(dimension) : outer.dimension }
}

const deepest = 12

const readers: Readonly<Record<string, (reading: Reading, element: XmlElement, frame: Frame, depth: number) => Geometry>> = {
  Point: (reading, element, frame) => ({
    kind: 'Point',
    dimensions: reading.dimensions,
    coordinates: positions(reading, element, frame, 1, 1),
  }),
  LineString: line,
  LineStringSegment: line,
  Arc: arcs,
  ArcString: arcs,
  LinearRing: (reading, element, frame) => ({
    kind: 'LineString',
    dimensions: reading.dimensions,
    coordinates: closed(positions(reading, element, frame, 3), reading.dimensions.length),
  }),
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
    return { ...ring, coordinates: closed(ring.coordinates, reading.dimensions.length) }
  },
  Surface: (reading, element, frame, depth) => simplest(reading, 'MultiPolygon', inside(reading, element, frame, depth, ['patches'])),
  CompositeSurface: (reading, element, frame, depth) =>
    simplest(reading, 'MultiPolygon', inside(reading, element, frame, depth, ['surfaceMember'])),
  MultiPoint: (reading, element, frame, depth) =>
    whole(reading, 'MultiPoint', inside(reading, element, frame, depth, ['pointMember', 'pointMembers'])),
  MultiLineString: (reading, element, frame, depth) =>
    whole(reading, 'MultiLineString', inside(reading, element, frame, depth, ['lineStringMember'])),
  MultiCurve: (reading, element, frame, depth) =>
    whole(reading, 'MultiLineString', inside(reading, element, frame, depth, ['curveMember', 'curveMembers', 'lineStringMember'])),
  MultiPolygon: (reading, element, frame, depth) =>
    whole(reading, 'MultiPolygon', inside(reading, element, frame, depth, ['polygonMember'])),
  MultiSurface: (reading, element, frame, depth) =>
    whole(reading, 'MultiPolygon', inside(reading, element, frame, depth, ['surfaceMember', 'surfaceMembers', 'polygonMember'])),
  MultiGeometry: (reading, element, frame, depth) =>
    collection(reading, inside(reading, element, frame, depth, ['geometryMember', 'geometryMembers'])),
}

function read(reading: Reading, element: XmlElement, frame: Frame, depth: number): Geometry {
  if (depth > deepest) fail(element, `is nested deeper than the ${deepest} levels that a geometry has here.`, 'too-large')
  const reader = Object.hasOwn(readers, element.name) ? readers[element.name] : undefined
  if (!reader) fail(element, `is no geometry that is read here; there are ${Object.keys(readers).join(', ')}.`, 'unsupported')
  return reader(reading, element, frame, depth)
}

/** x and y of the positions of an element, `least` or more of them. */
function positions(reading: Reading, element: XmlElement, frame: Frame, least: number, most = Number.POSITIVE_INFINITY): Float64Array {
  const flat = readPositions(
    element,
    frame.dimension,
    count => {
      reading.vertices += count
      const { vertices } = reading.limits
      if (reading.vertices > vertices) fail(element, `has more than the ${vertices} positions allowed here.`, 'too-large')
    },
    reading.dimensions.length === 3 ? 3 : 2,
  )
  const count = flat.length / reading.dimensions.length
  // a file may hold what is empty; as a place to compare with, it is a mistake
  if (count === 0 && reading.dimensions === 'xyz') return flat
  if (count < least || count > most) fail(element, `has ${count} positions and needs ${least === most ? least : `${least} or more`}.`)
  return flat
}

function line(reading: Reading, element: XmlElement, frame: Frame): PathGeometry {
  return { kind: 'LineString', dimensions: reading.dimensions, coordinates: positions(reading, element, frame, 2) }
}

/** Share of their extent by which chords may leave arcs. */
const arcShare = 1e-4

/** A chain of circular arcs as a line that follows them. */
function arcs(reading: Reading, element: XmlElement, frame: Frame): PathGeometry {
  const { dimensions } = reading
  const coordinates = positions(reading, element, frame, 3)
  const stride = dimensions.length
  if ((coordinates.length / stride) % 2 === 0) fail(element, 'has an even number of positions; each arc has its middle and its end.')
  const extent = [0, 1].map(axis => {
    const values = coordinates.filter((_, i) => i % stride === axis)
    return Math.max(...values) - Math.min(...values)
  })
  const line = lineariseGeometry(
    { kind: 'CircularString', dimensions, coordinates },
    Math.max(1e-12, ...extent.map(size => size * arcShare)),
  )
  return line.kind === 'LineString' ? line : fail(element, 'is no chain of arcs.')
}

/** The ring with its first position at its end, too. */
function closed(path: Float64Array, stride: number): Float64Array {
  if (path.length === 0) return path
  const first = path.subarray(0, stride)
  const isClosed = path[0] === path.at(-stride) && path[1] === path.at(1 - stride)
  const ring = isClosed ? path : Float64Array.from([...path, ...first])
  return ring.length >= 4 * stride ? ring : Float64Array.from([...first, ...first, ...ring])
}

function polygon(reading: Reading, element: XmlElement, frame: Frame, depth: number): Geometry {
  const rings = inside(reading, element, frame, depth, ['outerBoundaryIs', 'exterior', 'innerBoundaryIs', 'interior'])
  if (rings.length === 0 && reading.dimensions === 'xy')
    fail(element, 'has no ring; outerBoundaryIs (GML 2) or exterior (GML 3) is expected.')
  return {
    kind: 'Polygon',
    dimensions: reading.dimensions,
    rings: rings.map(ring =>
      ring.kind === 'LineString' ? ring.coordinates : fail(element, 'wants a LinearRing or a Ring as its boundary.'),
    ),
  }
}

/** A rectangle; a line or a point where it has no width or height. */
function box(reading: Reading, element: XmlElement, frame: Frame): Geometry {
  const corners = positions(reading, element, frame, 2, 2)
  const stride = reading.dimensions.length
  const [minX, minY, maxX, maxY] = [corners[0], corners[1], corners[stride], corners[stride + 1]]
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
      return parts.map(part => read(reading, part, frameOf(reading, part, frame), depth + 1))
    })
}

/** Lines that follow each other, as one. */
function chained(reading: Reading, element: XmlElement, name: string, frame: Frame, depth: number): PathGeometry {
  const lines = inside(reading, element, frame, depth, [name])
  const stride = reading.dimensions.length
  const path: number[] = []
  for (const part of lines) {
    if (part.kind !== 'LineString') fail(element, 'is made of something else than lines.')
    const { coordinates } = part
    const follows = path.length > 0 && path.at(-stride) === coordinates[0] && path.at(1 - stride) === coordinates[1]
    if (path.length > 0 && !follows) fail(element, 'has a gap between two of its parts.')
    for (let i = follows ? stride : 0; i < coordinates.length; i++) path.push(coordinates[i])
  }
  if (path.length < 2 * stride) fail(element, 'has no line inside.')
  return { kind: 'LineString', dimensions: reading.dimensions, coordinates: Float64Array.from(path) }
}

/** Parts as a geometry of several, parts of parts laid side by side. */
function whole({ dimensions }: Reading, kind: 'MultiPoint' | 'MultiLineString' | 'MultiPolygon', parts: readonly Geometry[]): Geometry {
  const flat = parts.flatMap(part => (part.kind === kind ? part.parts : [part]))
  if (flat.length === 0 && dimensions === 'xy') throw new FilterError('malformed', `A ${kind} in the filter is empty.`)
  return { kind, dimensions, parts: flat }
}

function simplest(reading: Reading, kind: 'MultiPolygon', parts: readonly Geometry[]): Geometry {
  return parts.length === 1 ? parts[0] : whole(reading, kind, parts)
}

const multiples: Partial<Record<GeometryKind, 'MultiPoint' | 'MultiLineString' | 'MultiPolygon'>> = {
  Point: 'MultiPoint',
  LineString: 'MultiLineString',
  Polygon: 'MultiPolygon',
}

/** Parts of one kind as what holds such parts, others as a collection. */
function collection(reading: Reading, parts: readonly Geometry[]): Geometry {
  const kind = multiples[parts[0]?.kind ?? 'GeometryCollection']
  const { dimensions } = reading
  // with its heights, a geometry is kept as it is
  if (kind && dimensions === 'xy' && parts.every(part => part.kind === parts[0].kind)) return whole(reading, kind, parts)
  if (parts.length === 0 && dimensions === 'xy') throw new FilterError('malformed', 'A MultiGeometry in the filter is empty.')
  return { kind: 'GeometryCollection', dimensions, parts }
}
