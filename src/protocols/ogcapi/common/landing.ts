import { textIn } from '#core/text.js'
import type { ServiceAnswer, ServiceRequest } from '#protocols/http/service.js'
import { json, link, ogcRel } from './documents.js'
import { knownParameters } from './known-parameters.js'

/** Media type of the API document. */
export const openApiType = 'application/vnd.oai.openapi+json;version=3.0'

/** The landing page as a document (OGC 17-069r4, 7.2), with links to what exists only (T-46). */
export function landingDocument({ view, baseUrl, languages, query }: ServiceRequest): ServiceAnswer {
  knownParameters(query, ['f', 'lang', 'q', 'page'])
  const language = [...languages, ...view.atlas.service.languages]
  const { abstract, contact } = view.atlas.service
  return json({
    title: textIn(view.title, language),
    description: textIn(abstract ?? '', language),
    ...(contact?.organisation !== undefined && { attribution: contact.organisation }),
    links: [
      link(`${baseUrl}/?f=json`, 'self', 'application/json', 'This document'),
      link(`${baseUrl}/?f=html`, 'alternate', 'text/html', 'The page for people'),
      link(`${baseUrl}/api`, 'service-desc', openApiType, 'The API'),
      link(`${baseUrl}/api?f=html`, 'service-doc', 'text/html', 'The API for people'),
      link(`${baseUrl}/conformance`, 'conformance', 'application/json', 'What this server conforms to'),
      link(`${baseUrl}/conformance`, ogcRel('conformance'), 'application/json', 'What this server conforms to'),
      link(`${baseUrl}/collections`, 'data', 'application/json', 'The collections'),
      link(`${baseUrl}/collections`, ogcRel('data'), 'application/json', 'The collections'),
      link(`${baseUrl}/functions`, ogcRel('functions'), 'application/json', 'Functions of filters'),
      // ogc-client reads no collection without it where tiles are declared
      link(`${baseUrl}/tileMatrixSets`, ogcRel('tiling-schemes'), 'application/json', 'Grids of tiles'),
      link(`${baseUrl}/wms?service=WMS&request=GetCapabilities`, 'service', 'text/xml', 'WMS'),
    ],
  })
}
