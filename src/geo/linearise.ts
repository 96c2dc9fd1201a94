import { arcThrough } from './arc.js'
import { readEwkb, writeEwkb } from './ewkb.js'
import { EwkbCursor } from './ewkb-cursor.js'
import { type Geometry, type GeometryHead, geometryCodes, type PathGeometry } from './geometry.js'

/**
 * Little-endian EWKB made of the seven simple types only (WKB codes 1 to 7), positions and SRID kept: arcs become chords that stay within
 * `tolerance` (coordinate units) of them, curves become lines, surfaces polygons, TIN and polyhedral surfaces multipolygons. Bytes
 * that are so already come back untouched, and are then not checked. Throws `EwkbError`.
 */
export function linearise(ewkb: Uint8Array, tolerance: number): Uint8Array {
  const cursor = new EwkbCursor(ewkb)
  cursor.header(0)
  if (cursor.isPlain && cursor.code < geometryCodes.GeometryCollection) return ewkb
  return writeEwkb(lineariseGeometry(readEwkb(ewkb), tolerance))
}

/** The same for a decoded geometry. `tolerance` must be positive. */
export function lineariseGeometry(geometry: Geometry, tolerance: number): Geometry {
  if (!(tolerance > 0)) throw new RangeError(`The tolerance must be above 0 and is ${tolerance}.`)
  const { dimensions, srid } = geometry
  return simplified(geometry, srid === undefined ? { dimensions } : { dimensions, srid }, tolerance)
}

function simplified(geometry: Geometry, head: GeometryHead, tolerance: number): Geometry {
  const { kind } = geometry
  const inner = { dimensions: head.dimensions }
  const parts = () => ('parts' in geometry ? geometry.parts.map(part => simplified(part, inner, tolerance)) : [])
  switch (kind) {
    case 'CircularString':
      return { ...head, kind: 'LineString', coordinates: chords(geometry, tolerance) }
    case 'CompoundCurve':
      return { ...head, kind: 'LineString', coordinates: joined(parts().flatMap(pathOf), head.dimensions.length) }
    case 'CurvePolygon':
      return { ...head, kind: 'Polygon', rings: parts().flatMap(pathOf) }
    case 'Triangle':
      return { ...head, kind: 'Polygon', rings: geometry.rings }
    case 'MultiCurve':
      return { ...head, kind: 'MultiLineString', parts: parts() }
    case 'MultiSurface':
    case 'PolyhedralSurface':
    case 'Tin':
      return { ...head, kind: 'MultiPolygon', parts: parts() }
    case 'GeometryCollection':
      return { ...head, kind, parts: parts() }
    default:
      return geometry
  }
}

function pathOf(geometry: Geometry): Float64Array[] {
  return 'coordinates' in geometry ? [geometry.coordinates] : []
}

/** One path from paths of which each starts where the one before ends. */
function joined(paths: readonly Float64Array[], stride: number): Float64Array {
  const filled = paths.filter(path => path.length > 0)
  const kept = filled.map((path, i) => (i > 0 && startsAtEnd(filled[i - 1], path, stride) ? path.subarray(stride) : path))
  const all = new Float64Array(kept.reduce((sum, path) => sum + path.length, 0))
  let at = 0
  for (const path of kept) {
    all.set(path, at)
    at += path.length
  }
  return all
}

function startsAtEnd(before: Float64Array, after: Float64Array, stride: number): boolean {
  const end = before.length - stride
  return before[end] === after[0] && before[end + 1] === after[1]
}

/** A full turn is never cut finer than this: three control points from a stranger must not become gigabytes. It holds 0.3 mm at a radius of 1 km. */
const maxChordsPerTurn = 4096

function chords({ coordinates, dimensions }: PathGeometry, tolerance: number): Float64Array {
  const stride = dimensions.length
  const count = coordinates.length / stride
  const out: number[] = []
  const push = (i: number) => {
    for (let k = 0; k < stride; k++) out.push(coordinates[i * stride + k])
  }
  let i = 0
  for (; i + 2 < count; i += 2) {
    push(i)
    pushArc(out, coordinates, i, stride, tolerance)
  }
  for (; i < count; i++) push(i)
  return Float64Array.from(out)
}

/**
 * Appends the positions strictly between control points `i` and `i + 2`. Computed from the lesser end, so that an arc that two neighbours
 * share comes out the same in both directions, to the last bit. Z and M run evenly along each half.
 */
function pushArc(out: number[], positions: Float64Array, i: number, stride: number, tolerance: number): void {
  const at = (k: number, ordinate: number) => positions[(i + k) * stride + ordinate]
  const isReversed = at(2, 0) < at(0, 0) || (at(2, 0) === at(0, 0) && at(2, 1) < at(0, 1))
  const [first, last] = isReversed ? [2, 0] : [0, 2]
  const arc = arcThrough(at(first, 0), at(first, 1), at(1, 0), at(1, 1), at(last, 0), at(last, 1))
  if (!arc) {
    for (let k = 0; k < stride; k++) out.push(at(1, k))
    return
  }
  const finest = (2 * Math.PI) / maxChordsPerTurn
  const step = Math.min(Math.PI / 4, Math.max(finest, 2 * Math.acos(Math.max(-1, 1 - tolerance / arc.radius))))
  const segments = Math.ceil(Math.abs(arc.sweep) / step)
  for (let n = 1; n < segments; n++) {
    const share = (isReversed ? segments - n : n) / segments
    const angle = arc.start + arc.sweep * share
    out.push(arc.x + arc.radius * Math.cos(angle), arc.y + arc.radius * Math.sin(angle))
    for (let k = 2; k < stride; k++)
      out.push(
        share <= arc.middle
          ? mix(at(first, k), at(1, k), share / arc.middle)
          : mix(at(1, k), at(last, k), (share - arc.middle) / (1 - arc.middle)),
      )
  }
}

function mix(a: number, b: number, share: number): number {
  return a + (b - a) * share
}
