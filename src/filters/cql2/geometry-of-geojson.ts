import type { Geometry } from '#geo/geometry.js'
import type { GeometryLiteral } from '../filter.js'
import { FilterError } from '../filter-error.js'
import { geometryLiteral } from '../geometry-literal.js'

const dimensions = 'xy' as const

/** A geometry object of GeoJSON (RFC 7946, 3.1), heights left out. Throws FilterError for what is none. */
export function geometryOfGeoJson(value: object): GeometryLiteral {
  return geometryLiteral(geometryOf(value, 0))
}

function geometryOf(value: unknown, depth: number): Geometry {
  const { type, coordinates, geometries } = (typeof value === 'object' && value !== null ? value : {}) as Readonly<Record<string, unknown>>
  switch (type) {
    case 'Point':
      return { kind: type, dimensions, coordinates: pathOf([coordinates]) }
    case 'LineString':
      return { kind: type, dimensions, coordinates: pathOf(listOf(coordinates)) }
    case 'Polygon':
      return { kind: type, dimensions, rings: listOf(coordinates).map(ring => pathOf(listOf(ring))) }
    case 'MultiPoint':
    case 'MultiLineString':
    case 'MultiPolygon': {
      const parts = listOf(coordinates).map(part => geometryOf({ type: type.slice('Multi'.length), coordinates: part }, depth))
      return { kind: type, dimensions, parts }
    }
    case 'GeometryCollection':
      if (depth > 0) throw new FilterError('unsupported', 'A GeometryCollection within another is not read.')
      return { kind: type, dimensions, parts: listOf(geometries).map(part => geometryOf(part, depth + 1)) }
    default:
      throw new FilterError('malformed', `${JSON.stringify(String(type).slice(0, 40))} is no type of geometry in GeoJSON.`)
  }
}

function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value
  throw new FilterError('malformed', 'A geometry in GeoJSON lacks its list of coordinates.')
}

function pathOf(positions: readonly unknown[]): Float64Array {
  const path = new Float64Array(positions.length * 2)
  positions.forEach((position, i) => {
    const [x, y] = Array.isArray(position) ? position : []
    if (typeof x !== 'number' || typeof y !== 'number')
      throw new FilterError('malformed', 'A position in GeoJSON is a list of two numbers or more.')
    path.set([x, y], i * 2)
  })
  return path
}
