import { entryOf } from '#filters/entry-of.js'
import { childOf, type XmlElement } from '#xml/read.js'
import type { Graphic, GraphicShape, Hatch, Length, Mark, Pattern, Value } from '../style.js'
import { timesLength } from '../values.js'
import { glyphOf, readExternalGraphic, readMarkSource } from './read-picture.js'
import { readFill, readStroke } from './read-stroke.js'
import { embedded, readAnchor, readDisplacement, readLength, readNumber, readOpacity } from './read-value.js'
import { note, plainText, quoted, type Reading, take, takeAll, takeParameter } from './reading.js'
import { takeVendorOptions } from './vendor-options.js'

/** The Graphic of an element; undefined, noted, where there is none that can be drawn. `readRotation`: where it may be more than a number. */
export function readGraphic(
  reading: Reading,
  parent: XmlElement,
  readRotation: (element: XmlElement) => Value<number> | undefined = element => readNumber(reading, element),
): Graphic | undefined {
  const element = take(reading, parent, 'Graphic')
  if (!element) {
    note(reading, parent, 'has no Graphic and draws none')
    return undefined
  }
  const sources = takeAll(reading, element, 'ExternalGraphic', 'Mark')
  const hasMark = sources.some(({ name }) => name === 'Mark')
  const shapes = sources.flatMap(
    source => (source.name === 'Mark' ? readMark(reading, source) : readExternalGraphic(reading, source, hasMark)) ?? [],
  )
  if (sources.length === 0) shapes.push(usualMark)
  const [size, rotation, opacity] = ['Size', 'Rotation', 'Opacity'].map(name => takeParameter(reading, element, name))
  const anchor = readAnchor(reading, element)
  const displacement = readDisplacement(reading, element)
  const turn = rotation && readRotation(rotation)
  const height = size && readLength(reading, size, { least: 0 })
  const options = takeVendorOptions(reading, element)
  // QGIS's ellipses: their size is their width.
  const widening = options.number('widthHeightFactor', { least: 0.001, most: 1000 })
  options.finish()
  const [first, ...others] = shapes
  if (!first) {
    note(reading, element, 'holds nothing that can be drawn, and is left out')
    return undefined
  }
  return {
    shapes: widening === undefined ? [first, ...others] : [widened(first, widening), ...others.map(shape => widened(shape, widening))],
    ...(height !== undefined && { size: widening === undefined ? height : timesLength(height, 1 / widening) }),
    ...(opacity && { opacity: readOpacity(reading, opacity) }),
    ...(turn !== undefined && { rotation: turn }),
    // The model counts from the upper left corner.
    ...(anchor && { anchor: [anchor[0], fromTop(anchor[1])] as const }),
    ...(displacement && { displacement }),
  }
}

/** QGIS's rectangle of two sizes fills its box, which our square does. */
function widened(shape: GraphicShape, widening: number): GraphicShape {
  return shape.kind === 'mark' ? { ...shape, shape: shape.shape === 'rectangle' ? 'square' : shape.shape, widening } : shape
}

/** A share counted from the other side. */
export function fromTop(share: Value<number>): Value<number> {
  if (typeof share === 'number') return 1 - share
  const isTurned = share.kind === 'call' && share.name === '-' && share.args[0].kind === 'literal' && Number(share.args[0].value) === 1
  return isTurned ? share.args[1] : { kind: 'call', name: '-', args: [{ kind: 'literal', value: 1 }, share] }
}

/** What stands for a graphic that names none (OGC 05-077r4, 11.3.2). */
const usualMark: Mark = {
  kind: 'mark',
  shape: 'square',
  color: '#808080',
  opacity: 1,
  outline: { color: '#000000', opacity: 1, width: 1 },
}

function readMark(reading: Reading, element: XmlElement): GraphicShape | undefined {
  const name = take(reading, element, 'WellKnownName')
  const named = name && embedded(name, plainText(name))
  const source = readMarkSource(reading, element)
  const [fillElement, strokeElement] = [take(reading, element, 'Fill'), take(reading, element, 'Stroke')]
  const fill = fillElement && readFill(reading, fillElement)
  const outline = strokeElement && readStroke(reading, strokeElement)
  if (fill?.pattern) note(reading, fillElement!, 'the pattern inside a mark is not drawn')
  const paint = {
    ...(fill?.color !== undefined && { color: fill.color, opacity: fill.opacity }),
    ...(outline && { outline }),
    ...(!fill && !outline && { color: usualMark.color!, opacity: 1, outline: usualMark.outline! }),
  }
  if (source) return source.kind === 'glyph' ? { ...source, ...paint } : undefined
  if (named?.some(part => part.kind !== 'literal')) {
    const [first, ...others] = named
    return { kind: 'mark', shape: others.length === 0 ? first : { kind: 'call', name: 'concat', args: named }, ...paint }
  }
  const shape = named?.map(part => (part.kind === 'literal' ? String(part.value) : '')).join('') || 'square'
  if (!shape.startsWith('ttf://')) {
    if (!/^(shape|extshape|wkt|brush):\/\/|^[^:]*$/i.test(shape))
      note(reading, name!, `${quoted(shape)} is no mark that is drawn here; a square stands for it`)
    return { kind: 'mark', shape: shapeOf(shape), ...paint }
  }
  const glyph = glyphOf(shape)
  if (glyph) return { ...glyph, ...paint }
  note(reading, name!, 'names no character; ttf://Family#0x41, #U+0041 and #65 do. The mark is left out')
  return undefined
}

/** Names are written in any case; QGIS leaves `shape://` out. */
function shapeOf(name: string): string {
  if (name.includes('://')) return name
  const shape = name.toLowerCase()
  return Object.hasOwn(hatchShapes, `shape://${shape}`) ? `shape://${shape}` : shape
}

/**
 * The GraphicFill of a Fill or Stroke. Lines of `shape://` that fill without gaps are a hatch, which has no seams. QGIS writes them without `shape://` and
 * turns them counter-clockwise; its points stand `distance` apart.
 */
export function readPattern(reading: Reading, element: XmlElement, { margin, distance }: PatternGaps = {}): Pattern | undefined {
  const graphic = readGraphic(reading, element)
  if (!graphic) return undefined
  const name = ['Graphic', 'Mark', 'WellKnownName'].reduce<XmlElement | undefined>((found, step) => found && childOf(found, step), element)
  const isOfQgis = name !== undefined && !plainText(name).includes('://')
  const gaps =
    margin ??
    (distance && typeof graphic.size === 'number' ? ([distance[0] - graphic.size, distance[1] - graphic.size] as const) : undefined)
  return (gaps ? undefined : hatchOf(graphic, isOfQgis ? -1 : 1)) ?? { kind: 'graphic', graphic, ...(gaps && { margin: gaps }) }
}

/** What a symbolizer says of the graphics that fill it, in pixels: between their edges, or between their middles. */
export interface PatternGaps {
  readonly margin?: readonly [x: number, y: number] | undefined
  readonly distance?: readonly [x: number, y: number] | undefined
}

/** Angle of the lines in degrees clockwise from the x axis, and their distance as a share of the size of the mark. */
export const hatchShapes = {
  'shape://horline': { angle: 0, share: 1 },
  'shape://backslash': { angle: 45, share: Math.SQRT1_2 },
  'shape://vertline': { angle: 90, share: 1 },
  'shape://slash': { angle: 135, share: Math.SQRT1_2 },
} as const

function hatchOf(
  { shapes: [shape, ...others], size, opacity = 1, rotation = 0, anchor, displacement }: Graphic,
  turn: 1 | -1,
): Hatch | undefined {
  if (shape.kind !== 'mark' || others.length > 0 || anchor || displacement || opacity !== 1 || typeof rotation !== 'number')
    return undefined
  const lines = typeof shape.shape === 'string' ? entryOf<{ angle: number; share: number }>(hatchShapes, shape.shape) : undefined
  const spacing = lines && scaled(size ?? 6, lines.share)
  if (!lines || spacing === undefined || !shape.outline) return undefined
  return { kind: 'hatch', angle: halfTurn(lines.angle + turn * rotation), spacing, stroke: shape.outline }
}

/** Lines are the same after half a turn: 0 to 180. */
export const halfTurn = (angle: number) => ((angle % 180) + 180) % 180

function scaled(length: Length, share: number): Length | undefined {
  if (typeof length === 'number') return length * share
  return length.kind === 'ground' && typeof length.metres === 'number' ? { kind: 'ground', metres: length.metres * share } : undefined
}

/** The picture of a rule in legends. */
export function takeLegendGraphic(reading: Reading, rule: XmlElement): Graphic | undefined {
  const element = take(reading, rule, 'LegendGraphic')
  return element && readGraphic(reading, element)
}
