import type { AttributeColumn, Collection } from '#core/atlas.js'
import { type GivenFeature, isJsonObject, type JsonValue, LongNumber } from '#core/given-feature.js'
import type { ServiceRequest } from '#protocols/http/service.js'
import { referencesOf } from './references.js'

/**
 * Turns features that were sent into such whose references are keys: what was read by the profiles `rel-as-uri` and `rel-as-link` may be sent back where it
 * was read. Any other value stays as it is, and is judged by its column.
 */
export function referencesAsKeys(
  { view, baseUrl }: Pick<ServiceRequest, 'view' | 'baseUrl'>,
  collection: Collection,
): (feature: GivenFeature) => GivenFeature {
  const { source } = collection
  const references = referencesOf(view, collection)
  if (source.kind !== 'features' || references.size === 0) return feature => feature
  const columns = new Map(source.columns.map(column => [column.name, column]))
  return feature => ({
    ...feature,
    properties: new Map(
      [...feature.properties].map(([name, value]) => {
        const [id, column] = [references.get(name), columns.get(name)]
        if (id === undefined || !column) return [name, value]
        return [name, keyOf(value, `${baseUrl}/collections/${encodeURIComponent(id)}/items/`, column) ?? value]
      }),
    ),
  })
}

/** The key that an address or a link to one says; undefined where it is none. */
function keyOf(value: JsonValue, base: string, { kind }: AttributeColumn): JsonValue | undefined {
  const href = isJsonObject(value) ? value.href : value
  if (typeof href !== 'string' || !href.startsWith(base) || /[/?#]/.test(href.slice(base.length))) return undefined
  try {
    const key = decodeURIComponent(href.slice(base.length))
    if (kind !== 'integer' && kind !== 'double') return key
    return /^-?\d{1,19}$/.test(key) ? new LongNumber(key) : undefined
  } catch {
    return undefined
  }
}
