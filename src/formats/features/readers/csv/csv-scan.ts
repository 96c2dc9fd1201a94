import type { Bbox } from '#geo/bbox.js'
import { brokenFile } from '../reader.js'
import { isHeader } from './csv-dialect.js'
import { type CsvSource, csvRecords } from './csv-records.js'
import { type CsvColumnScan, emptyColumn, scanValue } from './csv-values.js'

/** What a full first pass over a text table finds out. */
export interface CsvScan {
  /** As in the header, or empty where there is none. */
  readonly names: readonly string[]
  readonly hasHeader: boolean
  readonly columns: readonly CsvColumnScan[]
  /** The first value of each column that is not empty. */
  readonly examples: readonly string[]
  /** Least and greatest number of each column; NaN while there is none. */
  readonly ranges: readonly { least: number; greatest: number }[]
  readonly count: number
  /** Records with fewer fields than columns: the missing ones are empty. */
  readonly shortCount: number
}

const maxColumns = 1600

/** What programs write where there is no value. */
const nothing = new Set(['NULL', '\\N', '#N/A', '#N/D', '#VALUE!', '#VALEUR!'])

/** A field as its value's text: spaces around it removed, stand-ins for nothing emptied. */
export function fieldText(field: string | undefined): string {
  const text = field?.trim() ?? ''
  return nothing.has(text) ? '' : text
}

export async function scanCsv(source: CsvSource, onScan: (share: number) => void): Promise<CsvScan> {
  const { label, bytes } = source.file
  let done = 0
  let names: string[] | undefined
  let hasHeader = false
  let count = 0
  let shortCount = 0
  const columns: CsvColumnScan[] = []
  const examples: string[] = []
  const ranges: { least: number; greatest: number }[] = []
  const records = csvRecords(source, chunk => {
    done += chunk
    onScan(Math.min(1, done / bytes))
  })
  for await (const group of records)
    for (const record of group) {
      if (!names) {
        if (record.length > maxColumns) throw brokenFile(label, `its first line has ${record.length} fields; ${maxColumns} would work.`)
        hasHeader = isHeader(record)
        names = hasHeader ? record.map(name => name.trim()) : record.map(() => '')
        for (const _ of names) {
          columns.push(emptyColumn())
          examples.push('')
          ranges.push({ least: Number.NaN, greatest: Number.NaN })
        }
        if (hasHeader) continue
      }
      count++
      if (record.length > names.length && record.slice(names.length).some(field => field.trim() !== ''))
        throw brokenFile(label, `row ${count} has ${record.length} fields, the first line has ${names.length}.`)
      if (record.length < names.length) shortCount++
      for (let i = 0; i < names.length; i++) {
        const text = fieldText(record[i])
        if (text === '') continue
        if (examples[i] === '') examples[i] = text
        scanValue(columns[i], text)
        widenRange(ranges[i], text)
      }
    }
  if (!names) throw brokenFile(label, 'is empty.')
  return { names, hasHeader, columns, examples, ranges, count, shortCount }
}

function widenRange(range: { least: number; greatest: number }, text: string): void {
  const first = text.charCodeAt(0)
  if (first > 0x39 || first < 0x2c) return
  const value = Number(text.includes(',') ? text.replace(',', '.') : text)
  if (!Number.isFinite(value)) return
  if (!(value >= range.least)) range.least = value
  if (!(value <= range.greatest)) range.greatest = value
}

/** Box of two columns of numbers; undefined when one has none. */
export function boxOf({ ranges }: CsvScan, x: number, y: number): Bbox | undefined {
  const box = [ranges[x].least, ranges[y].least, ranges[x].greatest, ranges[y].greatest] as const
  return box.every(Number.isFinite) ? box : undefined
}
