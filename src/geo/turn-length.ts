import { type Crs, requireCrs } from './crs.js'
import { transformBetween } from './point-transform.js'
import { projectionLimits } from './projection-limits.js'

/**
 * Length of one turn of the earth along x in units of `crs`: 360 for degrees, 40075016.69 for EPSG:3857. Undefined where the map does not
 * repeat: on cones, discs and transverse cylinders.
 */
export function turnLength(crs: Crs): number | undefined {
  if (!crs.definition || crs.directions !== 'en') return undefined
  const { isCylindrical, isGeographic, lon0 } = projectionLimits(crs, 'domain')
  if (isGeographic) return 360 / crs.definition.unit
  if (!isCylindrical) return undefined
  const base = requireCrs(crs.base!)
  const { unit, meridian } = base.definition!
  const toMap = transformBetween(base.code, crs.code)
  const quarter = toMap.point((lon0 + 90 - meridian) / unit, 0)
  const middle = toMap.point((lon0 - meridian) / unit, 0)
  return quarter && middle && (quarter[0] - middle[0]) * 4
}
