import type { XmlElement } from '#xml/read.js'
import type { Font, LinePlacement, PointPlacement, TextPlacement, TextSymbolizer } from '../style.js'
import { readAbbreviations } from './abbreviations.js'
import { readGraphic } from './read-graphic.js'
import { readFill, takeNamed, takeParameters } from './read-stroke.js'
import { takeGeometry } from './read-symbolizer.js'
import { readAnchor, readBoolean, readDisplacement, readLength, readNumber, readParameter } from './read-value.js'
import { note, quoted, type Reading, take, takeAll, takeParameter } from './reading.js'
import { margins, type VendorOptions } from './vendor-options.js'

/** A TextSymbolizer (OGC 05-077r4, 11.4) with GeoServer's options that the model has a place for. */
export function readTextSymbolizer(reading: Reading, element: XmlElement, options: VendorOptions): TextSymbolizer | undefined {
  const geometry = takeGeometry(reading, element)
  const label = take(reading, element, 'Label')
  const text = label && readParameter(reading, label)
  const font = readFont(reading, element, options)
  const placement = readPlacement(reading, element, options)
  const halo = readHalo(reading, element)
  const fillElement = take(reading, element, 'Fill')
  const fill = fillElement && readFill(reading, fillElement)
  const priority = takeParameter(reading, element, 'Priority')
  const shield = readShield(reading, element, options)
  const more = readOptions(options)
  const abbreviations = readAbbreviations(reading, options)
  if (fill?.pattern) note(reading, fillElement!, 'texts are not filled with patterns; black is taken')
  if (!text || (text.kind === 'literal' && text.value === '')) {
    note(reading, element, 'has no Label and draws nothing')
    return undefined
  }
  return {
    kind: 'text',
    ...geometry,
    text,
    font,
    // Without parameters a Fill is grey, as everywhere; without Fill a text is black (OGC 05-077r4, 11.4.2).
    color: fill?.color ?? '#000000',
    opacity: fill?.opacity ?? 1,
    ...(halo && { halo }),
    placement,
    ...(priority && { priority: readNumber(reading, priority) }),
    ...more,
    ...(abbreviations && { abbreviations }),
    ...(shield && { shield }),
  }
}

/** Several Fonts, several families and lists of families are alternatives, in order. */
function readFont(reading: Reading, symbolizer: XmlElement, options: VendorOptions): Font {
  const fonts = takeAll(reading, symbolizer, 'Font')
  const families = fonts.flatMap(font => takeNamed(reading, font, 'font-family').flatMap(family => familiesOf(reading, family)))
  const [first] = fonts.map(font => takeParameters(reading, font, ['font-size', 'font-style', 'font-weight']))
  const [size, style, weight] = ['font-size', 'font-style', 'font-weight'].map(name => first?.get(name))
  const letterSpacing = options.number('charSpacing')
  const isItalic = style && readItalic(reading, style)
  const boldness = weight && readWeight(reading, weight)
  return {
    families: [...new Set(families)],
    size: size ? readLength(reading, size, { least: 0 }) : 10,
    ...(isItalic && { isItalic }),
    ...(boldness !== undefined && boldness !== 400 && { weight: boldness }),
    ...(letterSpacing && { letterSpacing }),
  }
}

function familiesOf(reading: Reading, element: XmlElement): readonly string[] {
  const value = readParameter(reading, element)
  if (value.kind === 'literal') {
    // Names with commas stand in quotes, as in CSS.
    const names = String(value.value ?? '').match(/'[^']*'|"[^"]*"|[^,]+/g) ?? []
    return names.map(name => name.trim().replace(/^(['"])(.*)\1$/, '$2')).filter(Boolean)
  }
  note(reading, element, 'a font that is computed for each feature is not read')
  return []
}

function readItalic(reading: Reading, element: XmlElement): boolean {
  const word = wordOf(reading, element)
  if (word !== undefined && !['normal', 'italic', 'oblique'].includes(word))
    note(reading, element, `${quoted(word)} is not read; normal, italic and oblique are`)
  return word === 'italic' || word === 'oblique'
}

function readWeight(reading: Reading, element: XmlElement): number | undefined {
  const word = wordOf(reading, element)
  const weight = word === 'bold' ? 700 : word === 'normal' ? 400 : Number(word)
  if (word === undefined || (weight >= 1 && weight <= 1000)) return word === undefined ? undefined : weight
  note(reading, element, `${quoted(word)} is not read; normal, bold and 100 to 900 are`)
  return undefined
}

function wordOf(reading: Reading, element: XmlElement): string | undefined {
  const value = readParameter(reading, element)
  if (value.kind === 'literal')
    return String(value.value ?? '')
      .trim()
      .toLowerCase()
  note(reading, element, 'is computed for each feature; here only a word is read')
  return undefined
}

function readHalo(reading: Reading, symbolizer: XmlElement): TextSymbolizer['halo'] {
  const element = take(reading, symbolizer, 'Halo')
  if (!element) return undefined
  const [radius, fillElement] = [takeParameter(reading, element, 'Radius'), take(reading, element, 'Fill')]
  const fill = fillElement && readFill(reading, fillElement)
  return { color: fill?.color ?? '#ffffff', opacity: fill?.opacity ?? 1, radius: radius ? readLength(reading, radius, { least: 0 }) : 1 }
}

function readPlacement(reading: Reading, symbolizer: XmlElement, options: VendorOptions): TextPlacement {
  const element = take(reading, symbolizer, 'LabelPlacement')
  const line = take(reading, element, 'LinePlacement')
  return line ? readLinePlacement(reading, line, options) : readPointPlacement(reading, take(reading, element, 'PointPlacement'), options)
}

/** A text of which so much lies inside is good enough for GeoServer when nobody says otherwise: no more than that is no demand to fit. */
const halfFit = 0.5

function readPointPlacement(reading: Reading, element: XmlElement | undefined, options: VendorOptions): PointPlacement {
  const anchor = element && readAnchor(reading, element)
  const displacement = element && readDisplacement(reading, element)
  const rotation = takeParameter(reading, element, 'Rotation')
  const maxDisplacement = options.number('maxDisplacement', { least: 0 })
  const fit = options.number('goodnessOfFit', { least: 0, most: 1 })
  if (fit !== undefined && fit > 0 && fit < 1)
    note(
      reading,
      options.element('goodnessOfFit')!,
      `a label that fits by ${fit} is not told from one that ${fit > halfFit ? 'fits; it must fit' : 'does not; it may reach beyond'}`,
    )
  return {
    kind: 'point',
    // OGC 05-077r4, 11.4.4
    anchor: anchor ?? [0, 0.5],
    ...(displacement && { displacement }),
    ...(rotation && { rotation: readNumber(reading, rotation) }),
    ...(maxDisplacement && { maxDisplacement }),
    ...(fit !== undefined && fit > halfFit && { mustFit: true }),
  }
}

function readLinePlacement(reading: Reading, element: XmlElement, options: VendorOptions): LinePlacement {
  const [offset, gap, initialGap] = ['PerpendicularOffset', 'Gap', 'InitialGap'].map(name => takeParameter(reading, element, name))
  const [repeated, aligned, generalize] = ['IsRepeated', 'IsAligned', 'GeneralizeLine'].map(name => take(reading, element, name))
  const isRepeated = repeated && readBoolean(repeated)
  const isUpright = aligned && !readBoolean(aligned)
  if (generalize && readBoolean(generalize)) note(reading, generalize, 'lines are not generalised for labels')
  if (isRepeated && !gap) note(reading, repeated, 'names no Gap; labels follow each other without one (SE 1.1.0, 11.4.4)')
  if (!isRepeated && gap) note(reading, gap, 'counts only where IsRepeated is true')
  const repeat = isRepeated ? (gap ? readLength(reading, gap, { least: 0 }) : 0) : options.number('repeat', { least: 0 }) || undefined
  const maxAngle = options.number('maxAngleDelta', { least: 0, most: 180 })
  const follows = options.boolean('followLine')
  return {
    kind: 'line',
    ...(offset && { offset: readLength(reading, offset) }),
    ...(repeat !== undefined && { repeat }),
    ...(initialGap && { initialGap: readLength(reading, initialGap) }),
    ...(follows === false && { isStraight: true }),
    ...(isUpright && { isUpright }),
    ...(maxAngle !== undefined && { maxAngle }),
  }
}

function readShield(reading: Reading, symbolizer: XmlElement, options: VendorOptions): TextSymbolizer['shield'] {
  const hasGraphic = symbolizer.content.some(item => typeof item !== 'string' && item.name === 'Graphic')
  if (!hasGraphic) return undefined
  const graphic = readGraphic(reading, symbolizer)
  const resize = options.word('graphic-resize', ['none', 'stretch', 'proportional'])
  const marginElement = options.element('graphic-margin')
  const around = marginElement && margins(marginElement)
  if (resize === 'proportional') note(reading, options.element('graphic-resize')!, 'is taken as stretch')
  if (around && new Set(around).size > 1) note(reading, marginElement, `the first margin, ${around[0]}, is taken for all sides`)
  if (!graphic) return undefined
  return {
    graphic,
    ...((resize === 'stretch' || resize === 'proportional') && { isStretched: true }),
    ...(around?.[0] && { margin: around[0] }),
  }
}

function readOptions(options: VendorOptions): Partial<TextSymbolizer> {
  const conflict = options.boolean('conflictResolution')
  const spaceAround = options.number('spaceAround')
  const wrapWidth = options.number('autoWrap', { least: 0 })
  const minRepeat = options.number('minGroupDistance', { least: 0 })
  const isGrouped = options.boolean('group')
  return {
    // GeoServer lets labels overlap by a negative space; here they then just may.
    ...((conflict === false || (spaceAround ?? 0) < 0) && { mayOverlap: true }),
    ...(spaceAround !== undefined && spaceAround > 0 && { spaceAround }),
    ...(wrapWidth && { wrapWidth }),
    ...(isGrouped && { isGrouped }),
    ...(minRepeat && { minRepeat }),
  }
}
