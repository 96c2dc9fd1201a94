import type { FillSymbolizer, Length, PointSymbolizer, Symbolizer } from '../style.js'
import { isInPixels } from '../values.js'
import type { ReadWithin } from './read-symbol.js'
import type { SymbolLayer } from './symbol-layer.js'

/** A line with heads at its ends (`head_type`: at the last point, at the first, at both), in the colour of a fill symbol. */
export function arrowLine(layer: SymbolLayer, readWithin: ReadWithin): readonly Symbolizer[] {
  const width = layer.length('arrow_width', 'arrowWidth', 1)
  const start = layer.length('arrow_start_width', 'arrowStartWidth', 1)
  const long = layer.length('head_length', 'arrowHeadLength', 1.5)
  const high = layer.length('head_thickness', 'arrowHeadThickness', 1.5)
  const type = layer.number('head_type', 0)
  if (layer.computed('arrowHeadType') || layer.computed('arrowType')) layer.note('types of arrows are not computed')
  if (layer.number('arrow_type', 0) !== 0) layer.note('half arrows are drawn whole')
  if (JSON.stringify(start) !== JSON.stringify(width)) layer.note('arrows are as wide at the beginning as at the head')
  const [isCurved, isRepeated] = ['is_curved', 'is_repeated'].map(name => layer.text(name) !== '0')
  if (isCurved || isRepeated) layer.note('arrows follow their line, with one head at its end')
  const sizes = [width, long, high].map(numberOf)
  const fills = readWithin(layer).filter((one): one is FillSymbolizer => one.kind === 'fill' && one.color !== undefined)
  const [body, length, thickness] = sizes
  if (body === undefined || length === undefined || thickness === undefined || thickness <= 0) {
    layer.note('heads of arrows whose sizes are computed or on the ground are not drawn')
    return fills.map(fill => lineOf(fill, width))
  }
  layer.note('heads of arrows reach beyond the ends of their lines, which else would show before the tips')
  const ends = type === 0 ? (['end'] as const) : type === 1 ? (['start'] as const) : (['start', 'end'] as const)
  return fills.flatMap(fill => [lineOf(fill, width), ...ends.map(end => headOf(fill, end, [body, length, thickness]))])
}

const numberOf = (length: Length) => (isInPixels(length) && typeof length === 'number' ? length : undefined)

function lineOf({ color = '#000000', opacity }: FillSymbolizer, width: Length): Symbolizer {
  return { kind: 'line', stroke: { color, opacity, width, cap: 'butt', join: 'mitre' } }
}

/** `thickness` is half as high as the head, which is moved ahead until it is as wide as the line where that ends: so the tip is not blunt. */
function headOf(
  { color = '#000000', opacity }: FillSymbolizer,
  part: 'start' | 'end',
  [body, length, thickness]: readonly [number, number, number],
): PointSymbolizer {
  const ahead = Math.min(1, body / (2 * thickness)) / 2
  return {
    kind: 'point',
    geometry: { part },
    isTurned: true,
    graphic: {
      shapes: [{ kind: 'mark', shape: 'filled_arrowhead', widening: length / thickness, color, opacity }],
      size: 2 * thickness,
      anchor: [0.5 - ahead, 0.5],
      ...(part === 'start' && { rotation: 180 }),
    },
  }
}
