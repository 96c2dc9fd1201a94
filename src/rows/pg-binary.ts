import type { RowColumn } from './batch.js'
import { ByteSink } from './byte-sink.js'
import { type FieldInput, putField } from './pg-field-writer.js'

const signature = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1')

/**
 * Writes rows in the binary COPY format of PostgreSQL: append rows, `take` what has gathered, send it, go on, and
 * close with `end`. The head comes with the first take. Memory is what lies between two takes.
 */
export class PgBinaryWriter {
  readonly columns: readonly RowColumn[]
  readonly #sink = new ByteSink(65_536)
  #rows = 0

  /** Columns in the order of the COPY statement; `oid` is that of the table's column, which the binary form must match exactly. */
  constructor(columns: readonly RowColumn[]) {
    this.columns = columns
    this.#sink.bytes(signature)
  }

  /** Rows appended so far. */
  get rows(): number {
    return this.#rows
  }

  /** Bytes gathered since the last take. */
  get length(): number {
    return this.#sink.length
  }

  /** Appends one row, values in the order of `columns`; those missing are null. Throws `ValueError`, and then nothing of the row is kept. */
  row(values: readonly FieldInput[]): void {
    const start = this.#sink.length
    try {
      this.#sink.int16(this.columns.length)
      for (let i = 0; i < this.columns.length; i++) putField(this.#sink, this.columns[i], values[i])
    } catch (error) {
      this.#sink.truncate(start)
      throw error
    }
    this.#rows++
  }

  /** What has gathered, handed over. */
  take(): Buffer {
    return this.#sink.take()
  }

  /** What has gathered, and the trailer. */
  end(): Buffer {
    this.#sink.int16(-1)
    return this.#sink.take()
  }
}
