import type { Bbox } from './bbox.js'
import type { Crs } from './crs.js'

/** What a box in a system has to reckon with, in degrees east of Greenwich. */
export interface ProjectionLimits {
  /** Meridian in the middle of the map; the map is cut open half a turn away from it. */
  readonly lon0: number
  readonly lat0: number
  readonly isGeographic: boolean
  /** The map is a rectangle cut open along a meridian: a box across the cut is better told in two pieces. */
  readonly isCylindrical: boolean
  /** Degrees; boxes are cut at these latitudes. */
  readonly parallels: readonly number[]
  /** Clipped to this area of use, in degrees. */
  readonly area?: Bbox
  /** True where a box in the system may reach: beyond, the map is so stretched that no box that includes it is of use. */
  isWithin(lon: number, lat: number): boolean
}

/** Web Mercator ends here by definition; other Mercator maps are stretched as much (12 times) there. */
const mercatorLatitude = 85.06
/** A polar stereographic map is stretched 12 times this far beyond the equator. */
const stereographicLatitude = 56
/** A cone is stretched 12 times or more this far beyond the equator. */
const conicLatitude = 70

/** Degrees by which a limit may be missed and still be met: a shift of datum and back may miss by centimetres. */
const hair = 2e-6

/** The limits of boxes in `crs`: those of its projection, or of its area of use. */
export function projectionLimits(crs: Crs, within: 'domain' | 'area-of-use'): ProjectionLimits {
  const { projection, meridian, isGeographic } = crs.definition!
  const words = new Map(projection.split(' ').map(word => word.split('=') as [string, string]))
  const value = (...names: string[]) => Number(names.map(name => words.get(name)).find(v => v !== undefined) ?? 0)
  const lon0 = (words.has('+zone') ? value('+zone') * 6 - 183 : value('+lonc', '+lon_0')) + meridian
  const lat0 = value('+lat_0')
  const method = words.get('+proj')!
  const parallels = parallelsOf(method, Math.sign(lat0), Math.sign(value('+lat_1') + value('+lat_2')) || 1)
  const isInDomain = domainOf(parallels)
  const area = within === 'area-of-use' ? crs.area : undefined
  return {
    lon0,
    lat0,
    isGeographic,
    isCylindrical: isGeographic || ['merc', 'mill', 'eqc', 'cea'].includes(method),
    parallels,
    ...(area && { area }),
    isWithin: area ? (lon, lat) => isInDomain(lat) && isInArea(area, lon, lat) : (_, lat) => isInDomain(lat),
  }
}

/** One latitude limits the side it lies on, two both. */
function parallelsOf(method: string, pole: number, hemisphere: number): readonly number[] {
  switch (method) {
    case 'merc':
    case 'mill':
      return [-mercatorLatitude, mercatorLatitude]
    case 'stere':
      return [-pole * stereographicLatitude]
    case 'lcc':
      return [-hemisphere * conicLatitude]
    default:
      return []
  }
}

function domainOf(parallels: readonly number[]): (lat: number) => boolean {
  const south = Math.max(-90, ...parallels.filter(lat => lat < 0)) - hair
  const north = Math.min(90, ...parallels.filter(lat => lat > 0)) + hair
  return lat => lat >= south && lat <= north
}

/** Boxes whose west is greater than their east cross the antimeridian. A hair beyond the edge is inside. */
function isInArea([west, south, east, north]: Bbox, lon: number, lat: number): boolean {
  if (lat < south - hair || lat > north + hair) return false
  const fromWest = (((lon - west) % 360) + 360 + hair) % 360
  const width = west <= east ? east - west : east - west + 360
  return width >= 360 || fromWest <= width + 2 * hair
}
