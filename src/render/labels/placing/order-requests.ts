import type { LabelAnchor, LabelRequest } from '../label-request.js'
import { sortedByKey } from './sorted-by-key.js'

/**
 * Requests in the order in which they are placed, the same however they arrive: priority, later layer, larger text, larger polygon, key, text, place.
 * What is written larger matters more. A small polygon whose text does not fit would else take the room of its large neighbour.
 */
export function inPlacingOrder(requests: readonly LabelRequest[]): LabelRequest[] {
  const sizes = new Map<LabelRequest, number>()
  for (const request of requests) if (request.at.kind === 'polygon') sizes.set(request, sizeOf(request.at))
  if (sizes.size === 0) {
    // on most maps only the keys tell
    if (requests.every(request => byPriority(request, requests[0]) === 0)) return sortedByKey(requests, byIdentity)
    return [...requests].sort((a, b) => byPriority(a, b) || byIdentity(a, b))
  }
  const size = (request: LabelRequest) => sizes.get(request) ?? 0
  return [...requests].sort((a, b) => byPriority(a, b) || size(b) - size(a) || byIdentity(a, b))
}

const byPriority = (a: LabelRequest, b: LabelRequest) => b.priority - a.priority || b.layer - a.layer || heightOf(b) - heightOf(a)

const heightOf = ({ text: { size } }: LabelRequest) => (size > 0 ? size : 0)

function byIdentity(a: LabelRequest, b: LabelRequest): number {
  return (
    byText(a.key, b.key) ||
    byText(a.text.text, b.text.text) ||
    byText(a.at.kind, b.at.kind) ||
    byPlace(positionsOf(a.at), positionsOf(b.at))
  )
}

/** Of the box around a polygon, in whole pixels; other things have none. */
function sizeOf(at: LabelAnchor): number {
  if (at.kind !== 'polygon') return 0
  let [minX, minY, maxX, maxY] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const ring of at.rings)
    for (let i = 0; i + 1 < ring.length; i += 2) {
      minX = Math.min(minX, ring[i])
      maxX = Math.max(maxX, ring[i])
      minY = Math.min(minY, ring[i + 1])
      maxY = Math.max(maxY, ring[i + 1])
    }
  const size = Math.round((maxX - minX) * (maxY - minY))
  return Number.isFinite(size) ? size : 0
}

/** By code units: the same in all languages of the system. */
export const byText = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1)

function byPlace(a: ArrayLike<number>, b: ArrayLike<number>): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) if (a[i] !== b[i]) return a[i] - b[i]
  return a.length - b.length
}

function positionsOf(at: LabelAnchor): ArrayLike<number> {
  switch (at.kind) {
    case 'point':
      return [at.x, at.y]
    case 'line':
      return at.points
    case 'polygon':
      return at.rings[0] ?? []
  }
}
