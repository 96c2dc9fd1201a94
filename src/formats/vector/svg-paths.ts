import type { PathPart, ScenePaint, ScenePattern, SceneStroke } from '#render/vector/scene.js'
import { decimal, hexColor, hundredths } from './numbers.js'

type PatternName = (pattern: ScenePattern) => string

/** The `d` of a path: each point from the one before. */
export function pathData(parts: readonly PathPart[]): string {
  let data = ''
  for (const { points, isClosed } of parts) {
    if (points.length < 2) continue
    let [x, y] = [points[0], points[1]]
    data += `M${hundredths(x)} ${hundredths(y)}`
    if (points.length > 2) data += 'l'
    for (let i = 2; i < points.length; i += 2) {
      const dy = points[i + 1] - y
      // a sign parts numbers as well as a blank does
      data += `${i > 2 && points[i] >= x ? ' ' : ''}${hundredths(points[i] - x)}${dy < 0 ? '' : ' '}${hundredths(dy)}`
      x = points[i]
      y = points[i + 1]
    }
    if (isClosed) data += 'z'
  }
  return data
}

/** The attribute of a fill, `none` where `paint` is absent; `name` gives that of a pattern in the document. */
export function fillOf(paint: ScenePaint | undefined, name: PatternName): string {
  return paint ? paintOf('fill', paint, name) : 'fill="none"'
}

const joins = { mitre: 'miter', round: 'round', bevel: 'bevel' } as const

/** The attributes of a stroke. */
export function strokeOf({ paint, width, cap, join, dashes, dashOffset = 0 }: SceneStroke, name: PatternName): string {
  const ends = `${cap === 'butt' ? '' : ` stroke-linecap="${cap}"`} stroke-linejoin="${joins[join]}"${join === 'mitre' ? ' stroke-miterlimit="2"' : ''}`
  const dashing = dashes ? ` stroke-dasharray="${dashes.map(dash => decimal(dash, 3)).join(' ')}"` : ''
  const offset = dashes && dashOffset !== 0 ? ` stroke-dashoffset="${decimal(dashOffset, 3)}"` : ''
  return `${paintOf('stroke', paint, name)} stroke-width="${decimal(width, 3)}"${ends}${dashing}${offset}`
}

function paintOf(what: 'fill' | 'stroke', paint: ScenePaint, name: PatternName): string {
  const value = paint.kind === 'color' ? hexColor(paint.rgb) : `url(#${name(paint.pattern)})`
  return `${what}="${value}"${paint.opacity < 1 ? ` ${what}-opacity="${decimal(paint.opacity, 4)}"` : ''}`
}
