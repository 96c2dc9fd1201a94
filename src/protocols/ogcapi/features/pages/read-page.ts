import type { FeatureColumn } from '#core/feature-table.js'
import { type FindFeatures, findFeatures } from '#core/find-features.js'
import type { Stores } from '#core/ports.js'
import type { RowColumn } from '#rows/batch.js'
import type { FieldValue } from '#rows/pg-field.js'
import { rowView } from '#rows/row-view.js'

/** A row of a page, read. */
export interface PageRow {
  readonly id: string | null
  /** One for each column of the page. */
  readonly values: readonly (FieldValue | null)[]
}

/** The features of a page without their geometries; bytes are their number. */
export interface ReadPage {
  readonly columns: readonly FeatureColumn[]
  readonly rows: readonly PageRow[]
  /** Where the next page begins, see `FeatureTable.next`. */
  readonly next?: readonly (string | null)[]
}

/** Reads features for a page, by the verb that every format is written with. */
export async function readPage(find: FindFeatures, stores: Stores, signal: AbortSignal): Promise<ReadPage> {
  const { columns, schema, batches, next } = await findFeatures({ ...find, withoutGeometry: true }, stores, signal)
  const rows: PageRow[] = []
  for await (const batch of batches) {
    const view = rowView(batch)
    for (let i = 0; i < batch.count; i++) {
      view.at(i)
      const values = columns.map((_, c) => (isBytes(schema.columns[c + 1]) ? lengthOf(view.length(c + 1)) : view.value(c + 1)))
      rows.push({ id: view.text(0), values })
    }
  }
  const place = next?.()
  return { columns, rows, ...(place && { next: place }) }
}

const isBytes = ({ kind }: RowColumn) => kind === 'bytes' || kind === 'geometry'
const lengthOf = (length: number) => (length < 0 ? null : length)
