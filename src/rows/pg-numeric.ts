import type { ByteSink } from './byte-sink.js'
import { ValueError } from './value-error.js'

const negative = 0x4000
const specials: Readonly<Record<number, string>> = { 49152: 'NaN', 53248: 'Infinity', 61440: '-Infinity' }

/**
 * Exact text of a `numeric` in binary form (int16: digit count, weight, sign, display scale; then digits in base 10,000), as
 * PostgreSQL's own `::text` writes it: `-0.050`, `NaN`.
 */
export function numericText(view: DataView, start: number, length: number): string {
  if (length < 8) throw new ValueError('A numeric value breaks off.')
  const count = view.getUint16(start)
  const weight = view.getInt16(start + 2)
  const sign = view.getUint16(start + 4)
  const scale = view.getUint16(start + 6)
  if (sign in specials) return specials[sign]
  if (length < 8 + 2 * count) throw new ValueError('A numeric value breaks off.')
  const group = (i: number) => (i >= 0 && i < count ? view.getUint16(start + 8 + 2 * i) : 0)
  let text = sign === negative ? '-' : ''
  if (weight < 0) text += '0'
  else {
    text += group(0)
    for (let i = 1; i <= weight; i++) text += fourDigits(group(i))
  }
  if (scale === 0) return text
  let fraction = ''
  for (let i = weight + 1; fraction.length < scale; i++) fraction += fourDigits(group(i))
  return `${text}.${fraction.slice(0, scale)}`
}

function fourDigits(group: number): string {
  return String(group).padStart(4, '0')
}

/** Writes the length and the binary form of a number given as decimal text (`12.50`, `1e-3`, `NaN`), every digit kept. */
export function putNumeric(sink: ByteSink, text: string): void {
  const match = /^\s*([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,6}))?\s*$/.exec(text)
  if (!match || !(match[2] || match[3])) {
    putParts(sink, 0, specialSign(text), 0, [])
    return
  }
  const [, sign, whole, decimals = '', exponent = '0'] = match
  const digits = whole + decimals
  const point = whole.length + Number(exponent)
  const scale = Math.max(0, digits.length - point)
  if (point > 131_072 || scale > 16_383) throw new ValueError(`“${shortened(text)}” has more digits than a numeric column can hold.`)
  // Zeros on both sides so that groups of four line up with the decimal point.
  const before = point > 0 ? (4 - (point % 4)) % 4 : -point
  const lead = point > 0 ? before : before % 4
  const padded = '0'.repeat(lead) + digits.padEnd(Math.max(digits.length, point), '0')
  let weight = Math.ceil(point / 4) - 1
  if (point <= 0) weight = -Math.floor(before / 4) - 1
  const groups: number[] = []
  for (let i = 0; i < padded.length; i += 4) groups.push(Number(padded.slice(i, i + 4).padEnd(4, '0')))
  while (groups.at(-1) === 0) groups.pop()
  while (groups[0] === 0) {
    groups.shift()
    weight--
  }
  putParts(sink, groups.length ? weight : 0, sign === '-' && groups.length ? negative : 0, scale, groups)
}

function putParts(sink: ByteSink, weight: number, sign: number, scale: number, groups: readonly number[]): void {
  sink.int32(8 + 2 * groups.length)
  sink.int16(groups.length)
  sink.int16(weight)
  sink.int16(sign)
  sink.int16(scale)
  for (const group of groups) sink.int16(group)
}

function specialSign(text: string): number {
  const sign = Object.keys(specials).find(key => specials[Number(key)].toLowerCase() === text.trim().toLowerCase())
  if (!sign) throw new ValueError(`“${shortened(text)}” is not a number.`)
  return Number(sign)
}

function shortened(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text
}
