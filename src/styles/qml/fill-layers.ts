import { entryOf } from '#filters/entry-of.js'
import type { ColorValue } from '../color-value.js'
import { isExpression } from '../computed.js'
import type { FillSymbolizer, Hatch, Length, LineSymbolizer, Offset, PointSymbolizer, Symbolizer, Value } from '../style.js'
import { isInPixels, plus, times } from '../values.js'
import { standIn } from './marker-layers.js'
import { hrefOf } from './picture-address.js'
import type { ReadWithin } from './read-symbol.js'
import { readOutline } from './stroke.js'
import type { SymbolLayer } from './symbol-layer.js'

type Read = (layer: SymbolLayer) => readonly Symbolizer[]

/** Lines of Qt's brushes, 8 pixels apart across or along: angles, clockwise from the x axis. */
const brushes: Readonly<Record<string, readonly number[]>> = {
  horizontal: [0],
  vertical: [90],
  cross: [0, 90],
  b_diagonal: [135],
  f_diagonal: [45],
  diagonal_x: [135, 45],
}

/** Share of the pixels that Qt's dense brushes paint. */
const dense = [0.9375, 0.875, 0.625, 0.5, 0.375, 0.125, 0.0625]

/** Readers of the layers of fills, by their class. */
export function fillLayers(readWithin: ReadWithin): Readonly<Record<string, Read>> {
  return {
    SimpleFill: simpleFill,
    LinePatternFill: layer => linePattern(layer, readWithin),
    PointPatternFill: layer => pointPattern(layer, readWithin),
    CentroidFill: layer => readWithin(layer, { geometry: { part: layer.text('point_on_surface') === '1' ? 'interior' : 'centroid' } }),
    SVGFill: layer => svgFill(layer, readWithin),
    RasterFill: rasterFill,
    GradientFill: plainInstead,
    ShapeburstFill: plainInstead,
  }
}

function simpleFill(layer: SymbolLayer): readonly Symbolizer[] {
  const style = layer.text('style') ?? 'solid'
  const { color, opacity } = layer.color(['color'], 'fillColor')
  const outline = readOutline(layer)
  const displacement = layer.pair('offset')
  const rest = { ...(outline && { outline }), ...(displacement && { displacement }) }
  if (style === 'no') return outline ? [{ kind: 'fill', opacity: 1, ...rest }] : []
  const [, density] = /^dense([1-7])$/.exec(style) ?? []
  if (density !== undefined) {
    layer.note('dense brushes are drawn as a colour that is as translucent')
    return [{ kind: 'fill', color, opacity: times(opacity, dense[Number(density) - 1]), ...rest }]
  }
  const angles = entryOf(brushes, style)
  if (!angles) {
    if (style !== 'solid') layer.note(`the brush ${style.slice(0, 40)} is drawn solid`)
    return [{ kind: 'fill', color, opacity, ...rest }]
  }
  // Lines of one pixel in each row, every 8: those that slant are thinner, and nearer to each other. Level ones lie in the middle of a pixel.
  const hatch = (angle: number) =>
    angle % 90 === 0 ? { spacing: 8, width: 1, offset: 0.5 } : { spacing: 4 * Math.SQRT2, width: Math.SQRT1_2, offset: 0 }
  return angles.map((angle, i): FillSymbolizer => {
    const { spacing, width, offset } = hatch(angle)
    const pattern: Hatch = { kind: 'hatch', angle, spacing, ...(offset !== 0 && { offset }), stroke: { color, opacity, width } }
    return { kind: 'fill', opacity: 1, pattern, ...(displacement && { displacement }), ...(i === angles.length - 1 && rest) }
  })
}

/** Lines at an angle, each layer of the line symbol a hatch of its own. */
function linePattern(layer: SymbolLayer, readWithin: ReadWithin): readonly Symbolizer[] {
  const turned = layer.computed('lineAngle')
  // QGIS turns counter-clockwise.
  const angle: Value<number> = turned ? plus(180, times(turned, -1)) : (((180 - layer.number('angle', 45)) % 180) + 180) % 180
  const spacing = layer.length('distance', 'lineDistance', 5)
  const offset = layer.length('offset', undefined, 0)
  const old = ['color', 'line_width', 'outline_width'].map(name => layer.text(name))
  const lines = readWithin(layer)
  if (lines.length === 0 && layer.subSymbols.length === 0) {
    const stroke = { ...layer.color(['color'], 'outlineColor'), width: Number(old[1] ?? 0.5) / 0.28 }
    return [{ kind: 'fill', opacity: 1, pattern: { kind: 'hatch', angle, spacing, ...(offset !== 0 && { offset }), stroke } }]
  }
  return lines.flatMap((line): Symbolizer[] => {
    if (line.kind !== 'line') {
      layer.note('only lines are drawn as a pattern of lines')
      return []
    }
    const shift = sum(offset, (line as LineSymbolizer).offset ?? 0)
    return [
      { kind: 'fill', opacity: 1, pattern: { kind: 'hatch', angle, spacing, ...(shift !== 0 && { offset: shift }), stroke: line.stroke } },
    ]
  })
}

const sum = (a: Length, b: Length): Length => (isInPixels(a) && isInPixels(b) ? plus(a, b) : a === 0 ? b : a)

function pointPattern(layer: SymbolLayer, readWithin: ReadWithin): readonly Symbolizer[] {
  const distance: Offset = [layer.length('distance_x', 'distanceX', 15), layer.length('distance_y', 'distanceY', 15)]
  const shift = layer.length('displacement_x', 'displacementX', 0)
  const across = distance[0]
  const stagger = typeof shift === 'number' && typeof across === 'number' && across > 0 ? (shift / across) % 1 : 0
  if (shift !== 0 && stagger === 0 && typeof shift !== 'number')
    layer.note('displacement_x of the pattern is not kept: it is computed or on the ground')
  return readWithin(layer).flatMap((point): Symbolizer[] => {
    if (point.kind !== 'point') {
      layer.note('characters that are computed are not drawn as a pattern')
      return []
    }
    const { graphic } = point as PointSymbolizer
    const margin = distance.map(length => gap(length, graphic.size ?? 6)) as unknown as Offset
    return [{ kind: 'fill', opacity: 1, pattern: { kind: 'graphic', graphic, margin, ...(stagger !== 0 && { stagger }) } }]
  })
}

/** Between the edges of marks whose middles are `distance` apart. */
function gap(distance: Length, size: Length): Length {
  if (isInPixels(distance) && isInPixels(size)) return plus(distance, times(size, -1))
  const [far, wide] = [distance, size].map(length => (isInPixels(length) ? undefined : length.metres))
  return far !== undefined && wide !== undefined ? { kind: 'ground', metres: plus(far, times(wide, -1)) } : distance
}

function svgFill(layer: SymbolLayer, readWithin: ReadWithin): readonly Symbolizer[] {
  const file = layer.text('svgFile')
  const data = layer.text('data')
  const size = layer.length('width', 'width', 20)
  const rotation = layer.computed('angle') ?? layer.number('angle', 0)
  const { color, opacity } = layer.color(['color', 'svgFillColor'], 'fillColor')
  const line = layer.color(['outline_color', 'svgOutlineColor'], 'outlineColor')
  const name = layer.text('outline_width') === undefined ? 'svgOutlineWidth' : 'outline_width'
  const outline = { ...line, width: layer.length(name, 'outlineWidth', 0.2) }
  const href = hrefOf(file || (data ? `base64:${Buffer.from(data, 'hex').toString('base64')}` : ''), layer.note)
  const outlines = readWithin(layer)
  if (href === undefined) return outlines
  const icon = { kind: 'icon', href, color, outline } as const
  const graphic = {
    shapes: [icon, standIn(color, outline)] as const,
    size,
    ...(opacity !== 1 && { opacity }),
    ...(rotation !== 0 && { rotation }),
  }
  return [{ kind: 'fill', opacity: 1, pattern: { kind: 'graphic', graphic } }, ...outlines]
}

function rasterFill(layer: SymbolLayer): readonly Symbolizer[] {
  const href = hrefOf(layer.text('imageFile'), layer.note)
  const width = layer.number('width', 0)
  if (width !== 0) layer.note('the width of the picture is not kept: it has that of its file')
  const alpha = layer.number('alpha', 1)
  const opacity = times(layer.scope.opacity, alpha)
  const graphic = { shapes: [{ kind: 'icon', href: href ?? '' }] as const, ...(opacity !== 1 && { opacity }) }
  return href === undefined ? [] : [{ kind: 'fill', opacity: 1, pattern: { kind: 'graphic', graphic } }]
}

/** The colour half way in place of what passes from one to another: the first alone is often white. */
function plainInstead(layer: SymbolLayer): readonly Symbolizer[] {
  const isRamp = layer.text('color_type') === '1'
  const first = layer.color(isRamp ? ['color1', 'color'] : ['color', 'color1'], 'fillColor')
  const second = layer.color(isRamp ? ['color2', 'gradient_color2'] : ['gradient_color2', 'color2'], 'secondColor')
  for (const name of gradientParts) layer.text(name)
  layer.note('is drawn in one colour, half way between its two')
  return [{ kind: 'fill', ...between(first, second) }]
}

function between(a: ColorValue, b: ColorValue): ColorValue {
  if (isExpression(a.color) || isExpression(b.color)) return a
  const channels = [a.color, b.color].map(color => [1, 3, 5].map(at => Number.parseInt(color.slice(at, at + 2), 16)))
  const color = channels[0].map((channel, i) =>
    Math.round((channel + channels[1][i]) / 2)
      .toString(16)
      .padStart(2, '0'),
  )
  return { color: `#${color.join('')}`, opacity: times(plus(a.opacity, b.opacity), 0.5) }
}

const gradientParts = (
  'color color1 color2 discrete rampType stops type spread coordinate_mode angle reference_point1 reference_point1_iscentroid reference_point2 ' +
  'reference_point2_iscentroid blur_radius ignore_rings max_distance use_whole_shape direction spec'
).split(' ')
