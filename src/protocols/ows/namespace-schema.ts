import { findCollection } from '#core/atlas-view.js'
import { Problem } from '#core/problem.js'
import { gmlSchema } from '#formats/features/gml-schema.js'
import { type GmlVersionName, gmlVersions } from '#formats/features/gml-version.js'
import { ownPrefix, qualifiedName } from '#formats/features/xml-name.js'
import type { Service } from '#protocols/http/service.js'
import { rootUrl } from '../http/root-url.js'

/** Where the schema of collections of one prefix is (below `{publicUrl}/ns`, the namespace of those that have none). */
export function schemaAddress(namespace: string, prefix: string, ids: readonly string[], version: GmlVersionName = '2.1.2'): string {
  const gml = version === '2.1.2' ? '' : `&gml=${version}`
  return `${namespace}/${encodeURIComponent(prefix)}.xsd?layers=${ids.map(encodeURIComponent).join(',')}${gml}`
}

/** `/ns/{prefix}.xsd?layers=a,b&gml=3.2.1`: the application schema that GML of these collections names; GML 2.1.2 where the version is not said. */
export const namespaceSchema: Service = async request => {
  const { view, path, query } = request
  const { atlas } = view
  const prefix = /^(.+)\.xsd$/.exec(path.schema ?? '')?.[1]
  const namespace = prefix === ownPrefix ? `${rootUrl(request)}/ns` : atlas.namespaces.get(prefix ?? '')
  if (namespace === undefined) throw new Problem('not-found', `There is no schema here; ${ownPrefix}.xsd?layers=… would be one.`)
  const parameters = new URLSearchParams(query)
  const version = parameters.get('gml') ?? '2.1.2'
  if (!isVersion(version))
    throw new Problem(
      'invalid-parameter',
      `There is no schema of GML ${version.slice(0, 20)}; ${Object.keys(gmlVersions).join(', ')} would work.`,
      {
        locator: 'gml',
      },
    )
  const names = (parameters.get('layers') ?? '').split(',').filter(name => name !== '')
  if (names.length > atlas.limits.mapLayers)
    throw new Problem('too-large', `A schema is of at most ${atlas.limits.mapLayers} layers; ${names.length} were asked.`)
  const collections = [...new Set(names)].map(name => {
    const collection = findCollection(view, name)
    if (!collection) throw new Problem('not-found', `There is no layer “${name.slice(0, 100)}”.`)
    return collection
  })
  const own = collections.filter(({ id }) => (qualifiedName(id, atlas.namespaces).prefix ?? ownPrefix) === prefix)
  const body = gmlSchema(own, { version, namespaces: atlas.namespaces, targetNamespace: namespace })
  return { status: 200, mediaType: 'application/xml', body, cacheSeconds: 300 }
}

const isVersion = (text: string): text is GmlVersionName => Object.hasOwn(gmlVersions, text)
