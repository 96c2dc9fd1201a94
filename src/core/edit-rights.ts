import { type Caller, decide } from './access.js'
import type { Atlas, Collection } from './atlas.js'

/** Ways to change the features of a collection. */
export type EditKind = 'create' | 'replace' | 'update' | 'remove'

/** What can be done with the features of a collection, whoever asks: nothing with rasters and what the database does not let be written, and where
 * rows have no key that lasts, they can only be added. */
export function editsPossible({ source }: Collection): readonly EditKind[] {
  if (source.kind !== 'features' || !source.isWritable || source.key.kind === 'none') return []
  if (source.key.kind === 'ctid') return ['create']
  const { key, columns } = source
  return key.columns.every(name => columns.some(column => column.name === name)) ? ['create', 'replace', 'update', 'remove'] : []
}

/** What this caller may do: for `Allow`, and for pages that offer it. */
export function editsAllowed(atlas: Pick<Atlas, 'access' | 'spaces'>, caller: Caller, collection: Collection): readonly EditKind[] {
  return decide(atlas, caller, 'write', collection.id) === 'allowed' ? editsPossible(collection) : []
}
