import { type Crs, requireCrs } from './crs.js'
import { datumShift } from './datum-shift.js'
import { type Place, type Projection, projectionOf } from './projection.js'

/** From the x,y of one system to the x,y of another; always x (east, longitude) before y. Heights are left alone. */
export interface Transform {
  readonly from: Crs
  readonly to: Crs
  readonly isIdentity: boolean
  /** Undefined when the point lies beyond what either projection can show: never NaN or infinite. */
  point(x: number, y: number): [x: number, y: number] | undefined
  /** As `point`, for hot paths: writes `out[at]` and `out[at + 1]`, allocates nothing. False (and NaN written) when not projectable. */
  into(x: number, y: number, out: Float64Array, at: number): boolean
  /**
   * As `into`, with the way there: writes x, y, and longitude and latitude in degrees east of Greenwich on the datum of `to`, into `out[0…3]`.
   * Longitude and latitude are NaN only where the source itself has no such place.
   */
  trace(x: number, y: number, out: Float64Array): boolean
  /** How far the shift between the datums may be off, in metres; absent when not known, 0 within one datum. */
  readonly accuracy?: number
  /** What the user of the coordinates should know, in one or two sentences. */
  readonly warning?: string
}

/** Transforms kept for the next request: more than a busy server has pairs of systems in use. */
const kept = 200

const degree = Math.PI / 180

// A memo of pure functions, oldest use first: what it holds never changes an answer.
const memo = new Map<string, Transform>()

/**
 * The transform between two systems given by code (`EPSG:2154`, not a urn: see `parseCrsName`). Throws CrsError: `unknown-crs`, or
 * `no-transformation` when a system has no map coordinates, an unsupported projection, or a datum that nothing but a missing grid or a guess
 * connects to the other's.
 */
export function transformBetween(from: string, to: string): Transform {
  const key = `${from} ${to}`
  const known = memo.get(key)
  if (known) {
    memo.delete(key)
    memo.set(key, known)
    return known
  }
  const transform = buildTransform(requireCrs(from), requireCrs(to))
  memo.set(key, transform)
  if (memo.size > kept) memo.delete(memo.keys().next().value!)
  return transform
}

function buildTransform(from: Crs, to: Crs): Transform {
  const [projectionFrom, projectionTo] = [projectionOf(from), projectionOf(to)]
  if (isSameSystem(from, to)) return identity(from, to, projectionFrom)
  const shift = datumShift(from, to, figureOf(from), figureOf(to))
  const { apply, accuracy } = shift
  const place: Place = { x: 0, y: 0, z: 0 }
  const toLonLat = (x: number, y: number): boolean => {
    place.x = x
    place.y = y
    if (!projectionFrom.unproject(place)) return false
    if (apply) apply(place)
    return true
  }
  const run = (x: number, y: number): boolean => toLonLat(x, y) && projectionTo.project(place)
  const warning = [shift.warning, heightWarning(from, to)].filter(Boolean).join(' ')
  return {
    from,
    to,
    isIdentity: false,
    point: (x, y) => (run(x, y) ? [place.x, place.y] : undefined),
    into(x, y, out, at) {
      const isProjectable = run(x, y)
      out[at] = isProjectable ? place.x : NaN
      out[at + 1] = isProjectable ? place.y : NaN
      return isProjectable
    },
    trace(x, y, out) {
      out.fill(NaN, 0, 4)
      if (!toLonLat(x, y)) return false
      out[2] = place.x / degree
      out[3] = place.y / degree
      if (!projectionTo.project(place)) return false
      out[0] = place.x
      out[1] = place.y
      return true
    },
    ...(accuracy !== undefined && { accuracy }),
    ...(warning && { warning }),
  }
}

/** The figure of the datum: some projections compute on a sphere instead. */
const figureOf = (crs: Crs) => projectionOf(crs.base ? requireCrs(crs.base) : crs).figure

function identity(from: Crs, to: Crs, projection: Projection): Transform {
  const place: Place = { x: 0, y: 0, z: 0 }
  const warning = heightWarning(from, to)
  return {
    from,
    to,
    isIdentity: true,
    point: (x, y) => (Number.isFinite(x) && Number.isFinite(y) ? [x, y] : undefined),
    into(x, y, out, at) {
      out[at] = x
      out[at + 1] = y
      return Number.isFinite(x) && Number.isFinite(y)
    },
    trace(x, y, out) {
      out[0] = place.x = x
      out[1] = place.y = y
      const isPlace = projection.unproject(place)
      out[2] = isPlace ? place.x / degree : NaN
      out[3] = isPlace ? place.y / degree : NaN
      return isPlace
    },
    accuracy: 0,
    ...(warning && { warning }),
  }
}

/** Two codes for the same thing, such as EPSG:4326 and OGC:CRS84: once coordinates are x,y only the definition counts. */
function isSameSystem(a: Crs, b: Crs): boolean {
  const [c, d] = [a.definition, b.definition]
  return (
    c !== undefined &&
    d !== undefined &&
    a.directions === b.directions &&
    c.projection === d.projection &&
    c.unit === d.unit &&
    c.meridian === d.meridian &&
    c.datum === d.datum
  )
}

function heightWarning(from: Crs, to: Crs): string {
  const hasHeights = from.kind === 'compound' || to.kind === 'compound'
  return hasHeights && from.code !== to.code ? 'Only x and y are transformed; heights are left as they are.' : ''
}
