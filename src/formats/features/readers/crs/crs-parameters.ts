import type { RegistryRow } from '#geo/crs-registry.js'
import { isFlatRow } from '#geo/crs-registry.js'
import { childOf, numberOf, textOf, type WktNode } from './wkt-tree.js'

/** A geographic or projected CRS by its numbers: what two descriptions of the same one have in common whatever they call things. */
export interface CrsParameters {
  /** As PROJ calls the projection; `longlat` for geographic ones. */
  readonly method: string
  /** By PROJ's names (`lat_0`, `x_0`, …): angles in degrees, lengths in metres. */
  readonly numbers: Readonly<Record<string, number>>
  /** Semi-major axis in metres, inverse flattening (0: a sphere). */
  readonly axis: number
  readonly flattening: number
  /** Metres, or degrees, per unit. */
  readonly unit: number
  /** Degrees east of Greenwich. */
  readonly meridian: number
}

const methods: Readonly<Record<string, string>> = {
  lambert_conformal_conic: 'lcc',
  lambert_conformal_conic_1sp: 'lcc',
  lambert_conformal_conic_2sp: 'lcc',
  transverse_mercator: 'tmerc',
  gauss_kruger: 'tmerc',
  mercator: 'merc',
  mercator_1sp: 'merc',
  mercator_auxiliary_sphere: 'webmerc',
  popular_visualisation_pseudo_mercator: 'webmerc',
  lambert_azimuthal_equal_area: 'laea',
  albers: 'aea',
  albers_conic_equal_area: 'aea',
  oblique_stereographic: 'sterea',
  double_stereographic: 'sterea',
  krovak: 'krovak',
  cassini: 'cass',
  cassini_soldner: 'cass',
  polyconic: 'poly',
  hotine_oblique_mercator_azimuth_center: 'somerc',
}

const names: Readonly<Record<string, string>> = {
  false_easting: 'x_0',
  false_northing: 'y_0',
  central_meridian: 'lon_0',
  longitude_of_center: 'lon_0',
  longitude_of_origin: 'lon_0',
  latitude_of_origin: 'lat_0',
  latitude_of_center: 'lat_0',
  standard_parallel_1: 'lat_1',
  standard_parallel_2: 'lat_2',
  scale_factor: 'k',
}

/** PROJ's names of ellipsoids in the registry's strings. */
const ellipsoids: Readonly<Record<string, readonly [axis: number, flattening: number]>> = {
  GRS80: [6378137, 298.257222101],
  WGS84: [6378137, 298.257223563],
  intl: [6378388, 297],
}

const degree = Math.PI / 180

/** Of a WKT 1 `PROJCS` or `GEOGCS`; undefined for other nodes and for projections that have no name here. */
export function wktParameters(node: WktNode): CrsParameters | undefined {
  const geographic = node.keyword === 'GEOGCS' ? node : childOf(node, 'GEOGCS')
  const spheroid = childOf(childOf(geographic, 'DATUM'), 'SPHEROID', 'ELLIPSOID')
  const axis = numberOf(spheroid, 1)
  const flattening = numberOf(spheroid, 2)
  const angle = (numberOf(childOf(geographic, 'UNIT'), 1) ?? degree) / degree
  if (!geographic || axis === undefined || flattening === undefined) return undefined
  const primeMeridian = numberOf(childOf(geographic, 'PRIMEM'), 1) ?? 0
  // the meridian is in the unit of the angles by the standard, in degrees by habit: Paris is 2.33722917 degrees, 2.5969213 grads
  const meridian = Math.abs(angle - 0.9) < 1e-9 && Math.abs(primeMeridian - 2.5969213) < 1e-6 ? primeMeridian * angle : primeMeridian
  if (node === geographic) return { method: 'longlat', numbers: {}, axis, flattening, unit: angle, meridian }
  const unit = numberOf(childOf(node, 'UNIT'), 1) ?? 1
  const method = methods[textOf(childOf(node, 'PROJECTION')).toLowerCase()]
  if (node.keyword !== 'PROJCS' || !method) return undefined
  const numbers: Record<string, number> = {}
  for (const parameter of node.children.filter(child => child.keyword === 'PARAMETER')) {
    const name = names[textOf(parameter).toLowerCase()]
    const value = numberOf(parameter, 1)
    if (name && value !== undefined) numbers[name] = value * (name === 'k' ? 1 : name === 'x_0' || name === 'y_0' ? unit : angle)
  }
  // the Swiss projection by ESRI's name: an oblique cylinder that lies exactly across
  if (
    method === 'somerc' &&
    numberOf(
      node.children.find(child => /^azimuth$/i.test(textOf(child))),
      1,
    ) !== 90
  )
    return undefined
  // GDAL writes web mercator as a plain one, with the truth in an extension
  const isWeb = method === 'webmerc' || (method === 'merc' && /pseudo|web.?mercator|google/i.test(textOf(node)))
  return normalised({ method: isWeb ? 'webmerc' : method, numbers, axis, flattening, unit, meridian })
}

/** Of a row of the registry; undefined for systems that are neither geographic nor projected, or cannot be computed. */
export function registryParameters(row: RegistryRow): CrsParameters | undefined {
  if (!isFlatRow(row)) return undefined
  const [, , , , , unit, meridian, , , proj] = row
  const words = new Map(proj.split(' ').map(word => wordPair(word)))
  const value = (name: string) => (words.get(name) === undefined ? undefined : Number(words.get(name)))
  const method = words.get('proj')
  if (!method) return undefined
  const radius = value('R')
  const [axis, flattening] = ellipsoids[words.get('ellps') ?? ''] ?? [
    value('a') ?? radius ?? 0,
    value('rf') ?? inverseFlattening(value('a'), value('b')),
  ]
  const numbers: Record<string, number> = {}
  for (const name of ['lat_0', 'lon_0', 'lat_1', 'lat_2', 'lat_ts', 'x_0', 'y_0', 'k']) {
    const number = value(name) ?? (name === 'k' ? value('k_0') : undefined)
    if (number !== undefined) numbers[name] = number
  }
  const zone = value('zone')
  if (method === 'utm' && zone !== undefined)
    Object.assign(numbers, { lat_0: 0, lon_0: zone * 6 - 183, k: 0.9996, x_0: 500_000, y_0: words.has('south') ? 10_000_000 : 0 })
  const isWeb = method === 'merc' && radius !== undefined
  return normalised({ method: isWeb ? 'webmerc' : method === 'utm' ? 'tmerc' : method, numbers, axis, flattening, unit, meridian })
}

function wordPair(word: string): readonly [name: string, value: string] {
  const [name, value = ''] = word.slice(1).split('=')
  return [name, value]
}

function inverseFlattening(a: number | undefined, b: number | undefined): number {
  return a === undefined || b === undefined || a === b ? 0 : a / (a - b)
}

/** One way of writing things that can be written in several. */
function normalised(parameters: CrsParameters): CrsParameters {
  if (parameters.method === 'longlat') return { ...parameters, numbers: {} }
  const numbers: Record<string, number> = { lat_0: 0, lon_0: 0, x_0: 0, y_0: 0, k: 1, ...parameters.numbers }
  if (parameters.method === 'webmerc') return { ...parameters, numbers: { lon_0: numbers.lon_0 }, axis: 6_378_137, flattening: 0 }
  if (parameters.method === 'merc') {
    // Esri's Mercator has its latitude of true scale as a first parallel
    const { lat_1: first = 0, lat_ts: trueScale = first, ...others } = numbers
    return { ...parameters, numbers: { ...others, lat_ts: trueScale } }
  }
  if (parameters.method === 'lcc') {
    numbers.lat_1 ??= numbers.lat_0
    numbers.lat_2 ??= numbers.lat_1
    if (numbers.lat_1 > numbers.lat_2) [numbers.lat_1, numbers.lat_2] = [numbers.lat_2, numbers.lat_1]
  }
  return { ...parameters, numbers }
}

/** Equal within what the digits of such files are worth: 1e-6 degrees, 1 mm, the difference of GRS 80 and WGS 84 still told apart. */
export function isSameCrs(a: CrsParameters, b: CrsParameters): boolean {
  if (a.method !== b.method || Math.abs(a.unit / b.unit - 1) > 1e-7 || Math.abs(a.meridian - b.meridian) > 1e-6) return false
  if (Math.abs(a.axis - b.axis) > 0.01 || Math.abs(a.flattening - b.flattening) > 5e-7) return false
  const keys = new Set([...Object.keys(a.numbers), ...Object.keys(b.numbers)])
  return [...keys].every(key => {
    const tolerance = key === 'k' ? 1e-9 : key === 'x_0' || key === 'y_0' ? 1e-3 : 1e-6
    return Math.abs((a.numbers[key] ?? Number.NaN) - (b.numbers[key] ?? Number.NaN)) <= tolerance
  })
}
