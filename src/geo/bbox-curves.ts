import { type Bbox, containsBbox } from './bbox.js'
import { metresPerDegree, requireCrs } from './crs.js'
import { type Transform, transformBetween } from './point-transform.js'
import type { ProjectionLimits } from './projection-limits.js'

/** A curve in the source: t in 0 to 1 to x,y; undefined where it leaves the box. */
export type Curve = (t: number) => readonly [x: number, y: number] | undefined

export interface BboxCurves {
  /** The four sides: they enclose the image of a small box without a pole. */
  readonly edges: readonly Curve[]
  /** Lines across, and those along which maps are cut, end or turn: what it takes to know the image of a big box. */
  readonly inner: () => readonly Curve[]
  /** 90 and -90 when that pole lies inside, not on the edge. */
  readonly polesInside: readonly number[]
  /** So small that the sides tell everything, unless they meet something that cannot be projected. */
  readonly isSmall: boolean
  /** So small that a side is nearly a parabola: three places tell it. */
  readonly isTiny: boolean
  /** Longitude of the centre in degrees; undefined when it has none. */
  readonly centre?: number
}

/** Degrees up to which a box is small. */
const smallDegrees = 30
/** Degrees up to which a box is tiny. */
const tinyDegrees = 3
/** Lines across a big box, each way. */
const lines = 9
const shares = Array.from({ length: lines }, (_, i) => (i + 1) / (lines + 1))
/** Degrees by which the two sides of a cut are told apart: a tenth of a millimetre. */
const hair = 1e-9

/** The curves that `transformBbox` walks. */
export function curvesOf(bbox: Bbox, transform: Transform, limits: ProjectionLimits): BboxCurves {
  const { from } = transform
  const { lon0, lat0, parallels, area, isWithin } = limits
  const box = from.definition!.isGeographic ? atMostOneTurn(bbox, 360 / from.definition!.unit) : bbox
  const [minX, minY, maxX, maxY] = box
  const [width, height] = [maxX - minX, maxY - minY]
  const horizontal =
    (y: number): Curve =>
    t => [t === 1 ? maxX : minX + width * t, y]
  const vertical =
    (x: number): Curve =>
    t => [x, t === 1 ? maxY : minY + height * t]
  const place = placeInSource(transform)
  const within: (lon: number, lat: number) => ReturnType<Curve> = (lon, lat) => {
    const found = place(lon, lat)
    return found && containsBbox(box, [found[0], found[1], found[0], found[1]]) ? found : undefined
  }
  const meridian =
    (lon: number, south = -90, north = 90): Curve =>
    t =>
      within(lon, south + (north - south) * t)
  const parallel =
    (lat: number, west = lon0 - 180, east = lon0 + 180): Curve =>
    t =>
      within(west + (east - west) * t, lat)
  const out = new Float64Array(4)
  transform.trace(minX + width / 2, minY + height / 2, out)
  const degrees = (Math.max(width, height) * from.metresPerUnit) / metresPerDegree
  // three times as far as a map that is true to scale would reach: then there is no need to look
  const isFarFromPoles = degrees <= tinyDegrees && Math.abs(out[3]) + 3 * degrees < 89
  return {
    edges: [horizontal(minY), horizontal(maxY), vertical(minX), vertical(maxX)],
    inner: () => [
      ...shares.flatMap(share => [horizontal(minY + height * share), vertical(minX + width * share)]),
      ...[180 - hair, hair - 180, 90, -90, 0].map(turn => meridian(lon0 + turn)),
      ...[0, -lat0, 90 - 1e-6, 1e-6 - 90, ...parallels].map(lat => parallel(lat)),
      ...(area ? areaCurves(area, meridian, parallel) : []),
    ],
    polesInside: [90, -90].filter(lat => {
      if (isFarFromPoles || !isWithin(lon0, lat)) return false
      const [x, y] = place(lon0, lat) ?? [NaN, NaN]
      const margin = (width + height) * 1e-9
      return x > minX + margin && x < maxX - margin && y > minY + margin && y < maxY - margin
    }),
    isSmall: !area && degrees <= smallDegrees,
    isTiny: !area && degrees <= tinyDegrees,
    ...(Number.isFinite(out[2]) && { centre: out[2] }),
  }
}

type MeridianCurve = (lon: number, south: number, north: number) => Curve
type ParallelCurve = (lat: number, west: number, east: number) => Curve

/** The sides of the area of use and lines across it. */
function areaCurves([west, south, east, north]: Bbox, meridian: MeridianCurve, parallel: ParallelCurve): Curve[] {
  const width = west <= east ? east - west : east - west + 360
  return [0, 0.25, 0.5, 0.75, 1].flatMap(share => [
    meridian(west + width * share, south, north),
    parallel(south + (north - south) * share, west, west + width),
  ])
}

/** From degrees east of Greenwich on the datum of the target to x,y of the source. */
function placeInSource({ from, to }: Transform): (lon: number, lat: number) => [number, number] | undefined {
  const base = requireCrs(to.base ?? to.code)
  const { unit, meridian } = base.definition!
  const back = transformBetween(base.code, from.code)
  return (lon, lat) => back.point((lon - meridian) / unit, lat / unit)
}

/** A longitude-latitude box wider than the earth, cut to one turn. */
function atMostOneTurn([minX, minY, maxX, maxY]: Bbox, turn: number): Bbox {
  return maxX - minX <= turn ? [minX, minY, maxX, maxY] : [-turn / 2, minY, turn / 2, maxY]
}
