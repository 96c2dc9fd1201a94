import type { FeatureGeometry, FeatureHead } from '#core/feature-table.js'
import { Problem } from '#core/problem.js'
import { crsOf } from '#geo/crs.js'
import { EwkbCursor } from '#geo/ewkb-cursor.js'
import { choice } from './choice.js'
import type { WriteOptions } from './collection-format.js'
import { srsOf } from './srs.js'

/** How features become lines of a table: CSV and spreadsheets. */
export interface SheetLayout {
  /** Of the attributes, then of the geometry; no two are the same. */
  readonly headings: readonly string[]
  readonly geometry: 'xy' | 'wkt' | 'none'
  /** Columns of `xy`: two to four. */
  readonly ordinates: number
  readonly hasZ: boolean
  /** Of x and y. */
  readonly decimals: number
}

/**
 * The layout that a request asks for: `geometry=xy` (points only), `wkt` or `none`; else x and y for points and WKT for all others. Throws
 * `invalid-parameter`.
 */
export function sheetLayout(head: FeatureHead, { parameters, decimals }: WriteOptions): SheetLayout {
  const { columns, geometry } = head
  const way = wayOf(geometry, parameters)
  const headings: string[] = []
  const add = (name: string) => {
    let unique = name
    for (let i = 2; headings.includes(unique); i++) unique = `${name}_${i}`
    headings.push(unique)
  }
  for (const { name } of columns) add(name)
  const ordinates = way === 'xy' && geometry ? ordinateNames(geometry) : []
  for (const name of way === 'wkt' ? ['wkt'] : ordinates) add(name)
  return {
    headings,
    geometry: way,
    ordinates: ordinates.length,
    hasZ: geometry?.dimensions.includes('z') ?? false,
    decimals: decimals ?? srsOf(geometry?.crs)?.decimals ?? 3,
  }
}

/** Why features cannot become lines as asked. Throws `invalid-parameter`. */
export function sheetObstacle(head: FeatureHead, options: WriteOptions): string | undefined {
  const { geometry, headings } = sheetLayout(head, options)
  if (headings.length === 0) return 'there is no column left to write; geometry=wkt or some properties would work'
  if (geometry === 'xy' && head.geometry?.type !== 'POINT')
    return `only points have one x and y and these are of type ${head.geometry?.type}; geometry=wkt would work`
  return undefined
}

function wayOf(geometry: FeatureGeometry | undefined, parameters: ReadonlyMap<string, string>): SheetLayout['geometry'] {
  const asked = choice(parameters, 'geometry', ['xy', 'wkt', 'none'])
  if (!geometry) return 'none'
  return asked ?? (geometry.type === 'POINT' ? 'xy' : 'wkt')
}

/** `lon` and `lat` where they are angles. */
function ordinateNames({ crs, dimensions }: FeatureGeometry): string[] {
  const isAngle = crs !== undefined && crsOf(crs)?.kind === 'geographic'
  return [...(isAngle ? ['lon', 'lat'] : ['x', 'y']), ...dimensions.slice(2)]
}

/** Calls `use` with each number of a point; not at all for an empty one. Throws `EwkbError`, and `invalid-data` for what is no point. */
export function visitOrdinates(ewkb: Uint8Array, use: (value: number, axis: number) => void): void {
  const cursor = new EwkbCursor(ewkb)
  cursor.header(0)
  if (cursor.kind !== 'Point')
    throw new Problem('invalid-data', `A column of points holds a ${cursor.kind}, which has no one x and y; geometry=wkt would work.`)
  const { view, position, isLittleEndian, stride } = cursor
  cursor.need(8 * stride)
  if (Number.isNaN(view.getFloat64(position, isLittleEndian))) return
  for (let axis = 0; axis < stride; axis++) use(view.getFloat64(position + 8 * axis, isLittleEndian), axis)
}
