import type { Collection } from '#core/atlas.js'
import { type Bbox, flipBbox } from '#geo/bbox.js'
import { crsOf } from '#geo/crs.js'
import { parseCrsName } from '#geo/crs-name.js'
import { transformBbox } from '#geo/transform.js'
import type { WmsVersion } from './versions.js'

const lonLat = 'OGC:CRS84'
const world: Bbox = [-180, -90, 180, 90]

/** A CRS as one version of WMS writes it. */
export interface WireCrs {
  readonly code: string
  readonly name: string
  /** Coordinates are written y,x. */
  readonly isFlipped: boolean
  readonly decimals: number
}

export type WireCrsFinder = (code: string) => WireCrs | undefined

/** How `version` names a CRS; undefined when it cannot: 1.1.1 has no `CRS:84` (OGC 01-068r3, 6.5.5). Remembers what it was asked. */
export function wireCrsFinder({ number, crsContext }: WmsVersion): WireCrsFinder {
  const known = new Map<string, WireCrs | undefined>()
  const find = (code: string): WireCrs | undefined => {
    const name = code.replace(/^OGC:CRS(\d+)$/, 'CRS:$1')
    if (number === '1.1.1' && name.startsWith('CRS:')) return undefined
    const parsed = parseCrsName(name, crsContext)
    // 1 mm or finer (contract, section 5)
    return parsed && { code, name, isFlipped: parsed.isFlipped, decimals: parsed.crs.kind === 'geographic' ? 9 : 3 }
  }
  return code => {
    if (!known.has(code)) known.set(code, find(code))
    return known.get(code)
  }
}

/** CRS codes of a layer, as advertised; every layer can be drawn in longitude and latitude. */
export function crsCodesOf({ crs }: Collection): readonly string[] {
  return crs.includes(lonLat) ? crs : [...crs, lonLat]
}

/** West, south, east, north of a collection in degrees: its extent, else the area its CRS is for, else the world (T-26). */
export function lonLatExtent({ extent, storageCrs }: Collection): Bbox {
  const candidates = [extent?.crs84, crsOf(storageCrs ?? '')?.area, world]
  const [west, south, east, north] = candidates.find(isBox) ?? world
  return [Math.max(west, -180), Math.max(south, -90), Math.min(east, 180), Math.min(north, 90)]
}

/** Areas of use that cross the antimeridian are turned over, and no box. */
const isBox = (box: Bbox | undefined): box is Bbox => box?.every(Number.isFinite) === true && box[0] <= box[2] && box[1] <= box[3]

/** Extents of a collection by CRS code, x,y. A CRS in which it cannot be told is left out. */
export type ExtentFinder = (collection: Collection) => ReadonlyMap<string, Bbox>

/** A finder that works out each collection once: thousands of densified boxes take a second, and every version and language has the same ones. */
export function extentFinder(): ExtentFinder {
  const known = new WeakMap<Collection, ReadonlyMap<string, Bbox>>()
  return collection => {
    const extents = known.get(collection) ?? extentsOf(collection)
    known.set(collection, extents)
    return extents
  }
}

function extentsOf(collection: Collection): ReadonlyMap<string, Bbox> {
  const { extent, storageCrs } = collection
  const isKnown = storageCrs !== undefined && isBox(extent?.storage) && isBox(extent.crs84)
  const [box, crs] = isKnown ? [extent.storage, storageCrs] : [lonLatExtent(collection), lonLat]
  const found = new Map<string, Bbox>()
  for (const code of crsCodesOf(collection)) {
    const isLonLat = code === lonLat || code === 'EPSG:4326'
    // degrees of another datum come from degrees: no need to undo the projection again for them
    const isGeographic = crsOf(code)?.kind === 'geographic'
    const there =
      code === crs
        ? box
        : isLonLat
          ? lonLatExtent(collection)
          : isGeographic
            ? projected(lonLatExtent(collection), lonLat, code)
            : projected(box, crs, code)
    if (there) found.set(code, there)
  }
  return found
}

/** The box in another CRS; undefined where it cannot be had, or is not a box there. */
export function projected(box: Bbox, from: string, to: string): Bbox | undefined {
  try {
    const there = transformBbox(box, from, to)
    return isBox(there) ? there : undefined
  } catch {
    return undefined // a CRS that cannot be projected to says so when a map in it is asked for
  }
}

/** minx, miny, maxx, maxy in the CRS's order on the wire. */
export function wireBox(box: Bbox, { isFlipped, decimals }: WireCrs): readonly string[] {
  const whole = 10 ** decimals
  return (isFlipped ? flipBbox(box) : box).map(value => String(Math.round(value * whole) / whole || 0)) // never -0
}
