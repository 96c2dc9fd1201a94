import { ewkbType, readEwkb } from '#geo/ewkb.js'
import { type Geometry, isEmptyGeometry } from '#geo/geometry.js'
import { linearise } from '#geo/linearise.js'
import { define } from './define-function.js'

/** Chords of arcs stay this near to them, in units of the CRS. */
const tolerance = 0.001

const of = (ewkb: Uint8Array) => readEwkb(linearise(ewkb, tolerance))

/** Sums `f` over every path: rings (holes subtracted when `isSigned`) and lines. */
function sum(geometry: Geometry, ring: (path: Float64Array, stride: number, isHole: boolean) => number, line: typeof ring): number {
  const stride = geometry.dimensions.length
  if ('parts' in geometry) return geometry.parts.reduce((total, part) => total + sum(part, ring, line), 0)
  if ('rings' in geometry) return geometry.rings.reduce((total, path, i) => total + ring(path, stride, i > 0), 0)
  return geometry.kind === 'Point' ? 0 : line(geometry.coordinates, stride, false)
}

function lengthOf(path: Float64Array, stride: number): number {
  let length = 0
  for (let i = stride; i < path.length; i += stride) length += Math.hypot(path[i] - path[i - stride], path[i + 1] - path[i + 1 - stride])
  return length
}

function areaOf(path: Float64Array, stride: number, isHole: boolean): number {
  let twice = 0
  const [x0, y0] = path
  for (let i = stride; i < path.length; i += stride)
    twice += (path[i - stride] - x0) * (path[i + 1] - y0) - (path[i] - x0) * (path[i + 1 - stride] - y0)
  return (isHole ? -1 : 1) * Math.abs(twice / 2)
}

function ordinate(ewkb: Uint8Array, at: number): number | null {
  const geometry = readEwkb(ewkb)
  return geometry.kind === 'Point' ? (geometry.coordinates[at] ?? null) : null
}

function positions(geometry: Geometry): number {
  const stride = geometry.dimensions.length
  if ('parts' in geometry) return geometry.parts.reduce((total, part) => total + positions(part), 0)
  return ('rings' in geometry ? geometry.rings : [geometry.coordinates]).reduce((total, path) => total + path.length / stride, 0)
}

/** In the plane of the column's CRS: degrees give square degrees. */
export const geometry = [
  define('geometryType geometry_type', 'geometry', 'text', (ewkb: Uint8Array) => ewkbType(ewkb).kind),
  define('area', 'geometry', 'number', (ewkb: Uint8Array) => sum(of(ewkb), areaOf, () => 0)),
  define('geomLength', 'geometry', 'number', (ewkb: Uint8Array) => sum(of(ewkb), lengthOf, lengthOf)),
  define('perimeter', 'geometry', 'number', (ewkb: Uint8Array) => sum(of(ewkb), lengthOf, () => 0)),
  define('isEmpty is_empty', 'geometry', 'boolean', (ewkb: Uint8Array) => isEmptyGeometry(readEwkb(ewkb))),
  define('numPoints num_points', 'geometry', 'number', (ewkb: Uint8Array) => positions(readEwkb(ewkb))),
  define('getX x', 'geometry', 'number', (ewkb: Uint8Array) => ordinate(ewkb, 0)),
  define('getY y', 'geometry', 'number', (ewkb: Uint8Array) => ordinate(ewkb, 1)),
]
