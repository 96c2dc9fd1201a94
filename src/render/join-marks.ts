import type { GraphicPen, Pen, PreparedMark } from './pens.js'

/**
 * The same pens, a mark over another at the same place being one: a disc over its halo. Changing pens for each feature costs more than such a mark
 * does. Only for pens that all features are drawn with, one after the other.
 */
export function joinMarks(pens: readonly Pen[]): readonly Pen[] {
  const joined: Pen[] = []
  for (const pen of pens) {
    const below = joined.at(-1)
    const one = below && joinedOf(below, pen)
    if (one) joined[joined.length - 1] = one
    else joined.push(pen)
  }
  return joined
}

function joinedOf(below: Pen, above: Pen): Pen | undefined {
  if (!isPlain(below) || !isPlain(above) || below.classes !== above.classes || below.part !== above.part) return undefined
  const { fill: rgba, outline, under, bytes, contours, radius } = below.graphic
  if (rgba === undefined || outline || under || above.graphic.under) return undefined
  return { ...above, graphic: { ...above.graphic, under: { bytes, contours, radius, rgba } } }
}

/** A mark in the middle of its place, as it is. */
function isPlain(pen: Pen): pen is GraphicPen & { readonly graphic: PreparedMark } {
  if (pen.kind !== 'graphic' || pen.graphic.kind !== 'mark') return false
  const { rotation = 0, opacity = 1, anchor = [0.5, 0.5], displacement = [0, 0], isTurned } = pen
  return rotation === 0 && opacity === 1 && anchor.every(share => share === 0.5) && displacement.every(side => side === 0) && !isTurned
}
