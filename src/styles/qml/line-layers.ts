import { entryOf } from '#filters/entry-of.js'
import { isExpression } from '../computed.js'
import type { Graphic, GraphicStroke, Length, LineSymbolizer, PointSymbolizer, Symbolizer } from '../style.js'
import { isInPixels, plus, times, timesLength } from '../values.js'
import { arrowLine } from './arrow-line.js'
import type { ReadWithin } from './read-symbol.js'
import { readPen } from './stroke.js'
import type { SymbolLayer } from './symbol-layer.js'

type Read = (layer: SymbolLayer) => readonly Symbolizer[]

/** Readers of the layers of lines, by their class. */
export function lineLayers(readWithin: ReadWithin): Readonly<Record<string, Read>> {
  return {
    SimpleLine: simpleLine,
    MarkerLine: layer => markerLine(layer, readWithin),
    HashLine: layer => hashLine(layer, readWithin),
    ArrowLine: layer => arrowLine(layer, readWithin),
  }
}

/** Offsets of QGIS are to the right of the line. */
const offsetOf = (layer: SymbolLayer): Length => timesLength(layer.length('offset', undefined, 0), -1)

function simpleLine(layer: SymbolLayer): readonly Symbolizer[] {
  const stroke = readPen(layer)
  const offset = offsetOf(layer)
  return stroke ? [{ kind: 'line', stroke, ...(offset !== 0 && { offset }) }] : []
}

const places = {
  vertex: 'vertices',
  innervertices: 'vertices',
  curvepoint: 'vertices',
  lastvertex: 'end',
  firstvertex: 'start',
  centralpoint: 'middle',
  segmentcentralpoint: undefined,
} as const

/** Marks at a distance along the line, or at its vertices, ends or middle. */
function markerLine(layer: SymbolLayer, readWithin: ReadWithin): readonly Symbolizer[] {
  const along = intervals(layer)
  const inside = readWithin(layer)
  const points = inside.filter((one): one is PointSymbolizer => one.kind === 'point')
  if (points.length < inside.length) layer.note('characters that are computed are not drawn along lines')
  return along.placements.flatMap(placement =>
    points.flatMap(({ graphic }): Symbolizer[] => {
      if (placement === 'interval') return [repeated(graphic, along)]
      const part = places[placement as keyof typeof places]
      if (part === undefined) layer.note(`marks at ${placement.slice(0, 40)} are not drawn`)
      if (placement === 'innervertices' || placement === 'curvepoint') layer.note(`marks at ${placement} are drawn at every vertex`)
      if (along.offset !== 0) layer.note('the offset of marks at vertices, ends and middle is not kept')
      return part === undefined ? [] : [{ kind: 'point', geometry: { part }, graphic, ...(along.isTurned && { isTurned: true }) }]
    }),
  )
}

interface Along {
  readonly placements: readonly string[]
  readonly interval: Length
  readonly start: Length
  readonly offset: Length
  readonly isTurned: boolean
}

const newNames: Readonly<Record<string, string>> = {
  Interval: 'interval',
  Vertex: 'vertex',
  LastVertex: 'lastvertex',
  FirstVertex: 'firstvertex',
  CentralPoint: 'centralpoint',
  CurvePoint: 'curvepoint',
  SegmentCentralPoint: 'segmentcentralpoint',
  SegmentCenter: 'segmentcentralpoint',
  InnerVertices: 'innervertices',
}

function intervals(layer: SymbolLayer): Along {
  const several = layer.text('placements')
  const one = layer.text('placement') ?? 'interval'
  if (layer.computed('placement')) layer.note('placement is not computed')
  return {
    placements: several ? several.split('|').map(name => entryOf(newNames, name) ?? name) : [one],
    interval: layer.length('interval', 'interval', 3),
    start: layer.length('offset_along_line', 'offsetAlongLine', 0),
    offset: offsetOf(layer),
    isTurned: layer.text('rotate', 'rotate_symbols') !== '0',
  }
}

/** Graphics whose middles are an interval apart, the first at the beginning. */
function repeated(graphic: Graphic, { interval, start, offset, isTurned }: Along): LineSymbolizer {
  const size = graphic.size ?? 6
  const [{ color = '#000000', outline }] = [
    graphic.shapes[0] as { color?: LineSymbolizer['stroke']['color']; outline?: LineSymbolizer['stroke'] },
  ]
  const along: GraphicStroke = {
    graphic,
    gap: isInPixels(interval) && isInPixels(size) ? plus(interval, times(size, -1)) : interval,
    initialGap: isInPixels(start) && isInPixels(size) ? plus(start, times(size, -0.5)) : start,
    ...(!isTurned && { isUpright: true }),
  }
  const stroke = {
    color: color ?? outline?.color,
    opacity: 1,
    width: isExpression(size as never) || typeof size === 'number' ? size : 1,
    graphic: along,
  }
  return { kind: 'line', stroke, ...(offset !== 0 && { offset }) }
}

/** Short lines across the line. */
function hashLine(layer: SymbolLayer, readWithin: ReadWithin): readonly Symbolizer[] {
  const along = intervals(layer)
  const length = layer.length('hash_length', 'lineDistance', 3)
  const angle = layer.computed('lineAngle') ?? layer.number('hash_angle', 0)
  const lines = readWithin(layer).filter((one): one is LineSymbolizer => one.kind === 'line')
  return along.placements.flatMap(placement =>
    lines.map((line): Symbolizer => {
      const mark = { kind: 'mark', shape: 'shape://vertline', outline: line.stroke } as const
      const graphic: Graphic = { shapes: [mark], size: length, ...(angle !== 0 && { rotation: angle }) }
      if (placement !== 'interval') layer.note(`hashes at ${placement.slice(0, 40)} are drawn at the interval`)
      const drawn = repeated(graphic, along)
      return { ...drawn, stroke: { ...drawn.stroke, color: line.stroke.color } }
    }),
  )
}
