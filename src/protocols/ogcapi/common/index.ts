import type { Service, ServiceContext } from '#protocols/http/service.js'
import { answering } from './answering.js'
import { collection, collections } from './collections.js'
import { conformance } from './conformance.js'
import { knownParameters } from './known-parameters.js'
import { landingDocument, openApiType } from './landing.js'
import { openApi } from './openapi.js'

/** OGC API Common: what this server is and has. */
export function common(context: ServiceContext): {
  landing: Service
  api: Service
  conformance: Service
  collections: Service
  collection: Service
} {
  return {
    landing: answering(context, 'the landing page', async request => landingDocument(request)),
    api: answering(context, 'the API document', async ({ view, baseUrl, query }) => {
      knownParameters(query, ['f', 'lang'])
      return { status: 200, mediaType: openApiType, body: JSON.stringify(openApi(view, baseUrl)) }
    }),
    conformance: answering(context, 'the conformance classes', async request => conformance(request)),
    collections: answering(context, 'the list of collections', async request => collections(request, context.exports)),
    collection: answering(context, 'a collection', async request => collection(request, context.exports)),
  }
}
