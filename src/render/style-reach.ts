import type { Expression } from '#filters/expression.js'
import type { Graphic, Length, Rule, Stroke, Symbolizer, Value } from '#styles/style.js'
import { type MapScale, pixelsPerMetre } from './map-scale.js'

/** Pixels of a length that depends on the feature in a way nobody can foresee. */
const unforeseen = 64
/** Beyond this nothing reaches, whatever a style says: a query box must stay a box. */
const farthest = 1024
/** Height of marks whose size a style leaves open is 6; icons are as large as they are. */
const openSize = 64

/** How far, in pixels of the map, a rule draws beside its geometries; labels may cross over as far as they like, their places are searched apart. */
export function reachOf({ symbolizers }: Rule, scale: MapScale): number {
  const reach = Math.max(0, ...symbolizers.map(symbolizer => 1 + of(symbolizer, scale)))
  return Math.min(farthest, Number.isFinite(reach) ? reach : farthest)
}

function of(symbolizer: Symbolizer, scale: MapScale): number {
  switch (symbolizer.kind) {
    case 'fill':
      return strokeReach(symbolizer.outline, scale) + offsetReach(symbolizer.displacement, scale)
    case 'line':
      return strokeReach(symbolizer.stroke, scale) + lengthReach(symbolizer.offset, scale)
    case 'point':
      return graphicReach(symbolizer.graphic, scale)
    case 'text':
    case 'raster':
      return 0
  }
}

/** Mitres reach twice the half width. */
function strokeReach(stroke: Stroke | undefined, scale: MapScale): number {
  if (!stroke) return 0
  return lengthReach(stroke.width, scale) + (stroke.graphic ? graphicReach(stroke.graphic.graphic, scale) : 0)
}

/** However it is turned: half its diagonal, the whole where it is not held in the middle. */
function graphicReach({ size, displacement, shapes, anchor }: Graphic, scale: MapScale): number {
  const outlines = shapes.map(({ outline }) => strokeReach(outline, scale))
  const height = size === undefined ? openSize * scale.pixelRatio : lengthReach(size, scale)
  return height * (anchor ? 1.5 : 0.75) + Math.max(0, ...outlines) + offsetReach(displacement, scale)
}

const offsetReach = (offset: readonly Length[] | undefined, scale: MapScale) =>
  (offset ?? []).reduce<number>((sum, length) => sum + lengthReach(length, scale), 0)

/** The greatest that a length may come to, in pixels. */
function lengthReach(length: Length | undefined, scale: MapScale): number {
  if (length === undefined) return 0
  if (typeof length === 'object' && length.kind === 'ground') return greatest(length.metres) * pixelsPerMetre(scale)
  return greatest(length) * scale.pixelRatio
}

function greatest(value: Value<number>): number {
  if (typeof value === 'number') return Math.abs(value)
  const results = resultsOf(value)
  return results ? Math.max(0, ...results.map(result => Math.abs(Number(result)) || 0)) : unforeseen
}

/** All values an expression may have, where they are written in it. */
function resultsOf(expression: Expression): readonly unknown[] | undefined {
  switch (expression.kind) {
    case 'literal':
      return [expression.value]
    case 'choice':
      return together([...expression.cases.map(({ value }) => value), expression.otherwise])
    case 'recode':
      return together([...expression.entries.map(([, value]) => value), expression.otherwise])
    case 'step':
      return together([expression.first, ...expression.steps.map(([, value]) => value)])
    case 'interpolation':
      return together(expression.stops.map(([, value]) => value))
    default:
      return undefined
  }
}

function together(parts: readonly Expression[]): readonly unknown[] | undefined {
  const all = parts.map(resultsOf)
  return all.every(results => results !== undefined) ? all.flat() : undefined
}
