import { type Bbox, containsBbox, intersectBbox } from '#geo/bbox.js'
import { clipGeometry } from '#geo/clip-geometry.js'
import { type Crs, crsOf } from '#geo/crs.js'
import { CrsError } from '#geo/crs-error.js'
import { ewkbBbox, readEwkb, writeEwkb } from '#geo/ewkb.js'
import type { Geometry } from '#geo/geometry.js'
import { mapPositions } from '#geo/reproject.js'
import { transformBetween } from '#geo/transform.js'
import { boxGeometry } from './box-geometry.js'
import type { GeometryLiteral } from './filter.js'
import { FilterError, quotedName } from './filter-error.js'

/**
 * The geometry in `crs`, its positions transformed one by one, and those between the corners of a box. What lies far from where a projected system
 * is used is cut off before: the whole world has no image in most of them. Throws FilterError.
 */
export function inCrs(geometry: GeometryLiteral, crs: string | undefined): GeometryLiteral {
  const { wkb, crs: from } = geometry
  if (!from || from === crs) return { wkb }
  if (!crs)
    throw new FilterError('unsupported', 'The data have no reference system, so the geometry of a filter must not name one.', {
      locator: from,
    })
  if (transformFrom(from, crs).isIdentity) return { wkb }
  const image = imageOf(readEwkb(wkb), from, crs)
  if (!image)
    throw new FilterError('malformed', `The geometry of the filter (${from}) has no image in ${crs}, the reference system of the data.`)
  return { wkb: writeEwkb(image) }
}

const lonLat = 'OGC:CRS84'

function imageOf(geometry: Geometry, from: string, to: string): Geometry | undefined {
  const isLonLat = isGeographic(crsOf(from))
  const mapped = (one: Geometry, source: string, target: string) => {
    const transform = transformFrom(source, target)
    return mapPositions(withBentSides(one, isGeographic(crsOf(source))), (x, y) => transform.point(x, y))
  }
  const near = nearOf(crsOf(to))
  const onEarth = near && (isLonLat ? geometry : mapped(geometry, from, lonLat))
  const box = onEarth && ewkbBbox(writeEwkb(onEarth))
  if (!onEarth || !box || containsBbox(near, box)) return mapped(geometry, from, to)
  return mapped(cutTo(onEarth, near) ?? somewhereOf(onEarth), isLonLat ? from : lonLat, to)
}

const isGeographic = (crs: Crs | undefined) => crs?.kind === 'geographic' && crs.isDegrees

/** Degrees around its area of use in which data of a system may still lie. */
const margin = 20
/** A pole itself has no image in many systems. */
const mostLatitude = 89.9
/** Nearer to the poles many systems have no images. */
const commonLatitude = 80

/** Where data of a projected system lie, longitudes and latitudes; undefined for other systems, and across the antimeridian. */
function nearOf(crs: Crs | undefined): Bbox | undefined {
  if (!crs?.area || crs.kind === 'geographic' || crs.definition?.isGeographic) return undefined
  const [west, south, east, north] = crs.area
  if (west > east) return undefined
  return [
    Math.max(-180, west - margin),
    Math.max(-mostLatitude, south - margin),
    Math.min(180, east + margin),
    Math.min(mostLatitude, north + margin),
  ]
}

/** A place of a geometry that is far from all data: no relation to any tells them apart, and large images may turn inside out. */
function somewhereOf(geometry: Geometry): Geometry {
  if ('parts' in geometry) return somewhereOf(geometry.parts[0])
  const [lon, lat] = 'rings' in geometry ? geometry.rings[0] : geometry.coordinates
  return { kind: 'Point', dimensions: 'xy', coordinates: Float64Array.of(lon, Math.max(-commonLatitude, Math.min(commonLatitude, lat))) }
}

/** Boxes stay boxes. */
function cutTo(geometry: Geometry, near: Bbox): Geometry | undefined {
  if (geometry.kind === 'MultiPolygon') {
    const parts = geometry.parts.flatMap(part => cutTo(part, near) ?? []).filter(({ kind }) => kind === 'Polygon')
    return parts.length > 0 ? { ...geometry, parts } : undefined
  }
  if (!isBox(geometry)) return clipGeometry(geometry, near)
  const box = intersectBbox(ewkbBbox(writeEwkb(geometry))!, near)
  return box && boxGeometry(box)
}

/** Pieces that a side of a box has when it comes into another system, where it is no straight line; in degrees, no piece is longer than that. */
const pieces = { fewest: 16, most: 600, degrees: 0.1 }

/** Boxes, also within others, with more positions along their sides; other geometries, whose corners alone were meant, as they are. */
function withBentSides(geometry: Geometry, isInDegrees: boolean): Geometry {
  if (geometry.kind === 'MultiPolygon') return { ...geometry, parts: geometry.parts.map(part => withBentSides(part, isInDegrees)) }
  if (!isBox(geometry)) return geometry
  const [ring] = geometry.rings
  const bent: number[] = []
  for (let i = 0; i < 8; i += 2) {
    const [x, y, dx, dy] = [ring[i], ring[i + 1], ring[i + 2] - ring[i], ring[i + 3] - ring[i + 1]]
    const wanted = isInDegrees ? Math.ceil(Math.max(Math.abs(dx), Math.abs(dy)) / pieces.degrees) : 0
    const count = Math.min(pieces.most, Math.max(pieces.fewest, wanted))
    for (let piece = 0; piece < count; piece++) bent.push(x + (piece / count) * dx, y + (piece / count) * dy)
  }
  return { ...geometry, rings: [Float64Array.from([...bent, ring[0], ring[1]])] }
}

function isBox(geometry: Geometry): geometry is Extract<Geometry, { readonly kind: 'Polygon' | 'Triangle' }> {
  if (geometry.kind !== 'Polygon' || geometry.rings.length !== 1 || geometry.rings[0].length !== 10) return false
  const [ring] = geometry.rings
  return [0, 2, 4, 6].every(i => ring[i] === ring[i + 2] || ring[i + 1] === ring[i + 3])
}

function transformFrom(from: string, to: string) {
  try {
    return transformBetween(from, to)
  } catch (error) {
    if (error instanceof CrsError)
      throw new FilterError('unknown-crs', `The geometry of the filter is in ${quotedName(from)}. ${error.message}`, { locator: from })
    throw error
  }
}
