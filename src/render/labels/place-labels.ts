import { abbreviated } from './abbreviate.js'
import type { LabelAnchor, LabelHalo, LabelRequest } from './label-request.js'
import type { PlacedLabel } from './placed-label.js'
import { type Frame, isIn, meets } from './placing/frame.js'
import type { Candidate } from './placing/lay-text.js'
import { mergeLines } from './placing/merge-lines.js'
import { createOccupancy, type Occupancy } from './placing/occupancy.js'
import { inPlacingOrder } from './placing/order-requests.js'
import { placeLine } from './placing/place-line.js'
import { isPointTaken, placePoint } from './placing/place-point.js'
import { placePolygon } from './placing/place-polygon.js'
import type { TextShaper } from './shaping/text-shaper.js'

/**
 * Finds a place in the frame for as many labels as can be, those of higher priority first, around the labels that are `taken` already. The
 * outcome does not depend on the order of the requests. Requests that cannot be labels (no text, no size, no place) are left out.
 */
export function placeLabels(
  requests: readonly LabelRequest[],
  frame: Frame,
  taken: readonly PlacedLabel[],
  shaper: TextShaper,
): PlacedLabel[] {
  const occupancy = createOccupancy(frame.room, taken)
  const placed: PlacedLabel[] = []
  const near = inPlacingOrder(requests.filter(request => isNear(frame, request.at)))
  for (const request of mergeLines(near)) {
    for (const label of place(request, frame, occupancy, shaper)) placed.push(label)
  }
  return placed
}

function place(request: LabelRequest, frame: Frame, occupancy: Occupancy, shaper: TextShaper): PlacedLabel[] {
  const { at } = request
  if (at.kind !== 'line' && occupancy.hasGroup(request)) return []
  if (at.kind === 'point' && isPointTaken(request, at, shaper.leastHeight(request.text), occupancy)) return []
  const whole = candidateOf(request, request.text, shaper)
  if (!whole) return []
  const shorter = abbreviated(request.text)
  if (at.kind === 'line') {
    const short = shorter && candidateOf(request, shorter, shaper)
    return placeLine(short ? [whole, short] : [whole], at, frame, occupancy)
  }
  const short = shorter && candidateOf(request, shorter, shaper)
  const candidates = short ? [whole, short] : [whole]
  const label =
    at.kind === 'polygon'
      ? placePolygon(candidates, at, frame, occupancy, shaper)
      : (placePoint(whole, at, frame, occupancy) ?? (short && placePoint(short, at, frame, occupancy)))
  if (!label) return []
  occupancy.add(label)
  return [label]
}

/** What lies off the map has no label on it; a point of another cell belongs to that. */
function isNear({ room, owned }: Frame, at: LabelAnchor): boolean {
  switch (at.kind) {
    case 'point':
      return owned ? isIn(owned, at.x, at.y) : at.x >= room[0] && at.y >= room[1] && at.x <= room[2] && at.y <= room[3]
    case 'line':
      return meets(room, [at.points])
    case 'polygon':
      return meets(room, at.rings)
  }
}

function candidateOf(request: LabelRequest, text: LabelRequest['text'], shaper: TextShaper): Candidate | undefined {
  const shaped = shaper.shape(text, request.at.kind === 'line')
  return shaped && { request, text: isHalo(text.halo) ? text : { ...text, halo: undefined }, shaped }
}

/** In pixels. */
const widestHalo = 200

const isHalo = (halo: LabelHalo | undefined) => halo === undefined || (halo.radius > 0 && halo.radius <= widestHalo)
