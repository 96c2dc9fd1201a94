import type { Bbox } from './bbox.js'
import { CrsError } from './crs-error.js'
import { type CrsRegistry, isCompoundRow, isFlatRow, openCrsRegistry, type ShiftRow } from './crs-registry.js'

/** A coordinate reference system as far as a server of maps needs it. Immutable; one object per code. */
export interface Crs {
  /** Authority and code: `EPSG:2154`, `IGNF:LAMB93`, `OGC:CRS84`. */
  readonly code: string
  readonly name: string
  readonly kind: 'geographic' | 'projected' | 'geocentric' | 'vertical' | 'compound'
  readonly isDeprecated: boolean
  /** The authority's order of coordinates: `yx` when north or latitude comes first. Inside, coordinates are x,y always. */
  readonly axes: 'xy' | 'yx'
  /**
   * Where x and y grow to: `en` nearly always. The few south- and west-oriented systems keep the signs and order PROJ and PostGIS give
   * them (`ws`: x is a westing, y a southing).
   */
  readonly directions: string
  /** Metres per unit of x and y; for angles the length of one on the equator (a degree: 111319.49 m). */
  readonly metresPerUnit: number
  readonly isDegrees: boolean
  /** Area of use: lon, lat in degrees. West is greater than east where it crosses the antimeridian. */
  readonly area?: Bbox
  /** Proj string of x and y, for clients such as OpenLayers; absent for geocentric and vertical systems and unsupported projections. */
  readonly proj?: string
  /** Code of the geographic system below a projected one. */
  readonly base?: string
  /** Code of the horizontal part of a compound. */
  readonly horizontal?: string
  /** What is needed to compute with it; absent for geocentric and vertical systems. */
  readonly definition?: CrsDefinition
}

export interface CrsDefinition {
  /** Projection and figure only: no unit, meridian, axes or datum. */
  readonly projection: string
  /** Why the projection cannot be computed. */
  readonly unsupported?: string
  readonly isGeographic: boolean
  /** Metres, or degrees, per unit. */
  readonly unit: number
  /** Degrees east of Greenwich. */
  readonly meridian: number
  /** Name, the same for datums that differ by their prime meridian alone. */
  readonly datum: string
  /** Absent when nothing leads to WGS 84. */
  readonly shift?: ShiftRow
}

/** Length of a degree of longitude on the equator of WGS 84, in metres. */
export const metresPerDegree = (6378137 * Math.PI) / 180

/** Codes that never were the authority's, still sent by clients: read, never written. */
const aliases: Readonly<Record<string, string>> = {
  'EPSG:900913': 'EPSG:3857',
  'EPSG:102100': 'EPSG:3857',
  'EPSG:102113': 'EPSG:3857',
  'CRS:84': 'OGC:CRS84',
  'CRS:83': 'OGC:CRS83',
  'CRS:27': 'OGC:CRS27',
  'OGC:84': 'OGC:CRS84',
}

const kinds = { g: 'geographic', p: 'projected', c: 'compound', v: 'vertical', x: 'geocentric' } as const

// A memo of a constant file: what it holds never changes an answer. At most one entry per known code.
const memo: { registry?: CrsRegistry; readonly systems: Map<string, Crs> } = { systems: new Map() }

/** The registry of every EPSG, IGNF and OGC system, opened at the first call. */
export function crsRegistry(): CrsRegistry {
  memo.registry ??= openCrsRegistry()
  return memo.registry
}

/** The system of a code such as `EPSG:2154`, in any case; undefined when there is none. Never throws. For other spellings see `parseCrsName`. */
export function crsOf(code: string): Crs | undefined {
  const known = memo.systems.get(code)
  if (known) return known
  if (code.length > 40) return undefined
  const upper = code.toUpperCase()
  const canonical = aliases[upper] ?? upper.replace(/^OGC:CRS84H$/, 'OGC:CRS84h').replace(/^(EPSG:)0+(?=\d)/, '$1')
  const crs = memo.systems.get(canonical) ?? readCrs(canonical)
  if (crs) memo.systems.set(canonical, crs)
  return crs
}

/** The system of a code; throws CrsError `unknown-crs` saying what would have worked. */
export function requireCrs(code: string): Crs {
  const crs = crsOf(code)
  if (crs) return crs
  throw new CrsError('unknown-crs', unknownCrs(code))
}

/** What to tell a client whose name of a reference system is not known. */
export function unknownCrs(text: string): string {
  const asked = text.length > 80 ? `${text.slice(0, 77)}…` : text
  if (/\bAUTO2?\b/i.test(text)) {
    return `The reference system ${asked} is one of WMS's automatic projections, which this server does not offer. Name one by code, e.g. EPSG:2154, EPSG:3857 or CRS:84.`
  }
  return `The reference system ${asked} is not known. Known are the codes of EPSG and IGNF, e.g. EPSG:2154, EPSG:3857, urn:ogc:def:crs:EPSG::4326 or IGNF:LAMB93, and CRS:84.`
}

function readCrs(code: string): Crs | undefined {
  const registry = crsRegistry()
  const row = registry.row(code)
  if (!row) return undefined
  const [letter, name, area] = row
  const kind = kinds[letter[0] as keyof typeof kinds]
  const common = { code, name, kind, isDeprecated: letter[1] === 'd', ...(area && { area }) }
  if (isCompoundRow(row)) {
    const flat = crsOf(row[3])
    if (!flat) return undefined
    const { axes, directions, metresPerUnit, isDegrees, proj, definition } = flat
    const base = flat.base ?? flat.code
    return {
      ...common,
      axes,
      directions,
      metresPerUnit,
      isDegrees,
      base,
      horizontal: flat.code,
      ...(proj && { proj }),
      ...(definition && { definition }),
    }
  }
  if (!isFlatRow(row)) return { ...common, axes: 'xy', directions: 'en', metresPerUnit: 1, isDegrees: false }
  const [, , , base, axes, unit, meridian, datum, shift, projection] = row
  const isGeographic = projection.startsWith('+proj=longlat')
  const definition: CrsDefinition = {
    projection: projection.startsWith('!') ? '' : projection,
    ...(projection.startsWith('!') && { unsupported: projection.slice(1) }),
    isGeographic,
    unit,
    meridian,
    datum: registry.datum(datum),
    ...(shift !== null && { shift: registry.shift(shift) }),
  }
  const directions = axes.slice(2) || 'en'
  const proj = definition.unsupported ? undefined : projString(definition, directions)
  return {
    ...common,
    axes: axes.slice(0, 2) as 'xy' | 'yx',
    directions,
    metresPerUnit: isGeographic ? unit * metresPerDegree : unit,
    isDegrees: isGeographic && unit === 1,
    ...(proj && { proj }),
    ...(base && { base }),
    definition,
  }
}

/** The whole proj string: with meridian, unit, axes and, where it is a single step, the shift to WGS 84. */
function projString({ projection, isGeographic, unit, meridian, shift }: CrsDefinition, directions: string): string {
  const words = [projection]
  const steps = shift?.[0]
  if (steps && steps.length === 0) words.push('+towgs84=0,0,0')
  if (steps?.length === 1 && steps[0][0] !== '-') words.push(`+towgs84=${steps[0].join(',')}`)
  if (meridian) words.push(`+pm=${meridian}`)
  if (!isGeographic) words.push(unit === 1 ? '+units=m' : `+to_meter=${unit}`)
  if (directions !== 'en') words.push(`+axis=${directions}u`)
  return [...words, '+no_defs'].join(' ')
}
