import type { Expression } from '#filters/expression.js'
import { ofRgb, parseCssColor } from '../css-color.js'
import { UnreadPart } from '../unread-part.js'
import { literal, tidy } from '../values.js'

type Stop = readonly [at: number, value: Expression]

/** Straight pieces that stand for the curve between two stops: off by at most 1 % of the section for curves in use. */
const pieces = 16

/** Stops for a linear interpolation that follows the curve (CSS Easing Functions Level 1, 2.3) between each two. Values have to be literals. */
export function easedStops(stops: readonly Stop[], [x1, y1, x2, y2]: readonly number[], of: 'number' | 'color'): Stop[] {
  if (![x1, x2].every(x => x >= 0 && x <= 1)) throw new UnreadPart('a cubic-bezier that goes back')
  const mixed = stops.flatMap(([at, value], i) => {
    if (i === 0) return []
    const [from, before] = stops[i - 1]
    return Array.from({ length: pieces - 1 }, (_, k): Stop => {
      const t = (k + 1) / pieces
      return [from + (at - from) * coordinate(t, x1, x2), literal(between(before, value, coordinate(t, y1, y2), of))]
    }).concat([[at, value]])
  })
  const all = [...stops.slice(0, 1), ...mixed]
  return all.filter(([at], i) => i === 0 || at > all[i - 1][0])
}

/** Of a cubic curve from 0 to 1 with two control points. */
function coordinate(t: number, a: number, b: number): number {
  const s = 1 - t
  return 3 * s * s * t * a + 3 * s * t * t * b + t * t * t
}

function between(a: Expression, b: Expression, share: number, of: 'number' | 'color'): number | string {
  const [first, second] = [a, b].map(one => (one.kind === 'literal' ? one.value : undefined))
  const mix = (from: number, to: number) => from + (to - from) * share
  if (of === 'number') {
    if (typeof first === 'number' && typeof second === 'number') return tidy(mix(first, second))
  } else if (typeof first === 'string' && typeof second === 'string') {
    const [from, to] = [parseCssColor(first), parseCssColor(second)]
    if (from && to) {
      const channel = (color: string, i: number) => Number.parseInt(color.slice(1 + 2 * i, 3 + 2 * i), 16)
      const { color } = ofRgb([0, 1, 2].map(i => mix(channel(from.color, i), channel(to.color, i))))
      const alpha = Math.round(255 * Math.min(1, Math.max(0, mix(from.opacity, to.opacity))))
      return color + alpha.toString(16).padStart(2, '0')
    }
  }
  throw new UnreadPart('a cubic-bezier between values that are computed')
}
