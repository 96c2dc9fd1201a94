import type { LayerValue } from '#core/ports.js'
import type { ColumnKind } from '#rows/batch.js'
import { instantKind, isDate, isDay, isTime } from '../date-text.js'
import { plainName } from './csv-geometry-columns.js'

/** What the texts of one column have looked like so far. Bits, because columns are seen value by value. */
export interface CsvColumnScan {
  /** Bits of `shapes` seen. */
  seen: number
  /** Numbers with a comma and anything but three digits behind it: proof of a decimal comma. */
  hasSureComma: boolean
  /** Dates with a day beyond 12 in the first place: proof of day/month/year. */
  hasSureDay: boolean
  /** Dates with more than 12 in the second place: month/day/year. */
  hasSureMonth: boolean
}

export const emptyColumn = (): CsvColumnScan => ({ seen: 0, hasSureComma: false, hasSureDay: false, hasSureMonth: false })

const shapes = {
  integer: 1,
  bigint: 2,
  dot: 4,
  comma: 8,
  boolean: 16,
  date: 32,
  slashDate: 64,
  timestamp: 128,
  timestamptz: 256,
  time: 512,
  text: 1024,
}

const integerText = /^-?(?:0|[1-9]\d{0,17})$/
const dotText = /^-?(?:0|[1-9]\d*)?\.\d+(?:[eE][+-]?\d{1,3})?$|^-?(?:0|[1-9]\d*)\.?(?:[eE][+-]?\d{1,3})$|^-?(?:0|[1-9]\d*)\.$/
const commaText = /^-?(?:0|[1-9]\d*)?,\d+$/
const slashDateText = /^(\d\d)[/.-](\d\d)[/.-](\d{4})$/

/** Sees one value; empty ones say nothing. Numbers with leading zeros or a plus are codes and telephone numbers: texts. Hot. */
export function scanValue(column: CsvColumnScan, value: string): void {
  if (value === '' || column.seen >= shapes.text) return
  column.seen |= shapeOf(column, value)
}

function shapeOf(column: CsvColumnScan, value: string): number {
  const first = value.charCodeAt(0)
  const isDigit = first >= 0x30 && first <= 0x39
  if (isDigit || first === 0x2d || first === 0x2e || first === 0x2c) {
    if (integerText.test(value)) {
      const number = Number(value)
      return (number | 0) === number ? shapes.integer : shapes.bigint
    }
    if (dotText.test(value)) return shapes.dot
    if (commaText.test(value)) {
      if (!/^-?[1-9]\d{0,2},\d{3}$/.test(value)) column.hasSureComma = true
      return shapes.comma
    }
    if (isDigit) return timeShape(column, value)
    return shapes.text
  }
  return /^(true|false)$/i.test(value) ? shapes.boolean : shapes.text
}

function timeShape(column: CsvColumnScan, value: string): number {
  if (isDate(value)) return shapes.date
  const instant = instantKind(value)
  if (instant) return shapes[instant]
  if (isTime(value)) return shapes.time
  const match = slashDateText.exec(value)
  if (!match) return shapes.text
  const [first, second, year] = [Number(match[1]), Number(match[2]), Number(match[3])]
  if (isDay(year, second, first)) {
    if (first > 12) column.hasSureDay = true
    return shapes.slashDate
  }
  if (!isDay(year, first, second)) return shapes.text
  column.hasSureMonth = true
  return shapes.slashDate
}

/** Codes whose digits are a name, not a number, even where none begins with a zero: INSEE, SIREN, SIRET, postal codes. */
const codeName =
  /(^|_)(insee|siren|siret|depcom|codgeo|iris|cp|code_postal|codes_postaux|postcode|zip|zipcode|code_com\w*|code_insee|code_dep\w*|code_reg\w*)(_|$)/

/** Whether a column of that name holds codes, whose digits are no number. */
export const isCodeName = (name: string) => codeName.test(plainName(name))

export interface CsvKind {
  readonly kind: ColumnKind
  readonly hasDecimalComma: boolean
  readonly note?: string
}

/** Kind of a column when all its values were seen. `isCommaUsual`: some column of the table surely has decimal commas. */
export function kindOfColumn(column: CsvColumnScan, name: string, isCommaUsual: boolean): CsvKind {
  const { seen } = column
  const only = (mask: number) => seen !== 0 && (seen & ~mask) === 0
  const whole = shapes.integer | shapes.bigint
  const plain = (kind: ColumnKind) => ({ kind, hasDecimalComma: false })
  if (only(shapes.integer)) return plain('integer')
  if (only(whole)) return plain('bigint')
  if (only(whole | shapes.dot)) return plain('double')
  if (only(whole | shapes.comma)) {
    if (isCommaUsual) return { kind: 'double', hasDecimalComma: true }
    return { ...plain('text'), note: `Column “${name}”: numbers such as 1,234 may mean 1.234 or 1234, and are kept as text.` }
  }
  if (only(shapes.boolean)) return plain('boolean')
  if (only(shapes.date)) return plain('date')
  if (only(shapes.slashDate) && column.hasSureDay && !column.hasSureMonth) return plain('date')
  if (only(shapes.timestamptz)) return plain('timestamptz')
  if (only(shapes.timestamp)) return plain('timestamp')
  if (only(shapes.time)) return plain('time')
  return plain('text')
}

/** A function from the text of a value to the value. Values were all seen before: what does not fit is a file that changed meanwhile. */
export function csvValueReader({ kind, hasDecimalComma }: CsvKind): (text: string) => LayerValue {
  switch (kind) {
    case 'integer':
      return text => (text === '' ? null : Number(text))
    case 'bigint':
      return text => (text === '' ? null : Number.isSafeInteger(Number(text)) ? Number(text) : text)
    case 'double':
      return hasDecimalComma ? text => (text === '' ? null : Number(text.replace(',', '.'))) : text => (text === '' ? null : Number(text))
    case 'boolean':
      return text => (text === '' ? null : /^t/i.test(text))
    case 'date':
      return text => (text === '' ? null : text.replace(slashDateText, '$3-$2-$1'))
    default:
      return text => (text === '' ? null : text.includes('\0') ? text.replaceAll('\0', '') : text)
  }
}
