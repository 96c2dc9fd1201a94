import type { AtlasView, Collection, FeatureSource } from '#core/atlas.js'
import { findCollection } from '#core/atlas-view.js'
import { Problem } from '#core/problem.js'
import { nearestNames } from '#filters/nearest-names.js'

/** The collection of a path. Throws `unknown-collection`, naming the nearest. */
export function requireCollection(view: AtlasView, id: string): Collection {
  const collection = findCollection(view, id)
  if (collection) return collection
  const [near] = view.collections.size < 20_000 ? nearestNames(id, view.collections.keys(), 1) : []
  throw new Problem(
    'unknown-collection',
    `There is no collection «${id.slice(0, 200)}» here${near === undefined ? '' : `; ${near} is near it`}.`,
  )
}

/** The same, where it has features. Throws `not-found` for rasters. */
export function requireFeatures(view: AtlasView, id: string): { readonly collection: Collection; readonly source: FeatureSource } {
  const collection = requireCollection(view, id)
  const { source } = collection
  if (source.kind === 'features') return { collection, source }
  throw new Problem('not-found', `The collection ${collection.id} is a raster: it has no features, but maps and tiles.`)
}
