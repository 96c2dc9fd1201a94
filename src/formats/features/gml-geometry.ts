import { EwkbCursor } from '#geo/ewkb-cursor.js'
import { type GeometryKind, partKinds } from '#geo/geometry.js'
import { linearise } from '#geo/linearise.js'
import type { TextSink } from '../text-sink.js'

/** What differs between the geometry elements of the GML versions. All of it is in the namespace bound to `gml`. */
export interface GmlDialect {
  /** The namespace. */
  readonly namespace: string
  /** Element of each kind, and of what holds a part of it. */
  readonly elements: Readonly<Partial<Record<GeometryKind, string>>>
  readonly members: Readonly<Partial<Record<GeometryKind, string>>>
  readonly outer: string
  readonly inner: string
  /** Elements around one position and around many. */
  readonly position: string
  readonly positions: string
  /** Between the ordinates of a position, and between positions. */
  readonly ordinateSeparator: number
  readonly positionSeparator: number
  /** `srsDimension` is written where positions have three ordinates: on the positions themselves, where every reader looks. */
  readonly saysDimension: boolean
  /** Every geometry carries a `gml:id`. */
  readonly hasIds: boolean
  /** Outer rings run counter-clockwise on the map and inner ones clockwise, however they are stored. */
  readonly turnsRings: boolean
}

/** GML 2.1.2 (OGC 02-069): `<gml:coordinates>1,2 3,4</gml:coordinates>`. */
export const gml2: GmlDialect = {
  namespace: 'http://www.opengis.net/gml',
  elements: {
    Point: 'Point',
    LineString: 'LineString',
    Polygon: 'Polygon',
    MultiPoint: 'MultiPoint',
    MultiLineString: 'MultiLineString',
    MultiPolygon: 'MultiPolygon',
    GeometryCollection: 'MultiGeometry',
  },
  members: {
    MultiPoint: 'pointMember',
    MultiLineString: 'lineStringMember',
    MultiPolygon: 'polygonMember',
    GeometryCollection: 'geometryMember',
  },
  outer: 'outerBoundaryIs',
  inner: 'innerBoundaryIs',
  position: 'coordinates',
  positions: 'coordinates',
  ordinateSeparator: 0x2c,
  positionSeparator: 0x20,
  saysDimension: false,
  hasIds: false,
  turnsRings: false,
}

/** GML 3.1.1 (OGC 03-105r1), as the simple features profile has it: curves and surfaces, `posList`. */
export const gml31: GmlDialect = {
  namespace: gml2.namespace,
  elements: { ...gml2.elements, MultiLineString: 'MultiCurve', MultiPolygon: 'MultiSurface' },
  members: { ...gml2.members, MultiLineString: 'curveMember', MultiPolygon: 'surfaceMember' },
  outer: 'exterior',
  inner: 'interior',
  position: 'pos',
  positions: 'posList',
  ordinateSeparator: 0x20,
  positionSeparator: 0x20,
  saysDimension: true,
  hasIds: false,
  turnsRings: false,
}

/** GML 3.2.1 (OGC 07-036, 10.1.3 and 10.5.12): the same elements in another namespace, each with an id, and surfaces seen from above. */
export const gml32: GmlDialect = { ...gml31, namespace: 'http://www.opengis.net/gml/3.2', hasIds: true, turnsRings: true }

export interface GmlNumbers {
  readonly decimals: number
  /** How far chords may leave the arcs they replace. */
  readonly tolerance: number
  /** Ordinates are written y,x. */
  readonly isFlipped: boolean
}

/**
 * Appends a geometry element straight from EWKB, `srsName` on the outermost; where the dialect wants ids, `id` (a name of XML) and what is made of it
 * for the parts. M is left out. Throws `EwkbError`.
 */
export function putGmlGeometry(
  sink: TextSink,
  ewkb: Uint8Array,
  dialect: GmlDialect,
  numbers: GmlNumbers,
  { srsName, id = 'geometry', multiple }: GmlGeometryOptions = {},
): void {
  const cursor = new EwkbCursor(linearise(ewkb, numbers.tolerance))
  const writing = { sink, cursor, dialect, numbers }
  const attributes = srsName ? ` srsName="${srsName}"` : ''
  if (!multiple || kindOf(cursor) !== partKinds[multiple][0]) {
    putGeometry(writing, attributes, id, 0)
    return
  }
  const [element, member] = [dialect.elements[multiple], dialect.members[multiple]]
  sink.ascii(`<gml:${element}`)
  if (dialect.hasIds) sink.text(` gml:id="${id}"`)
  sink.ascii(`${attributes}><gml:${member}>`)
  putGeometry(writing, '', `${id}.1`, 1)
  sink.ascii(`</gml:${member}></gml:${element}>`)
}

export interface GmlGeometryOptions {
  readonly srsName?: string
  /** A name of XML; it is the beginning of those of its parts, too. */
  readonly id?: string
  /** What a single geometry of its kind becomes, with one part. */
  readonly multiple?: MultipleKind
}

type MultipleKind = 'MultiPoint' | 'MultiLineString' | 'MultiPolygon'

const multiples: Readonly<Record<string, MultipleKind>> = {
  MULTIPOINT: 'MultiPoint',
  MULTILINESTRING: 'MultiLineString',
  MULTICURVE: 'MultiLineString',
  MULTIPOLYGON: 'MultiPolygon',
  MULTISURFACE: 'MultiPolygon',
  POLYHEDRALSURFACE: 'MultiPolygon',
  TIN: 'MultiPolygon',
}

/** The kind that all geometries of a declared type have, where that is a multiple one. */
export function multipleOf(type: string | undefined): MultipleKind | undefined {
  return type !== undefined && Object.hasOwn(multiples, type) ? multiples[type] : undefined
}

/** Of the geometry that a cursor stands at the beginning of; it stays there. */
function kindOf(cursor: EwkbCursor): GeometryKind {
  cursor.header(0)
  cursor.position = 0
  return cursor.kind
}

interface Writing {
  readonly sink: TextSink
  readonly cursor: EwkbCursor
  readonly dialect: GmlDialect
  readonly numbers: GmlNumbers
}

function putGeometry(writing: Writing, attributes: string, id: string, depth: number): void {
  const { sink, cursor, dialect } = writing
  cursor.header(depth)
  const { kind } = cursor
  const name = dialect.elements[kind]
  sink.ascii(`<gml:${name}`)
  if (dialect.hasIds) sink.text(` gml:id="${id}"`)
  sink.ascii(`${attributes}>`)
  if (kind === 'Point') putPath(writing, 1, dialect.position)
  else if (kind === 'LineString') putPath(writing, cursor.count(8 * cursor.stride), dialect.positions)
  else if (kind === 'Polygon') {
    const rings = cursor.count(4)
    for (let i = 0; i < rings; i++) {
      const boundary = i === 0 ? dialect.outer : dialect.inner
      const count = cursor.count(8 * cursor.stride)
      sink.ascii(`<gml:${boundary}><gml:LinearRing>`)
      putPath(writing, count, dialect.positions, dialect.turnsRings && isClockwise(cursor, count) === (i === 0))
      sink.ascii(`</gml:LinearRing></gml:${boundary}>`)
    }
  } else {
    const member = dialect.members[kind]
    const count = cursor.count(9)
    for (let i = 1; i <= count; i++) {
      sink.ascii(`<gml:${member}>`)
      putGeometry(writing, '', dialect.hasIds ? `${id}.${i}` : id, depth + 1)
      sink.ascii(`</gml:${member}>`)
    }
  }
  sink.ascii(`</gml:${name}>`)
}

/** Whether the ring that follows runs clockwise, x to the right and y up; undefined when it has no area. */
function isClockwise({ view, isLittleEndian, position, stride, bytes }: EwkbCursor, count: number): boolean | undefined {
  if (count < 3 || position + 8 * stride * count > bytes.length) return undefined
  const at = (i: number, axis: number) => view.getFloat64(position + 8 * (stride * i + axis), isLittleEndian)
  const [x0, y0] = [at(0, 0), at(0, 1)]
  let area = 0
  for (let i = 1; i < count - 1; i++) area += (at(i, 0) - x0) * (at(i + 1, 1) - y0) - (at(i + 1, 0) - x0) * (at(i, 1) - y0)
  return area === 0 || Number.isNaN(area) ? undefined : area < 0
}

function putPath({ sink, cursor, dialect, numbers }: Writing, count: number, element: string, isTurned = false): void {
  const { view, isLittleEndian, stride, hasZ } = cursor
  const { decimals, isFlipped } = numbers
  cursor.need(8 * stride * count)
  sink.ascii(`<gml:${element}${dialect.saysDimension && hasZ ? ' srsDimension="3"' : ''}>`)
  const [first, second] = isFlipped ? [8, 0] : [0, 8]
  const start = cursor.position
  cursor.position += 8 * stride * count
  for (let i = 0; i < count; i++) {
    const at = start + 8 * stride * (isTurned ? count - 1 - i : i)
    // The empty point: no position at all.
    if (count === 1 && Number.isNaN(view.getFloat64(at, isLittleEndian))) continue
    if (i) sink.byte(dialect.positionSeparator)
    sink.fixed(view.getFloat64(at + first, isLittleEndian), decimals, 'NaN').byte(dialect.ordinateSeparator)
    sink.fixed(view.getFloat64(at + second, isLittleEndian), decimals, 'NaN')
    if (hasZ) sink.byte(dialect.ordinateSeparator).fixed(view.getFloat64(at + 16, isLittleEndian), decimalsOfHeight, 'NaN')
  }
  sink.ascii(`</gml:${element}>`)
}

/** Heights are metres, whatever x and y are. */
const decimalsOfHeight = 3
