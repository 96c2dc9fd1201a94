import { crsOf, metresPerDegree } from '#geo/crs.js'
import { ewkbBbox } from '#geo/ewkb.js'
import type { Expression } from './expression.js'
import type { DistanceFilter, Filter, GeometriesFilter } from './filter.js'
import { FilterError, quotedName } from './filter-error.js'
import { inCrs } from './in-crs.js'
import { resolveName } from './resolve-name.js'
import { type Mapping, mapExpression, mapFilter } from './walk.js'

/** What a filter is asked of. */
export interface Table {
  /** Columns that are no geometries. */
  readonly columns: readonly { readonly name: string }[]
  readonly geometries: readonly { readonly name: string; readonly crs?: string }[]
  /** The default geometry; absent: the first. */
  readonly geometry?: string
  /** What a language may put before ids, as in `communes.12`, and before names, as in `communes/nom`. */
  readonly typeNames?: readonly string[]
}

/**
 * A filter as a language says it, brought to a table: its names become those of columns (prefixes, paths and case settled; the usual names of
 * geometries, `the_geom` among them, mean the default one where there is none of that name), its geometries
 * come into the CRS of their columns, distances into its units, type names come off the ids. Throws FilterError.
 */
export function settleFilter(filter: Filter, table: Table): Filter {
  return mapFilter(filter, settling(table))
}

/** As `settleFilter`, of an expression. */
export function settleExpression(expression: Expression, table: Table): Expression {
  return mapExpression(expression, settling(table))
}

/** What GeoServer, OGR and MapServer call the geometry of a table for want of a name: clients have it in their configurations. */
const usualGeometry = /^(\w+:)?(the_geom|geom|wkb_geometry|msGeometry|geometry)$/i

function settling(table: Table): Mapping {
  const geometryNames = table.geometries.map(geometry => geometry.name)
  const names = [...table.columns.map(column => column.name), ...geometryNames]
  const geometryOf = (name: string) => {
    const isThere = geometryNames.some(one => one.toLowerCase() === name.trim().toLowerCase())
    const isDefault = name.trim() === '' || (!isThere && usualGeometry.test(name.trim()))
    if (!isDefault && !isThere) refuseAttribute(name, table)
    const wanted = isDefault ? (table.geometry ?? geometryNames[0]) : resolveName(name, geometryNames)
    const geometry = table.geometries.find(each => each.name === wanted)
    if (!geometry) throw new FilterError('unknown-property', 'A spatial filter is asked of a table without geometry.', { locator: name })
    return geometry
  }
  return {
    expression(one) {
      if (one.kind !== 'property') return one
      return { ...one, name: one.name === '' ? geometryOf('').name : resolveName(one.name, names) }
    },
    filter(one) {
      switch (one.kind) {
        case 'bbox':
          return { ...one, property: geometryOf(one.property).name }
        case 'spatial': {
          const { name, crs } = geometryOf(one.property)
          return { ...one, property: name, geometry: inCrs(one.geometry, crs) }
        }
        case 'distance': {
          const { name, crs } = geometryOf(one.property)
          return { ...measured(one, crs), property: name }
        }
        case 'geometries':
          return { ...one, ...settledPair(one, geometryOf) }
        case 'ids':
          return { ...one, ids: one.ids.map(id => withoutType(id, table.typeNames ?? [])) }
        default:
          return one
      }
    },
  }
}

/** What is there, but no geometry, is not said to be unknown. */
function refuseAttribute(name: string, { columns, geometries }: Table): void {
  const column = columns.find(one => one.name.toLowerCase() === name.trim().toLowerCase())
  if (!column) return
  const names = geometries.map(one => one.name).join(', ')
  throw new FilterError(
    'unknown-property',
    `${quotedName(name)} is no geometry; ${names ? `there ${geometries.length > 1 ? 'are' : 'is'} ${names}` : 'there is none here'}.`,
    { locator: name },
  )
}

type Column = Table['geometries'][number]

/** Two columns by their names, two geometries of the request in one system. */
function settledPair({ left, right }: GeometriesFilter, geometryOf: (name: string) => Column): Pick<GeometriesFilter, 'left' | 'right'> {
  if (left.kind === 'literal' || right.kind === 'literal') {
    const pair = [left, right].map(side => (side.kind === 'literal' ? side.geometry : undefined))
    const [a, b] = pair
    if (!a || !b) throw new Error('A column and a geometry are a filter of the kind spatial.')
    return { left: { kind: 'literal', geometry: { wkb: a.wkb } }, right: { kind: 'literal', geometry: inCrs(b, a.crs ?? b.crs) } }
  }
  const [a, b] = [geometryOf(left.name), geometryOf(right.name)]
  if (a.crs !== b.crs)
    throw new FilterError(
      'unsupported',
      `The geometries ${a.name} (${a.crs ?? 'without a system'}) and ${b.name} (${b.crs ?? 'without a system'}) are in two reference systems, and are not compared; each can be compared with a geometry that is written out.`,
      { locator: right.name },
    )
  return { left: { ...left, name: a.name }, right: { ...right, name: b.name } }
}

function withoutType(id: string, typeNames: readonly string[]): string {
  const type = typeNames.find(name => id.startsWith(`${name}.`))
  return type === undefined ? id : id.slice(type.length + 1)
}

/** Units of length become those of the CRS; degrees are measured in metres, as they are at the middle of the geometry. */
function measured({ metresPerUnit, ...filter }: DistanceFilter, crs: string | undefined): DistanceFilter {
  const geometry = inCrs(filter.geometry, crs)
  const system = crs ? crsOf(crs) : undefined
  if (metresPerUnit === undefined || !system || filter.stretch) return { ...filter, geometry }
  const metres = filter.distance * metresPerUnit
  if (system.kind !== 'geographic' && !system.definition?.isGeographic)
    return { ...filter, geometry, distance: metres / system.metresPerUnit }
  const [, south, , north] = ewkbBbox(geometry.wkb) ?? [0, 0, 0, 0]
  const perUnit = system.metresPerUnit
  const latitude = ((south + north) / 2) * (perUnit / metresPerDegree)
  const shrink = Math.max(0.01, Math.cos((latitude * Math.PI) / 180))
  return { ...filter, geometry, distance: metres, stretch: [perUnit * shrink, perUnit] }
}
