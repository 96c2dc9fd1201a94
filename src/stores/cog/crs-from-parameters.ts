import { crsRegistry } from '#geo/crs.js'
import { isFlatRow } from '#geo/crs-registry.js'

/** A projection as a file spells it out. Angles in degrees, lengths in `metresPerUnit`; what is left out is 0, a scale 1. */
export interface ProjectionParameters {
  readonly method: 'tmerc' | 'lcc' | 'laea' | 'aea' | 'stere' | 'merc'
  /** Named as PROJ does: lat_0, lon_0, lat_1, lat_2, lat_ts, k, x_0, y_0. */
  readonly values: Readonly<Record<string, number | undefined>>
  readonly metresPerUnit: number
  /** Code of the geographic system below, `EPSG:4171`; without one, the ellipsoid has to be that of satellite positioning. */
  readonly base?: string
  readonly ellipsoid?: 'GRS80' | 'WGS84'
}

/**
 * The code of the registry's system with these parameters, the first that is not deprecated. Without a named datum only those on GRS80 or
 * WGS 84 are taken, which differ by less than a metre; anything else could be a hundred metres off.
 */
export function crsFromParameters(wanted: ProjectionParameters): string | undefined {
  const zone = wanted.method === 'tmerc' ? utmZone(wanted.values) : undefined
  const latitude = wanted.values.lat_0 ?? 0
  const isOneParallel = wanted.method === 'lcc' && wanted.values.lat_1 === undefined
  // Fewer rows to parse: all of these projections but Mercator's begin with a latitude, cones of one parallel with that.
  const start =
    wanted.method === 'merc' ? '' : `+${isOneParallel ? 'lat_1' : 'lat_0'}=${latitude < 0 ? '-' : ''}${Math.floor(Math.abs(latitude))}`
  const searches = [`+proj=${wanted.method} ${start}`, ...(zone ? [`+proj=utm +zone=${zone} `] : [])]
  const found = searches
    .flatMap(text => crsRegistry().search(text))
    .filter(([code, row]) => {
      if (!isFlatRow(row) || row[0] !== 'p' || !code.startsWith('EPSG:')) return false
      const [, , , base, , unit, meridian, , , proj] = row
      const ellipsoid = /\+ellps=(\w+)/.exec(proj)?.[1]
      const isBase = wanted.base ? base === wanted.base : wanted.ellipsoid !== undefined && ellipsoid === wanted.ellipsoid
      return isBase && meridian === 0 && near(unit, wanted.metresPerUnit) && hasSameValues(wanted, proj)
    })
  return found[0]?.[0]
}

function hasSameValues({ values, metresPerUnit }: ProjectionParameters, proj: string): boolean {
  const theirs = parametersOf(proj)
  return ['lat_0', 'lon_0', 'lat_1', 'lat_2', 'lat_ts', 'k', 'x_0', 'y_0'].every(name => {
    const fallback = name === 'k' ? 1 : 0
    const scale = name === 'x_0' || name === 'y_0' ? metresPerUnit : 1
    return near((values[name] ?? fallback) * scale, theirs[name] ?? fallback)
  })
}

/** Parameters of a proj string; those of UTM are written out, and cones with one parallel have it in `lat_0` only. */
function parametersOf(proj: string): Record<string, number> {
  const values: Record<string, number> = {}
  for (const [, name, value] of proj.matchAll(/\+(\w+)=(-?[\d.e-]+)/g)) values[name === 'k_0' ? 'k' : name] = Number(value)
  if (proj.startsWith('+proj=utm'))
    return { lat_0: 0, lon_0: values.zone * 6 - 183, k: 0.9996, x_0: 500000, y_0: proj.includes('+south') ? 1e7 : 0 }
  if (values.lat_1 !== undefined && values.lat_2 === undefined) delete values.lat_1
  return values
}

function utmZone({ k, lon_0: longitude = 0, x_0: x }: ProjectionParameters['values']): number | undefined {
  const zone = (longitude + 183) / 6
  return near(k ?? 1, 0.9996) && near(x ?? 0, 500000) && Number.isInteger(zone) && zone >= 1 && zone <= 60 ? zone : undefined
}

const near = (a: number, b: number) => Math.abs(a - b) <= 1e-8 * Math.max(1, Math.abs(a), Math.abs(b))
