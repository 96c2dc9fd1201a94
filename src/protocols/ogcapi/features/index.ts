import type { Service, ServiceContext } from '#protocols/http/service.js'
import { answering } from '../common/answering.js'
import { item } from './item.js'
import { items } from './items.js'

/** OGC API Features: the features of a collection, many or one. */
export function features(context: ServiceContext): { items: Service; item: Service } {
  return {
    items: answering(context, 'a page of features', request => items(request, context)),
    item: answering(context, 'a feature', request => item(request, context)),
  }
}
