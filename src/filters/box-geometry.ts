import type { Bbox } from '#geo/bbox.js'
import type { Geometry } from '#geo/geometry.js'

const dimensions = 'xy' as const

/** A rectangle; a line or a point where it has no width or height. */
export function boxGeometry([minX, minY, maxX, maxY]: Bbox): Geometry {
  if (minX === maxX && minY === maxY) return { kind: 'Point', dimensions, coordinates: Float64Array.of(minX, minY) }
  if (minX === maxX || minY === maxY) return { kind: 'LineString', dimensions, coordinates: Float64Array.of(minX, minY, maxX, maxY) }
  return { kind: 'Polygon', dimensions, rings: [Float64Array.of(minX, minY, maxX, minY, maxX, maxY, minX, maxY, minX, minY)] }
}
