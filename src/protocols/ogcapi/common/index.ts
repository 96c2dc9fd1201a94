import type { Service, ServiceAnswer, ServiceContext, ServiceRequest } from '#protocols/http/service.js'
import { requireCollection } from '../features/require-features.js'
import { apiDocumentPage } from '../pages/api-document-page.js'
import { documentPage, forPeople } from '../pages/for-people.js'
import { answering } from './answering.js'
import { collection, collections } from './collections.js'
import { conformance } from './conformance.js'
import { knownParameters } from './known-parameters.js'
import { landingDocument, openApiType } from './landing.js'
import { openApi } from './openapi.js'

/** Pages of what is published, made by who knows how data are shown; `undefined` where there is no such collection. */
export interface DataPages {
  readonly list: Service
  readonly dataset: (request: ServiceRequest) => ServiceAnswer | undefined
}

/** OGC API Common: what this server is and has. */
export function common(context: ServiceContext): {
  landing: Service
  api: Service
  conformance: Service
  collections: (pages: DataPages) => Service
  collection: (pages: DataPages) => Service
} {
  const api = answering(context, 'the API document', async ({ view, baseUrl, query }) => {
    knownParameters(query, ['f', 'lang'])
    return {
      status: 200,
      mediaType: openApiType,
      body: JSON.stringify(openApi(view, baseUrl)),
      headers: { vary: 'Accept, Accept-Language' },
    }
  })
  const classes = answering(context, 'the conformance classes', async request => conformance(request))
  const list = answering(context, 'the list of collections', async request => collections(request, context.exports))
  const one = answering(context, 'a collection', async request => collection(request, context.exports))
  return {
    landing: answering(context, 'the landing page', async request => landingDocument(request)),
    api: forPeople(context, api, request => apiDocumentPage(request, api), [
      { names: ['json'], mediaTypes: ['application/json', openApiType, 'application/openapi+json'] },
    ]),
    conformance: documentPage(context, classes, { title: words => words.conformance }),
    collections: pages => forPeople(context, list, pages.list),
    collection: pages =>
      forPeople(context, one, async request => {
        requireCollection(request.view, request.path.collection ?? '')
        return pages.dataset(request) ?? one(request)
      }),
  }
}
