import { type Crs, crsOf } from './crs.js'

/** A system taken apart, for those who write it down in a language of their own. Angles in degrees, lengths in metres. */
export interface CrsParts {
  readonly crs: Crs
  /** The geographic system below a projected one; else itself. */
  readonly base: BaseParts
  readonly conversion?: Conversion
  /** Metres, or degrees, per unit of x and y. */
  readonly unit: number
}

/** A geographic system: datum, ellipsoid, prime meridian. */
export interface BaseParts {
  readonly name: string
  readonly code?: string
  readonly datum: string
  readonly ellipsoid: { readonly name: string; readonly axis: number /** 0: a sphere. */; readonly inverseFlattening: number }
  readonly meridian: { readonly name: string; readonly degrees: number }
  /** Degrees per unit of angles, those of the conversion included. */
  readonly unit: number
  readonly isNorthFirst: boolean
}

/** Numbers by PROJ's names (`lat_0`, `x_0`, …), defaults filled in. */
export interface Conversion {
  readonly method: ConversionMethod
  readonly numbers: Readonly<Record<string, number>>
}

/** Projections that there are words for. */
export type ConversionMethod =
  | 'tmerc'
  | 'lcc-1sp'
  | 'lcc-2sp'
  | 'laea'
  | 'aea'
  | 'merc-a'
  | 'merc-b'
  | 'web-mercator'
  | 'sterea'
  | 'stere-a'
  | 'stere-b'
  | 'cass'
  | 'poly'
  | 'somerc'

/** Undefined for systems that have no x and y, axes of unusual directions, or a projection that is not among the methods. Of compounds the horizontal part. */
export function crsParts(given: Crs): CrsParts | undefined {
  const crs = given.kind === 'compound' ? crsOf(given.horizontal ?? '') : given
  if (!crs?.definition || crs.definition.unsupported || crs.directions !== 'en') return undefined
  const { projection, isGeographic, unit } = crs.definition
  const words = new Map(projection.split(' ').map(word => wordPair(word)))
  const conversion = isGeographic ? undefined : conversionOf(words)
  if (!isGeographic && !conversion) return undefined
  return { crs, base: baseOf(crs, words), ...(conversion && { conversion }), unit }
}

function wordPair(word: string): readonly [name: string, value: string] {
  const [name, value = ''] = word.slice(1).split('=')
  return [name, value]
}

type Words = ReadonlyMap<string, string>

function baseOf(crs: Crs, words: Words): BaseParts {
  const base = crs.kind === 'geographic' ? crs : crs.base ? crsOf(crs.base) : undefined
  const { datum, meridian } = crs.definition!
  // a web mercator is computed on a sphere and defined on an ellipsoid
  const figure = base?.definition && base !== crs ? new Map(base.definition.projection.split(' ').map(word => wordPair(word))) : words
  return {
    name: base?.name ?? crs.name,
    ...(base && { code: base.code }),
    // an ensemble goes by the name of the datum it stands for; one datum has a name for each meridian
    datum: `${datum.replace(/ ensemble$/, '')}${meridian === 0 ? '' : ` (${meridianName(meridian)})`}`,
    ellipsoid: ellipsoidOf(figure),
    meridian: { name: meridianName(meridian), degrees: meridian },
    unit: base?.definition?.unit ?? 1,
    isNorthFirst: base?.axes === 'yx',
  }
}

function meridianName(degrees: number): string {
  return meridians.find(([known]) => Math.abs(known - degrees) < 1e-6)?.[1] ?? 'unnamed'
}

const meridians: readonly (readonly [degrees: number, name: string])[] = [
  [0, 'Greenwich'],
  [2.33722917, 'Paris'],
  [-9.131906111, 'Lisbon'],
  [-74.080916667, 'Bogota'],
  [-3.687938889, 'Madrid'],
  [12.452333333, 'Rome'],
  [7.439583333, 'Bern'],
  [106.807719444, 'Jakarta'],
  [-17.666666667, 'Ferro'],
  [4.367975, 'Brussels'],
  [18.058277778, 'Stockholm'],
  [23.7163375, 'Athens'],
  [10.722916667, 'Oslo'],
]

/** Semi-major axis and inverse flattening of the figures that the registry names. */
const namedFigures: Readonly<Record<string, readonly [axis: number, inverseFlattening: number]>> = {
  GRS80: [6378137, 298.257222101],
  WGS84: [6378137, 298.257223563],
  intl: [6378388, 297],
}

const ellipsoidNames: readonly (readonly [axis: number, inverseFlattening: number, name: string])[] = [
  [6378137, 298.257222101, 'GRS 1980'],
  [6378137, 298.257223563, 'WGS 84'],
  [6378388, 297, 'International 1924'],
  [6378245, 298.3, 'Krassowsky 1940'],
  [6378206.4, 294.978698213898, 'Clarke 1866'],
  [6378249.2, 293.466021293627, 'Clarke 1880 (IGN)'],
  [6378249.145, 293.465, 'Clarke 1880 (RGS)'],
  [6378135, 298.26, 'WGS 72'],
  [6377397.155, 299.1528128, 'Bessel 1841'],
  [6377563.396, 299.3249646, 'Airy 1830'],
  [6377340.189, 299.3249646, 'Airy Modified 1849'],
  [6378140, 298.257, 'IAG 1975'],
  [6378136.5, 298.2564151, 'GSK-2011'],
]

function ellipsoidOf(words: Words): BaseParts['ellipsoid'] {
  const value = (name: string) => (words.has(name) ? Number(words.get(name)) : undefined)
  const [axis, inverseFlattening] = namedFigures[words.get('ellps') ?? ''] ?? [
    value('a') ?? value('R') ?? 0,
    value('rf') ?? fromAxes(value('a'), value('b')),
  ]
  const known = ellipsoidNames.find(([a, rf]) => Math.abs(a - axis) < 1e-3 && Math.abs(rf - inverseFlattening) < 1e-8)
  return { name: known?.[2] ?? 'unnamed', axis, inverseFlattening: known?.[1] ?? inverseFlattening }
}

function fromAxes(a: number | undefined, b: number | undefined): number {
  return a === undefined || b === undefined || a === b ? 0 : a / (a - b)
}

function conversionOf(words: Words): Conversion | undefined {
  const numbers: Record<string, number> = { lat_0: 0, lon_0: 0, x_0: 0, y_0: 0, k: 1 }
  for (const [name, value] of words)
    if (value !== '' && Number.isFinite(Number(value))) numbers[name === 'k_0' ? 'k' : name] = Number(value)
  const proj = words.get('proj')
  switch (proj) {
    case 'utm':
      Object.assign(numbers, { lon_0: numbers.zone * 6 - 183, k: 0.9996, x_0: 500_000, y_0: words.has('south') ? 10_000_000 : 0 })
      return { method: 'tmerc', numbers }
    case 'lcc':
      if (numbers.lat_2 !== undefined) return numbers.k === 1 ? { method: 'lcc-2sp', numbers } : undefined
      // with one parallel the origin lies on it
      return numbers.lat_1 === undefined || numbers.lat_1 === numbers.lat_0 ? { method: 'lcc-1sp', numbers } : undefined
    case 'merc':
      if (words.has('R')) return { method: 'web-mercator', numbers }
      return numbers.lat_ts === undefined ? { method: 'merc-a', numbers } : { method: 'merc-b', numbers }
    case 'stere':
      if (Math.abs(numbers.lat_0) !== 90) return undefined
      return numbers.lat_ts === undefined || Math.abs(numbers.lat_ts) === 90
        ? { method: 'stere-a', numbers }
        : { method: 'stere-b', numbers }
    case 'aea':
      return numbers.lat_2 === undefined ? undefined : { method: proj, numbers }
    case 'tmerc':
    case 'laea':
    case 'sterea':
    case 'cass':
    case 'poly':
    case 'somerc':
      return words.has('R') ? undefined : { method: proj, numbers }
    default:
      return undefined
  }
}
