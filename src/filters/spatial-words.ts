import { entryOf } from './entry-of.js'
import type { SpatialFilter } from './filter.js'

/** `A within B` said the other way round. */
const mirrored: Partial<Record<SpatialFilter['operator'], SpatialFilter['operator']>> = { within: 'contains', contains: 'within' }

/** The operator that says the same when the geometry of the filter stands before the column. */
export const mirroredOperator = (operator: SpatialFilter['operator']): SpatialFilter['operator'] => mirrored[operator] ?? operator

/** Metres in the units that filters name distances in, by name, code or the end of a URI. */
const units: Readonly<Record<string, number>> = {
  m: 1,
  meter: 1,
  meters: 1,
  metre: 1,
  metres: 1,
  km: 1000,
  kilometer: 1000,
  kilometers: 1000,
  kilometre: 1000,
  kilometres: 1000,
  cm: 0.01,
  mm: 0.001,
  ft: 0.3048,
  feet: 0.3048,
  foot: 0.3048,
  'us-ft': 1200 / 3937,
  mi: 1609.344,
  mile: 1609.344,
  miles: 1609.344,
  'statute miles': 1609.344,
  nmi: 1852,
  'nautical miles': 1852,
  yd: 0.9144,
  '9001': 1,
  '9002': 0.3048,
  '9036': 1000,
}

/** For messages. */
export const someUnits = `${Object.keys(units).slice(0, 12).join(', ')}, ft, mi and nmi`

/** Metres in a unit of length; nothing for no unit, degrees and the like, which are the units of the data. Undefined when it is not known. */
export function unitOfLength(unit: string): { readonly metresPerUnit?: number } | undefined {
  if (unit === '') return {}
  const metresPerUnit = entryOf(units, unit.toLowerCase()) ?? entryOf(units, /[#:/]([\w-]+)$/.exec(unit)?.[1].toLowerCase() ?? '')
  if (metresPerUnit !== undefined) return { metresPerUnit }
  return /^(deg|degree|degrees|unit|units|pixel)$/i.test(unit.replace(/^.*[#:/]/, '')) ? {} : undefined
}
