import type { Collection } from '#core/atlas.js'
import { Problem } from '#core/problem.js'
import { crsOf, requireCrs } from '#geo/crs.js'
import { type CrsName, parseCrsName, writeCrsName } from '#geo/crs-name.js'

/** Longitude, latitude on WGS 84: what coordinates are in where a request says nothing (OGC 17-069r4, 7.12). */
export const crs84 = 'http://www.opengis.net/def/crs/OGC/1.3/CRS84'
/** The same with heights. */
const crs84h = 'http://www.opengis.net/def/crs/OGC/0/CRS84h'

/**
 * The reference system that a parameter names, axis order settled by the form of its name; CRS84 where it is absent. A URI has to be one of those of the
 * collection (OGC 18-058r1, requirements 7 and 13); a short code such as `EPSG:3948`, which no standard speaks of, may be any that is known. Throws
 * `invalid-parameter`.
 */
export function crsParameter(parameters: URLSearchParams, name: 'crs' | 'bbox-crs' | 'filter-crs', collection: Collection): CrsName {
  const asked = parameters.get(name)
  if (asked === null || asked === '' || asked === crs84h)
    return { ...parseCrsName(crs84, 'other')!, text: asked === crs84h ? asked : crs84 }
  const found = parseCrsName(asked, 'other')
  if (found && (found.form === 'short' || crsUris(collection).some(uri => parseCrsName(uri, 'other')?.crs.code === found.crs.code)))
    return found
  const known = crsUris(collection).slice(0, 10).join(', ')
  throw new Problem(
    'invalid-parameter',
    `${name}=${asked.slice(0, 120)} is no reference system of ${collection.id}; ${known} would work.`,
    {
      locator: name,
    },
  )
}

/** The systems a collection is offered in, as URIs, CRS84 first (OGC 18-058r1, 6.2.1); that alone where it has no geometry. */
export function crsUris({ crs, storageCrs, source }: Collection): readonly string[] {
  if (storageCrs === undefined) return [crs84]
  const isFlat = source.kind !== 'features' || source.geometries.every(({ dimensions }) => !dimensions.includes('z'))
  return [...new Set([crs84, ...(isFlat ? [] : [crs84h]), ...crs.map(crsUri)])]
}

/** The URI of a system by its code. */
export function crsUri(code: string): string {
  const crs = crsOf(code)
  return crs?.code === 'OGC:CRS84' ? crs84 : writeCrsName(requireCrs(code), 'url')
}
