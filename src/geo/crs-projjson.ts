import { type Crs, crsOf } from './crs.js'
import { type BaseParts, type Conversion, type ConversionMethod, crsParts } from './crs-parts.js'

/** PROJJSON 0.7 (proj.org/schemas) of a system, as GeoParquet wants it; of a compound, of its horizontal part. Undefined where `crsParts` has none. */
export function crsProjjson(code: string): object | undefined {
  const crs = crsOf(code)
  const parts = crs && crsParts(crs)
  if (!parts) return undefined
  const { base, conversion, unit } = parts
  const $schema = 'https://proj.org/schemas/v0.7/projjson.schema.json'
  if (!conversion) return { $schema, ...geographic(base, parts.crs) }
  return {
    $schema,
    type: 'ProjectedCRS',
    name: parts.crs.name,
    base_crs: geographic(base, undefined),
    conversion: conversionJson(conversion, base.unit, unit),
    coordinate_system: {
      subtype: 'Cartesian',
      axis: ordered(
        parts.crs.axes === 'yx',
        { name: 'Easting', abbreviation: 'E', direction: 'east', unit: lengthUnit(unit) },
        { name: 'Northing', abbreviation: 'N', direction: 'north', unit: lengthUnit(unit) },
      ),
    },
    ...idOf(parts.crs.code),
  }
}

function geographic({ name, datum, ellipsoid, meridian, unit, isNorthFirst, code }: BaseParts, whole: Crs | undefined): object {
  const figure =
    ellipsoid.inverseFlattening === 0
      ? { name: ellipsoid.name, radius: ellipsoid.axis }
      : { name: ellipsoid.name, semi_major_axis: ellipsoid.axis, inverse_flattening: ellipsoid.inverseFlattening }
  return {
    type: 'GeographicCRS',
    name: whole?.name ?? name,
    datum: {
      type: 'GeodeticReferenceFrame',
      name: datum,
      ellipsoid: figure,
      ...(meridian.degrees !== 0 && { prime_meridian: { name: meridian.name, longitude: meridian.degrees } }),
    },
    coordinate_system: {
      subtype: 'ellipsoidal',
      axis: ordered(
        isNorthFirst,
        { name: 'Geodetic longitude', abbreviation: 'Lon', direction: 'east', unit: angleUnit(unit) },
        { name: 'Geodetic latitude', abbreviation: 'Lat', direction: 'north', unit: angleUnit(unit) },
      ),
    },
    ...idOf(whole?.code ?? code),
  }
}

const ordered = (isTurned: boolean, x: object, y: object) => (isTurned ? [y, x] : [x, y])

function idOf(code: string | undefined): object {
  if (!code) return {}
  const [authority, number] = code.split(':')
  return { id: { authority, code: /^\d+$/.test(number) ? Number(number) : number } }
}

const lengthUnit = (unit: number) => (unit === 1 ? 'metre' : { type: 'LinearUnit', name: 'unknown', conversion_factor: unit })
const angleUnit = (unit: number) =>
  unit === 1
    ? 'degree'
    : { type: 'AngularUnit', name: Math.abs(unit - 0.9) < 1e-9 ? 'grad' : 'unknown', conversion_factor: (unit * Math.PI) / 180 }

type Parameter = readonly [name: string, epsg: number, key: string]

const natural: readonly Parameter[] = [
  ['Latitude of natural origin', 8801, 'lat_0'],
  ['Longitude of natural origin', 8802, 'lon_0'],
]
const scale: Parameter = ['Scale factor at natural origin', 8805, 'k']
const offsets: readonly Parameter[] = [
  ['False easting', 8806, 'x_0'],
  ['False northing', 8807, 'y_0'],
]
const falseOrigin: readonly Parameter[] = [
  ['Latitude of false origin', 8821, 'lat_0'],
  ['Longitude of false origin', 8822, 'lon_0'],
  ['Latitude of 1st standard parallel', 8823, 'lat_1'],
  ['Latitude of 2nd standard parallel', 8824, 'lat_2'],
  ['Easting at false origin', 8826, 'x_0'],
  ['Northing at false origin', 8827, 'y_0'],
]

/** Names of EPSG's methods and parameters. */
const methods: Readonly<Record<ConversionMethod, readonly [name: string, epsg: number, parameters: readonly Parameter[]]>> = {
  tmerc: ['Transverse Mercator', 9807, [...natural, scale, ...offsets]],
  'lcc-1sp': ['Lambert Conic Conformal (1SP)', 9801, [...natural, scale, ...offsets]],
  'lcc-2sp': ['Lambert Conic Conformal (2SP)', 9802, falseOrigin],
  laea: ['Lambert Azimuthal Equal Area', 9820, [...natural, ...offsets]],
  aea: ['Albers Equal Area', 9822, falseOrigin],
  'merc-a': ['Mercator (variant A)', 9804, [...natural, scale, ...offsets]],
  'merc-b': ['Mercator (variant B)', 9805, [['Latitude of 1st standard parallel', 8823, 'lat_ts'], natural[1], ...offsets]],
  'web-mercator': ['Popular Visualisation Pseudo Mercator', 1024, [...natural, ...offsets]],
  sterea: ['Oblique Stereographic', 9809, [...natural, scale, ...offsets]],
  'stere-a': ['Polar Stereographic (variant A)', 9810, [...natural, scale, ...offsets]],
  'stere-b': [
    'Polar Stereographic (variant B)',
    9829,
    [['Latitude of standard parallel', 8832, 'lat_ts'], ['Longitude of origin', 8833, 'lon_0'], ...offsets],
  ],
  cass: ['Cassini-Soldner', 9806, [...natural, ...offsets]],
  poly: ['American Polyconic', 9818, [...natural, ...offsets]],
  somerc: [
    'Hotine Oblique Mercator (variant B)',
    9815,
    [
      ['Latitude of projection centre', 8811, 'lat_0'],
      ['Longitude of projection centre', 8812, 'lon_0'],
      ['Azimuth at projection centre', 8813, 'right-angle'],
      ['Angle from Rectified to Skew Grid', 8814, 'right-angle'],
      ['Scale factor at projection centre', 8815, 'k'],
      ['Easting at projection centre', 8816, 'x_0'],
      ['Northing at projection centre', 8817, 'y_0'],
    ],
  ],
}

function conversionJson({ method, numbers }: Conversion, angle: number, length: number): object {
  const [name, epsg, parameters] = methods[method]
  return {
    name: 'unnamed',
    method: { name, id: { authority: 'EPSG', code: epsg } },
    parameters: parameters.map(([parameter, code, key]) => {
      const id = { authority: 'EPSG', code }
      if (key === 'k') return { name: parameter, value: numbers.k, unit: 'unity', id }
      const isLength = key === 'x_0' || key === 'y_0'
      const value = key === 'right-angle' ? 90 : (numbers[key] ?? 0)
      return {
        name: parameter,
        value: Number((value / (isLength ? length : angle)).toPrecision(14)),
        unit: isLength ? lengthUnit(length) : angleUnit(angle),
        id,
      }
    }),
  }
}
