import type { Geometry } from '#geo/geometry.js'

/** A geometry with its first two ordinates exchanged. */
export function flipped(geometry: Geometry): Geometry {
  const stride = geometry.dimensions.length
  const swap = (path: Float64Array) => {
    const turned = Float64Array.from(path)
    for (let at = 0; at < path.length; at += stride) {
      turned[at] = path[at + 1]
      turned[at + 1] = path[at]
    }
    return turned
  }
  if ('coordinates' in geometry) return { ...geometry, coordinates: swap(geometry.coordinates) }
  if ('rings' in geometry) return { ...geometry, rings: geometry.rings.map(swap) }
  return { ...geometry, parts: geometry.parts.map(flipped) }
}
