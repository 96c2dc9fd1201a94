import type { AtlasView, Collection, ColumnReference } from '#core/atlas.js'

/**
 * Columns that hold ids of features of another collection of the view: foreign keys (T-42), with the id of that collection. Where several show the same table
 * it is the collection itself, else one that shows all of the table.
 */
export function referencesOf({ collections }: AtlasView, collection: Collection): ReadonlyMap<string, string> {
  const { source } = collection
  if (source.kind !== 'features') return new Map()
  return new Map(
    source.columns.flatMap(({ name, kind, refersTo }): (readonly [string, string])[] => {
      if (!refersTo || kind === 'bytes' || kind === 'json') return []
      const isTarget = (one: Collection) => isKeyOf(refersTo, one, source.store)
      const all = isTarget(collection) ? [collection] : [...collections.values()].filter(isTarget)
      const target = all.find(one => one.source.kind === 'features' && !one.source.restriction) ?? all[0]
      return target ? [[name, target.id]] : []
    }),
  )
}

/** Where people find the feature that a key in a column refers to; undefined where it refers to none of the view. */
export function referredPages(view: AtlasView, collection: Collection, baseUrl: string, query: string): ReferredPage {
  const references = referencesOf(view, collection)
  return (column, key) => {
    const id = references.get(column)
    return id === undefined ? undefined : `${baseUrl}/collections/${encodeURIComponent(id)}/items/${encodeURIComponent(key)}${query}`
  }
}

export type ReferredPage = (column: string, key: string) => string | undefined

const isKeyOf = ({ schema, table, column }: ColumnReference, { source }: Collection, store: string) =>
  source.kind === 'features' &&
  source.store === store &&
  source.schema === schema &&
  source.table === table &&
  'columns' in source.key &&
  source.key.columns.length === 1 &&
  source.key.columns[0] === column
