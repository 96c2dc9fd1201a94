import type { CogStoreConfig, CollectionConfig } from '#config/config.js'
import type { RasterStore } from '#core/ports.js'
import { Problem } from '#core/problem.js'
import { isFileAddress, isRemote, joinLocation, relativeLocation } from '#stores/cog/locations.js'
import { patternMatcher } from './file-pattern.js'
import { findFiles } from './find-files.js'

/** GeoTIFFs by absolute path or address, and the places on other machines that could not be looked through. */
export interface FoundRasters {
  readonly paths: readonly string[]
  readonly failed: readonly { readonly place: string; readonly error: unknown }[]
}

/** Looks through files, folders and addresses. One that fails does not stop the others. */
export async function findRasters(places: readonly string[], store: RasterStore, signal?: AbortSignal): Promise<FoundRasters> {
  const local = await findFiles(
    places.filter(place => !isRemote(place)),
    signal,
  )
  const remote = await Promise.all(
    places.filter(isRemote).map(async place => {
      if (isFileAddress(place)) return { place, found: [place] }
      try {
        const found = await store.list(place, signal)
        if (found.length === 0) throw new Problem('not-found', 'There is no GeoTIFF below this address.')
        return { place, found }
      } catch (error) {
        signal?.throwIfAborted()
        return { place, error }
      }
    }),
  )
  return {
    paths: [...new Set([...local.rasters, ...remote.flatMap(({ found = [] }) => found)])],
    failed: remote.flatMap(({ place, error }) => (error === undefined ? [] : [{ place, error }])),
  }
}

/** The GeoTIFFs of each of `collections`. Where the root can be listed `files` are patterns; on web servers they are names. Throws what listing throws. */
export async function findDeclared(
  { root }: CogStoreConfig,
  collections: readonly CollectionConfig[],
  store: RasterStore,
  signal?: AbortSignal,
): Promise<readonly { readonly collection: CollectionConfig; readonly paths: readonly string[] }[]> {
  if (collections.length === 0 || root === undefined) return collections.map(collection => ({ collection, paths: [] }))
  if (/^https?:/i.test(root)) {
    if (collections.some(({ files = [] }) => files.some(file => /[*?]/.test(file))))
      throw new Problem('unsupported', 'Web servers have no listing: "files" must name each .tif, without * and ?.')
    return collections.map(collection => ({ collection, paths: (collection.files ?? []).map(file => joinLocation(root, file)) }))
  }
  const { paths, failed } = await findRasters([root], store, signal)
  if (failed.length > 0) throw failed[0].error
  const names = paths.map(path => relativeLocation(root, path))
  return collections.map(collection => {
    const patterns = (collection.files ?? []).map(patternMatcher)
    return { collection, paths: paths.filter((_, i) => patterns.some(matches => matches(names[i]))) }
  })
}
