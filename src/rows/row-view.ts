import type { RowBatch, RowColumn } from './batch.js'
import { type FieldValue, fieldText, fieldValue } from './pg-field.js'
import { ValueError } from './value-error.js'

/** Bytes that are exact in a number together with how many they are. */
const mostInNumber = 6

/**
 * A window that slides over the rows of a batch. Columns are named by index (`columnIndex`); nothing is decoded until asked for, and no
 * object is made per row. Methods throw `ValueError` when the bytes are not what the schema says.
 */
export class RowView {
  readonly batch: RowBatch
  readonly columns: readonly RowColumn[]
  readonly #buffer: Buffer
  readonly #view: DataView
  /** Start and length of each field of the row, as far as `#located` fields were looked up. */
  readonly #starts: Int32Array
  readonly #lengths: Int32Array
  #located = 0
  #next = 0
  #end = 0

  constructor(batch: RowBatch) {
    const { bytes, schema } = batch
    this.batch = batch
    this.columns = schema.columns
    this.#buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#starts = new Int32Array(schema.columns.length)
    this.#lengths = new Int32Array(schema.columns.length)
    if (batch.count > 0) this.at(0)
  }

  /** Moves to a row, 0 to `batch.count - 1`, and returns itself. */
  at(row: number): this {
    this.#next = this.batch.offsets[row]
    this.#end = this.batch.offsets[row + 1]
    this.#located = 0
    return this
  }

  isNull(column: number): boolean {
    return this.length(column) < 0
  }

  /** Bytes of the field; -1 when it is null. */
  length(column: number): number {
    if (column >= this.#located) this.#locate(column)
    return this.#lengths[column]
  }

  /** Where the field begins in `batch.bytes`. */
  start(column: number): number {
    if (column >= this.#located) this.#locate(column)
    return this.#starts[column]
  }

  /** The field as it came, not copied; undefined when null. */
  bytes(column: number): Uint8Array | undefined {
    const length = this.length(column)
    return length < 0 ? undefined : this.#buffer.subarray(this.#starts[column], this.#starts[column] + length)
  }

  /** The same where the bytes of the field are, and else another: of a few bytes a number, which takes less than a text. Null when null. */
  key(column: number): string | number | null {
    const length = this.length(column)
    if (length < 0) return null
    const start = this.#starts[column]
    if (length > mostInNumber) return this.#buffer.toString('latin1', start, start + length)
    let number = 0
    for (let i = 0; i < length; i++) number = number * 256 + this.#buffer[start + i]
    return number * 8 + length
  }

  /** See `FieldValue` for what becomes of each kind. */
  value(column: number): FieldValue | null {
    const length = this.length(column)
    return length < 0 ? null : fieldValue(this.columns[column], this.#buffer, this.#view, this.#starts[column], length)
  }

  /** See `fieldText`. */
  text(column: number): string | null {
    const value = this.value(column)
    return value === null ? null : fieldText(this.columns[column], value)
  }

  /** As a double, whatever that loses; NaN when null or not a number. */
  number(column: number): number {
    const value = this.value(column)
    return typeof value === 'number' ? value : value === null || value instanceof Uint8Array || value === '' ? Number.NaN : Number(value)
  }

  /** The whole row, one entry a column. */
  values(): (FieldValue | null)[] {
    return this.columns.map((_, column) => this.value(column))
  }

  #locate(column: number): void {
    for (let i = this.#located; i <= column; i++) {
      if (this.#next + 4 > this.#end) throw new ValueError(`A row breaks off before column ${this.columns[i]?.name ?? i}.`)
      const length = this.#view.getInt32(this.#next)
      this.#starts[i] = this.#next + 4
      this.#lengths[i] = length
      this.#next += 4 + Math.max(0, length)
      if (this.#next > this.#end) throw new ValueError(`A row breaks off in column ${this.columns[i].name}.`)
    }
    this.#located = column + 1
  }
}

/** A lazy reader of the rows of a batch, standing at the first. */
export function rowView(batch: RowBatch): RowView {
  return new RowView(batch)
}

/** Index of the column of that name; -1 when there is none. */
export function columnIndex(columns: readonly RowColumn[], name: string): number {
  return columns.findIndex(column => column.name === name)
}
