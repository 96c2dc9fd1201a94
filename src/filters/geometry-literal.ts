import { writeEwkb } from '#geo/ewkb.js'
import { type Geometry, isEmptyGeometry } from '#geo/geometry.js'
import type { GeometryLiteral } from './filter.js'
import { FilterError } from './filter-error.js'

/** A geometry as filters hold it: x,y only, rings closed. Throws FilterError for one that is empty, has arcs, too few positions or no numbers. */
export function geometryLiteral(geometry: Geometry): GeometryLiteral {
  const plain = flat(geometry)
  if (isEmptyGeometry(plain)) throw new FilterError('malformed', 'The geometry of the filter is empty.')
  return { wkb: writeEwkb(plain) }
}

/** Least positions of a line and of a ring. */
const least = { LineString: 2, ring: 3 }

function flat(geometry: Geometry): Geometry {
  const { kind, dimensions } = geometry
  const path = (numbers: Float64Array) => numbers.filter((_, i) => i % dimensions.length < 2)
  switch (kind) {
    case 'Point':
    case 'LineString':
      return { kind, dimensions: 'xy', coordinates: checked(path(geometry.coordinates), kind === 'Point' ? 0 : least.LineString) }
    case 'Polygon':
      return { kind, dimensions: 'xy', rings: geometry.rings.map(ring => closed(checked(path(ring), least.ring))) }
    case 'MultiPoint':
    case 'MultiLineString':
    case 'MultiPolygon':
    case 'GeometryCollection':
      return { kind, dimensions: 'xy', parts: geometry.parts.filter(part => !isEmptyGeometry(part)).map(flat) }
    default:
      throw new FilterError('unsupported', `A geometry of the kind ${kind} is not read in filters; lines and polygons without arcs are.`)
  }
}

function checked(path: Float64Array, positions: number): Float64Array {
  if (!path.every(Number.isFinite))
    throw new FilterError('malformed', 'The geometry of the filter has a number beyond what can be computed with.')
  if (path.length > 0 && path.length < 2 * positions)
    throw new FilterError('malformed', `A line or ring of the filter has ${path.length / 2} positions and needs ${positions} or more.`)
  return path
}

/** The ring with its first position at its end, too. */
function closed(path: Float64Array): Float64Array {
  return path[0] === path.at(-2) && path[1] === path.at(-1) ? path : Float64Array.from([...path, path[0], path[1]])
}
