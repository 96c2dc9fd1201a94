import { attributeOf, childOf, childrenOf, type XmlElement } from '#xml/read.js'
import type { FillSymbolizer, GeometryChoice, LineSymbolizer, PointSymbolizer, Symbolizer } from '../style.js'
import { readTurn } from './line-turn.js'
import { type PatternGaps, readGraphic } from './read-graphic.js'
import { readRasterSymbolizer } from './read-raster.js'
import { readFill, readStroke } from './read-stroke.js'
import { readTextSymbolizer } from './read-text.js'
import { checkedNumber, readDisplacement, readLength, withUnitOf } from './read-value.js'
import { note, plainText, quoted, type Reading, take, takeAttribute, takeParameter, takeText, takeWhole } from './reading.js'
import { margins, takeVendorOptions, type VendorOptions } from './vendor-options.js'

/** By the name of the element. */
export const symbolizerReaders: Readonly<
  Record<string, (reading: Reading, element: XmlElement, options: VendorOptions) => Symbolizer | undefined>
> = {
  PolygonSymbolizer: readPolygonSymbolizer,
  LineSymbolizer: readLineSymbolizer,
  PointSymbolizer: readPointSymbolizer,
  TextSymbolizer: readTextSymbolizer,
  RasterSymbolizer: readRasterSymbolizer,
}

/** One symbolizer (OGC 02-070, 11; 05-077r4, 11); undefined, noted, where it draws nothing. */
export function readSymbolizer(outer: Reading, element: XmlElement): Symbolizer | undefined {
  const reading = withUnitOf(outer, element)
  takeText(reading, element, 'Name')
  takeDescription(reading, element)
  const options = takeVendorOptions(reading, element)
  const symbolizer = symbolizerReaders[element.name](reading, element, options)
  options.finish()
  return symbolizer
}

/** Title and Abstract of symbolizers are for the people who write them. */
function takeDescription(reading: Reading, element: XmlElement): void {
  const description = take(reading, element, 'Description')
  if (description) takeWhole(reading, description)
}

function readPolygonSymbolizer(reading: Reading, element: XmlElement, options: VendorOptions): FillSymbolizer | undefined {
  const moved = takeOffset(reading, element)
  const geometry = moved?.geometry ?? takeGeometry(reading, element)
  const [fillElement, stroke] = [take(reading, element, 'Fill'), take(reading, element, 'Stroke')]
  const fill = fillElement && readFill(reading, fillElement, readGaps(options))
  const outline = stroke && readStroke(reading, stroke)
  const displacement = moved?.displacement ?? readDisplacement(reading, element)
  if (!outline && fill?.color === undefined && !fill?.pattern) {
    note(reading, element, 'has neither Fill nor Stroke that can be drawn, and draws nothing')
    return undefined
  }
  return {
    kind: 'fill',
    ...geometry,
    ...(fill?.color !== undefined && { color: fill.color }),
    opacity: fill?.opacity ?? 1,
    ...(fill?.pattern && { pattern: fill.pattern }),
    ...(outline && { outline }),
    ...(displacement && { displacement }),
  }
}

/** GeoServer's margins around each graphic, QGIS's distance of points. */
function readGaps(options: VendorOptions): PatternGaps {
  const [margin, distance] = [options.element('graphic-margin'), options.element('distance')]
  const [top, right, bottom, left] = margin ? margins(margin) : []
  const [x, y = x] = distance
    ? plainText(distance)
        .split(',')
        .map(text => checkedNumber(distance, text, { least: 0 }))
    : []
  return { margin: margin && [left! + right!, top! + bottom!], distance: distance && [x!, y!] }
}

/** Places of the graphics of a GraphicStroke, as QGIS names them. */
const qgisPlaces = { points: 'vertices', firstPoint: 'start', lastPoint: 'end', centralPoint: 'middle' } as const

function readLineSymbolizer(reading: Reading, element: XmlElement, options: VendorOptions): LineSymbolizer | PointSymbolizer | undefined {
  const geometry = takeGeometry(reading, element)
  const stroke = take(reading, element, 'Stroke')
  const offset = takeParameter(reading, element, 'PerpendicularOffset')
  if (!stroke) {
    note(reading, element, 'has no Stroke and draws nothing')
    return undefined
  }
  const line = {
    kind: 'line',
    ...geometry,
    stroke: readStroke(reading, stroke),
    ...(offset && { offset: readLength(reading, offset) }),
  } as const
  const place = options.word('placement', Object.keys(qgisPlaces) as (keyof typeof qgisPlaces)[])
  const isUpright = options.text('rotateMarker') === '0'
  const { graphic: along } = line.stroke
  if (!along) return line
  if (!place) return isUpright ? { ...line, stroke: { ...line.stroke, graphic: { ...along, isUpright } } } : line
  if (line.offset !== undefined) note(reading, element, 'the offset of graphics at vertices, ends and middle is not kept')
  const part = { ...line.geometry, part: qgisPlaces[place] }
  return { kind: 'point', geometry: part, graphic: along.graphic, ...(!isUpright && { isTurned: true }) }
}

function readPointSymbolizer(reading: Reading, element: XmlElement): PointSymbolizer | undefined {
  const geometry = takeGeometry(reading, element)
  let turn: ReturnType<typeof readTurn> = {}
  const graphic = readGraphic(reading, element, rotation => {
    turn = readTurn(reading, rotation, geometry.geometry?.part)
    return turn.rotation
  })
  return graphic && { kind: 'point', ...geometry, graphic, ...(turn.isTurned && { isTurned: true }) }
}

/** GeoServer's `offset` of a PropertyName by two numbers: units of the data, taken for metres. */
function takeOffset(reading: Reading, symbolizer: XmlElement) {
  const element = childOf(symbolizer, 'Geometry')
  const inner = element && childrenOf(element)[0]
  if (inner?.name !== 'Function' || attributeOf(inner, 'name')?.toLowerCase() !== 'offset') return undefined
  const [property, ...numbers] = childrenOf(inner)
  const isPlain = property?.name === 'PropertyName' && numbers.length === 2 && numbers.every(({ name }) => name === 'Literal')
  if (!isPlain) return undefined
  take(reading, symbolizer, 'Geometry')
  takeWhole(reading, element!)
  const [x, y] = numbers.map(number => checkedNumber(number, plainText(number)))
  const along = (metres: number) => (metres === 0 ? 0 : ({ kind: 'ground', metres } as const))
  return { geometry: { geometry: { column: columnOf(property) } }, displacement: [along(x), along(-y)] as const }
}

/** Parts of geometries by the functions of GeoServer that make them. */
export const geometryParts = {
  centroid: 'centroid',
  interiorPoint: 'interior',
  labelPoint: 'interior',
  vertices: 'vertices',
  startPoint: 'start',
  endPoint: 'end',
  boundary: 'boundary',
} as const

/** A property, or a function of one (OGC 05-077r4, 11.1.2; functions are GeoServer's). */
export function takeGeometry(reading: Reading, symbolizer: XmlElement): { readonly geometry?: GeometryChoice } {
  const element = take(reading, symbolizer, 'Geometry')
  const inner = element && childrenOf(element)[0]
  if (!element || !inner) return {}
  takeWhole(reading, element)
  if (inner.name === 'PropertyName') return { geometry: { column: columnOf(inner) } }
  const name = takeAttribute(reading, inner, 'name') ?? ''
  const [argument, ...others] = childrenOf(inner)
  const known = Object.keys(geometryParts).find(key => key.toLowerCase() === name.toLowerCase()) as keyof typeof geometryParts | undefined
  if (inner.name === 'Function' && known && others.length === 0 && (!argument || argument.name === 'PropertyName'))
    return { geometry: { ...(argument && { column: columnOf(argument) }), part: geometryParts[known] } }
  note(
    reading,
    inner,
    `${quoted(name || inner.name)} is not read, the geometry itself is drawn; ${Object.keys(geometryParts).join(', ')} of a PropertyName are read`,
  )
  return {}
}

/** Prefixes of names are those of the file, not of the table. */
const columnOf = (element: XmlElement) => plainText(element).replace(/^.*:/, '')
