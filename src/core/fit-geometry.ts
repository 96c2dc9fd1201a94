import type { Geos } from '#filters/geos.js'
import { type Bbox, bboxesMeet } from '#geo/bbox.js'
import { requireCrs } from '#geo/crs.js'
import { CrsError } from '#geo/crs-error.js'
import { EwkbError, ewkbBbox, readEwkb, writeEwkb } from '#geo/ewkb.js'
import { type Geometry, isEmptyGeometry } from '#geo/geometry.js'
import { mapPositions } from '#geo/reproject.js'
import { transformBetween } from '#geo/transform.js'
import { ValueError } from '#rows/value-error.js'
import type { GeometryColumn } from './atlas.js'
import type { GivenGeometry } from './given-feature.js'

/** Composed types by the simple ones that become one of their parts. */
const composed: Readonly<
  Record<
    string,
    { readonly kind: 'MultiPoint' | 'MultiLineString' | 'MultiPolygon' | 'MultiCurve' | 'MultiSurface'; readonly part: string }
  >
> = {
  MULTIPOINT: { kind: 'MultiPoint', part: 'Point' },
  MULTILINESTRING: { kind: 'MultiLineString', part: 'LineString' },
  MULTIPOLYGON: { kind: 'MultiPolygon', part: 'Polygon' },
  MULTICURVE: { kind: 'MultiCurve', part: 'LineString' },
  MULTISURFACE: { kind: 'MultiSurface', part: 'Polygon' },
}

/** How far beyond the area of use of its CRS a feature may lie, in degrees: seas and neighbours, not another continent. */
const reach = 5

/**
 * A geometry as its column holds it: EWKB in the CRS and of the type that is declared. A single shape becomes a multiple one of one part where that
 * is asked for, and the other way round. Throws `ValueError` saying what would have worked.
 */
export function fitGeometry(given: GivenGeometry, column: GeometryColumn, geos: Geos): Uint8Array {
  const shape = typed(decoded(given), column)
  checkDimensions(shape, column)
  checkPaths(shape)
  const placed = inCrs(shape, given.crs, column)
  const ewkb = writeEwkb(placed, { srid: column.srid })
  checkPlace(ewkb, column)
  const reason = isAreal(placed) ? geos.invalidReason(ewkb) : undefined
  if (reason !== undefined) throw new ValueError(`The geometry is not valid: ${reason.replace(/\[(.*)\]$/, ` at $1 in ${column.crs}`)}.`)
  return ewkb
}

function decoded({ wkb }: GivenGeometry): Geometry {
  try {
    return readEwkb(wkb)
  } catch (error) {
    throw error instanceof EwkbError ? new ValueError(error.message) : error
  }
}

function typed(shape: Geometry, { type }: GeometryColumn): Geometry {
  const { kind, dimensions } = shape
  if (type === 'GEOMETRY' || kind.toUpperCase() === type) return shape
  const whole = composed[type]
  if (whole && kind === whole.part) return { kind: whole.kind, dimensions, parts: isEmptyGeometry(shape) ? [] : [shape] }
  if (whole && kind === `Multi${whole.part}` && 'parts' in shape) return { kind: whole.kind, dimensions, parts: shape.parts }
  if ('parts' in shape && shape.parts.length === 1 && kind !== 'GeometryCollection' && shape.parts[0].kind.toUpperCase() === type)
    return shape.parts[0]
  const takes = whole ? `${whole.kind} or ${whole.part}` : type
  throw new ValueError(`The geometry is a ${kind}; this collection takes ${takes}.`)
}

function checkDimensions({ dimensions }: Geometry, column: GeometryColumn): void {
  if (dimensions === column.dimensions) return
  if (column.dimensions.includes('m'))
    throw new ValueError('The geometries of this collection have measures, which GeoJSON cannot give: they cannot be changed here.')
  throw new ValueError(
    column.dimensions === 'xyz'
      ? 'The geometry has no heights; this collection takes positions of three numbers.'
      : 'The geometry has heights; this collection takes positions of two numbers.',
  )
}

/** Lines of one position and rings of fewer than four are no shapes, numbers that are not finite no places. */
function checkPaths(shape: Geometry): void {
  if ('parts' in shape) {
    for (const part of shape.parts) checkPaths(part)
    return
  }
  const stride = shape.dimensions.length
  for (const path of 'rings' in shape ? shape.rings : [shape.coordinates]) {
    for (const number of path)
      if (!Number.isFinite(number)) throw new ValueError('The geometry has a coordinate that is not a finite number.')
    if (shape.kind === 'LineString' && path.length === stride)
      throw new ValueError('The geometry has a line of one position; two or more make one.')
    if ('rings' in shape && path.length < 4 * stride)
      throw new ValueError('The geometry has a ring of fewer than four positions, the last being the first again.')
  }
}

function inCrs(shape: Geometry, from: string, { crs }: GeometryColumn): Geometry {
  if (crs === undefined || crs === from) return shape
  try {
    const transform = transformBetween(from, crs)
    const placed = transform.isIdentity ? shape : mapPositions(shape, (x, y) => transform.point(x, y))
    if (placed) return placed
  } catch (error) {
    throw error instanceof CrsError ? new ValueError(error.message) : error
  }
  throw new ValueError(
    `The geometry has a position, taken as ${from}, that has no place in ${crs}, which the collection is kept in. ${orderOf(from)}`,
  )
}

/** Coordinates in a wrong order or system nearly always lie far from where the system of the data is used. */
function checkPlace(ewkb: Uint8Array, { crs }: GeometryColumn): void {
  const area = crs === undefined ? undefined : requireCrs(crs).area
  const box = ewkbBbox(ewkb)
  if (!box || crs === undefined) return
  const toLonLat = transformBetween(crs, 'OGC:CRS84')
  const corners = [toLonLat.point(box[0], box[1]), toLonLat.point(box[2], box[3])]
  const isSomewhere = corners.every(corner => corner && Math.abs(corner[0]) <= 360 + reach && Math.abs(corner[1]) <= 90)
  const [low, high] = corners
  if (low && high && isSomewhere && (!area || reaches(area, low, high))) return
  throw new ValueError(`The geometry lies far outside the area of ${crs}, which the collection is kept in. ${orderOf(crs)}`)
}

function reaches([west, south, east, north]: Bbox, [x0, y0]: readonly [number, number], [x1, y1]: readonly [number, number]): boolean {
  const box: Bbox = [Math.min(x0, x1), Math.min(y0, y1), Math.max(x0, x1), Math.max(y0, y1)]
  const areas: readonly Bbox[] =
    west <= east
      ? [[west, south, east, north]]
      : [
          [west, south, 360 + east, north],
          [west - 360, south, east, north],
        ]
  return areas.some(area => bboxesMeet([area[0] - reach, area[1] - reach, area[2] + reach, area[3] + reach], box))
}

const orderOf = (crs: string) =>
  `Is the CRS named in Content-Crs (CRS84 where nothing is said), and are the coordinates in its order (${requireCrs(crs).axes === 'yx' ? 'for the address of an EPSG code north or latitude first' : 'east first'})?`

const isAreal = (shape: Geometry): boolean => shape.kind === 'Polygon' || ('parts' in shape && shape.parts.some(isAreal))
