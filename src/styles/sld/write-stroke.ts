import type { TreeContent, XmlTree } from '#xml/write-element.js'
import type { Length, Pattern, Stroke, Value } from '../style.js'
import { graphicNode, patternNode } from './write-graphic.js'
import { lengthContent, lengthNode, parameterNode, valueContent } from './write-value.js'
import { mayExtend, node, tell, type Writing } from './writing.js'

/** What a Fill says. */
export interface PaintedFill {
  readonly color?: Value<string>
  readonly opacity: Value<number>
  readonly pattern?: Pattern
}

/** A Fill of a pattern or of a colour. */
export function fillNode(writing: Writing, { color, opacity, pattern }: PaintedFill): XmlTree {
  return node(
    writing,
    'Fill',
    pattern && patternNode(writing, pattern),
    !pattern && color !== undefined ? parameterNode(writing, 'fill', valueContent(writing, color)) : undefined,
    opacity === 1 ? undefined : parameterNode(writing, 'fill-opacity', valueContent(writing, opacity)),
  )
}

/** A Stroke (OGC 05-077r4, 11.1.3). */
export function strokeNode(writing: Writing, stroke: Stroke): XmlTree {
  const { color, opacity, width, cap, join, dashes, dashOffset, graphic, pattern } = stroke
  if (graphic && pattern) tell(writing, 'a stroke has graphics along it or a pattern, not both; the graphics are written')
  return node(
    writing,
    'Stroke',
    graphic ? graphicStrokeNode(writing, graphic) : pattern && patternNode(writing, pattern),
    parameterNode(writing, 'stroke', valueContent(writing, color)),
    opacity === 1 ? undefined : parameterNode(writing, 'stroke-opacity', valueContent(writing, opacity)),
    // One pixel is the default, in whatever unit the other lengths are.
    width === 1 ? undefined : parameterNode(writing, 'stroke-width', lengthContent(writing, width)),
    join && parameterNode(writing, 'stroke-linejoin', join),
    cap && parameterNode(writing, 'stroke-linecap', cap),
    dashes && parameterNode(writing, 'stroke-dasharray', dashContent(writing, dashes)),
    dashOffset === undefined ? undefined : parameterNode(writing, 'stroke-dashoffset', lengthContent(writing, dashOffset)),
  )
}

function dashContent(writing: Writing, dashes: readonly Length[]): TreeContent {
  return dashes.flatMap((dash, i) => [i > 0 ? ' ' : undefined, lengthContent(writing, dash) ?? '1'])
}

function graphicStrokeNode(writing: Writing, { graphic, gap, initialGap, isUpright }: NonNullable<Stroke['graphic']>): XmlTree {
  const hasGaps = gap !== undefined || initialGap !== undefined
  const mayGap = writing.dialect.hasEncoding || !hasGaps || mayExtend(writing, 'gaps between graphics along a line')
  if (isUpright) tell(writing, 'graphics along a line that are not turned with it')
  return node(
    writing,
    'GraphicStroke',
    graphicNode(writing, graphic),
    mayGap ? [lengthNode(writing, 'InitialGap', initialGap), lengthNode(writing, 'Gap', gap)] : [],
  )
}
