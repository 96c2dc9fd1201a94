import type { Bbox } from '#geo/bbox.js'
import { type Crs, crsOf } from '#geo/crs.js'
import { transformBbox } from '#geo/transform.js'
import type { CollectionExtent } from './atlas.js'

const lonLat = 'OGC:CRS84'
const metresPerDegree = 111_320

/** Least width and height of an advertised extent of features in metres: clients zoom into nothing on a single point (QGIS#47349). */
const leastSpan = 100

/** How far, in degrees, real data lie outside the area of use of their CRS; beyond it the SRID is wrong. */
const strayDegrees = 5

/**
 * The extent of data in `crs`, from their box in it; undefined when the box is unknown, empty, not finite or cannot be where the CRS is.
 * A box narrower or lower than `span` metres grows to it.
 */
export function extentFromStorage(box: Bbox | undefined, crs: string, span = leastSpan): CollectionExtent | undefined {
  const known = crsOf(crs)
  if (!known || !isUsable(box)) return undefined
  const storage = widen(box, span / known.metresPerUnit)
  const crs84 = project(storage, crs, lonLat)
  if (!isUsable(crs84) || strays(storage, crs84, known)) return undefined
  return { crs84: widen(clampLonLat(crs84), span / metresPerDegree), storage }
}

/** The extent for a box the operator gave in lon, lat. */
export function extentFromLonLat(box: Bbox, crs: string): CollectionExtent | undefined {
  const storage = project(box, lonLat, crs)
  return isUsable(box) && isUsable(storage) ? { crs84: box, storage } : undefined
}

/** Whether coordinates in `box` cannot be in `crs`: degrees out of range, or metres far off its area of use. */
export function isElsewhere(box: Bbox, crs: Crs): boolean {
  const crs84 = project(box, crs.code, lonLat)
  return !isUsable(crs84) || strays(box, crs84, crs)
}

function strays([minX, minY, maxX, maxY]: Bbox, crs84: Bbox, { isDegrees, area }: Crs): boolean {
  if (isDegrees) return minX < -361 || maxX > 361 || minY < -91 || maxY > 91
  if (!area) return false
  const [west, south, east, north] = area
  if (west > east) return false // the area crosses the antimeridian: no simple comparison
  return (
    crs84[0] > east + strayDegrees || crs84[2] < west - strayDegrees || crs84[1] > north + strayDegrees || crs84[3] < south - strayDegrees
  )
}

/** A code the coordinates of `box` may well be in, for the cure of a wrong or missing SRID. */
export function guessCrs([minX, minY, maxX, maxY]: Bbox): string | undefined {
  const lies = (west: number, south: number, east: number, north: number) => minX >= west && minY >= south && maxX <= east && maxY <= north
  if (lies(-180, -90, 180, 90)) return 'EPSG:4326'
  if (lies(0, 6_000_000, 1_320_000, 7_200_000)) return 'EPSG:2154'
  const zone = Math.round((minY + maxY) / 2e6 - 0.2)
  if (zone >= 1 && zone <= 9 && lies(1_000_000, zone * 1e6 - 4e5, 2_400_000, zone * 1e6 + 8e5)) return `EPSG:${3941 + zone}`
  return undefined
}

export function isUsable(box: Bbox | undefined): box is Bbox {
  return box?.every(Number.isFinite) === true && box[0] <= box[2] && box[1] <= box[3]
}

function project(box: Bbox, from: string, to: string): Bbox | undefined {
  try {
    return transformBbox(box, from, to)
  } catch {
    return undefined // a CRS without a usable projection: no extent, which every view can live with
  }
}

function widen([minX, minY, maxX, maxY]: Bbox, least: number): Bbox {
  const dx = Math.max(0, least - (maxX - minX)) / 2
  const dy = Math.max(0, least - (maxY - minY)) / 2
  return [minX - dx, minY - dy, maxX + dx, maxY + dy]
}

/** Degrees by which edges of pixels lie beyond the antimeridian without being on its other side. */
const edgeDegrees = 0.1

/** Within the globe. Longitudes of other turns (0 to 360, 170 to 190) come back; what crosses the antimeridian becomes the whole turn. */
function clampLonLat([west, south, east, north]: Bbox): Bbox {
  const turns = 360 * Math.floor((west + 180 + edgeDegrees) / 360)
  const isWhole = east - turns > 180 + edgeDegrees
  const [left, right] = isWhole ? [-180, 180] : [Math.max(-180, west - turns), Math.min(180, east - turns)]
  return [left, Math.max(-90, south), right, Math.min(90, north)]
}
