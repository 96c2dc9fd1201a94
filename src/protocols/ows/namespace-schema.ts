import { findCollection } from '#core/atlas-view.js'
import { Problem } from '#core/problem.js'
import { gml2Schema } from '#formats/features/gml-schema.js'
import { ownPrefix, qualifiedName } from '#formats/features/xml-name.js'
import type { Service } from '#protocols/http/service.js'
import { rootUrl } from './root-url.js'

/** Where the schema of collections of one prefix is (below `{publicUrl}/ns`, the namespace of those that have none). */
export function schemaAddress(namespace: string, prefix: string, ids: readonly string[]): string {
  return `${namespace}/${encodeURIComponent(prefix)}.xsd?layers=${ids.map(encodeURIComponent).join(',')}`
}

/** `/ns/{prefix}.xsd?layers=a,b`: the application schema that GML of these collections names (GML 2.1.2). */
export const namespaceSchema: Service = async request => {
  const { view, path, query } = request
  const { atlas } = view
  const prefix = /^(.+)\.xsd$/.exec(path.schema ?? '')?.[1]
  const namespace = prefix === ownPrefix ? `${rootUrl(request)}/ns` : atlas.namespaces.get(prefix ?? '')
  if (namespace === undefined) throw new Problem('not-found', `There is no schema here; ${ownPrefix}.xsd?layers=… would be one.`)
  const names = (new URLSearchParams(query).get('layers') ?? '').split(',').filter(name => name !== '')
  if (names.length > atlas.limits.mapLayers)
    throw new Problem('too-large', `A schema is of at most ${atlas.limits.mapLayers} layers; ${names.length} were asked.`)
  const collections = [...new Set(names)].map(name => {
    const collection = findCollection(view, name)
    if (!collection) throw new Problem('not-found', `There is no layer “${name.slice(0, 100)}”.`)
    return collection
  })
  const own = collections.filter(({ id }) => (qualifiedName(id, atlas.namespaces).prefix ?? ownPrefix) === prefix)
  const body = gml2Schema(own, { namespaces: atlas.namespaces, targetNamespace: namespace })
  return { status: 200, mediaType: 'application/xml', body, cacheSeconds: 300 }
}
