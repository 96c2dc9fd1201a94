import { entryOf } from '#filters/entry-of.js'
import type { ColorValue } from '../color-value.js'
import type { Length, Stroke } from '../style.js'
import { timesLength } from '../values.js'
import { lengthIn, unitOf } from './qml-length.js'
import type { SymbolLayer } from './symbol-layer.js'

/** Dashes and gaps of Qt's pens, in widths of the line. */
const penDashes: Readonly<Record<string, readonly number[]>> = {
  dash: [4, 2],
  dot: [1, 2],
  'dash dot': [4, 2, 1, 2],
  'dash dot dot': [4, 2, 1, 2, 1, 2],
}

const joins: Readonly<Record<string, Stroke['join']>> = { miter: 'mitre', bevel: 'bevel', round: 'round' }
const caps: Readonly<Record<string, Stroke['cap']>> = { flat: 'butt', square: 'square', round: 'round' }

/** Qt's `joinstyle`; bevel where it is none. */
export const joinOf = (name = 'bevel') => entryOf(joins, name) ?? 'bevel'

/** A pen of no width is a line of one pixel. */
export const drawnWidth = (width: Length): Length => (width === 0 ? 1 : width)

/** The outline of a fill or a mark; undefined where none is drawn. */
export function readOutline(layer: SymbolLayer): Stroke | undefined {
  const style = layer.text('outline_style', 'style_border') ?? 'solid'
  const color = layer.color(['outline_color', 'color_border'], 'outlineColor')
  const name = layer.text('outline_width') === undefined && layer.text('width_border') !== undefined ? 'width_border' : 'outline_width'
  const width = layer.length(name, 'outlineWidth', 0)
  const join = joinOf(layer.text('joinstyle'))
  const cap = entryOf(caps, layer.text('cap_style') ?? '')
  if (style === 'no') return undefined
  return penOf(color, width, style, { join, ...(cap && { cap }) }, layer.note)
}

/** `dash` and its like are in widths of the line. */
function penOf(
  color: ColorValue,
  width: Length,
  style: string,
  rest: Pick<Stroke, 'cap' | 'join'>,
  note: (message: string) => void,
): Stroke {
  const drawn = drawnWidth(width)
  const dashes = entryOf(penDashes, style)
  if (!dashes && style !== 'solid') note(`the line style ${style.slice(0, 40)} is drawn solid`)
  return { ...color, width: drawn, ...rest, ...(dashes && { dashes: dashes.map(dash => timesLength(drawn, dash)) }) }
}

/** The stroke of a SimpleLine. */
export function readPen(layer: SymbolLayer): Stroke | undefined {
  const style = layer.text('line_style', 'penstyle') ?? 'solid'
  const color = layer.color(['line_color', 'color'], 'outlineColor')
  const name = layer.text('line_width') === undefined && layer.text('width') !== undefined ? 'width' : 'line_width'
  const width = layer.length(name, 'outlineWidth', 0.26)
  const cap = entryOf(caps, layer.text('capstyle') ?? '') ?? 'square'
  const join = joinOf(layer.text('joinstyle'))
  const isCustom = layer.text('use_custom_dash') === '1'
  const dashes = layer.text('customdash')
  const unit = unitOf(layer.text('customdash_unit'), layer.note)
  const dashOffset = layer.length('dash_pattern_offset', 'dashPatternOffset', 0)
  if (style === 'no') return undefined
  const pen = isCustom ? { ...color, width: drawnWidth(width), cap, join } : penOf(color, width, style, { cap, join }, layer.note)
  const own = isCustom ? numbersOf(dashes).map(dash => lengthIn(dash, unit)) : pen.dashes
  return { ...pen, ...(own && own.length > 0 && { dashes: own }), ...(own && dashOffset !== 0 && { dashOffset }) }
}

function numbersOf(text = ''): readonly number[] {
  const numbers = text.split(';').slice(0, 50).map(Number)
  return numbers.every(number => Number.isFinite(number) && number >= 0) && numbers.some(number => number > 0) ? numbers : []
}
