import type { Limits } from '#core/atlas.js'
import { Problem } from '#core/problem.js'
import type { CollectionFormat } from '#formats/features/index.js'

/** Which of the features that are selected an answer has. */
export type PageRequest =
  | { readonly kind: 'page'; readonly limit: number; readonly offset: number }
  /** All there are, whatever the bounds of pages. */
  | { readonly kind: 'all' }

/** Features an offset may leave out. */
const greatestOffset = 1e9

/**
 * What `limit` and `offset` say. A limit above the greatest is the greatest (OGC 17-069r4, 7.15.2); `limit=-1` is everything, of formats that are files
 * (T-53). Throws `invalid-parameter`.
 */
export function pageRequest(
  parameters: URLSearchParams,
  { items, itemsMax }: Limits,
  format: Pick<CollectionFormat, 'isDocument' | 'title'>,
): PageRequest {
  if (isCountOnly(parameters)) return { kind: 'page', limit: 0, offset: 0 }
  const asked = parameters.get('limit')
  if (asked === '-1') {
    if (!format.isDocument) return { kind: 'all' }
    throw refused('limit', asked, `is for files such as csv or gpkg, not for ${format.title}; 1 to ${itemsMax} would work`)
  }
  const limit = asked === null || asked === '' ? items : wholeNumber('limit', asked, `1 to ${itemsMax} would work`)
  if (limit < 1) throw refused('limit', String(limit), `is below 1; 1 to ${itemsMax} would work`)
  const skipped = parameters.get('offset')
  const offset = skipped === null || skipped === '' ? 0 : wholeNumber('offset', skipped, '0 would work')
  if (offset > greatestOffset) throw refused('offset', String(offset), 'is too large; the links to the next page have no such bound')
  return { kind: 'page', limit: Math.min(limit, itemsMax), offset }
}

/** `resultType=hits`, as GDAL asks for the number of features and nothing else. Throws `invalid-parameter`. */
function isCountOnly(parameters: URLSearchParams): boolean {
  const asked = parameters.get('resultType')
  if (asked === null || asked === '' || asked === 'results') return false
  if (asked === 'hits') return true
  throw refused('resultType', asked, 'is not known; results and hits would work')
}

function wholeNumber(name: string, text: string, works: string): number {
  if (/^\+?\d{1,15}$/.test(text.trim())) return Number(text)
  throw refused(name, text, `is not a whole number; ${works}`)
}

const refused = (name: string, text: string, why: string) =>
  new Problem('invalid-parameter', `${name}=${text.slice(0, 40)} ${why}.`, { locator: name })
