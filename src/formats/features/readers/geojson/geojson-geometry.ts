import type { WkbFacts } from '../geometry/wkb.js'

/** Raised inside this file's callers as the reason why a geometry is none. */
export class GeometryFault extends Error {}

const typeCodes: Readonly<Record<string, number>> = {
  Point: 1,
  LineString: 2,
  Polygon: 3,
  MultiPoint: 4,
  MultiLineString: 5,
  MultiPolygon: 6,
  GeometryCollection: 7,
}

/** Depth of the positions in `coordinates`, by type code. */
const arrayDepth: readonly number[] = [0, 0, 1, 2, 1, 2, 3]
const maxCollectionDepth = 32

/** Type and dimensions of a GeoJSON geometry (RFC 7946, 3.1). Throws GeometryFault where it is none. */
export function geojsonFacts(geometry: unknown): WkbFacts {
  return { type: codeOf(geometry), hasZ: hasHeight(geometry, 0), hasM: false }
}

function codeOf(geometry: unknown): number {
  const type = isObject(geometry) ? geometry.type : undefined
  const code = typeof type === 'string' && Object.hasOwn(typeCodes, type) ? typeCodes[type] : 0
  if (code === 0) throw new GeometryFault(`the geometry has no type of GeoJSON (${Object.keys(typeCodes).join(', ')})`)
  return code
}

function hasHeight(geometry: unknown, depth: number): boolean {
  const code = codeOf(geometry)
  const { coordinates, geometries } = geometry as { coordinates?: unknown; geometries?: unknown }
  if (code !== 7) return hasThird(coordinates, arrayDepth[code])
  if (depth > maxCollectionDepth) throw new GeometryFault('geometry collections are nested too deep')
  return Array.isArray(geometries) && geometries.some(part => hasHeight(part, depth + 1))
}

function hasThird(coordinates: unknown, depth: number): boolean {
  if (!Array.isArray(coordinates)) return false
  if (depth === 0) return coordinates.length > 2
  for (const part of coordinates) if (hasThird(part, depth - 1)) return true
  return false
}

/**
 * Encodes GeoJSON geometries as little-endian ISO WKB, all with heights or none (missing ones are 0; measures and further ordinates are
 * dropped). Polygon rings are closed where the file forgot to. Throws GeometryFault saying what is wrong. Hot: once per vertex.
 */
export function geojsonEncoder(hasZ: boolean): (geometry: unknown) => Uint8Array {
  let view = new DataView(new ArrayBuffer(64 * 1024))
  let at = 0

  const reserve = (bytes: number) => {
    if (at + bytes <= view.byteLength) return
    const grown = new Uint8Array(Math.max(view.byteLength * 2, at + bytes))
    grown.set(new Uint8Array(view.buffer, 0, at))
    view = new DataView(grown.buffer)
  }
  const head = (code: number) => {
    reserve(9)
    view.setUint8(at, 1)
    view.setUint32(at + 1, code + (hasZ ? 1000 : 0), true)
    at += 5
  }
  const position = (value: unknown) => {
    if (!Array.isArray(value) || value.length < 2) throw new GeometryFault('a position is not an array of two or more numbers')
    const x: unknown = value[0]
    const y: unknown = value[1]
    if (!isOrdinate(x) || !isOrdinate(y)) throw new GeometryFault('a coordinate is not a number')
    view.setFloat64(at, x ?? Number.POSITIVE_INFINITY, true)
    view.setFloat64(at + 8, y ?? Number.POSITIVE_INFINITY, true)
    at += 16
    if (!hasZ) return
    view.setFloat64(at, typeof value[2] === 'number' ? value[2] : 0, true)
    at += 8
  }
  const positions = (list: unknown, isRing: boolean) => {
    if (!Array.isArray(list)) throw new GeometryFault('coordinates are not nested as deep as the type asks')
    const isOpen = isRing && list.length > 0 && !isSamePosition(list[0], list[list.length - 1])
    reserve(4 + (list.length + 1) * 24)
    view.setUint32(at, list.length + (isOpen ? 1 : 0), true)
    at += 4
    for (const item of list) position(item)
    if (isOpen) position(list[0])
  }
  const many = (list: unknown, part: (item: unknown) => void) => {
    if (!Array.isArray(list)) throw new GeometryFault('coordinates are not nested as deep as the type asks')
    reserve(4)
    view.setUint32(at, list.length, true)
    at += 4
    for (const item of list) part(item)
  }
  const byType = (code: number, coordinates: unknown): void => {
    head(code)
    if (code === 1) {
      reserve(24)
      if (Array.isArray(coordinates) && coordinates.length === 0) emptyPoint()
      else position(coordinates)
    } else if (code === 2) positions(coordinates, false)
    else if (code === 3) many(coordinates, ring => positions(ring, true))
    else many(coordinates, part => byType(code - 3, part))
  }
  const emptyPoint = () => {
    for (let n = hasZ ? 3 : 2; n > 0; n--, at += 8) view.setFloat64(at, Number.NaN, true)
  }
  const any = (geometry: unknown, depth: number): void => {
    const code = codeOf(geometry)
    const { coordinates, geometries } = geometry as { coordinates?: unknown; geometries?: unknown }
    if (code !== 7) {
      byType(code, coordinates)
      return
    }
    if (depth > maxCollectionDepth) throw new GeometryFault('geometry collections are nested too deep')
    head(7)
    many(geometries, part => any(part, depth + 1))
  }
  return geometry => {
    at = 0
    any(geometry, 0)
    return new Uint8Array(view.buffer.slice(0, at))
  }
}

/** null stands where the file had NaN or Infinity: not finite, which the intake of geometries leaves out. */
const isOrdinate = (value: unknown): value is number | null => typeof value === 'number' || value === null

function isSamePosition(a: unknown, b: unknown): boolean {
  return Array.isArray(a) && Array.isArray(b) && a[0] === b[0] && a[1] === b[1] && a[2] === b[2]
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
