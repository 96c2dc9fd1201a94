import type { Bbox } from '#geo/bbox.js'
import { emptyProfile, type GeometryProfile, profileGeometry } from '../geometry/geometry-profile.js'
import { numberKind, type SeenKind, textKind, widen } from './column-guess.js'
import { GeometryFault, geojsonFacts } from './geojson-geometry.js'

/** What a full first pass over a GeoJSON file finds out. */
export interface GeojsonScan {
  count: number
  /** Kinds of the properties by name, in order of first appearance; undefined while only null was seen. */
  readonly columns: Map<string, SeenKind | undefined>
  readonly geometry: GeometryProfile
  bbox: Bbox | undefined
  id: IdScan
  /** As the `crs` member of 2008 names it. */
  crsName: string | undefined
  latinCount: number
}

/** Whether feature ids can be a key: all there, all different. Kept in a set up to a bound, above it only while they grow. */
interface IdScan {
  kind: SeenKind | undefined
  seen: number
  isUnique: boolean
  last: number
  isGrowing: boolean
  readonly set: Set<string | number>
}

const maxIdsKept = 200_000
/** More than a table can have; reached only by files whose keys are data. */
const maxColumns = 1500

export const emptyScan = (): GeojsonScan => ({
  count: 0,
  columns: new Map(),
  geometry: emptyProfile(),
  bbox: undefined,
  id: { kind: undefined, seen: 0, isUnique: true, last: Number.NEGATIVE_INFINITY, isGrowing: true, set: new Set() },
  crsName: undefined,
  latinCount: 0,
})

/** One feature, already known to be an object. Throws GeometryFault or Error with what is wrong. */
export function scanFeature(scan: GeojsonScan, feature: Readonly<Record<string, unknown>>): void {
  scan.count++
  const { properties, geometry, id } = feature
  if (typeof properties === 'object' && properties !== null) {
    for (const name in properties) {
      const kind = kindOf((properties as Record<string, unknown>)[name])
      const before = scan.columns.get(name)
      if (kind === undefined ? !scan.columns.has(name) : kind !== before) {
        scan.columns.set(name, kind === undefined ? undefined : widen(before, kind))
        if (scan.columns.size > maxColumns) throw new GeometryFault(`the features have more than ${maxColumns} different properties`)
      }
    }
  }
  if (geometry !== null && geometry !== undefined) {
    profileGeometry(scan.geometry, geojsonFacts(geometry))
    scan.bbox = withCoordinates(scan.bbox, geometry)
  }
  if (typeof id === 'string' || typeof id === 'number') scanId(scan.id, id)
}

function kindOf(value: unknown): SeenKind | undefined {
  if (typeof value === 'string') return textKind(value)
  if (typeof value === 'number') return numberKind(value)
  if (typeof value === 'boolean') return 'boolean'
  return value === null || value === undefined ? undefined : 'json'
}

function scanId(scan: IdScan, id: string | number): void {
  scan.seen++
  scan.kind = widen(scan.kind, typeof id === 'number' ? numberKind(id) : 'text')
  if (!scan.isUnique) return
  scan.isGrowing &&= typeof id === 'number' && id > scan.last
  if (typeof id === 'number') scan.last = id
  if (scan.set.size < maxIdsKept) {
    const size = scan.set.size
    scan.isUnique = scan.set.add(id).size > size
  } else scan.isUnique = scan.isGrowing
}

/** Grown by the first position of every part: enough to tell degrees from metres. */
function withCoordinates(bbox: Bbox | undefined, geometry: unknown): Bbox | undefined {
  let position = (geometry as { coordinates?: unknown }).coordinates
  while (Array.isArray(position) && Array.isArray(position[0])) position = position[0]
  if (!Array.isArray(position) || !Number.isFinite(position[0]) || !Number.isFinite(position[1])) return bbox
  const [x, y] = position as [number, number]
  if (!bbox) return [x, y, x, y]
  if (x >= bbox[0] && x <= bbox[2] && y >= bbox[1] && y <= bbox[3]) return bbox
  return [Math.min(bbox[0], x), Math.min(bbox[1], y), Math.max(bbox[2], x), Math.max(bbox[3], y)]
}
