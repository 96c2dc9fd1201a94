import { parseEcqlExpression } from '#filters/ecql/parse-ecql.js'
import { entryOf } from '#filters/entry-of.js'
import type { Expression, Literal } from '#filters/expression.js'
import { FilterError } from '#filters/filter-error.js'
import type { XmlElement } from '#xml/read.js'
import type { Length, Offset, Value } from '../style.js'
import { readExpression } from './read-filter.js'
import { note, plainText, quoted, type Reading, refuse, take, takeAll, takeAttribute, takeParameter, type Unit } from './reading.js'

/** Both included. */
export interface Bounds {
  readonly least?: number
  readonly most?: number
}

/** Metres of the units SE has a name for (OGC 05-077r4, 10.2). */
export const metresPerUnit = { metre: 1, foot: 0.3048 } as const

const units: Readonly<Record<string, Unit>> = {
  pixel: 'pixel',
  px: 'pixel',
  metre: 'metre',
  meter: 'metre',
  m: 'metre',
  foot: 'foot',
  feet: 'foot',
  ft: 'foot',
}

/** The reading of a symbolizer: lengths are in its `uom`. Spellings of older programs are taken by their last word. */
export function withUnitOf(reading: Reading, symbolizer: XmlElement): Reading {
  const uom = takeAttribute(reading, symbolizer, 'uom')
  if (!uom) return { ...reading, unit: 'pixel' }
  const word = uom.split(/[/:#]/).at(-1)!.toLowerCase()
  const unit = entryOf(units, word)
  if (!unit)
    note(reading, symbolizer, `the unit ${quoted(uom)} is not known, lengths are taken as pixels; …/units/pixel, metre and foot are known`)
  return { ...reading, unit: unit ?? 'pixel' }
}

/** A number, or what computes it. Throws StyleError for what is neither, or out of bounds. */
export function readNumber(reading: Reading, element: XmlElement, bounds: Bounds = {}): Value<number> {
  const value = readParameter(reading, element)
  if (value.kind !== 'literal') return value
  return checkedNumber(element, String(value.value ?? ''), bounds)
}

/** A length in the unit of the symbolizer, or in that behind the number (`5m`, `2px`, `3ft`). */
export function readLength(reading: Reading, element: XmlElement, bounds: Bounds = {}): Length {
  const value = readParameter(reading, element)
  if (value.kind !== 'literal') return inUnit(value, reading.unit)
  return lengthOf(element, String(value.value ?? ''), reading.unit, bounds)
}

const suffixes: Readonly<Record<string, Unit>> = { px: 'pixel', m: 'metre', ft: 'foot' }

/** As `readLength`, of a text; `unit` where none stands behind the number. */
export function lengthOf(element: XmlElement, text: string, unit: Unit, bounds: Bounds = {}): Length {
  const plain = text.trim()
  const suffix = Object.keys(suffixes).find(one => plain.endsWith(one))
  return inUnit(checkedNumber(element, suffix ? plain.slice(0, -suffix.length) : plain, bounds), suffix ? suffixes[suffix] : unit)
}

function inUnit(value: Value<number>, unit: Unit): Length {
  if (unit === 'pixel' || value === 0) return value
  if (unit === 'metre') return { kind: 'ground', metres: value }
  const feet = metresPerUnit[unit]
  if (typeof value === 'number') return { kind: 'ground', metres: value * feet }
  return { kind: 'ground', metres: { kind: 'call', name: '*', args: [value, { kind: 'literal', value: feet }] } }
}

/** The number of a text, within bounds. Throws StyleError that names `element`. */
export function checkedNumber(
  element: XmlElement,
  text: string,
  { least = Number.NEGATIVE_INFINITY, most = Number.POSITIVE_INFINITY }: Bounds = {},
): number {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  if (Number.isFinite(value) && value >= least && value <= most) return value
  const range = Number.isFinite(most) ? ` from ${least} to ${most}` : Number.isFinite(least) ? ` of ${least} or more` : ''
  const name = element.attributes.find(attribute => attribute.name === 'name')?.value
  return refuse(element, `${name ? `${name} is ` : ''}${quoted(text.trim())}, where a number${range} is wanted`)
}

/** Opacity, 0 to 1. */
export function readOpacity(reading: Reading, element: XmlElement | undefined): Value<number> {
  if (!element) return 1
  const value = readNumber(reading, element)
  if (typeof value !== 'number' || (value >= 0 && value <= 1)) return value
  note(reading, element, `an opacity of ${value} is taken as ${value < 0 ? 0 : 1}; opacities go from 0 to 1`)
  return value < 0 ? 0 : 1
}

/** A colour as `#rrggbb`, or what computes it. */
export function readColor(reading: Reading, element: XmlElement): Value<string> {
  const value = readParameter(reading, element)
  return value.kind === 'literal' ? colorOf(element, String(value.value ?? '')) : value
}

/** `#rrggbb` of a text, `#` or `0x` before it or nothing. Throws StyleError. */
export function colorOf(element: XmlElement, text: string): string {
  const [, short, long] = /^(?:#|0x)?(?:([0-9a-f]{3})|([0-9a-f]{6}))$/i.exec(text.trim()) ?? []
  if (short) return `#${[...short].map(digit => digit + digit).join('')}`.toLowerCase()
  return long ? `#${long.toLowerCase()}` : refuse(element, `the colour ${quoted(text.trim())} is not known; #rrggbb is`)
}

/** X and y, y up in SLD and down in the model. */
export function readDisplacement(reading: Reading, parent: XmlElement): Offset | undefined {
  const element = take(reading, parent, 'Displacement')
  if (!element) return undefined
  const axis = (name: string) => {
    const found = takeParameter(reading, element, name)
    return found ? readLength(reading, found) : 0
  }
  return [axis('DisplacementX'), negative(axis('DisplacementY'))]
}

/** The same length the other way. */
export function negative(length: Length): Length {
  if (typeof length === 'number') return length === 0 ? 0 : -length
  if (length.kind === 'ground') return { kind: 'ground', metres: negativeValue(length.metres) }
  return negativeValue(length)
}

function negativeValue(value: Value<number>): Value<number> {
  if (typeof value === 'number') return value === 0 ? 0 : -value
  const isNegated = value.kind === 'call' && value.name === '-' && value.args.length === 2 && isZero(value.args[0])
  return isNegated ? value.args[1] : { kind: 'call', name: '-', args: [{ kind: 'literal', value: 0 }, value] }
}

const isZero = (expression: Expression) => expression.kind === 'literal' && Number(expression.value) === 0

/** X and y as shares, from the lower left corner. */
export function readAnchor(reading: Reading, parent: XmlElement): readonly [Value<number>, Value<number>] | undefined {
  const element = take(reading, parent, 'AnchorPoint')
  if (!element) return undefined
  const axis = (name: string) => {
    const found = takeParameter(reading, element, name)
    return found ? readNumber(reading, found) : 0.5
  }
  return [axis('AnchorPointX'), axis('AnchorPointY')]
}

/** Yes or no. */
export function readBoolean(element: XmlElement): boolean {
  const text = plainText(element).toLowerCase()
  if (text === 'true' || text === '1') return true
  return text === 'false' || text === '0' ? false : refuse(element, `${quoted(text)} is neither true nor false`)
}

/**
 * A parameter's value (OGC 05-077r4, 11.1.3): texts and expressions, one after the other. Spaces around texts are laid out by people and count only in
 * `label`s, where one stays for each run of them between two other parts; those in CDATA sections stay as they are.
 */
export function readParameter(reading: Reading, element: XmlElement): Expression {
  const parts = partsOf(reading, element)
  if (parts.length === 1) return parts[0]
  return parts.length === 0 ? literal('') : { kind: 'call', name: 'concat', args: parts }
}

const literal = (value: string): Literal => ({ kind: 'literal', value })

function partsOf(reading: Reading, element: XmlElement): readonly Expression[] {
  const parts: Expression[] = []
  takeAll(reading, element)
  const last = element.content.length - 1
  const exact = new Set(element.exact)
  element.content.forEach((item, i) => {
    if (typeof item !== 'string') parts.push(readExpression(reading, item))
    else if (exact.has(i)) parts.push(literal(item))
    else parts.push(...embedded(element, laidOut(item, i === 0, i === last)))
  })
  return joined(parts)
}

/** Layout between parts is nothing where it breaks the line, else a space. */
function laidOut(text: string, isFirst: boolean, isLast: boolean): string {
  if (text.trim() === '') return isFirst || isLast || text.includes('\n') ? '' : ' '
  const before = text.slice(0, text.length - text.trimStart().length)
  const after = text.slice(text.trimEnd().length)
  const kept = (space: string, isEnd: boolean) => (space === '' || isEnd || space.includes('\n') ? '' : ' ')
  return kept(before, isFirst) + text.trim().replace(/\s+/g, ' ') + kept(after, isLast)
}

/** Texts that follow each other are one. */
function joined(parts: readonly Expression[]): readonly Expression[] {
  const result: Expression[] = []
  for (const part of parts) {
    const before = result.at(-1)
    const isText = (part?: Expression): part is Literal & { value: string } => part?.kind === 'literal' && typeof part.value === 'string'
    if (isText(before) && isText(part)) result[result.length - 1] = literal(before.value + part.value)
    else if (!isText(part) || part.value !== '') result.push(part)
  }
  return result
}

/** GeoServer's `${name}`, `${'text'}` and other values in ECQL inside texts. */
export function embedded(element: XmlElement, text: string): readonly Expression[] {
  return text.split(/(\$\{[^{}]*\})/).flatMap((piece): readonly Expression[] => {
    if (piece === '') return []
    if (!/^\$\{.*\}$/s.test(piece)) return [literal(piece)]
    const inner = piece.slice(2, -1).trim()
    if (/^'(?:[^']|'')*'$/.test(inner)) return [literal(inner.slice(1, -1).replaceAll("''", "'"))]
    if (/^"[^"]+"$/.test(inner)) return [{ kind: 'property', name: inner.slice(1, -1) }]
    if (/^[\p{L}_][\p{L}\p{N}_]*$/u.test(inner)) return [{ kind: 'property', name: inner }]
    if (inner !== '' && Number.isFinite(Number(inner))) return [{ kind: 'literal', value: Number(inner) }]
    return [embeddedExpression(element, piece, inner)]
  })
}

/** GeoServer's values are in ECQL. */
function embeddedExpression(element: XmlElement, piece: string, inner: string): Expression {
  try {
    return parseEcqlExpression(inner)
  } catch (error) {
    if (!(error instanceof FilterError)) throw error
    return refuse(element, `${quoted(piece)} is not read as a value in ECQL. ${error.message}`)
  }
}

/** A flag element of that name. */
export function takeBoolean(reading: Reading, parent: XmlElement, name: string): boolean | undefined {
  const element = take(reading, parent, name)
  return element && readBoolean(element)
}
