import { attributeOf, childrenOf, type XmlElement } from '#xml/read.js'
import type { GraphicStroke, Length, Pattern, Stroke, Value } from '../style.js'
import { type PatternGaps, readGraphic, readPattern } from './read-graphic.js'
import { lengthOf, readColor, readLength, readOpacity, readParameter } from './read-value.js'
import { isFilled, note, quoted, type Reading, take, takeAll, takeAttribute, takeParameter, takeWhole } from './reading.js'

/** The CssParameters or SvgParameters of those names; others, and a second of one name, are noted. */
export function takeParameters(reading: Reading, element: XmlElement, names: readonly string[]): ReadonlyMap<string, XmlElement> {
  const found = new Map<string, XmlElement>()
  for (const parameter of childrenOf(element).filter(isParameter)) {
    if (reading.takenElements.has(parameter)) continue
    reading.takenElements.add(parameter)
    const name = takeAttribute(reading, parameter, 'name') ?? ''
    if (!names.includes(name)) ignore(reading, parameter, `is not read here; ${names.join(', ')} are`)
    else if (found.has(name)) ignore(reading, parameter, `${name} is there already; the first counts`)
    else if (isFilled(reading, parameter)) found.set(name, parameter)
  }
  return found
}

/** All parameters of one name, in order. */
export function takeNamed(reading: Reading, element: XmlElement, name: string): readonly XmlElement[] {
  const found = childrenOf(element).filter(child => isParameter(child) && attributeOf(child, 'name')?.trim() === name)
  for (const parameter of found) {
    reading.takenElements.add(parameter)
    takeAttribute(reading, parameter, 'name')
  }
  return found
}

const isParameter = ({ name }: XmlElement) => name === 'CssParameter' || name === 'SvgParameter'

function ignore(reading: Reading, element: XmlElement, message: string): void {
  takeWhole(reading, element)
  note(reading, element, message)
}

/** A pattern or a colour, not both; neither where nothing of it can be drawn. */
export interface Fill {
  readonly color?: Value<string>
  readonly opacity: Value<number>
  readonly pattern?: Pattern
}

/** A Fill (OGC 05-077r4, 11.2.2): a pattern takes the place of the colour. `gaps`: between its graphics. */
export function readFill(reading: Reading, element: XmlElement, gaps?: PatternGaps): Fill {
  const graphicFill = take(reading, element, 'GraphicFill')
  const parameters = takeParameters(reading, element, ['fill', 'fill-opacity'])
  const opacity = readOpacity(reading, parameters.get('fill-opacity'))
  const pattern = graphicFill && readPattern(reading, graphicFill, gaps)
  const color = parameters.get('fill')
  const tint = pattern && tintOf(pattern)
  if (tint) {
    note(reading, graphicFill!, `the brush is drawn as an even tint of ${tint.share * 100} %`)
    return { color: tint.color, opacity: typeof opacity === 'number' ? opacity * tint.share : opacity }
  }
  if (pattern) {
    if (color) note(reading, color, 'the colour of a fill is not drawn below its GraphicFill (SE 1.1.0, 11.2.2)')
    return { opacity, pattern }
  }
  return { color: color ? readColor(reading, color) : '#808080', opacity }
}

/** How much of the area Qt's brushes of dots cover, `brush://dense1` to 7. */
const brushShares = [0.94, 0.88, 0.63, 0.5, 0.37, 0.12, 0.06]

function tintOf(pattern: Pattern): { readonly color: Value<string>; readonly share: number } | undefined {
  const shape = pattern.kind === 'graphic' ? pattern.graphic.shapes[0] : undefined
  const number = shape?.kind === 'mark' && typeof shape.shape === 'string' ? /^brush:\/\/dense([1-7])$/.exec(shape.shape)?.[1] : undefined
  if (shape?.kind !== 'mark' || number === undefined) return undefined
  return { color: shape.color ?? shape.outline?.color ?? '#000000', share: brushShares[Number(number) - 1] }
}

const strokeParameters = [
  'stroke',
  'stroke-opacity',
  'stroke-width',
  'stroke-linejoin',
  'stroke-linecap',
  'stroke-dasharray',
  'stroke-dashoffset',
]

/** A Stroke (OGC 05-077r4, 11.1.3). */
export function readStroke(reading: Reading, element: XmlElement): Stroke {
  const graphicStroke = take(reading, element, 'GraphicStroke')
  const graphicFill = take(reading, element, 'GraphicFill')
  const parameters = takeParameters(reading, element, strokeParameters)
  const [color, width] = [parameters.get('stroke'), parameters.get('stroke-width')]
  const offset = parameters.get('stroke-dashoffset')
  const graphic = graphicStroke && readGraphicStroke(reading, graphicStroke)
  const pattern = graphicFill && readPattern(reading, graphicFill)
  const cap = readWord(reading, parameters.get('stroke-linecap'), caps)
  const join = readWord(reading, parameters.get('stroke-linejoin'), joins)
  const dashes = readDashes(reading, parameters.get('stroke-dasharray'))
  const dashOffset = offset && readLength(reading, offset)
  const along = graphic && dashes ? inDashes(reading, element, graphic, dashes, dashOffset) : graphic
  return {
    color: color ? readColor(reading, color) : '#000000',
    opacity: readOpacity(reading, parameters.get('stroke-opacity')),
    width: width ? readLength(reading, width, { least: 0 }) : 1,
    ...(cap && { cap }),
    ...(join && { join }),
    ...(dashes && !graphic && { dashes }),
    ...(dashOffset !== undefined && !graphic && { dashOffset }),
    ...(along && { graphic: along }),
    ...(pattern && { pattern }),
  }
}

/** GeoServer draws graphics in the dashes only: one in the middle of each, where there is room for no other. */
function inDashes(
  reading: Reading,
  element: XmlElement,
  along: GraphicStroke,
  dashes: readonly Length[],
  offset: Length = 0,
): GraphicStroke {
  const [dash, gap, ...others] = dashes
  const size = along.graphic.size ?? 6
  const isPlain = [dash, gap, size, offset].every(length => typeof length === 'number') && others.length === 0
  if (!isPlain || along.gap !== undefined || along.initialGap !== undefined || Number(dash) >= 2 * Number(size)) {
    note(reading, element, 'graphics stand one behind the other, and not in dashes: these are read where one graphic fits into each')
    return along
  }
  const period = Number(dash) + Number(gap)
  const first = ((((Number(dash) - Number(size)) / 2 - Number(offset)) % period) + period) % period
  return { ...along, gap: period - Number(size), initialGap: first }
}

const caps = { butt: 'butt', round: 'round', square: 'square' } as const
const joins = { mitre: 'mitre', miter: 'mitre', round: 'round', bevel: 'bevel' } as const

function readWord<T extends string>(reading: Reading, element: XmlElement | undefined, words: Readonly<Record<string, T>>): T | undefined {
  if (!element) return undefined
  const value = readParameter(reading, element)
  const word = value.kind === 'literal' ? String(value.value ?? '').trim() : undefined
  if (word !== undefined && Object.hasOwn(words, word)) return words[word]
  note(reading, element, `${word === undefined ? 'a computed word' : quoted(word)} is not read; ${Object.keys(words).join(', ')} are`)
  return undefined
}

/** Dashes and gaps, apart by spaces or commas, or each an expression. Where all are 0 the line is whole. */
function readDashes(reading: Reading, element: XmlElement | undefined): readonly Length[] | undefined {
  if (!element) return undefined
  takeAll(reading, element)
  const dashes = element.content.flatMap((item): readonly Length[] => {
    if (typeof item !== 'string') return [readLength(reading, { ...element, content: [item] }, { least: 0 })]
    const texts = item.split(/[\s,]+/).filter(Boolean)
    return texts.map(text => lengthOf(element, text, reading.unit, { least: 0 }))
  })
  if (dashes.some(dash => dash !== 0)) return dashes
  note(reading, element, 'holds no dash, the line is drawn whole')
  return undefined
}

function readGraphicStroke(reading: Reading, element: XmlElement): GraphicStroke | undefined {
  const graphic = readGraphic(reading, element)
  const [gap, initialGap] = [takeParameter(reading, element, 'Gap'), takeParameter(reading, element, 'InitialGap')]
  if (!graphic) return undefined
  return {
    graphic,
    ...(gap && { gap: readLength(reading, gap) }),
    ...(initialGap && { initialGap: readLength(reading, initialGap) }),
  }
}
