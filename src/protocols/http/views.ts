import type { IncomingMessage } from 'node:http'
import type { Atlas } from '#core/atlas.js'

/**
 * Settles which view of the atlas a path speaks of, before routing: `/eau/wms` becomes `/wms` in the view `eau`, and `/datasets/{id}/wms` becomes `/wms`
 * in the view `datasets/{id}` (contract, section 4). The view's key is remembered beside the request.
 */
export function viewRewriter(atlas: () => Atlas): {
  rewrite: (request: IncomingMessage) => string
  keyOf: (request: IncomingMessage) => string
} {
  const keys = new WeakMap<IncomingMessage, string>()
  const rewrite = (request: IncomingMessage): string => {
    const url = request.url ?? '/'
    const end = url.search(/[?#]/)
    const path = end < 0 ? url : url.slice(0, end)
    const rest = end < 0 ? '' : url.slice(end)
    const [, first, second, ...more] = path.split('/')
    const { spaces, collections } = atlas()
    if (first === 'datasets' && second !== undefined) {
      const id = decode(second)
      if (id !== undefined && collections.has(id)) {
        keys.set(request, `datasets/${id}`)
        return `/${more.join('/')}${rest}`
      }
    } else if (first) {
      const id = decode(first)
      if (id !== undefined && spaces.has(id)) {
        keys.set(request, id)
        return `/${[second, ...more].filter(part => part !== undefined).join('/')}${rest}`
      }
    }
    return url
  }
  return { rewrite, keyOf: request => keys.get(request) ?? '' }
}

function decode(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment)
  } catch {
    return undefined
  }
}
