import { createCounter } from '#core/count-features.js'
import type { SchemaPurpose } from '#core/feature-schema.js'
import { createNullWatch } from '#core/null-geometries.js'
import { describeFunctions } from '#filters/functions/describe-functions.js'
import { collectionFormats } from '#formats/features/index.js'
import type { Methods, Service, ServiceContext } from '#protocols/http/service.js'
import { answering } from '../common/answering.js'
import { json } from '../common/documents.js'
import { knownParameters } from '../common/known-parameters.js'
import { wayToCollection } from '../pages/api-page.js'
import { documentPage, forPeople } from '../pages/for-people.js'
import { aggregateForms, aggregateService } from './aggregate.js'
import { editItems } from './edit-items.js'
import { item } from './item.js'
import { items } from './items.js'
import { itemPage } from './pages/item-page.js'
import { itemsPage } from './pages/items-page.js'
import { schemaDocument, schemaForms } from './schemas.js'

/** Groups on a page for people; as long as their document is not sent in pieces. */
const mostGroupsShown = 1000

/** OGC API Features by path: the features of a collection, many or one, to read and to change, what they are made of, and what they come to. */
export function features(context: ServiceContext): Readonly<Record<string, Service | Methods>> {
  const memory = { count: createCounter(), mayLackGeometry: createNullWatch(), wrongGuesses: new Set<string>() }
  const allDocuments = answering(context, 'a page of features', request => items(request, context, memory))
  const all = forPeople(context, allDocuments, request => itemsPage(request, context, memory.count), collectionFormats)
  const oneDocument = answering(context, 'a feature', request => item(request, context))
  const one = forPeople(context, oneDocument, request => itemPage(request, context), collectionFormats)
  const schema = (purpose: SchemaPurpose): Service => {
    const document = answering(context, 'a schema', request => schemaDocument(purpose, request, context))
    return documentPage(context, document, { title: words => words[purpose], trail: wayToCollection, forms: schemaForms })
  }
  const edits = editItems(context)
  const { aggregate, distinct } = aggregateService(context)
  const functions = answering(context, 'the functions of filters', async ({ query }) => {
    knownParameters(query, ['f', 'lang'])
    return json(describeFunctions())
  })
  return {
    'collections/:collection/items': { GET: all, HEAD: all, POST: edits.create, OPTIONS: edits.itemsOptions },
    'collections/:collection/items/:feature': {
      GET: one,
      HEAD: one,
      PUT: edits.replace,
      PATCH: edits.update,
      DELETE: edits.remove,
      OPTIONS: edits.itemOptions,
    },
    'collections/:collection/schema': schema('schema'),
    'collections/:collection/queryables': schema('queryables'),
    'collections/:collection/sortables': schema('sortables'),
    'collections/:collection/aggregate': documentPage(context, aggregate, {
      title: words => words.aggregate,
      forms: aggregateForms,
      trail: wayToCollection,
      most: mostGroupsShown,
    }),
    'collections/:collection/distinct': documentPage(context, distinct, {
      title: words => words.distinct,
      forms: aggregateForms,
      trail: wayToCollection,
      most: mostGroupsShown,
    }),
    functions: documentPage(context, functions, { title: words => words.functions }),
  }
}
