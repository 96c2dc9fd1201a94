import proj4 from 'proj4'
import { intersectBbox } from './bbox.js'
import type { Crs, CrsDefinition } from './crs.js'
import { CrsError } from './crs-error.js'

/** A place that functions below change in place: no allocation on the hot path. `z` is there for the projections that want it. */
export interface Place {
  x: number
  y: number
  z: number
}

/** Between the x,y of a system and longitude and latitude in radians east of Greenwich, on the system's own datum. */
export interface Projection {
  /** x,y in units of the system to lon,lat in radians; false when `place` is out of reach. */
  unproject(place: Place): boolean
  /** lon,lat in radians to x,y in units of the system; false when `place` is out of reach. */
  project(place: Place): boolean
  /** Semi-major axis in metres and squared eccentricity of the figure. */
  readonly figure: { readonly a: number; readonly es: number }
}

/** Metres from the origin beyond which nothing is on a map any more: the poles of Mercator, the far pole of a cone. */
const farthest = 1e8

/**
 * What a coordinate may come back off by: degrees, and metres plus a share of the distance from the origin, where scales are large. What does
 * not come back was never in the projection's domain.
 */
const roundTrip = { degrees: 1e-6, metres: 0.1, share: 3e-7 }

/** Projections whose inverse in proj4 is a short series, off by millimetres: one step of correction by the exact forward mends it. */
const shortInverses = /^\+proj=(laea|cass|eqearth) /

/** Degrees around the area of use where projections are taken to be sound without a look back. */
const trustedMargin = 2

const degree = Math.PI / 180
const halfPi = Math.PI / 2

/** The projection of `crs`; throws CrsError `no-transformation` for systems without x and y on a map and for unsupported projections. */
export function projectionOf(crs: Crs): Projection {
  const { definition } = crs
  if (!definition) {
    throw new CrsError(
      'no-transformation',
      `${crs.code} (${crs.name}) is a ${crs.kind} system: it has no x and y that maps can be drawn in.`,
    )
  }
  if (definition.unsupported) {
    throw new CrsError('no-transformation', `${crs.code} (${crs.name}) uses ${definition.unsupported}, which this server cannot compute.`)
  }
  return definition.isGeographic ? geographic(definition) : projected(crs, definition)
}

function geographic({ projection, unit, meridian }: CrsDefinition): Projection {
  const { a, es } = new proj4.Proj(projection) as unknown as Figure
  const radians = unit * degree
  const east = meridian * degree
  const steepest = halfPi + 1e-11
  return {
    figure: { a, es },
    unproject(place) {
      place.x = wrapped(place.x * radians, east)
      place.y *= radians
      if (!(Math.abs(place.y) <= steepest) || !Number.isFinite(place.x)) return false
      if (Math.abs(place.y) > halfPi) place.y = Math.sign(place.y) * halfPi
      return true
    },
    project(place) {
      place.x = wrapped(place.x, -east) / radians
      place.y /= radians
      return Number.isFinite(place.x) && Number.isFinite(place.y)
    },
  }
}

/** `lon + by`, brought back into ±π where the sum left it and `lon` was inside. Longitudes beyond the antimeridian stay as they came. */
function wrapped(lon: number, by: number): number {
  if (by === 0) return lon
  const sum = lon + by
  if (sum > Math.PI && lon <= Math.PI) return sum - 2 * Math.PI
  if (sum < -Math.PI && lon >= -Math.PI) return sum + 2 * Math.PI
  return sum
}

/** What proj4 knows and its type declarations do not say: the figure, and functions that answer in place, elsewhere, or not at all. */
interface Figure {
  readonly a: number
  readonly es: number
}
type Mapping = (place: Place) => Place | number | null | undefined

function projected(crs: Crs, { projection, unit, meridian }: CrsDefinition): Projection {
  const proj = new proj4.Proj(projection) as unknown as Figure & { forward: Mapping; inverse: Mapping }
  const east = meridian * degree
  const [turnX, turnY, isSwapped] = orientation(crs.directions)
  const isRefined = shortInverses.test(projection)
  const back: Place = { x: 0, y: 0, z: 0 }

  const apply = (mapping: 'forward' | 'inverse', place: Place): boolean => {
    place.z = 0
    let result: ReturnType<Mapping>
    try {
      result = proj[mapping](place)
    } catch {
      return false // the way some projections say "out of my domain"
    }
    if (result === null || typeof result !== 'object') return false
    place.x = result.x
    place.y = result.y
    return Number.isFinite(place.x) && Number.isFinite(place.y)
  }
  const inverse = (place: Place): boolean => {
    const { x, y } = place
    if (!apply('inverse', place)) return false
    if (!isRefined) return true
    back.x = place.x
    back.y = place.y
    if (!apply('forward', back)) return true
    place.x = 2 * x - back.x
    place.y = 2 * y - back.y
    return apply('inverse', place)
  }
  const isNear = (place: Place) => Math.abs(place.x) <= farthest && Math.abs(place.y) <= farthest

  const trust = trustedRegion(crs, east, place => apply('forward', place))
  return {
    figure: { a: proj.a, es: proj.es },
    unproject(place) {
      toEastNorth(place, turnX, turnY, isSwapped)
      place.x *= unit
      place.y *= unit
      const { x, y } = place
      if (!isNear(place) || !inverse(place)) return false
      if (!(Math.abs(place.y) <= halfPi + 1e-9)) return false
      if (!trust?.holdsMetres(x, y)) {
        back.x = place.x
        back.y = place.y
        const slack = roundTrip.metres + roundTrip.share * (Math.abs(x) + Math.abs(y))
        if (!apply('forward', back) || !(Math.abs(back.y - y) <= slack)) return false
        if (!(Math.abs(back.x - x) <= slack) && !isWorldBeyond(proj, back.x - x, slack)) return false
      }
      place.x = wrapped(place.x, east)
      return true
    },
    project(place) {
      place.x = wrapped(place.x, -east)
      const { x, y } = place
      if (!(Math.abs(y) <= halfPi + 1e-9) || !apply('forward', place) || !isNear(place)) return false
      if (!trust?.holdsRadians(x, y)) {
        back.x = place.x
        back.y = place.y
        if (!apply('inverse', back) || !(Math.abs(back.y - y) <= roundTrip.degrees * degree)) return false
        const offLon = Math.abs(Math.sin((back.x - x) / 2)) * 2 * Math.cos(y)
        if (!(offLon <= roundTrip.degrees * degree)) return false
      }
      place.x /= unit
      place.y /= unit
      fromEastNorth(place, turnX, turnY, isSwapped)
      return true
    },
  }
}

/** True when `offX` is whole turns of a cylinder: maps that repeat the world are asked beyond its edge. */
function isWorldBeyond(proj: Figure & { projName?: string; k0?: number }, offX: number, slack: number): boolean {
  if (proj.projName !== 'merc' && proj.projName !== 'eqc') return false
  const turn = 2 * Math.PI * proj.a * (proj.k0 ?? 1)
  return Math.abs(offX - turn * Math.round(offX / turn)) <= slack
}

/** Signs that turn x and y of these directions into east and north, after exchanging them where x runs north or south. */
function orientation(directions: string): [turnX: number, turnY: number, isSwapped: boolean] {
  const isSwapped = directions[0] === 'n' || directions[0] === 's'
  const [horizontal, vertical] = isSwapped ? [directions[1], directions[0]] : directions
  return [horizontal === 'w' ? -1 : 1, vertical === 's' ? -1 : 1, isSwapped]
}

/** x,y in the directions of the system to east,north. */
function toEastNorth(place: Place, turnX: number, turnY: number, isSwapped: boolean): void {
  const { x, y } = place
  place.x = (isSwapped ? y : x) * turnX
  place.y = (isSwapped ? x : y) * turnY
}

/** East,north to x,y in the directions of the system. */
function fromEastNorth(place: Place, turnX: number, turnY: number, isSwapped: boolean): void {
  const east = place.x * turnX
  const north = place.y * turnY
  place.x = isSwapped ? north : east
  place.y = isSwapped ? east : north
}

interface TrustedRegion {
  holdsMetres(x: number, y: number): boolean
  holdsRadians(lon: number, lat: number): boolean
}

/** The area of use with a margin, in radians from the system's own meridian and in metres: there the projection needs no look back. */
function trustedRegion(crs: Crs, east: number, forward: (place: Place) => boolean): TrustedRegion | undefined {
  const { area } = crs
  if (!area || area[0] > area[2]) return undefined
  const grown = [area[0] - trustedMargin, area[1] - trustedMargin, area[2] + trustedMargin, area[3] + trustedMargin] as const
  const world = intersectBbox(grown, [-180, -89, 180, 89])
  if (!world || world[2] - world[0] > 40) return undefined
  const [west, south, eastern, north] = world.map(v => v * degree)
  let [minX, minY, maxX, maxY] = [Infinity, Infinity, -Infinity, -Infinity]
  for (let i = 0; i <= 8; i++) {
    for (let j = 0; j <= 8; j++) {
      const place = { x: west + ((eastern - west) * i) / 8 - east, y: south + ((north - south) * j) / 8, z: 0 }
      if (!forward(place)) return undefined
      minX = Math.min(minX, place.x)
      maxX = Math.max(maxX, place.x)
      minY = Math.min(minY, place.y)
      maxY = Math.max(maxY, place.y)
    }
  }
  return {
    holdsMetres: (x, y) => x >= minX && x <= maxX && y >= minY && y <= maxY,
    holdsRadians: (lon, lat) => lon + east >= west && lon + east <= eastern && lat >= south && lat <= north,
  }
}
