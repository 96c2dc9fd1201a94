import type { Graphic, GraphicShape, TextSymbolizer } from '../style.js'
import { timesLength } from '../values.js'
import type { LabelSettings } from './label-settings.js'
import { hrefOf } from './picture-address.js'

/** Forms of backgrounds (`QgsTextBackgroundSettings::ShapeType`). */
const shapes = ['square', 'square', 'circle', 'circle'] as const
const svg = 4

/** What is drawn behind a text. Its size is that of the text with a margin, or fixed. */
export function shieldOf(settings: LabelSettings, note: (message: string) => void): TextSymbolizer['shield'] {
  if (!settings.flag('shapeDraw')) return undefined
  const type = settings.number('shapeType', 0)
  const width = settings.length('shapeSizeX', 'shapeSizeUnit', 0)
  const height = settings.length('shapeSizeY', 'shapeSizeUnit', 0)
  const isFixed = settings.number('shapeSizeType', 0) === 1
  const fill = settings.color('shapeFillColor', 'shapeOpacity', 'ShapeFillColor', 'ShapeOpacity')
  const border = settings.color('shapeBorderColor', 'shapeOpacity', 'ShapeBorderColor', 'ShapeOpacity')
  const borderWidth = settings.length('shapeBorderWidth', 'shapeBorderWidthUnit', 0)
  if (type > svg) {
    note('backgrounds of texts made of marks are not drawn')
    return undefined
  }
  if (['shapeRadiiX', 'shapeRadiiY', 'shapeOffsetX', 'shapeOffsetY', 'shapeRotation'].some(name => settings.number(name, 0) !== 0))
    note('round corners, offset and turn of backgrounds of texts are not drawn')
  const outline = { ...border, width: borderWidth }
  const href = type === svg ? hrefOf(settings.text('shapeSVGFile'), note) : undefined
  if (type === svg && href === undefined) return undefined
  const form: GraphicShape =
    href === undefined
      ? { kind: 'mark', shape: shapes[type] ?? 'square', ...fill, ...(borderWidth !== 0 && { outline }) }
      : { kind: 'icon', href, color: fill.color, ...(borderWidth !== 0 && { outline }) }
  const graphic: Graphic = { shapes: [form], ...(isFixed && { size: type === svg ? width : height }) }
  return isFixed ? { graphic } : { graphic, isStretched: true, ...(width !== 0 && { margin: timesLength(width, 1) }) }
}
