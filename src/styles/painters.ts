import type { ScaleBand } from './scale-bands.js'
import type { FillSymbolizer, LineSymbolizer, PointSymbolizer } from './style.js'

/** Of polygons: drawn below outlines. */
export function fillOf(color: string, opacity: number): readonly FillSymbolizer[] {
  return [{ kind: 'fill', color, opacity }]
}

/** Of polygons: in a pass of its own, so that neighbours do not cover it. */
export function outlineOf({ outline: width, outlineOpacity: opacity }: ScaleBand, color: string): readonly LineSymbolizer[] {
  return [{ kind: 'line', stroke: { color, opacity, width, join: 'mitre' } }]
}

/** `factor` widens what matters more. */
export function lineOf({ line }: ScaleBand, color: string, factor = 1): readonly LineSymbolizer[] {
  return [{ kind: 'line', stroke: { color, opacity: 1, width: rounded(line * factor), ...roundStroke } }]
}

/** Wider than the line, drawn below all lines so that they join; nothing where lines are too thin for it. */
export function casingOf({ line, casing }: ScaleBand, { color = '#ffffff', opacity = 0.85, factor = 1 } = {}): readonly LineSymbolizer[] {
  if (casing <= 0) return []
  return [{ kind: 'line', stroke: { color, opacity, width: rounded(line * factor + 2 * casing), ...roundStroke } }]
}

/** A disc with a white halo. */
export function markOf({ radius, halo }: ScaleBand, color: string): readonly PointSymbolizer[] {
  const circle = (radius: number, color: string, opacity: number): PointSymbolizer => ({
    kind: 'point',
    graphic: { shapes: [{ kind: 'mark', shape: 'circle', color, opacity }], size: 2 * radius },
  })
  return [circle(radius + halo, '#ffffff', 0.9), circle(radius, color, 1)]
}

const roundStroke = { cap: 'round', join: 'round' } as const

/** Without the dust of binary fractions, which documents would show. */
const rounded = (width: number) => Math.round(width * 1000) / 1000
