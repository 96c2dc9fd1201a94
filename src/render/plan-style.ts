import type { Rule, Stroke, Style } from '#styles/style.js'
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
  const hasFill = style.passes.some(({ rules }) => rules.some(({ symbolizers }) => symbolizers.some(({ kind }) => kind === 'fill')))
  const passes = style.passes.flatMap(({ rules }) =>
    rules.filter(rule => isInScale(rule, scaleDenominator)).flatMap(rule => passesOf(rule, pixelRatio, hasFill)),
  )
  return { passes, reach: Math.max(0, ...passes.map(reachOf)) }
}

/** Whether a rule counts: minimum inclusive, maximum exclusive (OGC 05-077r4, 10.2). */
export function isInScale(rule: Rule, scaleDenominator: number): boolean {
  return scaleDenominator >= (rule.minScaleDenominator ?? 0) && scaleDenominator < (rule.maxScaleDenominator ?? Number.POSITIVE_INFINITY)
}

function passesOf({ symbolizers }: Rule, ratio: number, hasFill: boolean): Pass[] {
  return symbolizers.flatMap((symbolizer): Pass[] => {
    switch (symbolizer.kind) {
      case 'fill':
        return [
          { kind: 'fill', classes: polygons, color: premultiplied(text(symbolizer.color), number(symbolizer.opacity)) },
          ...(symbolizer.outline ? [strokePass(symbolizer.outline, polygons, ratio)] : []),
        ]
      case 'line':
        return [strokePass(symbolizer.stroke, hasFill && symbolizer.stroke.join === 'round' ? lines : lines | polygons, ratio)]
      case 'point': {
        const { shapes, size } = symbolizer.graphic
        const [shape] = shapes
        if (shape.kind !== 'mark') return []
        const color = premultiplied(text(shape.color), number(shape.opacity))
        return [
          {
            kind: 'mark',
            classes: points,
            color,
            haloColor: 0,
            outline: markOutline(shape.shape, (number(size) / 2) * ratio, 0),
            halo: [],
          },
        ]
      }
      default:
        return []
    }
  })
}

const number = (value: unknown) => (typeof value === 'number' ? value : 1)
const text = (value: unknown) => (typeof value === 'string' ? value : '#000000')

function strokePass({ color, opacity, width, join }: Stroke, classes: number, ratio: number): Pass {
  const rgba = premultiplied(text(color), number(opacity))
  return { kind: 'stroke', classes, color: rgba, width: number(width) * ratio, isRound: join !== 'mitre' }
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
