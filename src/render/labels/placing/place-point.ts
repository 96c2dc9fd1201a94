import type { LabelRequest, PointAnchor } from '../label-request.js'
import type { PlacedLabel } from '../placed-label.js'
import type { LeastHeight } from '../shaping/text-shaper.js'
import { type Frame, holds, type Rectangle } from './frame.js'
import { type Candidate, heightOf, layLevel, layTurned, onWholePixel, type Reach, reachOf } from './lay-text.js'
import type { Occupancy } from './occupancy.js'
import { positionsFor } from './positions.js'

/**
 * Whether a level text that may not move finds its very point taken: then it need not be shaped, which takes longer than anything else about
 * labels. Whatever its width, it covers the point's column over at least `least.room`.
 */
export function isPointTaken(request: LabelRequest, at: PointAnchor, least: LeastHeight, occupancy: Occupancy): boolean {
  const [anchorX, anchorY] = at.anchor
  if (request.mayOverlap || at.rotation !== 0 || at.maxDisplacement > 0 || !isWithin(anchorX) || !isWithin(anchorY)) return false
  const x = at.x + at.displacement[0]
  // a pixel less, because level text moves to whole pixels
  const bottom = at.y + at.displacement[1] + anchorY * least.height - 1
  return !occupancy.isFree(x, bottom - least.room + 2, x, bottom)
}

/** The text at the first position that is free, or undefined. Hot path. */
export function placePoint(candidate: Candidate, at: PointAnchor, { room }: Frame, occupancy: Occupancy): PlacedLabel | undefined {
  const { anchor, displacement, maxDisplacement } = at
  const space = {
    height: heightOf(candidate.shaped),
    reach: candidate.reach ?? reachOf(candidate),
    turn: ((at.rotation % 360) * Math.PI) / 180,
  }
  if (!(maxDisplacement > 0)) return placeAt(candidate, at, space, anchor, displacement, room, occupancy)
  for (const [anchorX, anchorY, dx, dy] of positionsFor(anchor, displacement, maxDisplacement, space.height)) {
    const label = placeAt(candidate, at, space, [anchorX, anchorY], [dx, dy], room, occupancy)
    if (label) return label
  }
  return undefined
}

/** What a text takes up wherever it is, in pixels; its turn in radians. */
interface Space {
  readonly height: number
  readonly reach: Reach
  readonly turn: number
}

/** The text at one position (see `positionsFor`), if that is free. Pairs, because numbers with fractions are objects on their way into a function. */
function placeAt(
  candidate: Candidate,
  at: PointAnchor,
  { height, reach, turn }: Space,
  [anchorX, anchorY]: readonly [number, number],
  [dx, dy]: readonly [number, number],
  room: Rectangle,
  occupancy: Occupancy,
): PlacedLabel | undefined {
  const { request, shaped } = candidate
  const distance = request.minRepeat ?? 0
  const x = at.x + dx - anchorX * shaped.width
  const free = at.y + dy - (1 - anchorY) * height
  if (turn !== 0) {
    const label = layTurned(candidate, x, free, anchorX, turn, at.x + dx, at.y + dy)
    if (!holds(room, label.boxes) || (!request.mayOverlap && !occupancy.areFree(label.boxes))) return undefined
    return occupancy.isRepeated(request.text.text, label.x, label.y, distance) ? undefined : label
  }
  const y = onWholePixel(free, shaped)
  const minX = x - reach.beside
  const minY = y - reach.above
  const maxX = x + shaped.width + reach.beside
  const maxY = y + height + reach.below
  if (!(minX >= room[0] && minY >= room[1] && maxX <= room[2] && maxY <= room[3])) return undefined
  if (!request.mayOverlap && !occupancy.isFree(minX, minY, maxX, maxY)) return undefined
  if (occupancy.isRepeated(request.text.text, x + shaped.width / 2, y + height / 2, distance)) return undefined
  return layLevel(candidate, x, y, anchorX, reach)
}

const isWithin = (part: number) => part >= 0 && part <= 1
