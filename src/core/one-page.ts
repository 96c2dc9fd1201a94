import type { RowBatch } from '#rows/batch.js'

/** Rows of a page, and whether there are more behind it. */
export interface OnePage {
  /** At most `limit` rows; whoever looks at all of them knows the rest. */
  readonly batches: AsyncIterable<RowBatch>
  /** Known when all rows were looked at. */
  readonly state: { count: number; hasMore: boolean }
}

/** The first `limit` rows of a stream that was asked for one more, which tells whether there is a next page. */
export function onePage(batches: AsyncIterable<RowBatch>, limit: number): OnePage {
  const state = { count: 0, hasMore: false }
  async function* rows(): AsyncGenerator<RowBatch, void> {
    for await (const batch of batches) {
      const left = limit - state.count
      if (batch.count > left) {
        state.hasMore = true
        state.count += left
        if (left > 0) yield { ...batch, count: left }
        return
      }
      state.count += batch.count
      yield batch
    }
  }
  return { batches: rows(), state }
}
