import type { Methods, Service, ServiceContext } from '#protocols/http/service.js'
import { answering } from '../common/answering.js'
import { editItems } from './edit-items.js'
import { item } from './item.js'
import { items } from './items.js'

/** OGC API Features: the features of a collection, many or one, to read and to change. */
export function features(context: ServiceContext): { items: Methods; item: Methods } {
  const all: Service = answering(context, 'a page of features', request => items(request, context))
  const one: Service = answering(context, 'a feature', request => item(request, context))
  const edits = editItems(context)
  return {
    items: { GET: all, HEAD: all, POST: edits.create, OPTIONS: edits.itemsOptions },
    item: { GET: one, HEAD: one, PUT: edits.replace, PATCH: edits.update, DELETE: edits.remove, OPTIONS: edits.itemOptions },
  }
}
