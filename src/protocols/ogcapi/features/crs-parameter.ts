import type { Collection } from '#core/atlas.js'
import { Problem } from '#core/problem.js'
import { crsOf, requireCrs } from '#geo/crs.js'
import { type CrsName, parseCrsName, writeCrsName } from '#geo/crs-name.js'

/** Longitude, latitude on WGS 84: what coordinates are in where a request says nothing (OGC 17-069r4, 7.12). */
export const crs84 = 'http://www.opengis.net/def/crs/OGC/1.3/CRS84'
/** The same with heights. */
const crs84h = 'http://www.opengis.net/def/crs/OGC/0/CRS84h'

/** The reference system that a parameter names, axis order settled by the form of its name; CRS84 where it is absent. Throws `invalid-parameter`. */
export function crsParameter(parameters: URLSearchParams, name: 'crs' | 'bbox-crs' | 'filter-crs'): CrsName {
  const asked = parameters.get(name)
  if (asked === null || asked === '' || asked === crs84h)
    return { ...parseCrsName(crs84, 'other')!, text: asked === crs84h ? asked : crs84 }
  const found = parseCrsName(asked, 'other')
  if (found) return found
  throw new Problem(
    'invalid-parameter',
    `${name}=${asked.slice(0, 120)} is no reference system that is known here; ${crs84} and those of the collection would work.`,
    {
      locator: name,
    },
  )
}

/** The systems a collection is offered in, as URIs, CRS84 first (OGC 18-058r1, 6.2.1); none where it has no geometry. */
export function crsUris({ crs, storageCrs, source }: Collection): readonly string[] {
  if (storageCrs === undefined) return []
  const isFlat = source.kind !== 'features' || source.geometries.every(({ dimensions }) => !dimensions.includes('z'))
  return [...new Set([crs84, ...(isFlat ? [] : [crs84h]), ...crs.map(crsUri)])]
}

/** The URI of a system by its code. */
export function crsUri(code: string): string {
  const crs = crsOf(code)
  return crs?.code === 'OGC:CRS84' ? crs84 : writeCrsName(requireCrs(code), 'url')
}
