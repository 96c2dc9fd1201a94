import type { RowBatch, RowSchema } from '#rows/batch.js'
import { columnIndex, rowView } from '#rows/row-view.js'
import { withoutFirst } from '#rows/without-first.js'
import type { FeatureStore, RowStream } from './ports.js'
import type { FeatureQuery } from './queries.js'

/** Rows of a page, and what the next one begins behind. */
export interface Page extends RowStream {
  /** What `after` of the next page is; undefined where there is none. Known when the batches have ended, and not before. */
  next(): readonly (string | null)[] | undefined
}

/**
 * A page of `limit` rows in a total order; one more is asked for, so that it is known whether another page follows. A page goes on where the one before ended, whatever was inserted or
 * removed meanwhile: no row comes twice, and none that stayed as it was is left out. Where rows have no key, pages go by
 * position, and that does not hold.
 */
export async function findPage(store: FeatureStore, query: FeatureQuery, limit: number, signal?: AbortSignal): Promise<Page> {
  const { sort = [], columns, key, source } = query
  const names = sort.map(({ column }) => column)
  const asked: FeatureQuery = {
    ...query,
    key: true,
    columns: [...columns, ...names.filter(name => !columns.includes(name))],
    isPaged: true,
    limit: limit + 1,
  }
  const found = await store.find(asked, signal)
  const shown = found.schema.columns.slice(key ? 0 : 1, columns.length + 1)
  const schema: RowSchema = { columns: shown }
  const places = [...names.map(name => columnIndex(found.schema.columns, name)), 0]
  let next: readonly (string | null)[] | undefined
  let isWhole = false

  function placeAt(batch: RowBatch, row: number, before: number): readonly (string | null)[] {
    const view = rowView(batch).at(row)
    const texts = places.map(column => view.text(column))
    return source.key.kind === 'none' ? [...texts.slice(0, -1), String(before + row + 1)] : texts
  }

  async function* page(): AsyncGenerator<RowBatch, void> {
    const before = (query.offset ?? 0) + (source.key.kind === 'none' ? Number(query.after?.at(-1) ?? 0) : 0)
    let last: readonly (string | null)[] | undefined
    let count = 0
    for await (const batch of found.batches) {
      const rows = Math.min(batch.count, limit - count)
      if (rows > 0) last = placeAt(batch, rows - 1, before + count)
      if (rows < batch.count) next = last
      count += rows
      if (rows > 0) {
        const kept = rows < batch.count ? { ...batch, count: rows, offsets: batch.offsets.slice(0, rows + 1) } : batch
        yield key ? { ...kept, schema } : withoutFirst(kept, schema)
      }
    }
    isWhole = true
  }
  return {
    schema,
    batches: page(),
    next() {
      if (!isWhole) throw new Error('the batches of the page have not ended')
      return next
    },
  }
}
