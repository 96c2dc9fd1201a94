import { EwkbCursor } from '#geo/ewkb-cursor.js'
import type { GeometryKind } from '#geo/geometry.js'
import { linearise } from '#geo/linearise.js'
import type { TextSink } from '../text-sink.js'

/** What differs between the geometry elements of the GML versions. All of it is in the namespace bound to `gml`. */
export interface GmlDialect {
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
}

/** GML 2.1.2 (OGC 02-069): `<gml:coordinates>1,2 3,4</gml:coordinates>`. */
export const gml2: GmlDialect = {
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
}

/** GML 3.1.1 (OGC 03-105r1), as the simple features profile has it: curves and surfaces, `posList`. */
export const gml31: GmlDialect = {
  elements: { ...gml2.elements, MultiLineString: 'MultiCurve', MultiPolygon: 'MultiSurface' },
  members: { ...gml2.members, MultiLineString: 'curveMember', MultiPolygon: 'surfaceMember' },
  outer: 'exterior',
  inner: 'interior',
  position: 'pos',
  positions: 'posList',
  ordinateSeparator: 0x20,
  positionSeparator: 0x20,
  saysDimension: true,
}

export interface GmlNumbers {
  readonly decimals: number
  /** How far chords may leave the arcs they replace. */
  readonly tolerance: number
  /** Ordinates are written y,x. */
  readonly isFlipped: boolean
}

/** Appends a geometry element straight from EWKB, `srsName` on the outermost. M is left out. Throws `EwkbError`. */
export function putGmlGeometry(sink: TextSink, ewkb: Uint8Array, dialect: GmlDialect, numbers: GmlNumbers, srsName?: string): void {
  const cursor = new EwkbCursor(linearise(ewkb, numbers.tolerance))
  putGeometry({ sink, cursor, dialect, numbers }, srsName ? ` srsName="${srsName}"` : '', 0)
}

interface Writing {
  readonly sink: TextSink
  readonly cursor: EwkbCursor
  readonly dialect: GmlDialect
  readonly numbers: GmlNumbers
}

function putGeometry(writing: Writing, attributes: string, depth: number): void {
  const { sink, cursor, dialect } = writing
  cursor.header(depth)
  const { kind } = cursor
  const name = dialect.elements[kind]
  sink.ascii(`<gml:${name}${attributes}>`)
  if (kind === 'Point') putPath(writing, 1, dialect.position)
  else if (kind === 'LineString') putPath(writing, cursor.count(8 * cursor.stride), dialect.positions)
  else if (kind === 'Polygon') {
    const rings = cursor.count(4)
    for (let i = 0; i < rings; i++) {
      const boundary = i === 0 ? dialect.outer : dialect.inner
      sink.ascii(`<gml:${boundary}><gml:LinearRing>`)
      putPath(writing, cursor.count(8 * cursor.stride), dialect.positions)
      sink.ascii(`</gml:LinearRing></gml:${boundary}>`)
    }
  } else {
    const member = dialect.members[kind]
    for (let left = cursor.count(9); left > 0; left--) {
      sink.ascii(`<gml:${member}>`)
      putGeometry(writing, '', depth + 1)
      sink.ascii(`</gml:${member}>`)
    }
  }
  sink.ascii(`</gml:${name}>`)
}

function putPath({ sink, cursor, dialect, numbers }: Writing, count: number, element: string): void {
  const { view, isLittleEndian, stride, hasZ } = cursor
  const { decimals, isFlipped } = numbers
  cursor.need(8 * stride * count)
  sink.ascii(`<gml:${element}${dialect.saysDimension && hasZ ? ' srsDimension="3"' : ''}>`)
  const [first, second] = isFlipped ? [8, 0] : [0, 8]
  for (let i = 0; i < count; i++, cursor.position += 8 * stride) {
    const at = cursor.position
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
