import type { Atlas, AtlasView, Collection } from './atlas.js'

/** Looks a view up by its key: `''` (everything), a space's id, or `datasets/{collection id}`; undefined when there is no such part. */
export type ViewFinder = (atlas: Atlas, key: string) => AtlasView | undefined

/** A finder that builds each view of an atlas once, and forgets them with the atlas. */
export function createViewFinder(): ViewFinder {
  const byAtlas = new WeakMap<Atlas, Map<string, AtlasView>>()
  return (atlas, key) => {
    const views = byAtlas.get(atlas) ?? new Map<string, AtlasView>()
    byAtlas.set(atlas, views)
    const view = views.get(key) ?? buildView(atlas, key)
    if (view) views.set(key, view) // only parts that exist are kept: their number is bounded by the atlas
    return view
  }
}

function buildView(atlas: Atlas, key: string): AtlasView | undefined {
  if (key === '') return { atlas, key, title: atlas.service.title, collections: atlas.collections }
  if (key.startsWith('datasets/')) {
    const collection = atlas.collections.get(key.slice('datasets/'.length))
    return collection && { atlas, key, title: collection.title, collections: new Map([[collection.id, collection]]) }
  }
  const space = atlas.spaces.get(key)
  if (!space) return undefined
  const members = space.collections.flatMap(id => atlas.collections.get(id) ?? [])
  return { atlas, key, title: space.title, collections: new Map(members.map(collection => [collection.id, collection])) }
}

/**
 * The collection that `name` means in a view: its id, or `{space}:{id}` for the collections of a space (contract, section 4).
 * An id that itself contains colons wins over the reading as a space.
 */
export function findCollection(view: AtlasView, name: string): Collection | undefined {
  const collection = view.collections.get(name)
  if (collection) return collection
  for (let colon = name.indexOf(':'); colon >= 0; colon = name.indexOf(':', colon + 1)) {
    const id = name.slice(colon + 1)
    if (view.atlas.spaces.get(name.slice(0, colon))?.collections.includes(id)) return view.collections.get(id)
  }
  return undefined
}
