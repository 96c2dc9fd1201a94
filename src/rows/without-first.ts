import type { RowBatch, RowSchema } from './batch.js'

/** The batch without its first column: rows begin behind it, and what is skipped lies in the gaps between them. */
export function withoutFirst(batch: RowBatch, schema: RowSchema): RowBatch {
  const view = new DataView(batch.bytes.buffer, batch.bytes.byteOffset, batch.bytes.byteLength)
  const offsets = batch.offsets.map((at, row) => (row < batch.count ? at + 4 + Math.max(0, view.getInt32(at)) : at))
  return { ...batch, schema, offsets }
}
