import { clipRings } from '#geo/clip-rings.js'
import type { PolygonAnchor } from '../label-request.js'
import type { PlacedLabel } from '../placed-label.js'
import type { TextShaper } from '../shaping/text-shaper.js'
import { type Frame, isIn, type Rectangle } from './frame.js'
import { holdsRectangle, shareInside, widestAt } from './inside-polygon.js'
import { type Candidate, heightOf } from './lay-text.js'
import type { Occupancy } from './occupancy.js'
import { placePoint } from './place-point.js'
import { poleOfInaccessibility } from './pole.js'

/** Heights at which the widest place is looked for, when the pole is not where the text fits. */
const rows = 9

/**
 * The text inside a polygon: whole, else in more lines, else shortened; and where nothing fits, all the same if it may: where most of it lies inside. On a map of its own
 * the part of the polygon that shows is what counts; on tiles all of it, because they share their labels.
 */
export function placePolygon(
  candidates: readonly Candidate[],
  at: PolygonAnchor,
  frame: Frame,
  occupancy: Occupancy,
  shaper: TextShaper,
): PlacedLabel | undefined {
  const rings = frame.owned ? at.rings : clipRings(at.rings, frame.room)
  const pole = poleOfInaccessibility(rings)
  if (!pole || (frame.owned && !isIn(frame.owned, pole.x, pole.y))) return undefined
  const turn = ((at.rotation % 360) * Math.PI) / 180
  const places = [pole, ...widestPlaces(rings)]
  for (const candidate of candidates.flatMap(one => [one, ...inMoreLines(one, shaper)])) {
    const { width } = candidate.shaped
    const height = heightOf(candidate.shaped)
    for (const { x, y } of places) {
      const box = boxOf(x + at.displacement[0], y + at.displacement[1], width, height, turn)
      const label = holdsRectangle(rings, box) && placePoint(candidate, pointAt(at, x, y, 0), frame, occupancy)
      if (label) return label
    }
  }
  if (at.mustFit) return undefined
  const [{ shaped }] = candidates
  const share = ({ x, y }: { x: number; y: number }) =>
    shareInside(rings, boxOf(x + at.displacement[0], y + at.displacement[1], shaped.width, heightOf(shaped), turn))
  const shares = new Map(places.map(place => [place, share(place)]))
  // from tenths of it on a difference shows; where there is none the pole is the better place
  const tenth = (place: { x: number; y: number }) => Math.round(10 * shares.get(place)!)
  const best = places.reduce((best, place) => (tenth(place) > tenth(best) ? place : best))
  return placePoint(candidates[0], pointAt(at, best.x, best.y, at.maxDisplacement), frame, occupancy)
}

const pointAt = ({ rotation, displacement }: PolygonAnchor, x: number, y: number, maxDisplacement: number) =>
  ({ kind: 'point', x, y, anchor: [0.5, 0.5], displacement, rotation, maxDisplacement }) as const

/** The box around a turned rectangle. */
function boxOf(x: number, y: number, width: number, height: number, turn: number): Rectangle {
  const [cosine, sine] = [Math.abs(Math.cos(turn)), Math.abs(Math.sin(turn))]
  const [halfX, halfY] = [(width * cosine + height * sine) / 2, (width * sine + height * cosine) / 2]
  return [x - halfX, y - halfY, x + halfX, y + halfY]
}

/** The same text in two and in three lines, where it has words for that. */
function inMoreLines({ request, text, shaped }: Candidate, shaper: TextShaper): Candidate[] {
  if (shaped.lines.length > 1 || !/\s/.test(text.text.trim())) return []
  const broken: Candidate[] = []
  for (const lines of [2, 3]) {
    const more = shaper.shape({ ...text, wrapWidth: shaped.width / lines + text.size })
    if (more && more.lines.length > (broken.at(-1)?.shaped.lines.length ?? 1)) broken.push({ request, text, shaped: more })
  }
  return broken
}

/** Middles of the widest level stretches, the widest first. */
function widestPlaces(rings: readonly Float64Array[]): { x: number; y: number }[] {
  let [minY, maxY] = [Infinity, -Infinity]
  for (const ring of rings) {
    for (let i = 1; i < ring.length; i += 2) {
      minY = Math.min(minY, ring[i])
      maxY = Math.max(maxY, ring[i])
    }
  }
  const places = Array.from({ length: rows }, (_, i) => {
    const y = minY + ((i + 1) / (rows + 1)) * (maxY - minY)
    return { y, ...(widestAt(rings, y) ?? { x: Number.NaN, width: 0 }) }
  })
  return places.filter(place => place.width > 0).sort((a, b) => b.width - a.width || a.y - b.y)
}
