import { cql2ConformanceClasses, filteringConformanceClasses } from '#filters/cql2/conformance-classes.js'
import type { ServiceAnswer, ServiceRequest } from '#protocols/http/service.js'
import { json } from './documents.js'
import { knownParameters } from './known-parameters.js'

const features = (part: number, name: string) => `http://www.opengis.net/spec/ogcapi-features-${part}/1.0/conf/${name}`
const common = (part: number, name: string) => `http://www.opengis.net/spec/ogcapi-common-${part}/1.0/conf/${name}`
const tiles = (name: string) => `http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/${name}`

/** What this server conforms to; clients compare these literally (T-41, T-42). */
export const conformanceClasses: readonly string[] = [
  common(1, 'core'),
  common(1, 'landing-page'),
  common(1, 'json'),
  common(1, 'html'),
  common(1, 'oas30'),
  common(2, 'collections'),
  features(1, 'core'),
  features(1, 'oas30'),
  features(1, 'geojson'),
  features(1, 'html'),
  features(2, 'crs'),
  ...filteringConformanceClasses,
  ...cql2ConformanceClasses,
  // the parts of editing went to Common while this was a draft: clients know either name
  ...['create-replace-delete', 'update', 'optimistic-locking-etags'].flatMap(name => [features(4, name), common(5, name)]),
  features(4, 'features'),
  features(5, 'schemas'),
  features(5, 'queryables'),
  features(5, 'sortables'),
  features(5, 'core-roles-features'),
  features(5, 'feature-references'),
  features(5, 'profile-parameter'),
  features(5, 'profile-references'),
  features(8, 'sorting'),
  features(8, 'features-sorting'),
  tiles('core'),
  tiles('tileset'),
  tiles('tilesets-list'),
  tiles('geodata-tilesets'),
  tiles('png'),
  tiles('jpeg'),
]

/** `/conformance` (OGC 17-069r4, 7.4). */
export function conformance({ query }: ServiceRequest): ServiceAnswer {
  knownParameters(query, ['f', 'lang'])
  return json({ conformsTo: conformanceClasses })
}
