import type { FeatureTable } from '#core/feature-table.js'
import { type RowView, rowView } from '#rows/row-view.js'
import { TextSink } from '../text-sink.js'

/** Bytes after which a piece is handed on. */
const pieceBytes = 128 * 1024

/** A sink for a document that is handed on in pieces. */
export const pieceSink = () => new TextSink(pieceBytes + 16_384)

/**
 * Puts one feature after the other and hands on what is in the sink whenever that is enough for a piece; the rest stays in it. `count` is how many there were
 * before. Whoever stops asking frees the rows.
 */
export async function* featurePieces(
  sink: TextSink,
  table: FeatureTable,
  put: (row: RowView, count: number) => void,
): AsyncGenerator<Uint8Array, number> {
  let count = 0
  for await (const batch of table.batches) {
    const row = rowView(batch)
    for (let i = 0; i < batch.count; i++) {
      put(row.at(i), count++)
      if (sink.length > pieceBytes) yield sink.take()
    }
  }
  return count
}
