import type { Atlas } from '#core/atlas.js'
import { collectionPrefixes } from '#core/atlas-view.js'

/** Services that answer at old addresses; further ones follow with what they serve. */
const services = new Set(['wms', 'ows'])

/**
 * Where an old address leads (contract, section 4, `legacy`): a path of ours, or undefined where it is none. `segments` are those of the path, decoded.
 * GeoServer's workspaces are spaces of that name, else the collections with that prefix, which keep their address; its layers are data sets.
 */
export function legacyPath(segments: readonly string[], atlas: Atlas): string | undefined {
  const [first, ...rest] = segments
  if (first === 'mapcache') return atlas.legacy.has('mapcache') ? mapcachePath(rest) : undefined
  const cache = first === 'geoserver' ? rest : segments
  if (cache[0] === 'gwc') return atlas.legacy.has('geowebcache') ? geowebcachePath(cache.slice(1)) : undefined
  return first === 'geoserver' && atlas.legacy.has('geoserver') ? geoserverPath(rest, atlas) : undefined
}

/** `/geoserver/wms`, `/geoserver/{workspace}/wms`, `/geoserver/{workspace}/{layer}/wms`. */
function geoserverPath(path: readonly string[], atlas: Atlas): string | undefined {
  const parts = path.at(-1) === '' ? path.slice(0, -1) : path
  const service = parts.at(-1)?.toLowerCase()
  if (service === undefined || !services.has(service)) return undefined
  const [workspace, layer, ...more] = parts.slice(0, -1)
  if (more.length > 0) return undefined
  if (workspace === undefined) return `/${service}`
  const space = atlas.spaces.get(workspace)
  if (layer !== undefined) {
    const id = atlas.collections.has(`${workspace}:${layer}`) ? `${workspace}:${layer}` : layer
    const isMember = id !== layer || space?.collections.includes(id)
    return isMember && atlas.collections.has(id) ? `/datasets/${encodeURIComponent(id)}/${service}` : undefined
  }
  if (space) return `/${encodeURIComponent(workspace)}/${service}`
  return collectionPrefixes(atlas).has(workspace) ? `/geoserver/${encodeURIComponent(workspace)}/${service}` : undefined
}

/** `[/geoserver]/gwc/service/wms`. */
function geowebcachePath([service, name = '', ...more]: readonly string[]): string | undefined {
  const isServed = service === 'service' && services.has(name.toLowerCase()) && more.every(part => part === '')
  return isServed ? `/${name.toLowerCase()}` : undefined
}

/** `/mapcache` says by SERVICE what is asked, `/mapcache/wms` by its path. */
function mapcachePath([name = '', ...more]: readonly string[]): string | undefined {
  if (!more.every(part => part === '')) return undefined
  if (name === '') return '/ows'
  return services.has(name.toLowerCase()) ? `/${name.toLowerCase()}` : undefined
}
