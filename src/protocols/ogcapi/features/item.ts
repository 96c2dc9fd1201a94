import { createHash } from 'node:crypto'
import type { FeatureSource } from '#core/atlas.js'
import { entityTag, featureVersion, versionColumns } from '#core/feature-version.js'
import type { FindFeatures } from '#core/find-features.js'
import { Problem } from '#core/problem.js'
import type { Filter } from '#filters/filter.js'
import { collectionFormats, type PageJob } from '#formats/features/index.js'
import { writeFeatures } from '#formats/features/write-features.js'
import { negotiate } from '#protocols/http/negotiate.js'
import type { ServiceAnswer, ServiceContext, ServiceRequest } from '#protocols/http/service.js'
import { rowView } from '#rows/row-view.js'
import { addressWith, link, linkHeader } from '../common/documents.js'
import { knownParameters } from '../common/known-parameters.js'
import { alternates } from './alternates.js'
import { crsParameter, crsUri } from './crs-parameter.js'
import { disposition, writeOptions } from './items.js'
import { wholeOf } from './page-buffer.js'
import { profileLinks, profilesOf } from './profiles.js'
import { requireFeatures } from './require-features.js'
import { propertiesParameter } from './selection.js'
import { simplifyParameter } from './simplify-parameter.js'

/** Parameters of one feature, in every form. */
export const itemParameters = ['f', 'crs', 'properties', 'exclude-properties', 'profile', 'zoom-level', 'max-allowable-offset', 'lang']

/** One feature (OGC 17-069r4, 7.16.3), with a validator that says in which version it is. */
export async function item(request: ServiceRequest, context: ServiceContext): Promise<ServiceAnswer> {
  const { view, path, query, headers, baseUrl, languages, signal } = request
  const { collection, source } = requireFeatures(view, path.collection ?? '')
  const id = path.feature ?? ''
  const wantedFormat = negotiate(collectionFormats, new URLSearchParams(query).get('f'), headers.accept)
  const parameters = knownParameters(query, [...itemParameters, ...(wantedFormat.parameters ?? [])])
  const profiles = profilesOf(parameters, wantedFormat, request, collection)
  const { format, mediaType } = profiles
  const crs = crsParameter(parameters, 'crs', collection)
  const written = format.crs ?? crs.crs.code
  const columns = propertiesParameter(parameters, source)
  const simplify = simplifyParameter(parameters, collection, written)
  const filter: Filter = { kind: 'ids', ids: [id] }
  const version = await versionOf(source, filter, context, signal)
  if (version === undefined) throw new Problem('not-found', `There is no feature «${id.slice(0, 200)}» in ${collection.id}.`)
  const find: FindFeatures = {
    collection,
    languages,
    filter,
    limit: 1,
    count: 1,
    ...(columns && { columns }),
    ...(simplify !== undefined && { simplify }),
    ...(source.geometry !== undefined && { crs: written }),
    ...profiles.references,
  }
  const collectionAddress = `${baseUrl}/collections/${encodeURIComponent(collection.id)}`
  const at = (changed: Readonly<Record<string, string>>) =>
    addressWith(`${collectionAddress}/items/${encodeURIComponent(id)}`, parameters, changed)
  const options = writeOptions(request, parameters, format, crs.isFlipped, profiles.names)
  const toldProfiles = profileLinks(profiles.names)
  const page: PageJob = {
    timeStamp: new Date().toISOString(),
    itemsAddress: `${collectionAddress}/items`,
    isSingle: true,
    links: [
      link(at({}), 'self', mediaType, 'This document'),
      ...alternates(format, find, options, f => at({ f, profile: profiles.elsewhere })),
      ...toldProfiles,
      link(collectionAddress, 'collection', 'application/json', 'The collection'),
    ],
  }
  const job = { find, format: format.names[0], options, page }
  const { pieces, end } = await writeFeatures(job, context.stores, signal)
  const body = await wholeOf(pieces)
  if (end()?.count === 0) throw new Problem('not-found', `There is no feature «${id.slice(0, 200)}» in ${collection.id} any more.`)
  return {
    status: 200,
    mediaType,
    body,
    etag: entityTag(version, representationOf(format.names[0], baseUrl, String(parameters), languages)),
    headers: {
      'content-crs': `<${format.crs === undefined ? crs.text : crsUri(format.crs)}>`,
      vary: 'Accept, Accept-Language',
      ...(toldProfiles.length > 0 && { link: linkHeader(toldProfiles) }),
      ...disposition(collection, format),
    },
  }
}

/** The version of a feature before it is read: one that is changed in between is told as older than it is, and never as newer. */
async function versionOf(
  source: FeatureSource,
  filter: Filter,
  { stores }: ServiceContext,
  signal: AbortSignal,
): Promise<string | undefined> {
  const query = { source, filter, columns: versionColumns(source), key: false, limit: 1 }
  const { batches } = await stores.features(source.store).find(query, signal)
  for await (const batch of batches) if (batch.count > 0) return featureVersion(source, rowView(batch))
  return undefined
}

/** All that a representation depends on beside the feature, in letters and digits. */
const representationOf = (...parts: readonly (string | readonly string[])[]) =>
  createHash('sha1').update(JSON.stringify(parts)).digest('hex').slice(0, 8)
