import type { Dimensions, Geometry } from '#geo/geometry.js'

/** What a shapefile holds one of. */
export type ShapeKind = 'point' | 'multipoint' | 'line' | 'polygon'

/** Codes of shapes (ESRI Shapefile Technical Description, 1998, table 1), without Z and M. */
export const shapeCodes: Readonly<Record<ShapeKind, number>> = { point: 1, line: 3, polygon: 5, multipoint: 8 }

/** The code with 10 for Z, which has room for M, too, and 20 for M alone. */
export function shapeCode(kind: ShapeKind, dimensions: Dimensions): number {
  return shapeCodes[kind] + (dimensions.includes('z') ? 10 : dimensions.includes('m') ? 20 : 0)
}

/** A geometry as a shapefile has it. */
export interface Shape {
  readonly kind: ShapeKind
  /** Positions of each part; of points one part. Rings are turned as shapefiles want them: outer ones clockwise, holes the other way. */
  readonly parts: readonly Float64Array[]
}

/**
 * The shapes a simple geometry is made of, at most one of each kind: a collection of points, lines and polygons is as many. Empty ones are none. A point is
 * a `point` only on its own.
 */
export function shapesOf(geometry: Geometry): Shape[] {
  const found: Record<ShapeKind, Float64Array[]> = { point: [], multipoint: [], line: [], polygon: [] }
  gather(geometry, found, true)
  return (Object.keys(found) as ShapeKind[]).flatMap(kind => {
    const parts = kind === 'multipoint' && found.multipoint.length > 1 ? [joined(found.multipoint)] : found[kind]
    return parts.length ? [{ kind, parts }] : []
  })
}

function gather(geometry: Geometry, found: Record<ShapeKind, Float64Array[]>, isWhole: boolean): void {
  const stride = geometry.dimensions.length
  switch (geometry.kind) {
    case 'Point':
      if (geometry.coordinates.length) found[isWhole ? 'point' : 'multipoint'].push(geometry.coordinates)
      break
    case 'LineString':
      if (geometry.coordinates.length) found.line.push(geometry.coordinates)
      break
    case 'Polygon':
      for (const [i, ring] of geometry.rings.entries()) if (ring.length) found.polygon.push(turned(ring, stride, i === 0))
      break
    default:
      if ('parts' in geometry) for (const part of geometry.parts) gather(part, found, false)
  }
}

function joined(points: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(points.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const point of points) {
    all.set(point, at)
    at += point.length
  }
  return all
}

/** The ring, clockwise or not; itself where it is so. */
function turned(ring: Float64Array, stride: number, isClockwise: boolean): Float64Array {
  let area = 0
  // from the first corner, so that large coordinates do not swallow small rings
  const [x0, y0] = ring
  for (let i = stride; i + stride < ring.length; i += stride)
    area += (ring[i] - x0) * (ring[i + stride + 1] - y0) - (ring[i + stride] - x0) * (ring[i + 1] - y0)
  if (area === 0 || area < 0 === isClockwise) return ring
  const other = new Float64Array(ring.length)
  for (let i = 0; i < ring.length; i += stride) other.set(ring.subarray(i, i + stride), ring.length - stride - i)
  return other
}
