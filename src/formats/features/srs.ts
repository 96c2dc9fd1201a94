/** What an encoder must know about the reference system of its coordinates. */
export interface Srs {
  /** Decimals that keep 1 mm or finer: 3 for metres, 9 for degrees. */
  readonly decimals: number
  /** How far chords may leave the arcs they replace, in coordinate units: a centimetre or less. */
  readonly tolerance: number
  /** `urn:ogc:def:crs:EPSG::2154` */
  readonly urn: string
  /** The authority's order is y,x: how coordinates named by the urn are written. */
  readonly isNorthFirst: boolean
  /** `http://www.opengis.net/gml/srs/epsg.xml#2154`: always x,y. Systems of other authorities have no such name and keep their short one. */
  readonly gml2Name: string
}

/** The facts about a CRS code; an unknown or absent one counts as metres without a name. */
export function srsOf(code: string | undefined): Srs | undefined {
  if (!code) return undefined
  const isDegrees = /^EPSG:4\d{3}$|CRS84$/.test(code)
  const [authority, number] = code.split(':')
  return {
    decimals: isDegrees ? 9 : 3,
    tolerance: isDegrees ? 1e-7 : 0.01,
    urn: authority === 'OGC' ? `urn:ogc:def:crs:OGC:1.3:${number}` : `urn:ogc:def:crs:${authority}::${number}`,
    isNorthFirst: isDegrees && authority === 'EPSG',
    gml2Name: authority === 'EPSG' ? `http://www.opengis.net/gml/srs/epsg.xml#${number}` : code,
  }
}
