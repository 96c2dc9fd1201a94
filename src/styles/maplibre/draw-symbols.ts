import type { Expression } from '#filters/expression.js'
import type { Graphic, LineSymbolizer, PointSymbolizer, Symbolizer, TextPlacement, TextSymbolizer, Value } from '../style.js'
import { asExpression, call, plus, times } from '../values.js'
import { type IconAddress, negative } from './draw-shapes.js'
import { readFont } from './font-stack.js'
import type { LayerProperties } from './layer.js'

const anchors = ['center', 'left', 'right', 'top', 'bottom', 'top-left', 'top-right', 'bottom-left', 'bottom-right'] as const

/** Shares of width and height, from the upper left corner, of the point that lies on the place. */
function anchorShares(anchor: string): [x: number, y: number] {
  const x = anchor.endsWith('left') ? 0 : anchor.endsWith('right') ? 1 : 0.5
  return [x, anchor.startsWith('top') ? 0 : anchor.startsWith('bottom') ? 1 : 0.5]
}

/** Text and icon. On a line the icon stands behind the text, at a point beside or behind it. */
export function readSymbol(properties: LayerProperties, icon: IconAddress): readonly Symbolizer[] {
  const placement = properties.word('symbol-placement', ['point', 'line', 'line-center'])
  const graphic = readIcon(properties, icon)
  const text = readText(properties, placement)
  if (!text) return graphic ? [placedIcon(properties, placement, graphic)] : []
  if (!graphic) return [text]
  const fit = properties.word('icon-text-fit', ['none', 'width', 'height', 'both'])
  if (placement === 'point' && fit === 'none') return [{ kind: 'point', graphic }, text]
  return [{ ...text, shield: { graphic, ...(fit !== 'none' && { isStretched: true }) } }]
}

function readIcon(properties: LayerProperties, icon: IconAddress): Graphic | undefined {
  const image = properties.text('icon-image')
  if (image === undefined || image === '') return undefined
  const scale = properties.number('icon-size', 1)
  const rotation = properties.number('icon-rotate', 0)
  const opacity = properties.number('icon-opacity', 1)
  const displacement = properties.pair('icon-offset', scale)
  const anchor = properties.word('icon-anchor', anchors)
  return {
    shapes: [
      { kind: 'icon', href: icon(image), ...(properties.has('icon-color') && { color: properties.color('icon-color', '#000000').color }) },
    ],
    isOptional: true,
    ...(scale !== 1 && { scale }),
    ...(opacity !== 1 && { opacity }),
    ...(rotation !== 0 && { rotation }),
    ...(displacement && { displacement }),
    ...(anchor !== 'center' && { anchor: anchorShares(anchor) }),
  }
}

function placedIcon(properties: LayerProperties, placement: string, graphic: Graphic): PointSymbolizer | LineSymbolizer {
  if (placement === 'point') return { kind: 'point', graphic }
  if (placement === 'line-center') return { kind: 'point', geometry: { part: 'middle' }, graphic }
  const gap = properties.number('symbol-spacing', 250)
  const isUpright = properties.word('icon-rotation-alignment', ['auto', 'map', 'viewport']) === 'viewport'
  const along = { graphic, gap, initialGap: times(gap, 0.5), ...(isUpright && { isUpright }) }
  return { kind: 'line', stroke: { color: '#000000', opacity: graphic.opacity ?? 1, width: 1, graphic: along } }
}

function readText(properties: LayerProperties, placement: string): TextSymbolizer | undefined {
  const field = properties.text('text-field')
  if (field === undefined || field === '') return undefined
  const size = properties.number('text-size', 16)
  const spacing = times(properties.number('text-letter-spacing', 0), size)
  const sortKey = properties.number('symbol-sort-key', 0)
  const halo = {
    radius: properties.number('text-halo-width', 0),
    ...properties.color('text-halo-color', 'rgba(0,0,0,0)', 'text-opacity'),
  }
  const around = properties.number('text-padding', 2)
  const lineHeight = properties.constant('text-line-height')
  const mayOverlap = properties.constant('text-allow-overlap') === true || properties.constant('text-overlap') === 'always'
  const wrapWidth = placement === 'point' ? times(properties.number('text-max-width', 10), size) : undefined
  return {
    kind: 'text',
    text: transformed(asExpression(field), properties.word('text-transform', ['none', 'uppercase', 'lowercase'])),
    font: { ...readFont(properties), size, ...(spacing !== 0 && { letterSpacing: spacing }) },
    ...properties.color('text-color', '#000000', 'text-opacity'),
    ...(halo.radius !== 0 && halo.opacity !== 0 && { halo }),
    placement: placement === 'point' ? pointPlacement(properties, size) : linePlacement(properties, placement, size),
    ...(sortKey !== 0 && { priority: negative(sortKey) }),
    ...(mayOverlap && { mayOverlap }),
    ...(around !== 0 && { spaceAround: around }),
    ...(wrapWidth !== undefined && { wrapWidth }),
    ...(typeof lineHeight === 'number' && lineHeight > 0 && { lineHeight }),
  }
}

function transformed(text: Expression, transform: string): Expression {
  return transform === 'none' ? text : call(transform === 'uppercase' ? 'upper' : 'lower', text)
}

function pointPlacement(properties: LayerProperties, size: Value<number>): TextPlacement {
  const list = properties.constant('text-variable-anchor')
  const isMoved = Array.isArray(list) && list.length > 0
  if (isMoved && list.length > 1) properties.note('text-variable-anchor: the first is tried, then places around it')
  const anchor = isMoved ? (anchors.find(one => one === list[0]) ?? 'center') : properties.word('text-anchor', anchors)
  const [x, down] = anchorShares(anchor)
  const rotation = properties.number('text-rotate', 0)
  const displacement = moved(properties, size, anchor)
  return {
    kind: 'point',
    anchor: [x, 1 - down],
    ...(displacement && { displacement }),
    ...(rotation !== 0 && { rotation }),
    ...(isMoved && list.length > 1 && { maxDisplacement: times(size, 2) }),
  }
}

/** By its offset, or away from the anchor by a radius; both in sizes of the text. */
function moved(properties: LayerProperties, size: Value<number>, anchor: string) {
  const translate = properties.pair('text-translate')
  const radius = times(properties.number('text-radial-offset', 0), size)
  const [x, y] = anchorShares(anchor)
  const away = x !== 0.5 && y !== 0.5 ? Math.SQRT1_2 : 1
  const radial = radius === 0 ? undefined : ([times(radius, (1 - 2 * x) * away), times(radius, (1 - 2 * y) * away)] as const)
  const offset = radial ?? (properties.pair('text-offset', size) as readonly [Value<number>, Value<number>] | undefined)
  if (!offset || !translate) return offset ?? translate
  const [dx, dy] = translate as readonly [Value<number>, Value<number>]
  return [plus(offset[0], dx), plus(offset[1], dy)] as const
}

function linePlacement(properties: LayerProperties, placement: string, size: Value<number>): TextPlacement {
  const offset = properties.pair('text-offset', size) as readonly [Value<number>, Value<number>] | undefined
  if (offset && offset[0] !== 0) properties.note('text-offset along the line is not kept')
  const angle = properties.constant('text-max-angle')
  const alignment = properties.word('text-rotation-alignment', ['auto', 'map', 'viewport', 'viewport-glyph'])
  if (properties.word('text-anchor', anchors) !== 'center') properties.note('text-anchor along a line is not kept')
  const aside = offset && offset[1] !== 0 ? negative(offset[1]) : undefined
  const spacing = properties.number('symbol-spacing', 250)
  return {
    kind: 'line',
    ...(aside !== undefined && { offset: aside }),
    ...(placement === 'line' && { repeat: spacing }),
    ...(alignment.startsWith('viewport') && { isUpright: true }),
    maxAngle: typeof angle === 'number' ? angle : 45,
  }
}
