import { ewkbType, readEwkb } from '#geo/ewkb.js'
import { type Geometry, isEmptyGeometry } from '#geo/geometry.js'
import { lineariseGeometry } from '#geo/linearise.js'
import type { TextSink } from '../text-sink.js'

/** How coordinates of a `place` are written. */
export interface PlaceNumbers {
  readonly decimals: number
  /** How far chords may leave what has no word in JSON-FG. */
  readonly tolerance: number
  readonly isFlipped: boolean
}

const decimalsOfHeight = 3
/** Of measures, which may be anything. */
const decimalsOfMeasure = 9
/** Positions of the longest circular string (OGC 21-045r1, requirement of circular arcs). */
const longestString = 11

const curved: ReadonlySet<string> = new Set(['CircularString', 'CompoundCurve', 'CurvePolygon', 'MultiCurve', 'MultiSurface'])

/** Whether GeoJSON has no word for a geometry, or a part of it, that JSON-FG has. Throws `EwkbError`. */
export function isCurved(ewkb: Uint8Array): boolean {
  const { kind } = ewkbType(ewkb)
  return curved.has(kind) || (kind === 'GeometryCollection' && hasCurves(readEwkb(ewkb)))
}

const hasCurves = (geometry: Geometry): boolean => curved.has(geometry.kind) || ('parts' in geometry && geometry.parts.some(hasCurves))

/**
 * Appends a geometry object of JSON-FG (OGC 21-045r1, circular arcs, measures) from EWKB: every ordinate there is, arcs as arcs. Surfaces in space become
 * polygons; an empty geometry is null. Throws `EwkbError`.
 */
export function putPlace(sink: TextSink, ewkb: Uint8Array, numbers: PlaceNumbers): void {
  const geometry = readEwkb(ewkb)
  if (isEmptyGeometry(geometry)) sink.ascii('null')
  else put(sink, geometry, numbers)
}

function put(sink: TextSink, geometry: Geometry, numbers: PlaceNumbers): void {
  const { kind, dimensions } = geometry
  switch (kind) {
    case 'CircularString': {
      const strings = shortStrings(geometry.coordinates, dimensions.length)
      if (strings.length > 1)
        put(sink, { kind: 'CompoundCurve', dimensions, parts: strings.map(part => ({ ...geometry, coordinates: part })) }, numbers)
      else putObject(sink, kind, 'coordinates', () => putPath(sink, geometry.coordinates, dimensions, numbers))
      return
    }
    case 'Point':
      putObject(sink, kind, 'coordinates', () => putPosition(sink, geometry.coordinates, 0, dimensions, numbers))
      return
    case 'LineString':
      putObject(sink, kind, 'coordinates', () => putPath(sink, geometry.coordinates, dimensions, numbers))
      return
    case 'Polygon':
      putObject(sink, kind, 'coordinates', () => putRings(sink, geometry.rings, dimensions, numbers))
      return
    case 'MultiPoint':
    case 'MultiLineString':
    case 'MultiPolygon':
      putObject(sink, kind, 'coordinates', () =>
        putList(sink, filled(geometry.parts), part => {
          if ('rings' in part) putRings(sink, part.rings, dimensions, numbers)
          else if (part.kind === 'Point') putPosition(sink, part.coordinates, 0, dimensions, numbers)
          else if ('coordinates' in part) putPath(sink, part.coordinates, dimensions, numbers)
        }),
      )
      return
    case 'CompoundCurve':
    case 'CurvePolygon':
    case 'MultiCurve':
    case 'MultiSurface':
    case 'GeometryCollection':
      putObject(sink, kind, 'geometries', () =>
        putList(
          sink,
          filled(geometry.parts).flatMap(part => flatCurve(kind, part)),
          part => put(sink, part, numbers),
        ),
      )
      return
    default:
      put(sink, lineariseGeometry(geometry, numbers.tolerance), numbers)
  }
}

const filled = (parts: readonly Geometry[]) => parts.filter(part => !isEmptyGeometry(part))

/** A compound curve holds no other: a long string in it is several. */
function flatCurve(kind: Geometry['kind'], part: Geometry): readonly Geometry[] {
  if (kind !== 'CompoundCurve' || part.kind !== 'CircularString') return [part]
  return shortStrings(part.coordinates, part.dimensions.length).map(coordinates => ({ ...part, coordinates }))
}

/** A chain of arcs in chains that are not too long, each beginning where the one before ends. */
function shortStrings(coordinates: Float64Array, stride: number): readonly Float64Array[] {
  const count = coordinates.length / stride
  const strings: Float64Array[] = []
  for (let at = 0; at + 1 < count; at += longestString - 1)
    strings.push(coordinates.subarray(at * stride, Math.min(count, at + longestString) * stride))
  return strings
}

function putObject(sink: TextSink, kind: string, member: string, put: () => void): void {
  sink.ascii(`{"type":"${kind}","${member}":`)
  put()
  sink.byte(0x7d)
}

function putRings(sink: TextSink, rings: readonly Float64Array[], dimensions: string, numbers: PlaceNumbers): void {
  putList(sink, rings, ring => putPath(sink, ring, dimensions, numbers))
}

function putPath(sink: TextSink, coordinates: Float64Array, dimensions: string, numbers: PlaceNumbers): void {
  sink.byte(0x5b)
  for (let at = 0; at < coordinates.length; at += dimensions.length) {
    if (at > 0) sink.byte(0x2c)
    putPosition(sink, coordinates, at, dimensions, numbers)
  }
  sink.byte(0x5d)
}

function putPosition(
  sink: TextSink,
  coordinates: Float64Array,
  at: number,
  dimensions: string,
  { decimals, isFlipped }: PlaceNumbers,
): void {
  sink.byte(0x5b).fixed(coordinates[isFlipped ? at + 1 : at], decimals)
  sink.byte(0x2c).fixed(coordinates[isFlipped ? at : at + 1], decimals)
  for (let i = 2; i < dimensions.length; i++)
    sink.byte(0x2c).fixed(coordinates[at + i], dimensions[i] === 'z' ? decimalsOfHeight : decimalsOfMeasure)
  sink.byte(0x5d)
}

function putList<T>(sink: TextSink, items: readonly T[], put: (item: T) => void): void {
  sink.byte(0x5b)
  for (const [i, item] of items.entries()) {
    if (i > 0) sink.byte(0x2c)
    put(item)
  }
  sink.byte(0x5d)
}
