import type { RowBatch, RowSchema } from './batch.js'
import { ByteSink } from './byte-sink.js'
import { type RowView, rowView } from './row-view.js'

/** What stands instead of a field that is not null, in the binary form of its new column: text is UTF-8. */
export type NewField = (row: RowView, column: number) => string

/** Batches whose fields in some columns, by index, are other texts; nulls stay. `schema` is that of the new batches. */
export async function* replaceFields(
  batches: AsyncIterable<RowBatch>,
  schema: RowSchema,
  fields: ReadonlyMap<number, NewField>,
): AsyncGenerator<RowBatch, void> {
  const sink = new ByteSink()
  for await (const batch of batches) {
    const view = rowView(batch)
    const offsets = new Int32Array(batch.count + 1)
    for (let row = 0; row < batch.count; row++) {
      view.at(row)
      for (let column = 0; column < schema.columns.length; column++) {
        const length = view.length(column)
        const field = length < 0 ? undefined : fields.get(column)
        const at = sink.length
        sink.int32(length)
        if (field) sink.patchInt32(at, sink.text(field(view, column)))
        else if (length > 0) sink.bytes(batch.bytes.subarray(view.start(column), view.start(column) + length))
      }
      offsets[row + 1] = sink.length
    }
    yield { schema, count: batch.count, bytes: sink.take(), offsets }
  }
}
