import type { Caller } from '#core/access.js'
import type { Atlas, Collection } from '#core/atlas.js'
import { editsAllowed } from '#core/edit-rights.js'

/** Methods of a collection's items, and of one of them, that a caller may use: what `Allow` says, and what pages offer. */
export function allowedMethods(
  atlas: Pick<Atlas, 'access' | 'spaces'>,
  caller: Caller,
  collection: Collection,
): { readonly items: readonly string[]; readonly item: readonly string[] } {
  const edits = editsAllowed(atlas, caller, collection)
  const read = collection.source.kind === 'features' ? ['GET', 'HEAD'] : []
  const method = { create: 'POST', replace: 'PUT', update: 'PATCH', remove: 'DELETE' } as const
  const changing = edits.flatMap(edit => (edit === 'create' ? [] : [method[edit]]))
  return {
    items: [...read, ...(edits.includes('create') ? [method.create] : []), 'OPTIONS'],
    item: [...read, ...changing, 'OPTIONS'],
  }
}
