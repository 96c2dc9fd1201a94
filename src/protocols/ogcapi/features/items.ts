import { tmpdir } from 'node:os'
import type { Collection, FeatureSource } from '#core/atlas.js'
import { type FindFeatures, featureHead } from '#core/find-features.js'
import { Problem } from '#core/problem.js'
import { type CollectionFormat, collectionFormats, type FeatureJob, type Link, type PageJob } from '#formats/features/index.js'
import { inlineWriter } from '#formats/features/write-features.js'
import type { ServiceAnswer, ServiceContext, ServiceRequest } from '#protocols/http/service.js'
import { link, linkHeader } from '../common/documents.js'
import { knownParameters } from '../common/known-parameters.js'
import { negotiate } from '../common/negotiate.js'
import { crsParameter, crsUri } from './crs-parameter.js'
import { bufferPage } from './page-buffer.js'
import { pageRequest } from './page-request.js'
import { requireFeatures } from './require-features.js'
import { propertiesParameter, queryableNames, reservedParameters, selectionOf, sortParameter } from './selection.js'
import { simplifyParameter } from './simplify-parameter.js'

/** Features of a collection: a page of them, or all in a file (OGC 17-069r4, 7.15 and 7.16; OGC 18-058r1, 7). */
export async function items(request: ServiceRequest, { stores, writer = inlineWriter(stores) }: ServiceContext): Promise<ServiceAnswer> {
  const { view, path, query, headers, baseUrl, languages, signal, prolong } = request
  const { collection, source } = requireFeatures(view, path.collection ?? '')
  const f = new URLSearchParams(query).get('f')
  const format = negotiate(collectionFormats, f, headers.accept)
  const parameters = knownParameters(query, [...reservedParameters, ...(format.parameters ?? []), ...queryableNames(collection)])
  const crs = crsParameter(parameters, 'crs')
  const asked = pageRequest(parameters, view.atlas.limits, format)
  const filter = selectionOf(parameters, collection, source)
  const sort = sortParameter(parameters.get('sortby'), collection)
  const columns = propertiesParameter(parameters, source)
  const simplify = simplifyParameter(parameters, collection, crs.crs)
  const find: FindFeatures = {
    collection,
    languages,
    ...(filter && { filter }),
    ...(sort && { sort }),
    ...(columns && { columns }),
    ...(simplify !== undefined && { simplify }),
    ...(isWithoutGeometry(parameters, source) && { withoutGeometry: true }),
    ...(source.geometry !== undefined && { crs: format.crs ?? crs.crs.code }),
    ...(asked.kind === 'page' && { offset: asked.offset }),
  }
  const itemsAddress = `${baseUrl}/collections/${encodeURIComponent(collection.id)}/items`
  const matched =
    asked.kind === 'page'
      ? await stores.features(source.store).count({ source, columns: [], key: false, ...(filter && { filter }) }, signal)
      : undefined
  const self = addressWith(itemsAddress, parameters, {})
  const next =
    asked.kind === 'page'
      ? link(
          addressWith(itemsAddress, parameters, { offset: String(asked.offset + asked.limit) }),
          'next',
          format.mediaTypes[0],
          'Next page',
        )
      : undefined
  const previous =
    asked.kind === 'page' && asked.offset > 0
      ? [
          link(
            addressWith(itemsAddress, parameters, { offset: String(Math.max(0, asked.offset - asked.limit)) }),
            'prev',
            format.mediaTypes[0],
          ),
        ]
      : []
  const page: Omit<PageJob, 'limit'> = {
    ...(matched !== undefined && { numberMatched: matched }),
    timeStamp: new Date().toISOString(),
    itemsAddress,
    links: [
      link(self, 'self', format.mediaTypes[0], 'This document'),
      ...alternates(itemsAddress, parameters, format),
      link(`${baseUrl}/collections/${encodeURIComponent(collection.id)}`, 'collection', 'application/json', 'The collection'),
      ...previous,
    ],
    ...(next && { next }),
  }
  const options = writeOptions(request, parameters, format, crs.isFlipped)
  requireWritable(format, find, options)
  const common = {
    'content-crs': `<${format.crs === undefined ? crs.text : crsUri(format.crs)}>`,
    ...(matched !== undefined && { 'ogc-numbermatched': String(matched) }),
    vary: 'Accept, Accept-Language',
    ...disposition(collection, format),
  }
  const job: FeatureJob = {
    find,
    format: format.names[0],
    options,
    ...(asked.kind === 'page' && { page: { ...page, limit: asked.limit } }),
  }
  const { pieces, end } = await writer.write(job, signal)
  const written = await bufferPage(pieces)
  if (written.kind === 'whole') {
    const links = [...previous, ...(next && end()?.hasMore ? [next] : [])]
    return {
      status: 200,
      mediaType: format.mediaTypes[0],
      body: written.bytes,
      headers: {
        ...common,
        'ogc-numberreturned': String(end()?.count ?? 0),
        ...(links.length > 0 && { link: linkHeader(links) }),
      },
    }
  }
  prolong(view.atlas.limits.exportSeconds)
  return { status: 200, mediaType: format.mediaTypes[0], body: '', stream: written.pieces, headers: common, cacheSeconds: 0 }
}

/** What a format is told about a request. */
export function writeOptions(
  { view, languages, baseUrl }: ServiceRequest,
  parameters: URLSearchParams,
  format: CollectionFormat,
  isFlipped: boolean,
): FeatureJob['options'] {
  return {
    languages: [...languages, ...view.atlas.service.languages],
    isFlipped: format.crs === undefined && isFlipped,
    parameters: new Map([...parameters].map(([name, value]) => [name.toLowerCase(), value])),
    temporaryFolder: tmpdir(),
    namespaces: view.atlas.namespaces,
    namespace: `${baseUrl}/ns`,
  }
}

/** Throws `unsupported-format` where a format cannot hold such features. */
export function requireWritable(format: CollectionFormat, find: FindFeatures, options: FeatureJob['options']): void {
  const obstacle = format.obstacle?.(featureHead(find), options)
  if (obstacle !== undefined) throw new Problem('unsupported-format', `${format.title} cannot hold this: ${obstacle}.`, { locator: 'f' })
}

const isWithoutGeometry = (parameters: URLSearchParams, { geometry }: FeatureSource) =>
  /^(true|1)$/i.test(parameters.get('skip-geometry') ?? '') ||
  (geometry !== undefined && (parameters.get('exclude-properties') ?? '').split(',').includes(geometry))

/** The address of the same with other values of some parameters; an empty one is left out. */
export function addressWith(address: string, parameters: URLSearchParams, changed: Readonly<Record<string, string>>): string {
  const all = new URLSearchParams([...parameters].filter(([name, value]) => name !== '' && value !== ''))
  for (const [name, value] of Object.entries(changed)) {
    if (value === '') all.delete(name)
    else all.set(name, value)
  }
  return all.size > 0 ? `${address}?${all}` : address
}

/** The same in the other formats. */
function alternates(address: string, parameters: URLSearchParams, format: CollectionFormat): readonly Link[] {
  return collectionFormats.flatMap(other =>
    other === format ? [] : [link(addressWith(address, parameters, { f: other.names[0] }), 'alternate', other.mediaTypes[0], other.title)],
  )
}

/** Files are saved under the name of their collection. */
export const disposition = ({ id }: Collection, { isDocument, extension }: CollectionFormat): Readonly<Record<string, string>> =>
  isDocument ? {} : { 'content-disposition': `attachment; filename="${id.replace(/[^\w.-]+/g, '_')}.${extension}"` }
