import type { AtlasView, Collection } from '#core/atlas.js'
import type { ExportShelf } from '#core/export-shelf.js'
import type { ServiceAnswer, ServiceRequest } from '#protocols/http/service.js'
import { requireCollection } from '../features/require-features.js'
import { collectionDocument } from './collection-document.js'
import { json, link } from './documents.js'
import { knownParameters } from './known-parameters.js'

/** Collections that have something to show here: tables, and rasters that are drawn. */
const isListed = ({ source, crs }: Collection) => source.kind === 'features' || crs.length > 0

/** All collections (OGC 17-069r4, 7.13). */
export function collections({ view, query, baseUrl, languages }: ServiceRequest, exports?: ExportShelf): ServiceAnswer {
  knownParameters(query, ['f', 'lang'])
  const address = `${baseUrl}/collections`
  const listed = [...view.collections.values()].filter(isListed)
  return json({
    links: [
      link(`${address}?f=json`, 'self', 'application/json', 'This document'),
      link(`${address}?f=html`, 'alternate', 'text/html', 'The page for people'),
    ],
    numberMatched: listed.length,
    numberReturned: listed.length,
    collections: listed.map(collection => collectionDocument(view, collection, baseUrl, languages, exports)),
  })
}

/** One collection (OGC 17-069r4, 7.14). */
export function collection({ view, path, query, baseUrl, languages }: ServiceRequest, exports?: ExportShelf): ServiceAnswer {
  knownParameters(query, ['f', 'lang'])
  return json(collectionDocument(view, requireCollection(view, path.collection ?? ''), baseUrl, languages, exports))
}

/** What `/collections` lists of a view. */
export const listedCollections = ({ collections: all }: AtlasView): readonly Collection[] => [...all.values()].filter(isListed)
