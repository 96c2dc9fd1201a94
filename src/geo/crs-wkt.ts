import { type Crs, crsOf } from './crs.js'
import { type BaseParts, type Conversion, type ConversionMethod, crsParts } from './crs-parts.js'

/** `ogc`: OGC 01-009 with authorities and axes, as GDAL writes it; `esri`: the names and the spareness of `.prj` files. */
export type WktDialect = 'ogc' | 'esri'

/** Degrees to radians. */
const degree = Math.PI / 180

/** WKT 1 of a system; of a compound, of its horizontal part. Undefined where `crsParts` has none. */
export function crsWkt(code: string, dialect: WktDialect): string | undefined {
  const crs = crsOf(code)
  const parts = crs && crsParts(crs)
  if (!parts) return undefined
  const { base, conversion, unit } = parts
  const geographic = geographicWkt(base, dialect, conversion === undefined)
  if (!conversion) return geographic
  const isEsri = dialect === 'esri'
  const method = methods[conversion.method]
  const esriMethod = conversion.numbers.lat_0 < 0 ? method.esri.replace('North_Pole', 'South_Pole') : method.esri
  const name = isEsri ? esriName(parts.crs.name) : parts.crs.name
  const parameters = method.parameters.map(([ogc, esri, key]) => {
    const parameter = isEsri ? esri : ogc
    return parameter ? `PARAMETER["${parameter}",${number(numberOf(conversion, key, base.unit, unit))}]` : ''
  })
  return [
    `PROJCS["${quoted(name)}",${geographic},PROJECTION["${isEsri ? esriMethod : method.ogc}"]`,
    ...parameters.filter(Boolean),
    unitWkt(lengthName(unit, isEsri), unit),
    ...(isEsri
      ? []
      : [parts.crs.axes === 'yx' ? 'AXIS["Northing",NORTH],AXIS["Easting",EAST]' : 'AXIS["Easting",EAST],AXIS["Northing",NORTH]']),
    ...(conversion.method === 'web-mercator' && !isEsri ? [webMercator] : []),
    ...(isEsri ? [] : authority(parts.crs)),
  ]
    .join(',')
    .concat(']')
}

/** What WKT 1 has no words for. */
const webMercator =
  'EXTENSION["PROJ4","+proj=merc +a=6378137 +b=6378137 +lat_ts=0 +lon_0=0 +x_0=0 +y_0=0 +k=1 +units=m +nadgrids=@null +wktext +no_defs"]'

function geographicWkt(base: BaseParts, dialect: WktDialect, isWhole: boolean): string {
  const { name, datum, ellipsoid, meridian, unit, code, isNorthFirst } = base
  const isEsri = dialect === 'esri'
  const names = isEsri ? esriNames(base) : { name, datum: plain(datum), ellipsoid: ellipsoid.name }
  return [
    `GEOGCS["${quoted(names.name)}",DATUM["${names.datum}",SPHEROID["${names.ellipsoid}",${number(ellipsoid.axis)},${number(ellipsoid.inverseFlattening)}]]`,
    `PRIMEM["${meridian.name}",${number(meridian.degrees)}]`,
    unitWkt(Math.abs(unit - 0.9) < 1e-9 ? (isEsri ? 'Grad' : 'grad') : isEsri ? 'Degree' : 'degree', unit * degree),
    ...(isEsri || !isWhole
      ? []
      : [isNorthFirst ? 'AXIS["Latitude",NORTH],AXIS["Longitude",EAST]' : 'AXIS["Longitude",EAST],AXIS["Latitude",NORTH]']),
    ...(isEsri || !code ? [] : authority({ code })),
  ]
    .join(',')
    .concat(']')
}

function authority({ code }: Pick<Crs, 'code'>): string[] {
  const [name, number] = code.split(':')
  return [`AUTHORITY["${name}","${number}"]`]
}

const unitWkt = (name: string, size: number) => `UNIT["${name}",${number(size)}]`

function lengthName(unit: number, isEsri: boolean): string {
  if (unit === 1) return isEsri ? 'Meter' : 'metre'
  if (Math.abs(unit - 0.3048) < 1e-12) return isEsri ? 'Foot' : 'foot'
  if (Math.abs(unit - 1200 / 3937) < 1e-12) return isEsri ? 'Foot_US' : 'US survey foot'
  return isEsri ? 'Unit' : 'unknown'
}

type Parameter = readonly [ogc: string, esri: string, key: string]

const falseOrigin: readonly Parameter[] = [
  ['false_easting', 'False_Easting', 'x_0'],
  ['false_northing', 'False_Northing', 'y_0'],
]
const meridianOf: Parameter = ['central_meridian', 'Central_Meridian', 'lon_0']
const scale: Parameter = ['scale_factor', 'Scale_Factor', 'k']
const parallels: readonly Parameter[] = [
  ['standard_parallel_1', 'Standard_Parallel_1', 'lat_1'],
  ['standard_parallel_2', 'Standard_Parallel_2', 'lat_2'],
]
const latitude: Parameter = ['latitude_of_origin', 'Latitude_Of_Origin', 'lat_0']

const methods: Readonly<
  Record<ConversionMethod, { readonly ogc: string; readonly esri: string; readonly parameters: readonly Parameter[] }>
> = {
  tmerc: { ogc: 'Transverse_Mercator', esri: 'Transverse_Mercator', parameters: [latitude, meridianOf, scale, ...falseOrigin] },
  'lcc-1sp': {
    ogc: 'Lambert_Conformal_Conic_1SP',
    esri: 'Lambert_Conformal_Conic',
    parameters: [latitude, ['', 'Standard_Parallel_1', 'lat_0'], meridianOf, scale, ...falseOrigin],
  },
  'lcc-2sp': {
    ogc: 'Lambert_Conformal_Conic_2SP',
    esri: 'Lambert_Conformal_Conic',
    parameters: [latitude, meridianOf, ...parallels, ...falseOrigin],
  },
  laea: {
    ogc: 'Lambert_Azimuthal_Equal_Area',
    esri: 'Lambert_Azimuthal_Equal_Area',
    parameters: [
      ['latitude_of_center', 'Latitude_Of_Origin', 'lat_0'],
      ['longitude_of_center', 'Central_Meridian', 'lon_0'],
      ...falseOrigin,
    ],
  },
  aea: {
    ogc: 'Albers_Conic_Equal_Area',
    esri: 'Albers',
    parameters: [
      ['latitude_of_center', 'Latitude_Of_Origin', 'lat_0'],
      ['longitude_of_center', 'Central_Meridian', 'lon_0'],
      ...parallels,
      ...falseOrigin,
    ],
  },
  'merc-a': {
    ogc: 'Mercator_1SP',
    esri: 'Mercator_Variant_A',
    parameters: [['', 'Latitude_Of_Origin', 'lat_0'], meridianOf, scale, ...falseOrigin],
  },
  'merc-b': {
    ogc: 'Mercator_2SP',
    esri: 'Mercator',
    parameters: [['standard_parallel_1', 'Standard_Parallel_1', 'lat_ts'], meridianOf, ...falseOrigin],
  },
  'web-mercator': {
    ogc: 'Mercator_1SP',
    esri: 'Mercator_Auxiliary_Sphere',
    parameters: [
      meridianOf,
      ['scale_factor', '', 'k'],
      ...falseOrigin,
      ['', 'Standard_Parallel_1', 'lat_0'],
      ['', 'Auxiliary_Sphere_Type', 'sphere'],
    ],
  },
  sterea: { ogc: 'Oblique_Stereographic', esri: 'Double_Stereographic', parameters: [latitude, meridianOf, scale, ...falseOrigin] },
  'stere-a': {
    ogc: 'Polar_Stereographic',
    esri: 'Polar_Stereographic',
    parameters: [latitude, meridianOf, scale, ...falseOrigin],
  },
  'stere-b': {
    ogc: 'Polar_Stereographic',
    esri: 'Stereographic_North_Pole',
    parameters: [['latitude_of_origin', 'Standard_Parallel_1', 'lat_ts'], meridianOf, ['scale_factor', '', 'k'], ...falseOrigin],
  },
  cass: { ogc: 'Cassini_Soldner', esri: 'Cassini', parameters: [latitude, meridianOf, ['', 'Scale_Factor', 'k'], ...falseOrigin] },
  poly: { ogc: 'Polyconic', esri: 'Polyconic', parameters: [latitude, meridianOf, ...falseOrigin] },
  somerc: {
    ogc: 'Hotine_Oblique_Mercator_Azimuth_Center',
    esri: 'Hotine_Oblique_Mercator_Azimuth_Center',
    parameters: [
      ['latitude_of_center', 'Latitude_Of_Center', 'lat_0'],
      ['longitude_of_center', 'Longitude_Of_Center', 'lon_0'],
      ['azimuth', 'Azimuth', 'right-angle'],
      ['rectified_grid_angle', '', 'right-angle'],
      scale,
      ...falseOrigin,
    ],
  },
}

/** In the units of the system: angles in those of its base. */
function numberOf({ numbers }: Conversion, key: string, angle: number, length: number): number {
  if (key === 'sphere') return 0
  if (key === 'right-angle') return 90 / angle
  const value = numbers[key] ?? 0
  if (key === 'k') return value
  // tidy: 46.8 degrees are 52 grads, not 51.99999999999999
  return Number((value / (key === 'x_0' || key === 'y_0' ? length : angle)).toPrecision(14))
}

const number = (value: number) => String(value)
const quoted = (text: string) => text.replaceAll('"', "'")
const plain = (text: string) => text.replace(/[^A-Za-z0-9+]+/g, '_').replace(/^_|_$/g, '')

/** Names by which ArcGIS knows common systems, and GDAL knows ArcGIS. */
const esriBases: Readonly<Record<string, readonly [geographic: string, datum: string]>> = {
  'WGS 84': ['WGS_1984', 'WGS_1984'],
  'WGS 84 (CRS84)': ['WGS_1984', 'WGS_1984'],
  'RGF93 v1': ['RGF_1993', 'RGF_1993'],
  ETRS89: ['ETRS_1989', 'ETRS_1989'],
  NTF: ['NTF', 'NTF'],
  'NTF (Paris)': ['NTF_Paris', 'NTF'],
  ED50: ['European_1950', 'European_1950'],
  NAD83: ['North_American_1983', 'North_American_1983'],
  NAD27: ['North_American_1927', 'North_American_1927'],
}

const esriEllipsoids: Readonly<Record<string, string>> = {
  'GRS 1980': 'GRS_1980',
  'WGS 84': 'WGS_1984',
  'WGS 72': 'WGS_1972',
  'Clarke 1880 (IGN)': 'Clarke_1880_IGN',
  'Clarke 1880 (RGS)': 'Clarke_1880_RGS',
}

function esriNames({ name, datum, ellipsoid }: BaseParts): { readonly name: string; readonly datum: string; readonly ellipsoid: string } {
  const known = esriBases[name]
  return {
    name: `GCS_${known?.[0] ?? plain(name)}`,
    datum: `D_${known?.[1] ?? plain(datum)}`,
    ellipsoid: esriEllipsoids[ellipsoid.name] ?? plain(ellipsoid.name),
  }
}

function esriName(name: string): string {
  if (name === 'WGS 84 / Pseudo-Mercator') return 'WGS_1984_Web_Mercator_Auxiliary_Sphere'
  if (name === 'ETRS89-extended / LAEA Europe') return 'ETRS_1989_LAEA'
  const [base, ...rest] = name.split(' / ')
  const projection = rest.join(' ').replace(/^UTM zone (\d+[NS])$/, 'UTM Zone $1')
  return [esriBases[base]?.[0] ?? plain(base), plain(projection)].filter(Boolean).join('_')
}
