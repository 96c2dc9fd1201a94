import type { IncomingMessage } from 'node:http'
import type { Atlas } from '#core/atlas.js'
import { collectionPrefixes } from '#core/atlas-view.js'
import { legacyPath, legacyQuery } from './legacy.js'

/**
 * Settles which view of the atlas a path speaks of, before routing: `/eau/wms` becomes `/wms` in the view `eau`, and `/datasets/{id}/wms` becomes `/wms`
 * in the view `datasets/{id}` (contract, section 4). Old addresses become new ones first. The view's key is remembered beside the request.
 */
export function viewRewriter(atlas: () => Atlas): {
  rewrite: (request: IncomingMessage) => string
  keyOf: (request: IncomingMessage) => string
} {
  const keys = new WeakMap<IncomingMessage, string>()
  const rewrite = (request: IncomingMessage): string => {
    const url = request.url ?? '/'
    const end = url.search(/[?#]/)
    const asked = end < 0 ? url : url.slice(0, end)
    const query = end < 0 ? '' : url.slice(end)
    const now = atlas()
    const old = now.legacy.size > 0 ? legacyPath(decoded(asked), now) : undefined
    const rest = old === undefined ? query : legacyQuery(old, query)
    const [, first, second, ...more] = (old ?? asked).split('/')
    const { spaces, collections } = now
    if (first === 'datasets' && second !== undefined) {
      const id = decode(second)
      if (id !== undefined && collections.has(id)) {
        keys.set(request, `datasets/${id}`)
        return `/${more.join('/')}${rest}`
      }
    } else if (first === 'geoserver' && old !== undefined && second !== undefined) {
      const prefix = decode(second)
      if (prefix !== undefined && collectionPrefixes(now).has(prefix)) {
        keys.set(request, `geoserver/${prefix}`)
        return `/${more.join('/')}${rest}`
      }
    } else if (first) {
      const id = decode(first)
      if (id !== undefined && spaces.has(id)) {
        keys.set(request, id)
        return `/${[second, ...more].filter(part => part !== undefined).join('/')}${rest}`
      }
    }
    return old === undefined ? url : `${old}${rest}`
  }
  return { rewrite, keyOf: request => keys.get(request) ?? '' }
}

/** The segments of a path; none where one cannot be decoded. */
function decoded(path: string): readonly string[] {
  const segments = path.split('/').slice(1).map(decode)
  return segments.every(segment => segment !== undefined) ? segments : []
}

function decode(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment)
  } catch {
    return undefined
  }
}
