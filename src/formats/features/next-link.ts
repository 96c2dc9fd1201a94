import type { FindFeatures } from '#core/find-features.js'
import { encodeCursor } from '#core/page-cursor.js'
import type { Link } from './collection-format.js'

/** The link to the page that begins behind `place`: by cursor, by position where that would be too long. `page` is the address without a place. */
export function nextLink(page: Link, find: FindFeatures, place: readonly (string | null)[], hasCount: boolean): Link {
  const { collection, filter, search, sort, offset = 0, pageSize = 0 } = find
  const selection = { collection: collection.id, ...(filter && { filter }), ...(search && { search }), ...(sort && { sort }) }
  const cursor = encodeCursor({ after: place, hasCount }, selection)
  const address = new URL(page.href)
  if (cursor !== undefined) address.searchParams.set('cursor', cursor)
  else address.searchParams.set('offset', String(offset + pageSize))
  return { ...page, href: address.href }
}
