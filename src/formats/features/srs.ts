import { crsOf } from '#geo/crs.js'
import { writeCrsName } from '#geo/crs-name.js'

/** What an encoder must know about the reference system of its coordinates. */
export interface Srs {
  /** Decimals that keep 1 mm or finer: 3 for metres, 9 for degrees. */
  readonly decimals: number
  /** How far chords may leave the arcs they replace, in coordinate units: about a centimetre. */
  readonly tolerance: number
  /** `urn:ogc:def:crs:EPSG::2154` */
  readonly urn: string
  /** `http://www.opengis.net/def/crs/EPSG/0/2154` */
  readonly url: string
  /** The authority's order is y,x: how coordinates named by the urn or the url are written. */
  readonly isNorthFirst: boolean
  /** `http://www.opengis.net/gml/srs/epsg.xml#2154`: always x,y. */
  readonly gml2Name: string
}

/** The facts about a CRS code; undefined for one that is absent or not known, whose coordinates then count as metres. */
export function srsOf(code: string | undefined): Srs | undefined {
  const crs = code === undefined ? undefined : crsOf(code)
  if (!crs) return undefined
  // Units of more than a kilometre are angles: degrees, grads.
  const isAngle = crs.metresPerUnit > 1000
  return {
    decimals: isAngle ? 9 : 3,
    tolerance: isAngle ? 1e-7 : 0.01,
    urn: writeCrsName(crs, 'urn'),
    url: writeCrsName(crs, 'url'),
    isNorthFirst: crs.axes === 'yx',
    gml2Name: writeCrsName(crs, 'epsg-xml'),
  }
}
