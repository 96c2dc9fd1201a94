import { type Crs, metresPerDegree } from '#geo/crs.js'
import { ewkbBbox, readEwkb, writeEwkb } from '#geo/ewkb.js'
import type { Geometry } from '#geo/geometry.js'
import { mapPositions } from '#geo/reproject.js'
import { boxGeometry } from '../box-geometry.js'
import { geometryOfWkt } from '../ecql/geometry-of-wkt.js'
import type { GeometryLiteral } from '../filter.js'
import { FilterError } from '../filter-error.js'
import { namedCrs } from '../named-crs.js'
import { geometryOfGeoJson } from './geometry-of-geojson.js'

/** How the geometries of a filter are to be understood: neither encoding can say it (OGC 19-079r2, `filter-crs`). */
export interface Cql2Options {
  /** Reference system of all of them, in any form; CRS84 when absent, that of the column they are compared with when null. */
  readonly crs?: string | null
  /** Order of their axes, where it is not the one that the form of `crs` means. */
  readonly axes?: 'xy' | 'yx'
}

/** Reads the geometries of one filter. Methods throw FilterError. */
export interface GeometryReader {
  ofWkt(text: string): GeometryLiteral
  ofGeoJson(value: object): GeometryLiteral
  /** Four numbers, or six with heights. In degrees a box may lie across the antimeridian: its first longitude is the greater one then. */
  ofBbox(numbers: readonly number[]): GeometryLiteral
}

/** Throws FilterError `unknown-crs`. */
export function geometryReader({ crs = 'OGC:CRS84', axes }: Cql2Options): GeometryReader {
  const named = crs === null ? undefined : namedCrs(crs)
  const isFlipped = axes === undefined ? (named?.isFlipped ?? false) : axes === 'yx'
  const literal = (wkb: Uint8Array): GeometryLiteral => {
    if (named) checkPositions(wkb, named.crs)
    return { wkb, ...(named && { crs: named.crs.code }) }
  }
  const turned = (wkb: Uint8Array) => literal(isFlipped ? writeEwkb(mapPositions(readEwkb(wkb), (x, y) => [y, x])!) : wkb)
  return {
    ofWkt: text => turned(geometryOfWkt(text).wkb),
    ofGeoJson: value => turned(geometryOfGeoJson(value).wkb),
    ofBbox(numbers) {
      if ((numbers.length !== 4 && numbers.length !== 6) || !numbers.every(Number.isFinite))
        throw new FilterError('malformed', `A BBOX has four or six numbers; this one has ${numbers.length}, or a number beyond all bounds.`)
      const half = numbers.length / 2
      const [a, b, c, d] = [numbers[0]!, numbers[1]!, numbers[half]!, numbers[half + 1]!]
      const [west, south, east, north] = isFlipped ? [b, a, d, c] : [a, b, c, d]
      const isGeographic = named?.crs.kind === 'geographic'
      if (south > north || (west > east && !isGeographic))
        throw new FilterError('malformed', `A BBOX has its first corner beyond its second: ${numbers.join(', ')}.`)
      if (west <= east) return literal(writeEwkb(boxGeometry([west, south, east, north])))
      return literal(writeEwkb(acrossAntimeridian(west, south, east, north)))
    },
  }
}

/** Degrees of longitude that somebody may write for a place, going around once more. */
const mostTurn = 360

/** Throws FilterError for latitudes beyond the poles: mostly the axes are in the wrong order. */
function checkPositions(wkb: Uint8Array, { code, kind, metresPerUnit }: Crs): void {
  if (kind !== 'geographic') return
  const degrees = metresPerUnit / metresPerDegree
  const [west, south, east, north] = ewkbBbox(wkb)!.map(number => number * degrees) as [number, number, number, number]
  const [hair, share] = [1e-9, 90 / mostTurn]
  if (Math.min(south, west * share) >= -90 - hair && Math.max(north, east * share) <= 90 + hair) return
  throw new FilterError(
    'malformed',
    `A geometry of the filter lies beyond the poles, or beyond ${mostTurn} degrees of longitude, in ${code}; perhaps its axes are in the other order.`,
  )
}

/** Half a turn in degrees: systems in other units have no boxes across. */
const half = 180

function acrossAntimeridian(west: number, south: number, east: number, north: number): Geometry {
  const boxes = [boxGeometry([west, south, Math.max(west, half), north]), boxGeometry([Math.min(east, -half), south, east, north])]
  return { kind: boxes.every(({ kind }) => kind === 'Polygon') ? 'MultiPolygon' : 'GeometryCollection', dimensions: 'xy', parts: boxes }
}
