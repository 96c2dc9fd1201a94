import type { Atlas } from '#core/atlas.js'
import { collectionPrefixes } from '#core/atlas-view.js'

/** Services that answer at old addresses; further ones follow with what they serve. */
const services = new Set(['wms', 'ows'])

/** What lies below the landing page of the OGC API; links of a workspace lead there. */
const resources = new Set(['', 'api', 'conformance', 'collections', 'functions', 'files', 'tileMatrixSets'])

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

/**
 * The query of an old address as the new one takes it. GeoServer's `filter` is CQL, where `CODE_INSEE=77177` finds a text; ours is CQL2, which is strict.
 * The language is written out, and links to further pages keep it.
 */
export function legacyQuery(path: string, query: string): string {
  const isCql = path.includes('/collections/') && /[?&]filter=/.test(query) && !/[?&]filter-lang=/.test(query)
  return isCql ? `${query}&filter-lang=cql-text` : query
}

/** `/geoserver/wms`, `/geoserver/{workspace}/wms`, `/geoserver/{workspace}/{layer}/wms`, and `ogc/features/v1/…` in place of `wms`. */
function geoserverPath(path: readonly string[], atlas: Atlas): string | undefined {
  const { place, asked } = geoserverService(path) ?? workspaceResource(path, atlas) ?? {}
  if (place === undefined) return undefined
  const [workspace, layer, ...more] = place
  if (more.length > 0) return undefined
  if (workspace === undefined) return `/${asked}`
  const space = atlas.spaces.get(workspace)
  if (layer !== undefined) {
    const id = atlas.collections.has(`${workspace}:${layer}`) ? `${workspace}:${layer}` : layer
    const isMember = id !== layer || space?.collections.includes(id)
    return isMember && atlas.collections.has(id) ? `/datasets/${encodeURIComponent(id)}/${asked}` : undefined
  }
  if (space) return `/${encodeURIComponent(workspace)}/${asked}`
  return collectionPrefixes(atlas).has(workspace) ? `/geoserver/${encodeURIComponent(workspace)}/${asked}` : undefined
}

interface Asked {
  /** The workspace and the layer, as far as they are named. */
  readonly place: readonly string[]
  /** The rest, as a path of ours without the slash before it. */
  readonly asked: string
}

function geoserverService(path: readonly string[]): Asked | undefined {
  const api = path.findIndex((part, i) => part === 'ogc' && path[i + 1] === 'features' && path[i + 2] === 'v1')
  if (api >= 0) return { place: path.slice(0, api), asked: joined(path.slice(api + 3)) }
  const parts = path.at(-1) === '' ? path.slice(0, -1) : path
  const service = parts.at(-1)?.toLowerCase()
  return service !== undefined && services.has(service) ? { place: parts.slice(0, -1), asked: service } : undefined
}

/** Collections of a prefix have no address but the old one: their links stay below it. */
function workspaceResource([workspace, ...rest]: readonly string[], atlas: Atlas): Asked | undefined {
  const isOurs = collectionPrefixes(atlas).has(workspace) && !atlas.spaces.has(workspace) && resources.has(rest[0])
  return isOurs ? { place: [workspace], asked: joined(rest) } : undefined
}

const joined = (segments: readonly string[]) => segments.map(encodeURIComponent).join('/')

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
