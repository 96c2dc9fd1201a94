import { EwkbError, readEwkb } from '#geo/ewkb.js'
import { WktFault, wktToWkb } from '#geo/wkt-to-wkb.js'
import type { GeometryLiteral } from '../filter.js'
import { FilterError } from '../filter-error.js'
import { geometryLiteral } from '../geometry-literal.js'
import { namedCrs } from '../named-crs.js'

/**
 * A geometry in well-known text, x before y, heights left out; `SRID=2154;POINT(…)` names its system, whose numbers are x,y all the same. Throws
 * FilterError for what is none, is empty, or has arcs.
 */
export function geometryOfWkt(text: string): GeometryLiteral {
  try {
    const { wkb, srid } = wktToWkb(text)
    return { ...geometryLiteral(readEwkb(wkb)), ...(srid && { crs: namedCrs(`EPSG:${srid}`).crs.code }) }
  } catch (error) {
    if (error instanceof WktFault || error instanceof EwkbError)
      throw new FilterError('malformed', `${JSON.stringify(text.slice(0, 40))} is no geometry in WKT: ${error.message}.`)
    throw error
  }
}
