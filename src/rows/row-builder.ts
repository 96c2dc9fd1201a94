import type { RowBatch, RowSchema } from './batch.js'
import { ByteSink } from './byte-sink.js'
import { type FieldInput, putField } from './pg-field-writer.js'

/** Makes batches out of JavaScript values, for stores that are not a database and for tests. */
export class RowBuilder {
  readonly schema: RowSchema
  readonly #sink = new ByteSink(16_384)
  #offsets: number[] = [0]

  constructor(schema: RowSchema) {
    this.schema = schema
  }

  /** Rows in the batch so far. */
  get count(): number {
    return this.#offsets.length - 1
  }

  /** Bytes in the batch so far. */
  get length(): number {
    return this.#sink.length
  }

  /** Appends one row, values in the order of the columns; those missing are null. Throws `ValueError`, and then nothing of the row is kept. */
  row(values: readonly FieldInput[]): this {
    const start = this.#sink.length
    try {
      for (let i = 0; i < this.schema.columns.length; i++) putField(this.#sink, this.schema.columns[i], values[i])
    } catch (error) {
      this.#sink.truncate(start)
      throw error
    }
    this.#offsets.push(this.#sink.length)
    return this
  }

  /** The batch, handed over; the builder starts anew. */
  take(): RowBatch {
    const batch = { schema: this.schema, count: this.count, bytes: this.#sink.take(), offsets: Int32Array.from(this.#offsets) }
    this.#offsets = [0]
    return batch
  }
}
