import type { Geometry } from '#geo/geometry.js'

/** A geometry in WKT (OGC 06-103r4, 7), without curves. */
export function writeWkt(geometry: Geometry): string {
  return `${geometry.kind.toUpperCase()}${bodyOf(geometry)}`
}

function bodyOf(geometry: Geometry): string {
  const stride = geometry.dimensions.length
  const path = (numbers: Float64Array) =>
    `(${Array.from({ length: numbers.length / stride }, (_, i) => Array.from(numbers.subarray(i * stride, (i + 1) * stride), written).join(' ')).join(', ')})`
  if ('coordinates' in geometry) return path(geometry.coordinates)
  if ('rings' in geometry) return `(${geometry.rings.map(path).join(', ')})`
  return `(${geometry.parts.map(part => (geometry.kind === 'GeometryCollection' ? writeWkt(part) : bodyOf(part))).join(', ')})`
}

const written = (number: number) => (Object.is(number, -0) ? '-0' : String(number))
