import type { TreeContent, XmlTree } from '#xml/write-element.js'
import type { Font, LinePlacement, PointPlacement, TextPlacement, TextSymbolizer } from '../style.js'
import { abbreviationsText } from './abbreviations.js'
import { graphicNode } from './write-graphic.js'
import { fillNode } from './write-stroke.js'
import {
  anchorNode,
  displacementNode,
  lengthContent,
  lengthNode,
  parameterNode,
  textContent,
  valueContent,
  valueNode,
  vendorOption,
} from './write-value.js'
import { mayExtend, node, tell, type Writing } from './writing.js'

/** What is inside a TextSymbolizer behind its Geometry. */
export function textNodeOf(writing: Writing, symbolizer: TextSymbolizer): readonly TreeContent[] {
  const { text, font, placement, halo, color, opacity, priority, shield } = symbolizer
  return [
    node(writing, 'Label', text.kind === 'literal' ? textContent(text) : valueContent(writing, text)),
    fontNode(writing, font),
    node(writing, 'LabelPlacement', placementNode(writing, placement)),
    halo && node(writing, 'Halo', lengthNode(writing, 'Radius', halo.radius), fillNode(writing, halo)),
    fillNode(writing, { color, opacity }),
    shield && mayExtend(writing, 'a graphic behind a text') ? graphicNode(writing, shield.graphic) : undefined,
    priority !== undefined && mayExtend(writing, 'priorities of texts') ? valueNode(writing, 'Priority', priority) : undefined,
    ...textOptions(writing, symbolizer),
  ]
}

function fontNode(writing: Writing, { families, size, isItalic, weight, letterSpacing }: Font): readonly (XmlTree | undefined)[] {
  const parameters = [
    ...families.map(family => parameterNode(writing, 'font-family', family.includes(',') ? `'${family}'` : family)),
    parameterNode(writing, 'font-size', lengthContent(writing, size)),
    isItalic ? parameterNode(writing, 'font-style', 'italic') : undefined,
    weight === undefined || weight === 400 ? undefined : parameterNode(writing, 'font-weight', weight === 700 ? 'bold' : String(weight)),
  ]
  return [node(writing, 'Font', ...parameters), vendorLength(writing, 'charSpacing', letterSpacing)]
}

function placementNode(writing: Writing, placement: TextPlacement): XmlTree {
  return placement.kind === 'point' ? pointNode(writing, placement) : lineNode(writing, placement)
}

function pointNode(writing: Writing, { anchor, displacement, rotation }: PointPlacement): XmlTree {
  return node(
    writing,
    'PointPlacement',
    anchorNode(writing, anchor),
    displacementNode(writing, displacement),
    valueNode(writing, 'Rotation', rotation),
  )
}

function lineNode(writing: Writing, { offset, repeat, initialGap, isUpright }: LinePlacement): XmlTree {
  const { hasEncoding } = writing.dialect
  const isPlain = repeat === undefined && initialGap === undefined && !isUpright
  const mayRepeat = !isPlain && (hasEncoding || mayExtend(writing, 'labels repeated or upright along lines'))
  const more = mayRepeat && [
    repeat === undefined ? undefined : node(writing, 'IsRepeated', 'true'),
    lengthNode(writing, 'InitialGap', initialGap),
    lengthNode(writing, 'Gap', repeat),
    isUpright ? node(writing, 'IsAligned', 'false') : undefined,
  ]
  return node(writing, 'LinePlacement', lengthNode(writing, 'PerpendicularOffset', offset), more || [])
}

/** A vendor option whose value is in pixels. */
function vendorLength(writing: Writing, name: string, length: TextSymbolizer['spaceAround']): XmlTree | undefined {
  if (length === undefined || typeof length === 'number') return vendorOption(writing, name, length)
  return tell(writing, `${name} is in pixels, and not computed`)
}

function textOptions(writing: Writing, symbolizer: TextSymbolizer): readonly (XmlTree | undefined)[] {
  const { placement, shield } = symbolizer
  const onPoint = placement.kind === 'point' ? placement : undefined
  const onLine = placement.kind === 'line' ? placement : undefined
  if (symbolizer.lineHeight !== undefined) tell(writing, 'the height of lines of text')
  const abbreviations = symbolizer.abbreviations && abbreviationsText(symbolizer.abbreviations)
  if (symbolizer.abbreviations && abbreviations === undefined) tell(writing, 'abbreviations with signs that part them')
  return [
    vendorOption(writing, 'conflictResolution', symbolizer.mayOverlap ? false : undefined),
    vendorLength(writing, 'spaceAround', symbolizer.spaceAround),
    vendorLength(writing, 'autoWrap', symbolizer.wrapWidth),
    vendorOption(writing, 'group', symbolizer.isGrouped ? 'yes' : undefined),
    vendorLength(writing, 'minGroupDistance', symbolizer.minRepeat),
    vendorLength(writing, 'maxDisplacement', onPoint?.maxDisplacement),
    vendorOption(writing, 'goodnessOfFit', onPoint?.mustFit ? 1 : undefined),
    vendorOption(writing, 'followLine', onLine?.isStraight ? false : undefined),
    vendorOption(writing, 'maxAngleDelta', onLine?.maxAngle),
    vendorOption(writing, 'graphic-resize', shield?.isStretched ? 'stretch' : undefined),
    vendorLength(writing, 'graphic-margin', shield?.margin),
    vendorOption(writing, 'abbreviations', abbreviations),
  ]
}
