import type { Length, Stroke } from '#styles/style.js'
import { combined, type Getter, mapped } from '../getter.js'
import type { Paint, Pen, StrokeForm } from '../pens.js'
import { graphicOf } from './graphic-brush.js'
import { patternOf } from './pattern-brush.js'
import { type BrushTools, colorOf, lengthOf, lengthsOf, numberOf } from './tools.js'

/** The pen of a stroke along lines and borders, moved to the left by `offset`; undefined for features it does not show on. */
export function strokePen(stroke: Stroke, classes: number, tools: BrushTools, offset: Length = 0): Getter<Pen | undefined> {
  if (stroke.graphic) return graphicStrokePen(stroke, classes, tools, offset)
  const parts = { form: formOf(stroke, tools), paint: paintOf(stroke, tools), offset: lengthOf(offset, tools) }
  return combined(parts, ({ form, paint, offset }) =>
    paint && form.width > 0 ? { kind: 'stroke', classes, paint, offset: offset || 0, ...form } : undefined,
  )
}

/** Of the outlines of marks: in a colour. */
export function outlineOf(stroke: Stroke | undefined, tools: BrushTools): Getter<(StrokeForm & { readonly rgba: number }) | undefined> {
  if (!stroke) return { fixed: undefined }
  const parts = { form: formOf(stroke, tools), rgba: colorOf(stroke.color, stroke.opacity, tools) }
  return combined(parts, ({ form, rgba }) => (rgba && form.width > 0 ? { ...form, rgba } : undefined))
}

/** How a stroke runs, whatever it is painted with. */
export function formOf({ width, cap, join, dashes, dashOffset = 0 }: Stroke, tools: BrushTools): Getter<StrokeForm> {
  const parts = { width: lengthOf(width, tools), dashes: lengthsOf(dashes ?? [], tools), dashOffset: lengthOf(dashOffset, tools) }
  const ends = { ...(cap && { cap }), ...(join && { join }) }
  return combined(parts, ({ width, dashes, dashOffset }) => ({ width, ...ends, ...(dashes.length > 0 && { dashes, dashOffset }) }))
}

function paintOf({ color, opacity, pattern }: Stroke, tools: BrushTools): Getter<Paint | undefined> {
  if (!pattern) return mapped(colorOf(color, opacity, tools), rgba => (rgba ? { kind: 'color', rgba } : undefined))
  const parts = { pattern: patternOf(pattern, tools), opacity: numberOf(opacity, tools) }
  return combined(parts, ({ pattern, opacity }) => pattern && { kind: 'pattern', pattern, opacity })
}

function graphicStrokePen(
  { graphic: stroke, opacity }: Stroke,
  classes: number,
  tools: BrushTools,
  offset: Length,
): Getter<Pen | undefined> {
  if (!stroke) return { fixed: undefined }
  const parts = {
    graphic: graphicOf(stroke.graphic, tools),
    gap: lengthOf(stroke.gap ?? 0, tools),
    initialGap: lengthOf(stroke.initialGap ?? 0, tools),
    offset: lengthOf(offset, tools),
    strength: numberOf(opacity, tools),
  }
  const isUpright = stroke.isUpright ?? false
  return combined(parts, ({ graphic, strength, ...lengths }) =>
    graphic ? { kind: 'graphic-stroke', classes, isUpright, ...graphic, opacity: graphic.opacity * strength, ...lengths } : undefined,
  )
}
