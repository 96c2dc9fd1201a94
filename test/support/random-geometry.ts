import { type Dimensions, type Geometry, type GeometryKind, geometryCodes, type PathGeometry } from '#geo/geometry.js'
import { pick, seededInteger } from './seeded.js'

const dimensionsList: readonly Dimensions[] = ['xy', 'xyz', 'xym', 'xyzm']
const kinds = Object.keys(geometryCodes) as GeometryKind[]

/** A random geometry of any kind, well composed and often empty; PostGIS accepts it. */
export function randomGeometry(
  random: () => number,
  kind = pick(random, kinds),
  dimensions = pick(random, dimensionsList),
  depth = 0,
): Geometry {
  const stride = dimensions.length
  const number = () => Math.round((random() - 0.5) * 2e7) / (random() < 0.5 ? 1000 : 1)
  const positions = (count: number) => Float64Array.from({ length: count * stride }, number)
  const ring = (corners: number) => {
    const path = positions(corners + 1)
    path.set(path.subarray(0, stride), corners * stride)
    return path
  }
  const some = (least: number, most: number) => (random() < 0.15 ? 0 : seededInteger(random, least, most))
  const parts = (allowed: readonly GeometryKind[]) =>
    Array.from({ length: some(1, 4) }, () => randomGeometry(random, pick(random, allowed), dimensions, depth + 1))
  switch (kind) {
    case 'Point':
      return { kind, dimensions, coordinates: positions(some(1, 1)) }
    case 'LineString':
      return { kind, dimensions, coordinates: positions(some(2, 9)) }
    case 'CircularString':
      return { kind, dimensions, coordinates: random() < 0.15 ? positions(0) : positions(2 * seededInteger(random, 1, 3) + 1) }
    case 'Polygon':
      return { kind, dimensions, rings: rings(ring(seededInteger(random, 3, 6)), stride, some(1, 3)) }
    case 'Triangle':
      return { kind, dimensions, rings: random() < 0.15 ? [] : [ring(3)] }
    case 'CompoundCurve':
      return { kind, dimensions, parts: chain(random, dimensions, false) }
    case 'CurvePolygon':
      return {
        kind,
        dimensions,
        parts: Array.from({ length: some(1, 1) }, () =>
          random() < 0.5
            ? { kind: 'CompoundCurve' as const, dimensions, parts: chain(random, dimensions, true) }
            : { kind: 'LineString' as const, dimensions, coordinates: ring(4) },
        ),
      }
    case 'MultiPoint':
      return { kind, dimensions, parts: parts(['Point']) }
    case 'MultiLineString':
      return { kind, dimensions, parts: parts(['LineString']) }
    case 'MultiPolygon':
    case 'PolyhedralSurface':
      return { kind, dimensions, parts: parts(['Polygon']) }
    case 'Tin':
      return { kind, dimensions, parts: parts(['Triangle']) }
    case 'MultiCurve':
      return { kind, dimensions, parts: parts(['LineString', 'CircularString', 'CompoundCurve']) }
    case 'MultiSurface':
      return { kind, dimensions, parts: parts(['Polygon', 'CurvePolygon']) }
    case 'GeometryCollection':
      return { kind, dimensions, parts: parts(depth < 3 ? kinds : ['Point', 'LineString', 'Polygon']) }
  }
}

/** An outer ring and holes that shrink towards its first corner. */
function rings(outer: Float64Array, stride: number, count: number): Float64Array[] {
  const ring = (shrink: number) => outer.map((value, k) => outer[k % stride] + (value - outer[k % stride]) / shrink)
  return Array.from({ length: count }, (_, i) => (i ? ring(i + 1) : outer))
}

/** A line, an arc and a line, each starting where the one before ends; closed on demand. */
function chain(random: () => number, dimensions: Dimensions, isClosed: boolean): PathGeometry[] {
  const stride = dimensions.length
  const position = () => Array.from({ length: stride }, () => Math.round((random() - 0.5) * 2e6) / 100)
  const [a, b, c, d, e] = [position(), position(), position(), position(), position()]
  const path = (kind: PathGeometry['kind'], ...points: number[][]): PathGeometry => ({
    kind,
    dimensions,
    coordinates: Float64Array.from(points.flat()),
  })
  return [path('LineString', a, b), path('CircularString', b, c, d), path('LineString', d, e, isClosed ? a : position())]
}
