import type { LabelAnchor, LabelRequest } from '../label-request.js'

/** The order in which labels are placed, the same however the requests arrive: priority, later layer, key, text, place. */
export function inPlacingOrder(a: LabelRequest, b: LabelRequest): number {
  return (
    b.priority - a.priority ||
    b.layer - a.layer ||
    byText(a.key, b.key) ||
    byText(a.text.text, b.text.text) ||
    byText(a.at.kind, b.at.kind) ||
    byPlace(positionsOf(a.at), positionsOf(b.at))
  )
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
