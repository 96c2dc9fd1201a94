import { type Bbox, isValidBbox, unionBbox } from './bbox.js'
import { type Curve, curvesOf } from './bbox-curves.js'
import { requireCrs } from './crs.js'
import { type Transform, transformBetween } from './point-transform.js'
import { type ProjectionLimits, projectionLimits } from './projection-limits.js'

export interface TransformBboxOptions {
  /** `domain` (the default): as far as the target's projection makes sense. `area-of-use`: clipped to where the target is meant to be used. */
  readonly within?: 'domain' | 'area-of-use'
}

/** Deviation from a straight line, as a share of the box, below which a piece of a curve is not looked at more closely. */
const tolerance = 2e-4
/** Halvings of an eighth of a curve: edges of the projectable are found to a hundred-thousandth of it. */
const deepest = 14
/** Halvings of an eighth of a curve in which nothing is projectable before it is given up. */
const deepestBlind = 3

/**
 * The smallest box in `to` around what `bbox` covers in `from`, to better than 0.1 % of its size; undefined when nothing of it can be
 * projected. Poles inside and edges of the projectable are known. A longitude-latitude box that crosses the antimeridian becomes the whole
 * turn, -180 to 180: see `transformBboxes`. Throws CrsError as `transformBetween`.
 */
export function transformBbox(bbox: Bbox, from: string, to: string, options: TransformBboxOptions = {}): Bbox | undefined {
  return transformBboxes(bbox, from, to, options).reduce<Bbox | undefined>((all, piece) => unionBbox(all, piece), undefined)
}

/** As `transformBbox`, in two pieces (west first in the order of the original) where the box crosses the meridian at which the target is cut open. */
export function transformBboxes(bbox: Bbox, from: string, to: string, options: TransformBboxOptions = {}): Bbox[] {
  if (!isValidBbox(bbox)) return []
  const transform = transformBetween(from, to)
  const limits = projectionLimits(transform.to, options.within ?? 'domain')
  if (transform.isIdentity && options.within !== 'area-of-use') return [bbox]
  const { edges, inner, polesInside, isSmall, isTiny, centre } = curvesOf(bbox, transform, limits)
  const pieces = new Pieces(transform, limits, polesInside.length > 0 ? limits.lon0 : (centre ?? limits.lon0))
  pieces.walkAll(edges, isTiny ? 1 : isSmall ? 2 : 8)
  if (!isSmall || pieces.isBroken || polesInside.length > 0) pieces.walkAll(inner(), 8)
  return pieces.boxes(polesInside)
}

/** One place on a curve. */
interface Sample {
  readonly isValid: boolean
  readonly x: number
  readonly y: number
  /** Which turn of the earth, counted from the cut of the target, it lies in. */
  readonly turn: number
}

/** Grows one box per turn of the earth while curves are walked. */
class Pieces {
  /** Something on the curves could not be projected, or jumped from one side of the map to the other. */
  isBroken = false
  readonly #byTurn = new Map<number, [number, number, number, number]>()
  readonly #all: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity]
  readonly #out = new Float64Array(4)
  readonly #transform: Transform
  readonly #limits: ProjectionLimits
  readonly #centre: number
  readonly #lonUnit: number

  constructor(transform: Transform, limits: ProjectionLimits, centre: number) {
    this.#transform = transform
    this.#limits = limits
    this.#centre = centre
    this.#lonUnit = transform.to.definition!.unit
  }

  /** In `steps` pieces to begin with, of which a single one is believed when it looks flat. */
  walkAll(curves: readonly Curve[], steps: number): void {
    const least = steps === 1 ? 0 : 1
    // First a coarse look, so that deviations are measured against something like the whole box.
    const coarse = curves.map(curve => Array.from({ length: steps + 1 }, (_, i) => this.#at(curve, i / steps)))
    curves.forEach((curve, c) => {
      for (let i = 0; i < steps; i++) this.#walk(curve, i / steps, (i + 1) / steps, coarse[c][i], coarse[c][i + 1], 0, least)
    })
  }

  boxes(polesInside: readonly number[]): Bbox[] {
    const turns = [...this.#byTurn].sort(([a], [b]) => a - b).map(([, box]) => box)
    const { isGeographic, isCylindrical } = this.#limits
    const isAround = isGeographic && polesInside.length > 0
    if (isCylindrical && (isAround || turns.length > 1)) {
      // Neighbours meet at the cut exactly; around a pole there is every longitude.
      const [west, east] = this.#cut()
      const near = (east - west) * atCut
      turns.forEach((box, i) => {
        if (isAround || (i > 0 && box[0] - west < near)) box[0] = west
        if (isAround || (i < turns.length - 1 && east - box[2] < near)) box[2] = east
      })
    }
    if (isAround) {
      for (const pole of polesInside) for (const box of turns) box[pole > 0 ? 3 : 1] = pole / this.#lonUnit
    }
    return turns
  }

  /** x of the two sides of the meridian at which the target is cut open. */
  #cut(): [west: number, east: number] {
    const { to } = this.#transform
    const { lon0, isGeographic } = this.#limits
    const [west, east] = [x0(lon0 - 180, this.#transform, this.#lonUnit), x0(lon0 + 180, this.#transform, this.#lonUnit)]
    if (isGeographic) return [west, east]
    const base = requireCrs(to.base!)
    const { unit, meridian } = base.definition!
    const side = (lon: number) => transformBetween(base.code, to.code).point((lon - meridian) / unit, 0)![0]
    const [a, b] = [side(lon0 - 180 + cutHair), side(lon0 + 180 - cutHair)]
    return [Math.min(a, b), Math.max(a, b)]
  }

  #walk(curve: Curve, from: number, to: number, a: Sample, b: Sample, depth: number, least: number): void {
    const middle = (from + to) / 2
    const m = this.#at(curve, middle)
    const valid = Number(a.isValid) + Number(b.isValid) + Number(m.isValid)
    if (valid < 3) this.isBroken = true
    if (depth >= deepest || (valid === 0 && depth >= deepestBlind)) return
    if (valid === 3 && a.turn === m.turn && b.turn === m.turn) {
      const [isFlatX, isFlatY] = [this.#isFlat(0, a.x, m.x, b.x, m.turn), this.#isFlat(1, a.y, m.y, b.y, m.turn)]
      if (isFlatX && isFlatY && depth >= least) return
    }
    if (depth === deepest - 8 && valid === 3) this.isBroken = true
    this.#walk(curve, from, middle, a, m, depth + 1, least)
    this.#walk(curve, middle, to, m, b, depth + 1, least)
  }

  /** True when three values are nearly on a line; their parabola's summit still counts. */
  #isFlat(axis: 0 | 1, a: number, m: number, b: number, turn: number): boolean {
    const bend = a - 2 * m + b
    const isFlat = Math.abs(bend) / 2 <= tolerance * (this.#all[axis + 2] - this.#all[axis])
    if (isFlat && Math.abs(b - a) < 4 * Math.abs(bend)) {
      const summit = m - (b - a) ** 2 / (8 * bend)
      if (Math.abs((b - a) / (2 * bend)) <= 1) this.#grow(axis, summit, turn)
    }
    return isFlat
  }

  #at(curve: Curve, t: number): Sample {
    const place = curve(t)
    const out = this.#out
    if (!place || !this.#transform.trace(place[0], place[1], out)) return invalid
    const [x, y, lon, lat] = out
    if (!this.#limits.isWithin(lon, lat)) return invalid
    const { lon0, isGeographic, isCylindrical } = this.#limits
    const turned = this.#centre + offset(lon - this.#centre)
    const turns = (turned - lon0 + 180) / 360
    const nearest = Math.round(turns)
    const isOnCut = Math.abs(turns - nearest) < onCut
    // In the very middle of the box the cut belongs to both sides: they are told apart a hair away from it.
    if (isCylindrical && isOnCut && turned === this.#centre) return invalid
    const turn = !isCylindrical ? 0 : !isOnCut ? Math.floor(turns) : turned > this.#centre ? nearest - 1 : nearest
    // At a pole every longitude is as good: only the latitude counts.
    const isPole = Math.abs(lat) > 90 - 1e-9
    const sample = { isValid: true, x: isGeographic ? x0(turned - 360 * turn, this.#transform, this.#lonUnit) : x, y, turn }
    if (!(isGeographic && isPole)) this.#grow(0, sample.x, turn)
    this.#grow(1, y, turn)
    return sample
  }

  #grow(axis: 0 | 1, value: number, turn: number): void {
    let box = this.#byTurn.get(turn)
    if (!box) {
      box = [Infinity, Infinity, -Infinity, -Infinity]
      this.#byTurn.set(turn, box)
    }
    for (const each of [box, this.#all]) {
      each[axis] = Math.min(each[axis], value)
      each[axis + 2] = Math.max(each[axis + 2], value)
    }
  }
}

/** Turns from the cut below which a sample is on it: less than what tells its two sides apart in `curvesOf`. */
const onCut = 5e-13

/** Share of the map within which a side that was only halved towards lies at the cut. */
const atCut = 1e-4

/** Degrees off the cut at which its side is certain: a hundredth of a millimetre. */
const cutHair = 1e-10

const invalid: Sample = { isValid: false, x: 0, y: 0, turn: 0 }

/** An angle in degrees brought into ±180. */
const offset = (angle: number): number => (Math.abs(angle) <= 180 ? angle : angle - 360 * Math.round(angle / 360))

/** Degrees east of Greenwich as x of a geographic system. */
const x0 = (lon: number, { to }: Transform, unit: number): number => (lon - to.definition!.meridian) / unit
