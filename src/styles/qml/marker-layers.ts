import { entryOf } from '#filters/entry-of.js'
import type { Expression } from '#filters/expression.js'
import type { ColorValue } from '../color-value.js'
import { isExpression } from '../computed.js'
import type {
  FillSymbolizer,
  Font,
  Graphic,
  GraphicShape,
  Length,
  Mark,
  Offset,
  PointSymbolizer,
  Stroke,
  Symbolizer,
  TextSymbolizer,
  Value,
} from '../style.js'
import { call, isInPixels, mapResults, times, timesLength } from '../values.js'
import { hrefOf } from './picture-address.js'
import type { ReadWithin } from './read-symbol.js'
import { drawnWidth, joinOf, readOutline } from './stroke.js'
import type { SymbolLayer } from './symbol-layer.js'

type Read = (layer: SymbolLayer) => readonly Symbolizer[]

/** Readers of the layers of markers, by their class. */
export function markerLayers(readWithin: ReadWithin): Readonly<Record<string, Read>> {
  return {
    SimpleMarker: simpleMarker,
    SvgMarker: svgMarker,
    FontMarker: fontMarker,
    EllipseMarker: ellipseMarker,
    RasterMarker: rasterMarker,
    FilledMarker: layer => filledMarker(layer, readWithin),
  }
}

/** Marks of lines, which are never filled; where our name is another, after the colon. */
const open = new Map(
  'cross:shape://plus cross2:shape://times line arrowhead half_arc third_arc quarter_arc'.split(' ').map(pair => {
    const [name, ours = name] = pair.split(/:(.*)/)
    return [name, ours] as const
  }),
)

/** Names of QGIS 2 and of mistakes that files have. */
const otherNames: Readonly<Record<string, string>> = {
  rectangle: 'square',
  regular_star: 'star',
  lefthalftriangle: 'left_half_triangle',
  righthalftriangle: 'right_half_triangle',
}

function simpleMarker(layer: SymbolLayer): readonly Symbolizer[] {
  return [point(layer, shapeOf(layer, layer.text('name') ?? 'circle', 'name'), sizeOf(layer))]
}

function shapeOf(layer: SymbolLayer, asked: string, computed: string): GraphicShape {
  const form = layer.computed(computed)
  const { color, opacity } = layer.color(['color'], 'fillColor')
  const outline = readOutline(layer)
  if (form) return { kind: 'mark', shape: oursOf(form), color, ...(opacity !== 1 && { opacity }), ...(outline && { outline }) }
  const lines = open.get(asked)
  if (lines !== undefined) return { kind: 'mark', shape: lines, ...(outline && { outline }) }
  const isWhole = !isExpression(opacity) && opacity === 1
  return { kind: 'mark', shape: entryOf(otherNames, asked) ?? asked, color, ...(!isWhole && { opacity }), ...(outline && { outline }) }
}

/** The names that a form may have made ours. */
function oursOf(form: Expression): Expression {
  const ours = (leaf: Expression): Expression => {
    if (leaf.kind !== 'literal' || typeof leaf.value !== 'string') return leaf
    return { ...leaf, value: open.get(leaf.value) ?? entryOf(otherNames, leaf.value) ?? leaf.value }
  }
  return mapResults(form, ours) ?? form
}

/** A size that is computed may be that of an area. */
function sizeOf(layer: SymbolLayer): Length {
  const size = layer.length('size', 'size', 2)
  const isArea = layer.text('scale_method') === 'area'
  return isArea && isInPixels(size) && isExpression(size) ? call('sqrt', size) : size
}

function svgMarker(layer: SymbolLayer): readonly Symbolizer[] {
  const computed = layer.computed('name')
  const fixed = computed ? '' : hrefOf(layer.text('name'), layer.note)
  if (fixed === undefined) return []
  const { color, opacity } = layer.color(['color', 'fill'], 'fillColor')
  const outline = { ...layer.color(['outline_color', 'outline'], 'outlineColor'), width: layer.length('outline_width', 'outlineWidth', 0) }
  const whole = point(layer, { kind: 'icon', href: computed ?? fixed, color, outline }, sizeOf(layer))
  const drawn = { ...whole, graphic: { ...whole.graphic, shapes: [whole.graphic.shapes[0], standIn(color, outline)] as const } }
  return [opacity === 1 ? drawn : { ...drawn, graphic: { ...drawn.graphic, opacity } }]
}

/** Where the picture of a library is not there, a disc in its colours is. */
export const standIn = (color: Value<string>, outline: Stroke): Mark => ({ kind: 'mark', shape: 'circle', color, outline })

function fontMarker(layer: SymbolLayer): readonly Symbolizer[] {
  const character = layer.text('chr') ?? 'A'
  const family = layer.text('font') ?? ''
  const computed = layer.computed('char')
  const { color, opacity } = layer.color(['color'], 'fillColor')
  if (computed) return [computedCharacters(layer, computed, { families: [family], size: sizeOf(layer) }, { color, opacity })]
  const line = layer.color(['outline_color'], 'outlineColor')
  const width = layer.length('outline_width', 'outlineWidth', 0)
  const outline: Stroke = { ...line, width, join: joinOf(layer.text('joinstyle')) }
  const shape: GraphicShape = {
    kind: 'glyph',
    family,
    character,
    color,
    ...(opacity !== 1 && { opacity }),
    ...(width !== 0 && { outline }),
  }
  return [point(layer, shape, sizeOf(layer))]
}

/** As a text that has its place whatever is there, such as the number of points in a cluster. */
function computedCharacters(layer: SymbolLayer, text: Expression, font: Font, paint: ColorValue): TextSymbolizer {
  if (layer.number('outline_width', 0) !== 0) layer.note('characters that are computed have no outline')
  for (const name of ['outline_color', 'joinstyle', 'outline_width_unit']) layer.text(name)
  const { anchor: [across, down] = [0.5, 0.5], displacement, rotation } = placing(layer)
  const placement = {
    kind: 'point',
    anchor: [across, typeof down === 'number' ? 1 - down : 0.5],
    ...(displacement && { displacement }),
    ...(rotation !== undefined && { rotation }),
  } as const
  return { kind: 'text', text, font, ...paint, placement, mayOverlap: true }
}

function ellipseMarker(layer: SymbolLayer): readonly Symbolizer[] {
  const shape = shapeOf(layer, layer.text('symbol_name') ?? 'circle', 'name')
  const [width, height] = [layer.length('symbol_width', 'width', 4), layer.length('symbol_height', 'height', 3)]
  layer.text('size')
  if (shape.kind !== 'mark' || JSON.stringify(width) === JSON.stringify(height)) return [point(layer, shape, height)]
  return [point(layer, { ...shape, widening: ratio(width, height, layer.note) }, height)]
}

function ratio(width: Length, height: Length, note: (message: string) => void): Value<number> {
  const values = [width, height].map(length => (isInPixels(length) ? length : length.metres))
  if (isInPixels(width) !== isInPixels(height))
    note('a width in pixels and a height on the ground, or the other way, are not compared: it is as wide as it is high')
  if (isInPixels(width) !== isInPixels(height)) return 1
  const [across, along] = values
  if (typeof across === 'number' && typeof along === 'number') return across / along
  const asked = values.map((value): Expression => (isExpression(value) ? value : { kind: 'literal', value }))
  return call('/', asked[0], asked[1])
}

function rasterMarker(layer: SymbolLayer): readonly Symbolizer[] {
  const href = hrefOf(layer.text('imageFile'), layer.note)
  const opacity = times(layer.scope.opacity, layer.number('alpha', 1))
  if (href === undefined) return []
  const drawn = point(layer, { kind: 'icon', href }, sizeOf(layer))
  return [opacity === 1 ? drawn : { ...drawn, graphic: { ...drawn.graphic, opacity } }]
}

/** A form filled by a fill symbol: its colour and outline. */
function filledMarker(layer: SymbolLayer, readWithin: ReadWithin): readonly Symbolizer[] {
  const shape = layer.text('name') ?? 'circle'
  layer.text('color')
  const size = sizeOf(layer)
  const fills = readWithin(layer).filter((one): one is FillSymbolizer => one.kind === 'fill')
  if (fills.some(({ pattern }) => pattern)) layer.note('patterns inside marks are not drawn')
  const place = placing(layer)
  return fills.map(({ color, opacity, outline }): PointSymbolizer => {
    const mark: GraphicShape = {
      kind: 'mark',
      shape,
      ...(color && { color }),
      ...(opacity !== 1 && { opacity }),
      ...(outline && { outline }),
    }
    return { kind: 'point', graphic: { shapes: [mark], size, ...place } }
  })
}

function point(layer: SymbolLayer, shape: GraphicShape, size: Length): PointSymbolizer {
  return { kind: 'point', graphic: { shapes: [shape], size: shape.kind === 'icon' ? drawnWidth(size) : size, ...placing(layer) } }
}

/** Turn, anchor and offset, which QGIS turns with the mark. */
function placing(layer: SymbolLayer): Pick<Graphic, 'rotation' | 'anchor' | 'displacement'> {
  const rotation: Value<number> = layer.computed('angle') ?? layer.number('angle', 0)
  const offset = layer.pair('offset')
  const [across, down] = [side(layer, 'horizontal_anchor_point', 'hAnchor'), side(layer, 'vertical_anchor_point', 'vAnchor')]
  const displacement = offset && turned(offset, rotation, layer.note)
  return {
    ...(rotation !== 0 && { rotation }),
    ...((across !== 0.5 || down !== 0.5) && { anchor: [across, down] as const }),
    ...(displacement && { displacement }),
  }
}

function side(layer: SymbolLayer, name: string, computed: string): number {
  if (layer.computed(computed)) layer.note(`${name} is not computed`)
  return [0, 0.5, 1][layer.number(name, 1)] ?? 0.5
}

function turned([x, y]: Offset, rotation: Value<number>, note: (message: string) => void): Offset {
  if (rotation === 0) return [x, y]
  if (typeof rotation !== 'number' || typeof x !== 'number' || typeof y !== 'number') {
    note('the offset is not turned with the mark')
    return [x, y]
  }
  const [cos, sin] = [Math.cos((rotation * Math.PI) / 180), Math.sin((rotation * Math.PI) / 180)]
  return [timesLength(x * cos - y * sin, 1), timesLength(x * sin + y * cos, 1)]
}
