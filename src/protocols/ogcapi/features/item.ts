import type { FindFeatures } from '#core/find-features.js'
import { Problem } from '#core/problem.js'
import type { Filter } from '#filters/filter.js'
import { collectionFormats, type PageJob } from '#formats/features/index.js'
import { inlineWriter } from '#formats/features/write-features.js'
import type { ServiceAnswer, ServiceContext, ServiceRequest } from '#protocols/http/service.js'
import { link } from '../common/documents.js'
import { knownParameters } from '../common/known-parameters.js'
import { negotiate } from '../common/negotiate.js'
import { crsParameter, crsUri } from './crs-parameter.js'
import { addressWith, disposition, requireWritable, writeOptions } from './items.js'
import { wholeOf } from './page-buffer.js'
import { requireFeatures } from './require-features.js'
import { propertiesParameter } from './selection.js'
import { simplifyParameter } from './simplify-parameter.js'

const known = ['f', 'crs', 'properties', 'exclude-properties', 'profile', 'zoom-level', 'max-allowable-offset', 'lang']

/** One feature (OGC 17-069r4, 7.16.3). */
export async function item(request: ServiceRequest, { stores, writer = inlineWriter(stores) }: ServiceContext): Promise<ServiceAnswer> {
  const { view, path, query, headers, baseUrl, languages, signal } = request
  const { collection, source } = requireFeatures(view, path.collection ?? '')
  const id = path.feature ?? ''
  const format = negotiate(collectionFormats, new URLSearchParams(query).get('f'), headers.accept)
  const parameters = knownParameters(query, [...known, ...(format.parameters ?? [])])
  const crs = crsParameter(parameters, 'crs')
  const columns = propertiesParameter(parameters, source)
  const simplify = simplifyParameter(parameters, collection, crs.crs)
  const filter: Filter = { kind: 'ids', ids: [id] }
  const find: FindFeatures = {
    collection,
    languages,
    filter,
    count: 1,
    ...(columns && { columns }),
    ...(simplify !== undefined && { simplify }),
    ...(source.geometry !== undefined && { crs: format.crs ?? crs.crs.code }),
  }
  const collectionAddress = `${baseUrl}/collections/${encodeURIComponent(collection.id)}`
  const address = `${collectionAddress}/items/${encodeURIComponent(id)}`
  const page: PageJob = {
    limit: 1,
    timeStamp: new Date().toISOString(),
    itemsAddress: `${collectionAddress}/items`,
    isSingle: true,
    links: [
      link(addressWith(address, parameters, {}), 'self', format.mediaTypes[0], 'This document'),
      ...collectionFormats.flatMap(other =>
        other === format
          ? []
          : [link(addressWith(address, parameters, { f: other.names[0] }), 'alternate', other.mediaTypes[0], other.title)],
      ),
      link(collectionAddress, 'collection', 'application/json', 'The collection'),
    ],
  }
  const options = writeOptions(request, parameters, format, crs.isFlipped)
  requireWritable(format, find, options)
  const { pieces, end } = await writer.write({ find, format: format.names[0], options, page }, signal)
  const written = await wholeOf(pieces)
  if (end()?.count === 0) throw new Problem('not-found', `There is no feature «${id.slice(0, 200)}» in ${collection.id}.`)
  return {
    status: 200,
    mediaType: format.mediaTypes[0],
    body: written,
    headers: {
      'content-crs': `<${format.crs === undefined ? crs.text : crsUri(format.crs)}>`,
      vary: 'Accept, Accept-Language',
      ...disposition(collection, format),
    },
  }
}
