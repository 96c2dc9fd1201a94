import type { Geometry } from './geometry.js'

/** A change of coordinates that may fail: undefined where a place has no image. */
export type PointMapping = (x: number, y: number) => readonly [number, number] | undefined

/** The geometry with every position mapped; Z and M are kept. Undefined when one has no image. The SRID is dropped: it was the old one. */
export function mapPositions(geometry: Geometry, mapping: PointMapping): Geometry | undefined {
  const { dimensions } = geometry
  if ('coordinates' in geometry) {
    const coordinates = mapPath(geometry.coordinates, dimensions.length, mapping)
    return coordinates && { kind: geometry.kind, dimensions, coordinates }
  }
  if ('rings' in geometry) {
    const rings = geometry.rings.map(ring => mapPath(ring, dimensions.length, mapping))
    return rings.every(ring => ring !== undefined) ? { kind: geometry.kind, dimensions, rings } : undefined
  }
  const parts = geometry.parts.map(part => mapPositions(part, mapping))
  return parts.every(part => part !== undefined) ? { kind: geometry.kind, dimensions, parts } : undefined
}

function mapPath(path: Float64Array, stride: number, mapping: PointMapping): Float64Array | undefined {
  const mapped = path.slice()
  for (let i = 0; i < path.length; i += stride) {
    const image = mapping(path[i], path[i + 1])
    if (!image) return undefined
    mapped[i] = image[0]
    mapped[i + 1] = image[1]
  }
  return mapped
}
