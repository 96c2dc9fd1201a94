import type { Atlas, AtlasView, Collection } from './atlas.js'

/**
 * Looks a view up by its key: `''` (everything), a space's id, `datasets/{collection id}`, or `geoserver/{prefix}` for the collections of a prefix; undefined
 * when there is no such part.
 */
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
  if (key.startsWith('geoserver/')) return workspaceView(atlas, key)
  const space = atlas.spaces.get(key)
  if (!space) return undefined
  const members = space.collections.flatMap(id => atlas.collections.get(id) ?? [])
  return { atlas, key, title: space.title, collections: new Map(members.map(collection => [collection.id, collection])) }
}

/** What GeoServer calls a workspace: collections `{prefix}:…`, at its old address. */
function workspaceView(atlas: Atlas, key: string): AtlasView | undefined {
  const prefix = key.slice('geoserver/'.length)
  if (!atlas.legacy.has('geoserver') || !collectionPrefixes(atlas).has(prefix)) return undefined
  const members = [...atlas.collections].filter(([id]) => id.startsWith(`${prefix}:`))
  return { atlas, key, title: atlas.service.title, collections: new Map(members) }
}

const prefixesOf = new WeakMap<Atlas, ReadonlySet<string>>()

/** What stands before the first colon of the ids of collections. */
export function collectionPrefixes(atlas: Atlas): ReadonlySet<string> {
  const known = prefixesOf.get(atlas)
  if (known) return known
  const prefixes = new Set([...atlas.collections.keys()].filter(id => id.includes(':')).map(id => id.slice(0, id.indexOf(':'))))
  prefixesOf.set(atlas, prefixes)
  return prefixes
}

/**
 * The collection that `name` means in a view: its id, or `{space}:{id}` for the collections of a space (contract, section 4); at an old address of a
 * workspace also what stands behind the prefix. An id that itself contains colons wins over the reading as a space.
 */
export function findCollection(view: AtlasView, name: string): Collection | undefined {
  const collection = view.collections.get(name)
  if (collection) return collection
  if (view.key.startsWith('geoserver/')) {
    const local = view.collections.get(`${view.key.slice('geoserver/'.length)}:${name}`)
    if (local) return local
  }
  for (let colon = name.indexOf(':'); colon >= 0; colon = name.indexOf(':', colon + 1)) {
    const id = name.slice(colon + 1)
    if (view.atlas.spaces.get(name.slice(0, colon))?.collections.includes(id)) return view.collections.get(id)
  }
  return undefined
}
