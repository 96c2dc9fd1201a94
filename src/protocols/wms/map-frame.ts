import { Problem } from '#core/problem.js'
import { type Bbox, flipBbox } from '#geo/bbox.js'
import { type CrsName, parseCrsName } from '#geo/crs-name.js'
import type { Kvp } from '#protocols/ows/kvp.js'
import type { WmsVersion } from './versions.js'

/** Where a map lies and how many pixels it has. The bbox is x,y whatever the request said. */
export interface MapFrame {
  readonly crs: string
  readonly bbox: Bbox
  readonly width: number
  readonly height: number
  /** Degrees by which the map is turned clockwise; absent where it is not. */
  readonly angle?: number
}

/** CRS or SRS, BBOX, WIDTH, HEIGHT and ANGLE of a request. Throws `missing-parameter`, `invalid-parameter`, `unknown-crs`. */
export function mapFrame(kvp: Kvp, version: WmsVersion): MapFrame {
  const box = mapBox(kvp, version)
  const angle = angleParameter(kvp)
  return {
    ...box,
    width: sizeParameter(kvp, 'WIDTH'),
    height: sizeParameter(kvp, 'HEIGHT'),
    ...(angle > 0 && { angle }),
  }
}

/** CRS or SRS and BBOX alone: where a legend is about. */
export function mapBox(kvp: Kvp, version: WmsVersion): Pick<MapFrame, 'crs' | 'bbox'> {
  const { crs, isFlipped } = crsParameter(kvp, version)
  const bbox = bboxParameter(kvp, crs.axes === 'yx' && isFlipped)
  return { crs: crs.code, bbox: isFlipped ? flipBbox(bbox) : bbox }
}

function crsParameter(kvp: Kvp, { crs, otherCrs, crsContext }: WmsVersion): CrsName {
  const name = kvp.get(crs) === undefined && kvp.get(otherCrs) !== undefined ? otherCrs : crs
  const text = kvp.get(name)
  if (text === undefined)
    throw new Problem('missing-parameter', `${crs} is missing; ${crs}=EPSG:3857 would work.`, { locator: crs.toLowerCase() })
  const found = parseCrsName(text, crsContext)
  const isPlanar = found?.crs.kind === 'projected' || found?.crs.kind === 'geographic'
  if (found && isPlanar) return found
  const why = found ? 'cannot be drawn as a map' : 'is not known here'
  throw new Problem('unknown-crs', `${name}=${text.slice(0, 100)} ${why}; EPSG:3857, EPSG:4326 or EPSG:2154 would work.`, {
    locator: name.toLowerCase(),
  })
}

/** Ten turns: more is a mistake, and digits behind the point are lost. */
const mostDegrees = 3600

/** A number as clients write it; the plus of an exponent arrives as a space when it was not escaped. */
const number = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+ -]?\d+)?$/i

function bboxParameter(kvp: Kvp, isNorthFirst: boolean): Bbox {
  const order = isNorthFirst ? 'minLat,minLon,maxLat,maxLon or south,west,north,east' : 'minX,minY,maxX,maxY'
  const text = kvp.get('BBOX')
  const fault = (why: string) => new Problem('invalid-parameter', `BBOX=${text?.slice(0, 200)} ${why}.`, { locator: 'bbox' })
  if (text === undefined) throw new Problem('missing-parameter', `BBOX is missing; four numbers ${order} would work.`, { locator: 'bbox' })
  const parts = text.split(',').map(part => part.trim())
  if (parts.length !== 4 || !parts.every(part => number.test(part))) throw fault(`is not four numbers ${order}`)
  const [a, b, c, d] = parts.map(part => Number(part.replace(' ', '+')))
  if (![a, b, c, d, c - a, d - b].every(Number.isFinite)) throw fault('is beyond what can be computed with')
  // OGC 06-042, 7.3.3.6: a box without area, or turned over, is an error.
  if (a >= c) throw fault(`has a first number that is not below the third; ${order} would work`)
  if (b >= d) throw fault(`has a second number that is not below the fourth; ${order} would work`)
  return [a, b, c, d]
}

/** GeoServer's and MapServer's ANGLE: degrees clockwise, here brought to 0 … 360. */
function angleParameter(kvp: Kvp): number {
  const text = kvp.get('ANGLE')
  if (text === undefined) return 0
  const degrees = number.test(text) ? Number(text.replace(' ', '+')) : Number.NaN
  if (Math.abs(degrees) <= mostDegrees) return ((degrees % 360) + 360) % 360
  const why = 'is not a number of degrees, clockwise, by which the map is turned'
  throw new Problem(
    'invalid-parameter',
    `ANGLE=${text.slice(0, 40)} ${why}; ANGLE=45 would work, from -${mostDegrees} to ${mostDegrees}.`,
    {
      locator: 'angle',
    },
  )
}

function sizeParameter(kvp: Kvp, name: 'WIDTH' | 'HEIGHT'): number {
  const text = kvp.get(name)
  if (text === undefined)
    throw new Problem('missing-parameter', `${name} is missing; ${name}=256 would work.`, { locator: name.toLowerCase() })
  const pixels = /^\+?\d{1,9}(?:\.0*)?$/.test(text) ? Number(text) : 0
  if (pixels >= 1) return pixels
  throw new Problem('invalid-parameter', `${name}=${text.slice(0, 40)} is not a number of pixels; ${name}=256 would be.`, {
    locator: name.toLowerCase(),
  })
}
