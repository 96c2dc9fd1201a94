import { isExpression } from '../computed.js'
import type { FillSymbolizer, Graphic, LineSymbolizer, PointSymbolizer, Stroke, StylePass, Symbolizer } from '../style.js'
import { plus, times, timesLength } from '../values.js'
import type { Json } from './write-expression.js'
import { writeRaster } from './write-raster.js'
import { writeText } from './write-text.js'
import { type ValueWriter, valueWriter } from './write-values.js'

/** What of a layer a symbolizer decides. */
export interface Painted {
  readonly type: string
  readonly layout?: Readonly<Record<string, Json>>
  readonly paint?: Readonly<Record<string, Json>>
}

/** Layers, without source and filter, that draw a symbolizer. */
export function writeSymbolizer(symbolizer: Symbolizer, pass: StylePass, note: (message: string) => void): readonly Painted[] {
  const values = valueWriter(note)
  if (symbolizer.kind !== 'raster' && symbolizer.geometry && symbolizer.geometry.part !== 'vertices')
    note(`${symbolizer.geometry.part ?? 'another column'} of the geometry: MapLibre draws the whole`)
  switch (symbolizer.kind) {
    case 'fill':
      return writeFill(symbolizer, values, pass)
    case 'line':
      return [writeLine(symbolizer, values, pass)]
    case 'point':
      return [writePoint(symbolizer, values)]
    case 'text':
      return [writeText(symbolizer, values)]
    case 'raster':
      return [writeRaster(symbolizer, pass, values)]
  }
}

function writeFill(fill: FillSymbolizer, values: ValueWriter, pass: StylePass): readonly Painted[] {
  const { color, opacity, pattern, outline, displacement } = fill
  const image = pattern?.kind === 'graphic' ? imageOf(pattern.graphic, values) : undefined
  if (pattern && image === undefined) values.note('hatches and patterns of marks are written as nothing: MapLibre fills with pictures only')
  const translate = displacement?.map(length => values.fixed('fill-translate', length, 0))
  const inner: Painted = {
    type: 'fill',
    paint: {
      ...(color !== undefined && { 'fill-color': values.color('fill-color', color, '#000000') }),
      ...(image !== undefined && { 'fill-pattern': image }),
      'fill-opacity': values.number('fill-opacity', opacity, 1),
      ...(pass.opacity !== undefined && { 'fill-layer-opacity': pass.opacity }),
      ...(translate && { 'fill-translate': translate }),
    },
  }
  const isDrawn = color !== undefined || image !== undefined
  return [...(isDrawn ? [inner] : []), ...(outline ? [writeLine({ kind: 'line', stroke: outline }, values, pass)] : [])]
}

function writeLine({ stroke, offset }: LineSymbolizer, values: ValueWriter, pass: StylePass): Painted {
  const { width, dashes, graphic, pattern, cap, join, dashOffset } = stroke
  const image = graphic && imageOf(graphic.graphic, values)
  if (pattern) values.note('a line that shows a pattern is written plain')
  if (dashOffset !== undefined && dashOffset !== 0) values.note('where dashes begin is not written')
  if (graphic?.gap !== undefined && graphic.gap !== 0) values.note('gaps between pictures along a line are not written')
  const paint = {
    ...(image === undefined ? { 'line-color': values.color('line-color', stroke.color, '#000000') } : { 'line-pattern': image }),
    'line-opacity': values.number('line-opacity', stroke.opacity, 1),
    'line-width': values.length('line-width', width, 1),
    ...(offset !== undefined && offset !== 0 && { 'line-offset': values.length('line-offset', timesLength(offset, -1), 0) }),
    ...(dashes && dashes.length > 0 && { 'line-dasharray': ['literal', dashArray(stroke, values)] }),
    ...(pass.opacity !== undefined && { 'line-layer-opacity': pass.opacity }),
  }
  const layout = { ...(cap && { 'line-cap': cap }), ...(join && { 'line-join': join === 'mitre' ? 'miter' : join }) }
  return { type: 'line', layout, paint }
}

/** In widths of the line: those that are multiples of it, whatever it is, stay such. */
function dashArray({ dashes = [], width }: Stroke, values: ValueWriter): number[] {
  const same = JSON.stringify(width)
  return dashes.map(dash => {
    if (JSON.stringify(dash) === same) return 1
    const isMultiple = typeof dash === 'object' && dash.kind === 'call' && dash.name === '*' && JSON.stringify(dash.args[1]) === same
    if (isMultiple && dash.args[0].kind === 'literal' && typeof dash.args[0].value === 'number') return dash.args[0].value
    return values.fixed('line-dasharray', dash, 1) / (values.fixed('line-dasharray', width, 1) || 1)
  })
}

/** Circles are written as such; all else as a picture. */
function writePoint({ graphic, isTurned }: PointSymbolizer, values: ValueWriter): Painted {
  if (isTurned) values.note('marks are not turned with the line')
  const [shape] = graphic.shapes
  const size = graphic.size ?? 6
  if (shape.kind !== 'mark' || shape.shape !== 'circle' || shape.widening !== undefined) return writeIcon(graphic, values)
  const { outline } = shape
  const width = outline?.width ?? 0
  const isPlain = (isExpression as (value: unknown) => boolean)(size) || typeof size === 'number'
  // Our outline lies on the edge, theirs outside.
  const inside = isPlain && (typeof width === 'number' || typeof width === 'object') && (width as { kind?: string }).kind !== 'ground'
  const diameter = inside ? plus(size as number, times(width as number, -1)) : size
  const translate = graphic.displacement?.map(length => values.fixed('circle-translate', length, 0))
  return {
    type: 'circle',
    paint: {
      'circle-radius': values.length('circle-radius', timesLength(diameter, 0.5), 5),
      'circle-color': values.color('circle-color', shape.color, '#808080'),
      'circle-opacity': values.number('circle-opacity', times(shape.opacity ?? 1, graphic.opacity ?? 1), 1),
      ...(outline && {
        'circle-stroke-color': values.color('circle-stroke-color', outline.color, '#000000'),
        'circle-stroke-opacity': values.number('circle-stroke-opacity', times(outline.opacity, graphic.opacity ?? 1), 1),
        'circle-stroke-width': values.length('circle-stroke-width', outline.width, 1),
      }),
      ...(translate && { 'circle-translate': translate }),
    },
  }
}

function writeIcon(graphic: Graphic, values: ValueWriter): Painted {
  const image = imageOf(graphic, values)
  const { scale = 1 } = graphic
  // Theirs is scaled, too.
  const offset = graphic.displacement?.map(length => values.fixed('icon-offset', length, 0) / (typeof scale === 'number' ? scale : 1))
  if (graphic.size !== undefined) values.note('sizes of pictures are not written: they are drawn as the sprite has them')
  return {
    type: 'symbol',
    layout: {
      'icon-image': image ?? 'mark',
      'icon-allow-overlap': true,
      ...(scale !== 1 && { 'icon-size': values.number('icon-size', scale, 1) }),
      ...(graphic.rotation !== undefined && { 'icon-rotate': values.number('icon-rotate', graphic.rotation, 0) }),
      ...(offset && { 'icon-offset': offset }),
    },
    paint: { ...(graphic.opacity !== undefined && { 'icon-opacity': values.number('icon-opacity', graphic.opacity, 1) }) },
  }
}

/** The name of a graphic in the sprite: that of its file, or of the mark. */
export function imageOf({ shapes: [shape] }: Graphic, values: ValueWriter): Json | undefined {
  if (shape.kind === 'glyph') {
    values.note('characters of fonts as marks are not written')
    return undefined
  }
  if (shape.kind === 'mark') {
    if (typeof shape.shape !== 'string') return values.text('icon-image', shape.shape, '')
    values.note(`the mark ${shape.shape} is written as a picture of that name, which the sprite has to hold`)
    return shape.shape
  }
  const { href } = shape
  if (typeof href === 'string') return href.replace(/^.*\//, '').replace(/\.\w+$/, '')
  // What readMapLibre makes of the name of a picture.
  const named = href.kind === 'call' && href.name === 'concat' && href.args.length >= 3 ? href.args.slice(1, -1) : undefined
  if (named) return values.text('icon-image', { kind: 'call', name: 'concat', args: named }, '')
  return values.text('icon-image', href, '')
}
