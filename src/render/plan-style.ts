import type { FillSymbolizer, MarkSymbolizer, Rule, Stroke, Style } from '#styles/style.js'
import { premultiplied } from './color.js'
import { markOutline } from './mark-outline.js'

/** Geometries a pass draws; the numbers are those of the kernel. */
export const points = 1
export const lines = 2
export const polygons = 4

/** One run over all rows of a layer, in one colour; lengths in pixels of the map, colours premultiplied. */
export type Pass =
  | { readonly kind: 'fill'; readonly classes: number; readonly color: number }
  | { readonly kind: 'stroke'; readonly classes: number; readonly color: number; readonly width: number; readonly isRound: boolean }
  | {
      readonly kind: 'mark'
      readonly classes: number
      readonly color: number
      readonly haloColor: number
      readonly outline: readonly (readonly [number, number])[]
      readonly halo: readonly (readonly [number, number])[]
    }

export interface StylePlan {
  /** In drawing order: each runs over the whole layer before the next, so that casings and outlines join. */
  readonly passes: readonly Pass[]
  /** How far, in pixels, anything is drawn beside its geometry: the query box grows by it. */
  readonly reach: number
}

/** What `style` draws at a scale. `pixelRatio`: map pixels in a style pixel of 0.28 mm. Rules outside their scale range are left out (OGC 05-077r4, 10.2). */
export function planStyle(style: Style, scaleDenominator: number, pixelRatio: number): StylePlan {
  const passes = style.rules.filter(rule => isInScale(rule, scaleDenominator)).flatMap(rule => passesOf(rule, pixelRatio))
  return { passes, reach: Math.max(0, ...passes.map(reachOf)) }
}

/** Whether a rule counts: minimum inclusive, maximum exclusive (OGC 05-077r4, 10.2). */
export function isInScale(rule: Rule, scaleDenominator: number): boolean {
  return scaleDenominator >= (rule.minScaleDenominator ?? 0) && scaleDenominator < (rule.maxScaleDenominator ?? Number.POSITIVE_INFINITY)
}

function passesOf({ symbolizers }: Rule, ratio: number): Pass[] {
  const hasFill = symbolizers.some(({ kind }) => kind === 'fill')
  // a line symbolizer draws borders of polygons only where nothing fills them
  const lineClasses = hasFill ? lines : lines | polygons
  const strokes = symbolizers.filter(symbolizer => symbolizer.kind === 'line')
  const casings = strokes.flatMap(({ casing }) => (casing ? [strokePass(casing, lineClasses, ratio, true)] : []))
  return symbolizers.flatMap((symbolizer): Pass[] => {
    if (symbolizer.kind === 'fill') return fillPasses(symbolizer, ratio)
    if (symbolizer.kind === 'mark') return [markPass(symbolizer, ratio)]
    if (symbolizer.kind === 'raster') return []
    const stroke = strokePass(symbolizer.stroke, lineClasses, ratio, true)
    return symbolizer === strokes[0] ? [...casings, stroke] : [stroke]
  })
}

function fillPasses({ color, opacity, outline }: FillSymbolizer, ratio: number): Pass[] {
  const fill: Pass = { kind: 'fill', classes: polygons, color: premultiplied(color, opacity) }
  return outline ? [fill, strokePass(outline, polygons, ratio, false)] : [fill]
}

function strokePass({ color, opacity, width }: Stroke, classes: number, ratio: number, isRound: boolean): Pass {
  return { kind: 'stroke', classes, color: premultiplied(color, opacity), width: width * ratio, isRound }
}

function markPass({ shape, radius, color, opacity, halo }: MarkSymbolizer, ratio: number): Pass {
  return {
    kind: 'mark',
    classes: points,
    color: premultiplied(color, opacity),
    haloColor: halo ? premultiplied(halo.color, halo.opacity) : 0,
    outline: markOutline(shape, radius * ratio, 0),
    halo: halo ? markOutline(shape, radius * ratio, halo.width * ratio) : [],
  }
}

function reachOf(pass: Pass): number {
  switch (pass.kind) {
    case 'fill':
      return 1
    case 'stroke':
      // mitres reach twice the half width
      return pass.width + 1
    case 'mark':
      return Math.max(...[...pass.outline, ...pass.halo].map(([x, y]) => Math.hypot(x, y))) + 1
  }
}
