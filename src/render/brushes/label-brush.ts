import type { RowView } from '#rows/row-view.js'
import { expressionsIn } from '#styles/computed.js'
import type { PointPlacement, Rule, TextSymbolizer } from '#styles/style.js'
import { combined, type Getter } from '../getter.js'
import type { LabelHalo, LabelRequest, LabelShield, LabelText, LineAnchor, PointAnchor, PolygonAnchor } from '../labels/label-request.js'
import { graphicOf } from './graphic-brush.js'
import { remembered } from './remembered.js'
import { type BrushTools, colorOf, lengthOf, numberOf, offsetOf, textOf } from './tools.js'

/** What a text symbolizer wants written for a feature, before it is known where. */
export interface LabelBrush {
  /** Geometry column labelled; absent: that of the layer. */
  readonly column?: string
  readonly symbolizer: TextSymbolizer
  readonly wish: (row: RowView) => LabelWish | undefined
}

export interface LabelWish extends Omit<LabelRequest, 'at' | 'layer' | 'key'> {
  /** How it is anchored at a point, along a line, inside a polygon. */
  readonly point: Omit<PointAnchor, 'kind' | 'x' | 'y'>
  readonly line?: Omit<LineAnchor, 'kind' | 'points'>
  readonly polygon: Omit<PolygonAnchor, 'kind' | 'rings'>
}

/** From baseline to baseline, in sizes. */
const usualLineHeight = 1.2
/** Degrees between neighbouring letters. */
const usualMaxAngle = 30

/** The text symbolizers of a rule, ready for rows of one schema. */
export function labelBrushesOf({ symbolizers }: Rule, tools: BrushTools): readonly LabelBrush[] {
  return symbolizers.flatMap((symbolizer): LabelBrush[] => {
    if (symbolizer.kind !== 'text') return []
    const column = symbolizer.geometry?.column
    const getter = remembered(wishOf(symbolizer, tools), expressionsIn(symbolizer))
    return [{ symbolizer, ...(column !== undefined && { column }), wish: 'fixed' in getter ? () => getter.fixed : getter.of }]
  })
}

function wishOf(symbolizer: TextSymbolizer, tools: BrushTools): Getter<LabelWish | undefined> {
  const { priority = 0, mayOverlap = false, spaceAround = 0, isGrouped, minRepeat } = symbolizer
  const parts = {
    text: labelTextOf(symbolizer, tools),
    anchors: anchorsOf(symbolizer, tools),
    priority: numberOf(priority, tools),
    spaceAround: lengthOf(spaceAround, tools),
    minRepeat: minRepeat === undefined ? none : lengthOf(minRepeat, tools),
    shield: shieldOf(symbolizer, tools),
  }
  return combined(
    parts,
    ({ text, anchors, priority, spaceAround, minRepeat, shield }) =>
      text && {
        text,
        point: anchors.point,
        line: anchors.line,
        polygon: anchors.polygon,
        priority: priority || 0,
        mayOverlap,
        spaceAround: spaceAround || 0,
        group: isGrouped ? '' : undefined,
        shield,
        minRepeat: minRepeat !== undefined && minRepeat > 0 ? minRepeat : undefined,
      },
  )
}

function shieldOf({ shield }: TextSymbolizer, tools: BrushTools): Getter<LabelShield | undefined> {
  if (!shield) return none
  const { graphic, isStretched = false, margin = 0 } = shield
  return combined({ drawn: graphicOf(graphic, tools), margin: lengthOf(margin, tools) }, ({ drawn, margin }): LabelShield | undefined => {
    if (!drawn) return undefined
    const { width, height } = drawn.graphic
    return isStretched
      ? { kind: 'stretched', graphic: drawn.graphic, margin: margin || 0 }
      : { kind: 'fixed', graphic: drawn.graphic, width, height }
  })
}

function labelTextOf(symbolizer: TextSymbolizer, tools: BrushTools): Getter<LabelText | undefined> {
  const { text, font, color, opacity, halo, wrapWidth, lineHeight = usualLineHeight, abbreviations } = symbolizer
  const { families, isItalic = false, weight = 400, letterSpacing = 0 } = font
  const haloOf: Getter<LabelHalo | undefined> = halo
    ? combined({ color: colorOf(halo.color, halo.opacity, tools), radius: lengthOf(halo.radius, tools) }, halo =>
        halo.color && halo.radius > 0 ? halo : undefined,
      )
    : none
  const parts = {
    text: textOf(text, tools),
    size: lengthOf(font.size, tools),
    letterSpacing: lengthOf(letterSpacing, tools),
    color: colorOf(color, opacity, tools),
    halo: haloOf,
    wrapWidth: wrapWidth === undefined ? none : lengthOf(wrapWidth, tools),
  }
  return combined(parts, ({ text, size, letterSpacing, color, halo, wrapWidth }) => {
    const written = text.trim()
    if (written === '' || !(size > 0) || (!color && !halo)) return undefined
    return {
      text: written,
      families,
      size,
      isItalic,
      weight,
      letterSpacing: letterSpacing || 0,
      color,
      lineHeight,
      halo,
      wrapWidth: wrapWidth !== undefined && wrapWidth > 0 ? wrapWidth : undefined,
      abbreviations,
    }
  })
}

type Anchors = Pick<LabelWish, 'point' | 'line' | 'polygon'>

function anchorsOf({ placement }: TextSymbolizer, tools: BrushTools): Getter<Anchors> {
  if (placement.kind === 'point') return pointAnchorsOf(placement, tools)
  const { offset = 0, repeat, initialGap = 0, isStraight = false, isUpright = false, maxAngle = usualMaxAngle } = placement
  const parts = {
    offset: lengthOf(offset, tools),
    repeat: repeat === undefined ? none : lengthOf(repeat, tools),
    initialGap: lengthOf(initialGap, tools),
  }
  return combined(parts, ({ offset, repeat, initialGap }) => ({
    ...atMiddle,
    line: {
      offset: offset || 0,
      ...(repeat !== undefined && repeat > 0 && { repeat }),
      initialGap: initialGap || 0,
      isStraight,
      isLevel: isUpright,
      followsDirection: false,
      maxAngle,
    },
  }))
}

/** Where a placement along lines has no line to go along. */
const atMiddle = {
  point: { anchor: [0.5, 0.5], displacement: [0, 0], rotation: 0, maxDisplacement: 0 },
  polygon: { rotation: 0, displacement: [0, 0], mustFit: false, maxDisplacement: 0 },
} as const

function pointAnchorsOf(placement: PointPlacement, tools: BrushTools): Getter<Anchors> {
  const { anchor, displacement, rotation = 0, maxDisplacement = 0, mustFit = false } = placement
  const parts = {
    x: numberOf(anchor[0], tools),
    y: numberOf(anchor[1], tools),
    displacement: offsetOf(displacement, tools),
    rotation: numberOf(rotation, tools),
    maxDisplacement: lengthOf(maxDisplacement, tools),
  }
  return combined(parts, ({ x, y, displacement, rotation: degrees, maxDisplacement: most }) => {
    const [rotation, maxDisplacement] = [degrees || 0, most || 0]
    return {
      point: { anchor: [x || 0, y || 0] as const, displacement, rotation, maxDisplacement },
      polygon: { rotation, displacement, mustFit, maxDisplacement },
    }
  })
}

const none: Getter<undefined> = { fixed: undefined }
