import type { LayerColumn, LayerValue } from '#core/ports.js'
import type { ColumnKind } from '#rows/batch.js'
import { columnNames } from '../column-names.js'
import { isDay } from '../date-text.js'
import type { LeaveOut } from '../left-out.js'
import { brokenFile } from '../reader.js'
import { openWindowed, type WindowedFile } from '../windowed-file.js'
import { dbfDecoding, type TextDecoding } from './dbf-encoding.js'
import { type DbfField, type DbfHeader, readDbfHeader } from './dbf-header.js'

/** A dBase table, opened: its columns known, rows read one by one. */
export interface DbfTable {
  readonly rows: number
  readonly columns: readonly LayerColumn[]
  readonly notes: readonly string[]
  /** Values of row `index` (from 0); undefined when it is marked as deleted. A promise only when the disk must be asked. */
  rowReader(leaveOut: LeaveOut): (index: number) => LayerValue[] | undefined | Promise<LayerValue[] | undefined>
  close(): Promise<void>
}

export async function openDbf(path: string, label: string, cpg: string | undefined): Promise<DbfTable> {
  const file = await openWindowed(path, label)
  try {
    const header = await readDbfHeader(file, label)
    const decoding = dbfDecoding(cpg, header.languageDriver)
    const readable = header.fields.filter(field => kindOf(field) !== undefined)
    const named = columnNames(readable.map(field => decoding.decode(field.name) ?? ''))
    const dropped = header.fields
      .filter(field => kindOf(field) === undefined)
      .map(field => `“${decoding.decode(field.name)}” (${field.type})`)
    return {
      rows: header.rows,
      columns: readable.map((field, i) => ({ name: named.names[i], kind: kindOf(field) as ColumnKind })),
      notes: [
        ...named.notes,
        ...(decoding.note ? [decoding.note] : []),
        ...(dropped.length > 0 ? [`Left out: fields of types that are not read, ${dropped.join(', ')}.`] : []),
      ],
      rowReader: leaveOut => rowReader(file, header, readable, named.names, { label, decoding, leaveOut }),
      close: () => file.close(),
    }
  } catch (error) {
    await file.close()
    throw error
  }
}

/** Kind by field type; undefined for memos, pictures and the like, whose content lies in other files. */
function kindOf({ type, bytes, decimals }: DbfField): ColumnKind | undefined {
  switch (type) {
    case 'C':
      return 'text'
    case 'N':
      // nine digits always fit in 32 bits, eighteen in 64
      return decimals > 0 ? 'double' : bytes <= 9 ? 'integer' : bytes <= 18 ? 'bigint' : 'numeric'
    case 'F':
    case 'Y':
      return 'double'
    case 'B':
    case 'O':
      return bytes === 8 ? 'double' : undefined
    case 'I':
    case '+':
      return bytes === 4 ? 'integer' : undefined
    case 'L':
      return 'boolean'
    case 'D':
      return 'date'
    case 'T':
    case '@':
      return bytes === 8 ? 'timestamp' : undefined
    default:
      return undefined
  }
}

interface RowContext {
  readonly label: string
  readonly decoding: TextDecoding
  readonly leaveOut: LeaveOut
}

function rowReader(file: WindowedFile, header: DbfHeader, fields: readonly DbfField[], names: readonly string[], context: RowContext) {
  let current = 0
  const place = () => `row ${current + 1}`
  const cells = fields.map((field, i) => cellReader(field, names[i], place, context))
  const values = (row: Buffer, index: number) => {
    current = index
    if (row[0] === 0x2a) return undefined
    const out: LayerValue[] = []
    for (let i = 0; i < cells.length; i++) out.push(cells[i](row))
    return out
  }
  return (index: number) => {
    const at = header.firstRow + index * header.rowBytes
    const row = file.peek(at, header.rowBytes)
    if (row) return values(row, index)
    return file.load(at, header.rowBytes).then(row => {
      if (!row) throw brokenFile(context.label, `row ${index + 1} is missing: the file changed while it was read.`)
      return values(row, index)
    })
  }
}

/** Hot: once per value. */
function cellReader(field: DbfField, name: string, place: () => string, { decoding, leaveOut }: RowContext): (row: Buffer) => LayerValue {
  const { at, bytes } = field
  const end = at + bytes
  const kind = kindOf(field)
  const wrong = (what: string) => leaveOut(`Column “${name}”, values that are no ${what}`, place)
  if (kind === 'text') return row => decoding.decode(row.subarray(at, end))
  if (field.type === 'I' || field.type === '+') return row => row.readInt32LE(at)
  if (field.type === 'O' || field.type === 'B') return row => finiteOrNull(row.readDoubleLE(at))
  if (field.type === 'Y') return row => Number(row.readBigInt64LE(at)) / 10_000
  if (kind === 'timestamp') return row => timestamp(row.readUInt32LE(at), row.readUInt32LE(at + 4))
  if (kind === 'boolean')
    return row =>
      'TtYy1'.includes(row.toString('latin1', at, at + 1)) ? true : 'FfNn0'.includes(row.toString('latin1', at, at + 1)) ? false : null
  const textAt = (row: Buffer) => row.toString('latin1', at, end).replace(/\0/g, ' ').trim()
  if (kind === 'date')
    return row => {
      const text = textAt(row)
      if (text === '' || /^[0\s]*$/.test(text)) return null
      const match = /^(\d{4})(\d\d)(\d\d)$/.exec(text)
      return match && isDay(Number(match[1]), Number(match[2]), Number(match[3])) ? `${match[1]}-${match[2]}-${match[3]}` : wrong('date')
    }
  return row => {
    const text = textAt(row)
    // stars: the value was too wide for its field
    if (text === '' || text[0] === '*') return null
    const value = Number(text.replace(',', '.'))
    if (Number.isNaN(value)) return wrong('number')
    if (kind === 'double') return finiteOrNull(value)
    if (!Number.isInteger(value)) return wrong('whole number')
    if (kind === 'integer') return (value | 0) === value ? value : wrong('whole number of 32 bits')
    return Number.isSafeInteger(value) ? value : /^-?\d+$/.test(text) ? text : wrong('whole number')
  }
}

const finiteOrNull = (value: number) => (Number.isFinite(value) ? value : null)

/** Julian day and milliseconds, as FoxPro stores instants. */
function timestamp(julianDay: number, milliseconds: number): string | null {
  if (julianDay < 1_721_426 || julianDay > 5_373_484 || milliseconds >= 86_400_000) return null
  return new Date((julianDay - 2_440_588) * 86_400_000 + milliseconds).toISOString().slice(0, -1)
}
