import type { Geometry as GeoJsonGeometry, Position } from 'geojson'
import { readEwkb } from '#geo/ewkb.js'
import type { Geometry } from '#geo/geometry.js'
import { lineariseGeometry } from '#geo/linearise.js'

/** How far chords may leave arcs, in degrees: about a centimetre. */
const tolerance = 1e-7

/** A geometry as an object of GeoJSON, x and y only; null for one without a place, and without its parts that have none. Throws `EwkbError`. */
export function geometryObject(ewkb: Uint8Array): GeoJsonGeometry | null {
  return objectOf(lineariseGeometry(readEwkb(ewkb), tolerance))
}

function objectOf(geometry: Geometry): GeoJsonGeometry | null {
  const { kind, dimensions } = geometry
  if ('coordinates' in geometry) {
    const path = positionsOf(geometry.coordinates, dimensions.length)
    if (path.length === 0) return null
    return kind === 'Point' ? { type: 'Point', coordinates: path[0] } : { type: 'LineString', coordinates: path }
  }
  if ('rings' in geometry) {
    const rings = geometry.rings.map(ring => positionsOf(ring, dimensions.length)).filter(ring => ring.length > 0)
    return rings.length ? { type: 'Polygon', coordinates: rings } : null
  }
  const parts = geometry.parts.map(objectOf).filter(part => part !== null)
  if (parts.length === 0) return null
  if (kind === 'GeometryCollection') return { type: kind, geometries: parts }
  return { type: kind, coordinates: parts.map(part => ('coordinates' in part ? part.coordinates : [])) } as GeoJsonGeometry
}

function positionsOf(flat: Float64Array, stride: number): Position[] {
  return Array.from({ length: flat.length / stride }, (_, i) => [flat[i * stride], flat[i * stride + 1]])
}
