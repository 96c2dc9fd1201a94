import type { ColumnKind, RowBatch, RowColumn, RowSchema } from '#rows/batch.js'
import { oids } from '#rows/pg-types.js'
import { type NewField, replaceFields } from '#rows/replace-fields.js'
import type { RowView } from '#rows/row-view.js'
import type { FeatureColumn } from './feature-table.js'

/**
 * A column whose values are ids of other features, and how they are told (OGC 23-058r2, profiles for feature references): `uri`, the address of the feature as
 * text, or `link`, `{"href": …, "title": …}` as JSON. Plain data.
 */
export interface FeatureReference {
  readonly column: string
  readonly form: 'uri' | 'link'
  /** Of the features of the other collection: each is at `{items}/{id}`. */
  readonly items: string
}

/** The column as it is told: text, or JSON. */
export function referenceColumn(column: FeatureColumn, references: readonly FeatureReference[]): FeatureColumn {
  const reference = references.find(one => one.column === column.name)
  if (!reference) return column
  const kind = kindOf(reference)
  return { ...column, kind, nativeType: kind }
}

/** Rows whose references are told so; nulls stay. The batches are copies of those given. */
export function tellReferences(
  schema: RowSchema,
  batches: AsyncIterable<RowBatch>,
  references: readonly FeatureReference[],
): { readonly schema: RowSchema; readonly batches: AsyncIterable<RowBatch> } {
  const fields = new Map<number, NewField>()
  // the first column is the id of the feature itself
  const columns = schema.columns.map((column, index): RowColumn => {
    const reference = index > 0 && references.find(one => one.column === column.name)
    if (!reference) return column
    const kind = kindOf(reference)
    fields.set(index, fieldOf(reference))
    return { name: column.name, kind, oid: oids[kind] }
  })
  if (fields.size === 0) return { schema, batches }
  const told = { columns }
  return { schema: told, batches: replaceFields(batches, told, fields) }
}

const kindOf = ({ form }: FeatureReference) => (form === 'uri' ? 'text' : 'json') satisfies ColumnKind

function fieldOf({ form, items }: FeatureReference): NewField {
  const base = `${items}/`
  return (row: RowView, column: number) => {
    const key = row.text(column) ?? ''
    const href = base + encodeURIComponent(key)
    return form === 'uri' ? href : JSON.stringify({ href, title: key })
  }
}
