import type { Geometry } from './geometry.js'

/** A geometry of x, y and heights that are NaN where they are missing: flat where none is there, with 0 for those that are missing where some are. */
export function settleHeights(geometry: Geometry): Geometry {
  if (geometry.dimensions !== 'xyz') return geometry
  return hasHeights(geometry)
    ? mapped(geometry, 'xyz', path => path.map(value => (Number.isNaN(value) ? 0 : value)))
    : mapped(geometry, 'xy', flatPath)
}

const flatPath = (path: Float64Array) => path.filter((_, i) => i % 3 < 2)

function hasHeights(geometry: Geometry): boolean {
  const isThere = (path: Float64Array) => path.some((value, i) => i % 3 === 2 && !Number.isNaN(value))
  if ('coordinates' in geometry) return isThere(geometry.coordinates)
  return 'rings' in geometry ? geometry.rings.some(isThere) : geometry.parts.some(hasHeights)
}

function mapped(geometry: Geometry, dimensions: 'xy' | 'xyz', map: (path: Float64Array) => Float64Array): Geometry {
  if ('coordinates' in geometry) return { ...geometry, dimensions, coordinates: map(geometry.coordinates) }
  if ('rings' in geometry) return { ...geometry, dimensions, rings: geometry.rings.map(map) }
  return { ...geometry, dimensions, parts: geometry.parts.map(part => mapped(part, dimensions, map)) }
}
