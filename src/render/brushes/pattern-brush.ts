import type { Pattern } from '#styles/style.js'
import { combined, type Getter } from '../getter.js'
import type { PreparedPattern } from '../pens.js'
import { prepareTexture } from '../prepare-texture.js'
import { graphicOf } from './graphic-brush.js'
import { formOf } from './stroke-brush.js'
import { type BrushTools, colorOf, lengthOf, numberOf, offsetOf } from './tools.js'

/** A pattern as pens want it. Graphics that differ from feature to feature make no pattern. */
export function patternOf(pattern: Pattern, tools: BrushTools): Getter<PreparedPattern | undefined> {
  if (pattern.kind === 'hatch') {
    const { stroke, angle, spacing, offset = 0 } = pattern
    const parts = {
      form: formOf(stroke, tools),
      rgba: colorOf(stroke.color, stroke.opacity, tools),
      angle: numberOf(angle, tools),
      spacing: lengthOf(spacing, tools),
      offset: lengthOf(offset, tools),
    }
    return combined(parts, ({ form: { width, dashes, dashOffset }, ...hatch }) =>
      hatch.rgba && width > 0 && hatch.spacing > 0
        ? { kind: 'hatch', width, ...(dashes && { dashes, dashOffset: dashOffset ?? 0 }), ...hatch }
        : undefined,
    )
  }
  const graphic = graphicOf(pattern.graphic, tools)
  const margin = offsetOf(pattern.margin, tools)
  if (!('fixed' in graphic) || !('fixed' in margin) || !graphic.fixed) return { fixed: undefined }
  const { stagger = 0 } = pattern
  return { fixed: prepareTexture(tools.spareKernel(), { pen: graphic.fixed, margin: margin.fixed, stagger }) }
}
