import { crsFromParameters, type ProjectionParameters } from './crs-from-parameters.js'
import { crsFromLambert, crsFromName, crsFromWkt, ofItsKind } from './crs-from-text.js'
import type { TiffDirectory } from './tiff-directory.js'

/** Keys of OGC 19-008, 7.2 that name a reference system. */
const keys = {
  modelType: 1024,
  rasterType: 1025,
  citation: 1026,
  geographicType: 2048,
  geogCitation: 2049,
  projectedType: 3072,
  projectedCitation: 3073,
  projection: 3074,
  coordTrans: 3075,
  standardParallel1: 3078,
  standardParallel2: 3079,
  natOriginLong: 3080,
  natOriginLat: 3081,
  falseEasting: 3082,
  falseNorthing: 3083,
  falseOriginLong: 3084,
  falseOriginLat: 3085,
  falseOriginEasting: 3086,
  falseOriginNorthing: 3087,
  scaleAtNatOrigin: 3092,
  linearUnits: 3076,
  verticalType: 4096,
  verticalUnits: 4099,
  ellipsoid: 2056,
  semiMajorAxis: 2057,
  inverseFlattening: 2059,
  centerLong: 3088,
  centerLat: 3089,
  straightVertPoleLong: 3095,
} as const

const userDefined = 32767

/** What the GeoKeys of an image say: its CRS, when it can be named, and whether pixels are points (their centres are at the tie points). */
export interface GeoKeys {
  readonly crs?: string
  readonly isPoint: boolean
  /** Name of the unit of heights, where there is a vertical system. */
  readonly verticalUnit?: string
  /** The name found in the file, for the message about a CRS that cannot be named. */
  readonly label?: string
  /** Whether its projection is spelled out. */
  readonly isDescribed: boolean
}

/** Reads the GeoKey directory (OGC 19-008, 7.1.2). Unknown and damaged keys are passed over. */
export function readGeoKeys({ values, texts }: TiffDirectory): GeoKeys {
  const entries = values.get('geoKeyDirectory') ?? []
  const doubles = values.get('geoDoubleParams') ?? []
  const ascii = texts.get('geoAsciiParams') ?? ''
  const found = new Map<number, number | string>()
  for (let i = 4; i + 3 < entries.length && i <= 4 * (entries[3] ?? 0); i += 4) {
    const [key, location, count, value] = entries.slice(i, i + 4)
    if (location === 0) found.set(key, value)
    else if (location === 34736 && Number.isFinite(doubles[value])) found.set(key, doubles[value])
    else if (location === 34737) found.set(key, ascii.slice(value, value + count).replace(/[|\0\s]+$/, ''))
  }
  const number = (key: number) => (typeof found.get(key) === 'number' ? (found.get(key) as number) : undefined)
  const citations = [keys.projectedCitation, keys.citation, keys.geogCitation].map(key => found.get(key)).filter(isText)
  // where keys cannot say it, Esri's and GDAL's writers put a whole WKT into a citation
  const spelled = citations.map(text => /^ESRI PE String\s*=\s*(.+)$/is.exec(text)?.[1]).find(isText)
  const described = spelled === undefined ? undefined : crsFromWkt(spelled)
  const label = described?.label || citations[0]
  return {
    ...withCrs(crsOfKeys(number, citations) ?? described?.crs),
    isPoint: number(keys.rasterType) === 2,
    isDescribed: number(keys.coordTrans) !== undefined || described?.isDescribed === true,
    ...withUnit(number(keys.verticalUnits), number(keys.verticalType)),
    ...(label && { label }),
  }
}

function crsOfKeys(number: (key: number) => number | undefined, citations: readonly string[]): string | undefined {
  const projected = number(keys.projectedType)
  const geographic = number(keys.geographicType)
  if (isCode(projected)) return `EPSG:${projected}`
  const model = number(keys.modelType)
  const isProjected = model === 1 || projected === userDefined || number(keys.coordTrans) !== undefined
  // of a model that is neither (Mollweide, Robinson, a building site) the geographic system is at most what it is based on
  if (!isProjected && model !== undefined && model !== 2) return undefined
  if (!isProjected) return isCode(geographic) ? `EPSG:${geographic}` : firstOf(citations, false)
  return (
    firstOf(citations, true) ??
    utmOf(number(keys.projection), geographic) ??
    crsFromLambert({
      originLatitude: number(keys.falseOriginLat) ?? number(keys.natOriginLat),
      originLongitude: number(keys.falseOriginLong) ?? number(keys.natOriginLong),
      parallel1: number(keys.standardParallel1),
      parallel2: number(keys.standardParallel2),
      falseEasting: number(keys.falseOriginEasting) ?? number(keys.falseEasting),
      falseNorthing: number(keys.falseOriginNorthing) ?? number(keys.falseNorthing),
    }) ??
    crsOfProjection(number, geographic)
  )
}

/** Methods of the key ProjMethod (OGC 19-008, annex C.6) that are understood, by number. */
const methods: Readonly<Record<number, ProjectionParameters['method']>> = {
  1: 'tmerc',
  7: 'merc',
  8: 'lcc',
  9: 'lcc',
  10: 'laea',
  11: 'aea',
  15: 'stere',
}
const verticalUnits: Readonly<Record<number, string>> = { 9001: 'metre', 9002: 'foot', 9003: 'US survey foot' }

/** Heights are in metres unless something else is said. */
function withUnit(unit: number | undefined, vertical: number | undefined): { verticalUnit?: string } {
  return vertical === undefined && unit === undefined ? {} : { verticalUnit: verticalUnits[unit ?? 9001] }
}

const metresPerUnit: Readonly<Record<number, number>> = { 9001: 1, 9002: 0.3048, 9003: 1200 / 3937 }

/** The system of the registry that has the projection and parameters spelled out in the keys. */
function crsOfProjection(number: (key: number) => number | undefined, geographic: number | undefined): string | undefined {
  const transformation = number(keys.coordTrans)
  const method = methods[transformation ?? -1]
  const unit = metresPerUnit[number(keys.linearUnits) ?? 9001]
  if (!method || unit === undefined) return undefined
  const ellipsoid = ellipsoidOf(number)
  const latitude = number(keys.falseOriginLat) ?? number(keys.centerLat) ?? number(keys.natOriginLat)
  const longitude =
    number(keys.falseOriginLong) ?? number(keys.centerLong) ?? number(keys.straightVertPoleLong) ?? number(keys.natOriginLong)
  const isPolar = method === 'stere'
  return crsFromParameters({
    method,
    values: {
      lat_0: isPolar ? Math.sign(latitude ?? 0) * 90 : latitude,
      lat_ts: isPolar ? latitude : undefined,
      lon_0: longitude,
      lat_1: transformation === 9 ? undefined : number(keys.standardParallel1),
      lat_2: transformation === 9 ? undefined : number(keys.standardParallel2),
      k: number(keys.scaleAtNatOrigin),
      x_0: number(keys.falseOriginEasting) ?? number(keys.falseEasting),
      y_0: number(keys.falseOriginNorthing) ?? number(keys.falseNorthing),
    },
    metresPerUnit: unit,
    ...(isCode(geographic) && { base: `EPSG:${geographic}` }),
    ...(ellipsoid && { ellipsoid }),
  })
}

function ellipsoidOf(number: (key: number) => number | undefined): 'GRS80' | 'WGS84' | undefined {
  const code = number(keys.ellipsoid)
  const [axis, flattening] = [number(keys.semiMajorAxis), number(keys.inverseFlattening) ?? 0]
  if (code === 7019 || (axis === 6378137 && Math.abs(flattening - 298.257222101) < 1e-8)) return 'GRS80'
  return code === 7030 || (axis === 6378137 && Math.abs(flattening - 298.257223563) < 1e-8) ? 'WGS84' : undefined
}

/** Projection codes 16001…16060 are UTM north, 16101…16160 south (EPSG 3.6.2 of the original GeoTIFF tables). */
function utmOf(projection: number | undefined, geographic: number | undefined): string | undefined {
  if (projection === undefined) return undefined
  const zone = projection % 100
  const isNorth = projection > 16000 && projection <= 16060
  if (zone < 1 || zone > 60 || (!isNorth && !(projection > 16100 && projection <= 16160))) return undefined
  const two = String(zone).padStart(2, '0')
  if (geographic === 4326) return `EPSG:${isNorth ? 326 : 327}${two}`
  if (geographic === 4258 && isNorth && zone >= 28 && zone <= 38) return `EPSG:258${two}`
  if (geographic === 4269 && isNorth && zone <= 23) return `EPSG:269${two}`
  return undefined
}

function firstOf(citations: readonly string[], isProjected: boolean): string | undefined {
  for (const text of citations) {
    const crs = ofItsKind(crsFromName(text), isProjected)
    if (crs) return crs
  }
  return undefined
}

const isCode = (code: number | undefined): code is number => code !== undefined && code >= 1024 && code < userDefined
const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''
const withCrs = (crs: string | undefined) => (crs ? { crs } : {})
