/** Where the geometry of a text table is: in one column as text, in two as numbers, in one as “lat, lon”, or nowhere. */
export type CsvGeometry =
  | { readonly kind: 'wkt' | 'geojson' | 'wkb'; readonly column: number }
  | { readonly kind: 'xy'; readonly x: number; readonly y: number; readonly isDegrees: boolean }
  | { readonly kind: 'lat,lon'; readonly column: number }

export interface CsvColumnFacts {
  readonly name: string
  readonly isNumber: boolean
  /** The first value that is not empty. */
  readonly example: string
}

const shapeNames =
  /^(wkt|ewkt|wkb|geom|geometry|geometrie|the_geom|wkb_geometry|geo_?shape|geo_?json|shape|geom_?wkt|wkt_?geom|geometry_?wkt|st_astext|contour|polygone)$/
const pointNames =
  /^(geo_?point(_?2d)?|coordonnees(_?(geo|gps|geographiques))?|coordinates|geoloc(alisation)?|localisation|lat_?lon(g)?|latlng|position|location|xy)$/
const wktStart =
  /^\s*(SRID\s*=\s*\d+\s*;\s*)?(MULTI)?(POINT|LINESTRING|POLYGON|CURVE|SURFACE|GEOMETRYCOLLECTION|CIRCULARSTRING|COMPOUNDCURVE)\s*(Z|M|ZM)?\s*(\(|EMPTY)/i

/** French and English names of the x of a pair, as they stand in a column's name, with the name of its y; degrees first. */
const pairs: readonly (readonly [x: RegExp, y: string, isDegrees: boolean])[] = [
  [/(^|_)longitude(_|$)/, '$1latitude$2', true],
  [/(^|_)(long|lng|lon)(_|$)/, '$1lat$3', true],
  [/^(geo)?(long|lng|lon)(_?(?:wgs_?84|dd|deg|ddeg))?$/, '$1lat$3', true],
  [/(^|_)easting(_|$)/, '$1northing$2', false],
  [/(^|_)est(_|$)/, '$1nord$2', false],
  [/^(lambert|lamb)_?x(.*)$/, '$1y$2', false],
  [/(^|_)x(_|$)/, '$1y$2', false],
  [/^x_?(coord\w*|l93|l2e?|wgs_?84|lambert_?\w*|cc\d\d|\d{4,5})$/, 'y_$1', false],
  [/^(coord\w*?|point|lamb\w*?|pos)_?x$/, '$1_y', false],
  [/^(coord\w*?)_?x_?(\w*)$/, '$1_y_$2', false],
]

/** Lower case, no accents, words joined by `_`. */
export function plainName(name: string): string {
  return name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
}

/** Finds the geometry by names, checked against a value: geometry texts win over pairs of numbers, degrees over metres. */
export function findGeometry(columns: readonly CsvColumnFacts[]): CsvGeometry | undefined {
  const plain = columns.map(column => plainName(column.name))
  const byText = columns.findIndex((column, i) => wktStart.test(column.example) && (shapeNames.test(plain[i]) || columns.length < 3))
  const wkt = byText >= 0 ? byText : columns.findIndex(column => wktStart.test(column.example))
  if (wkt >= 0) return { kind: 'wkt', column: wkt }
  const json = columns.findIndex(column => /^\s*\{.*"(coordinates|geometries)"\s*:/s.test(column.example))
  if (json >= 0) return { kind: 'geojson', column: json }
  const wkb = columns.findIndex((column, i) => shapeNames.test(plain[i]) && /^0[01][0-9a-f]{40,}$/i.test(column.example))
  if (wkb >= 0) return { kind: 'wkb', column: wkb }
  const squeezed = plain.map(name => name.replaceAll('_', ''))
  for (const [pattern, other, isDegrees] of pairs)
    for (const [x, name] of plain.entries()) {
      if (!pattern.test(name) || !columns[x].isNumber) continue
      const wanted = name.replace(pattern, other).replaceAll('_', '')
      const y = squeezed.findIndex((candidate, i) => i !== x && columns[i].isNumber && candidate === wanted)
      if (y >= 0) return { kind: 'xy', x, y, isDegrees: isDegrees }
    }
  const point = columns.findIndex((column, i) => pointNames.test(plain[i]) && latLon(column.example) !== undefined)
  return point >= 0 ? { kind: 'lat,lon', column: point } : undefined
}

/** `48.85, 2.35` as [lon, lat]: the form of many open data portals. */
export function latLon(text: string): [number, number] | undefined {
  const match = /^\s*[[(]?\s*(-?\d{1,2}(?:\.\d+)?)\s*[,;]\s*(-?\d{1,3}(?:\.\d+)?)\s*[\])]?\s*$/.exec(text)
  if (!match) return undefined
  const [lat, lon] = [Number(match[1]), Number(match[2])]
  return Math.abs(lat) <= 90 && Math.abs(lon) <= 180 ? [lon, lat] : undefined
}

/** A CRS named in the columns of the coordinates: `x_l93`, `lon_wgs84`, `x_cc48`, `x_2154`. */
export function crsInName(name: string): string | undefined {
  const plain = plainName(name)
  if (/(^|_)(l_?93|lamb(ert)?_?93)(_|$)|x93/.test(plain)) return 'EPSG:2154'
  if (/wgs_?84|gps/.test(plain)) return 'EPSG:4326'
  const zone = /(^|_)cc_?(4[2-9]|50)(_|$)/.exec(plain)
  if (zone) return `EPSG:${3900 + Number(zone[2])}`
  const code = /(^|_)(2154|4326|3857|27572|39(?:4[2-9]|50)|2972|2975|4471|5490)(_|$)/.exec(plain)
  return code ? `EPSG:${code[2]}` : undefined
}

/** Columns that hold addresses, in French and English, for a note where there are no coordinates. */
export function addressColumns(names: readonly string[]): string[] {
  return names.filter(name =>
    /^(adresse|address|adr|rue|street|voie|code_postal|postcode|zip|cp|commune|ville|city)(_|$)/.test(plainName(name)),
  )
}
