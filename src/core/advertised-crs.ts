import { type Bbox, bboxesMeet, bufferBbox, containsBbox } from '#geo/bbox.js'
import { crsOf } from '#geo/crs.js'

/** For everybody: GPS and the web. */
const everywhere = ['EPSG:4326', 'EPSG:3857']

/**
 * Advertised where the data lie inside their area of use. Short on purpose: any other known CRS is answered too, and capabilities repeat
 * this list for every layer.
 */
const regional = [
  'EPSG:4258', // ETRS89, which INSPIRE asks for
  'EPSG:2154', // Lambert-93
  'EPSG:5490', // Guadeloupe, Martinique
  'EPSG:2972', // Guyane
  'EPSG:2975', // Réunion
  'EPSG:4471', // Mayotte
  'EPSG:4467', // Saint-Pierre-et-Miquelon
  'EPSG:3163', // New Caledonia
]

/** Advertised also where the data only reach into it: France with its overseas parts is one dataset, and offices work in Lambert-93. */
const national = 'EPSG:2154'

/** Degrees of longitude from which data are about the world. */
const worldwide = 180

/** The conic conformal zones of France overlap: data belong to those they lie wholly inside. */
const zones = Array.from({ length: 9 }, (_, zone) => `EPSG:${3942 + zone}`)

/** How far, in degrees, data may reach over a CRS's area of use: coastal waters, border strips. */
const tolerance = 0.5

/**
 * CRS codes to advertise: the storage CRS first, then those the operator chose, else the usual ones where `crs84` (lon, lat) lies in
 * their area of use.
 */
export function advertisedCrs(storageCrs: string, crs84: Bbox | undefined, chosen: readonly string[] | undefined): readonly string[] {
  const others = chosen ?? [...everywhere, ...fitting(regional, crs84, tolerance), ...reaching(crs84), ...fitting(zones, crs84, 0)]
  return [...new Set([storageCrs, ...others.map(code => crsOf(code)?.code ?? code)])]
}

function fitting(codes: readonly string[], crs84: Bbox | undefined, reach: number): readonly string[] {
  if (!crs84) return []
  return codes.filter(code => {
    const area = crsOf(code)?.area
    return area !== undefined && containsBbox(bufferBbox(area, reach), crs84)
  })
}

function reaching(crs84: Bbox | undefined): readonly string[] {
  const area = crsOf(national)?.area
  return crs84 && area && crs84[2] - crs84[0] < worldwide && bboxesMeet(area, crs84) ? [national] : []
}
