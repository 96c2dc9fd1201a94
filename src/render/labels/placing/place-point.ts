import type { LabelRequest, PointAnchor } from '../label-request.js'
import type { PlacedLabel } from '../placed-label.js'
import { type Frame, holds } from './frame.js'
import { type Candidate, heightOf, layLevel, layTurned, onWholePixel, reachOf } from './lay-text.js'
import type { Occupancy } from './occupancy.js'
import { positionsFor } from './positions.js'

/**
 * Whether a level text that may not move finds its very point taken: then it need not be shaped, which takes longer than anything else about
 * labels. Whatever its width, it covers the point's column over at least `least.room`.
 */
export function isPointTaken(
  request: LabelRequest,
  at: PointAnchor,
  least: { readonly height: number; readonly room: number },
  occupancy: Occupancy,
): boolean {
  const [anchorX, anchorY] = at.anchor
  if (request.mayOverlap || at.rotation !== 0 || at.maxDisplacement > 0 || !isWithin(anchorX) || !isWithin(anchorY)) return false
  const x = at.x + at.displacement[0]
  // a pixel less, because level text moves to whole pixels
  const bottom = at.y + at.displacement[1] + anchorY * least.height - 1
  return !occupancy.isFree(x, bottom - least.room + 2, x, bottom)
}

/** The text at the first position that is free, or undefined. */
export function placePoint(candidate: Candidate, at: PointAnchor, { room }: Frame, occupancy: Occupancy): PlacedLabel | undefined {
  const { request, shaped } = candidate
  const height = heightOf(shaped)
  const reach = reachOf(candidate)
  const { above, below, beside } = reach
  const turn = ((at.rotation % 360) * Math.PI) / 180
  const distance = request.minRepeat ?? 0
  for (const [anchorX, anchorY, dx, dy] of positionsFor(at.anchor, at.displacement, at.maxDisplacement, height)) {
    const x = at.x + dx - anchorX * shaped.width
    const free = at.y + dy - (1 - anchorY) * height
    const y = turn === 0 ? onWholePixel(free, shaped) : free
    if (turn === 0) {
      const [minX, minY, maxX, maxY] = [x - beside, y - above, x + shaped.width + beside, y + height + below]
      if (!(minX >= room[0] && minY >= room[1] && maxX <= room[2] && maxY <= room[3])) continue
      if (!request.mayOverlap && !occupancy.isFree(minX, minY, maxX, maxY)) continue
      if (occupancy.isRepeated(request.text.text, x + shaped.width / 2, y + height / 2, distance)) continue
      return layLevel(candidate, x, y, anchorX, reach)
    }
    const label = layTurned(candidate, x, y, anchorX, turn, at.x + dx, at.y + dy)
    if (!holds(room, label.boxes) || (!request.mayOverlap && !occupancy.areFree(label.boxes))) continue
    if (!occupancy.isRepeated(request.text.text, label.x, label.y, distance)) return label
  }
  return undefined
}

const isWithin = (part: number) => part >= 0 && part <= 1
