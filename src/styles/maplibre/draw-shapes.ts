import { isExpression } from '../computed.js'
import type { FillSymbolizer, GraphicPattern, LineSymbolizer, PointSymbolizer, Stroke, Symbolizer, Value } from '../style.js'
import { asExpression, call, literal, plus, times } from '../values.js'
import type { LayerProperties } from './layer.js'

/** The address of a picture of the sprite. */
export type IconAddress = (name: Value<string>) => Value<string>

/** `sprites/NAME.png` beside the style. */
export const besideStyle: IconAddress = name =>
  isExpression(name) ? call('concat', literal('sprites/'), name, literal('.png')) : `sprites/${name}.png`

/** MapLibre's pixels are CSS's, 1/96 inch, and ours 0.28 mm: one is taken for the other, because both are meant to be a pixel of the screen. */
export function readFill(properties: LayerProperties, icon: IconAddress, prefix = 'fill'): readonly Symbolizer[] {
  const name = (rest: string) => `${prefix}-${rest}`
  const displacement = properties.pair(name('translate'))
  const { color, opacity } = properties.color(name('color'), '#000000', name('opacity'))
  const pattern = readPattern(properties, name('pattern'), icon)
  const outline = prefix === 'fill' && properties.has('fill-outline-color')
  const fill: FillSymbolizer = {
    kind: 'fill',
    ...(!pattern && { color }),
    opacity: pattern ? properties.number(name('opacity'), 1) : opacity,
    ...(pattern && { pattern }),
    ...(outline && { outline: { ...properties.color('fill-outline-color', '#000000', 'fill-opacity'), width: 1 } }),
    ...(displacement && { displacement }),
  }
  return [fill]
}

function readPattern(properties: LayerProperties, name: string, icon: IconAddress): GraphicPattern | undefined {
  const image = properties.text(name)
  return image === undefined ? undefined : { kind: 'graphic', graphic: { shapes: [{ kind: 'icon', href: icon(image) }], isOptional: true } }
}

const joins = { miter: 'mitre', bevel: 'bevel', round: 'round' } as const

/** A `line` layer; two lines where it has a gap. */
export function readLine(properties: LayerProperties, icon: IconAddress): readonly Symbolizer[] {
  const width = properties.number('line-width', 1)
  const gap = properties.number('line-gap-width', 0)
  const pattern = properties.text('line-pattern')
  const dashes = properties.constant('line-dasharray')
  const isDashed =
    Array.isArray(dashes) &&
    dashes.length <= 50 &&
    dashes.every(dash => typeof dash === 'number' && dash >= 0) &&
    dashes.some(dash => dash > 0)
  if (Array.isArray(dashes) && dashes.length > 50) properties.note('line-dasharray of more than 50 lengths is not drawn')
  const stroke: Stroke = {
    ...properties.color('line-color', '#000000', 'line-opacity'),
    width,
    cap: properties.word('line-cap', ['butt', 'round', 'square'] as const),
    join: joins[properties.word('line-join', ['miter', 'bevel', 'round'])],
    ...(isDashed && { dashes: (dashes as readonly number[]).map(dash => times(dash, width)) }),
    ...(pattern !== undefined && {
      graphic: { graphic: { shapes: [{ kind: 'icon', href: icon(pattern) }], isOptional: true, size: width } },
    }),
  }
  // MapLibre's are to the right.
  const offset = times(properties.number('line-offset', 0), -1)
  if (gap === 0) return [line(stroke, offset)]
  const aside = plus(times(gap, 0.5), times(width, 0.5))
  return [line(stroke, plus(offset, aside)), line(stroke, plus(offset, times(aside, -1)))]
}

function line(stroke: Stroke, offset: Value<number>): LineSymbolizer {
  return { kind: 'line', stroke, ...(offset !== 0 && { offset }) }
}

/** Circles are drawn at every vertex of lines and polygons. Their stroke lies outside the radius, ours on the edge. */
export function readCircle(properties: LayerProperties): readonly PointSymbolizer[] {
  const stroke = properties.number('circle-stroke-width', 0)
  const displacement = properties.pair('circle-translate')
  const { color, opacity } = properties.color('circle-color', '#000000', 'circle-opacity')
  const outline = { ...properties.color('circle-stroke-color', '#000000', 'circle-stroke-opacity'), width: stroke }
  const shape = { kind: 'mark', shape: 'circle', color, opacity, ...(stroke !== 0 && { outline }) } as const
  const size = plus(times(properties.number('circle-radius', 5), 2), stroke)
  return [{ kind: 'point', geometry: { part: 'vertices' }, graphic: { shapes: [shape], size, ...(displacement && { displacement }) } }]
}

/** The same the other way. */
export function negative(value: Value<number>): Value<number> {
  return isExpression(value) ? call('-', asExpression(value)) : -value
}
