import { createCounter } from '#core/count-features.js'
import type { SchemaPurpose } from '#core/feature-schema.js'
import { createNullWatch } from '#core/null-geometries.js'
import { describeFunctions } from '#filters/functions/describe-functions.js'
import type { Methods, Service, ServiceContext } from '#protocols/http/service.js'
import { answering } from '../common/answering.js'
import { json } from '../common/documents.js'
import { knownParameters } from '../common/known-parameters.js'
import { aggregateService } from './aggregate.js'
import { editItems } from './edit-items.js'
import { item } from './item.js'
import { items } from './items.js'
import { schemaDocument } from './schemas.js'

/** OGC API Features by path: the features of a collection, many or one, to read and to change, what they are made of, and what they come to. */
export function features(context: ServiceContext): Readonly<Record<string, Service | Methods>> {
  const memory = { count: createCounter(), mayLackGeometry: createNullWatch(), wrongGuesses: new Set<string>() }
  const all: Service = answering(context, 'a page of features', request => items(request, context, memory))
  const one: Service = answering(context, 'a feature', request => item(request, context))
  const schema = (purpose: SchemaPurpose): Service => answering(context, 'a schema', request => schemaDocument(purpose, request, context))
  const edits = editItems(context)
  const { aggregate, distinct } = aggregateService(context)
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
    'collections/:collection/aggregate': aggregate,
    'collections/:collection/distinct': distinct,
    functions: answering(context, 'the functions of filters', async ({ query }) => {
      knownParameters(query, ['f', 'lang'])
      return json(describeFunctions())
    }),
  }
}
