import type { Geometry } from './geometry.js'

/**
 * Distance from (x, y) to a geometry without curves, in the units of its coordinates, squared: 0 inside a polygon, Infinity when it is empty.
 * Holes are outside.
 */
export function squaredDistance(geometry: Geometry, x: number, y: number): number {
  const stride = geometry.dimensions.length
  if ('coordinates' in geometry) return pathDistance(geometry.coordinates, stride, x, y)
  if ('parts' in geometry) return Math.min(Infinity, ...geometry.parts.map(part => squaredDistance(part, x, y)))
  const [outer, ...holes] = geometry.rings
  if (outer && isInRing(outer, stride, x, y) && !holes.some(hole => isInRing(hole, stride, x, y))) return 0
  return Math.min(Infinity, ...geometry.rings.map(ring => pathDistance(ring, stride, x, y)))
}

function pathDistance(path: Float64Array, stride: number, x: number, y: number): number {
  let least = Infinity
  if (path.length === stride) return (path[0] - x) ** 2 + (path[1] - y) ** 2
  for (let i = stride; i < path.length; i += stride) {
    const [ax, ay] = [path[i - stride], path[i - stride + 1]]
    const [dx, dy] = [path[i] - ax, path[i + 1] - ay]
    const length = dx * dx + dy * dy
    const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length))
    least = Math.min(least, (ax + along * dx - x) ** 2 + (ay + along * dy - y) ** 2)
  }
  return least
}

/** Even-odd rule. */
function isInRing(ring: Float64Array, stride: number, x: number, y: number): boolean {
  let isInside = false
  for (let i = 0, j = ring.length - stride; i < ring.length; j = i, i += stride) {
    const [xi, yi, xj, yj] = [ring[i], ring[i + 1], ring[j], ring[j + 1]]
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) isInside = !isInside
  }
  return isInside
}
