import { tmpdir } from 'node:os'
import type { Collection, FeatureSource } from '#core/atlas.js'
import type { CountFeatures, FeatureCount } from '#core/count-features.js'
import type { FindFeatures } from '#core/find-features.js'
import { findPage } from '#core/find-page.js'
import type { NullWatch } from '#core/null-geometries.js'
import { decodeCursor, type PageCursor } from '#core/page-cursor.js'
import { Problem } from '#core/problem.js'
import { type CollectionFormat, collectionFormats, type FeatureJob, type Link, type PageJob } from '#formats/features/index.js'
import { nextLink } from '#formats/features/next-link.js'
import { overfullPage, writeFeatures } from '#formats/features/write-features.js'
import { negotiate } from '#protocols/http/negotiate.js'
import type { ServiceAnswer, ServiceContext, ServiceRequest } from '#protocols/http/service.js'
import { addressWith, link, linkHeader } from '../common/documents.js'
import { knownParameters } from '../common/known-parameters.js'
import { alternates } from './alternates.js'
import { crsParameter, crsUri } from './crs-parameter.js'
import { bufferPage, fileBufferBytes, pageBufferBytes } from './page-buffer.js'
import { countOf, countUpTo, inAnyOrder, isOnePage } from './page-counts.js'
import { type PageRequest, pageRequest } from './page-request.js'
import { type Profiles, profileLinks, profilesOf } from './profiles.js'
import { requireFeatures } from './require-features.js'
import { propertiesParameter, queryableNames, reservedParameters, searchOf, selectionOf, sortParameter } from './selection.js'
import { simplifyParameter } from './simplify-parameter.js'

/** What is remembered from request to request. */
export interface ItemsMemory {
  readonly count: CountFeatures
  readonly mayLackGeometry: NullWatch
  /** Pages that did not hold all, as the database had thought. */
  readonly wrongGuesses: Set<string>
}

/** Features of a collection: a page of them, or all in a file (OGC 17-069r4, 7.15 and 7.16; OGC 18-058r1, 7). */
export async function items(
  request: ServiceRequest,
  context: ServiceContext,
  { count, mayLackGeometry, wrongGuesses }: ItemsMemory,
): Promise<ServiceAnswer> {
  const { view, path, query, headers, baseUrl, signal, prolong } = request
  const { collection, source } = requireFeatures(view, path.collection ?? '')
  const wantedFormat = negotiate(collectionFormats, new URLSearchParams(query).get('f'), headers.accept)
  const known = [...reservedParameters, ...(wantedFormat.parameters ?? []), ...queryableNames(collection)]
  const parameters = knownParameters(query, known)
  const profiles = profilesOf(parameters, wantedFormat, request, collection)
  const { format, mediaType } = profiles
  const crs = crsParameter(parameters, 'crs', collection)
  const wanted = pageRequest(parameters, view.atlas.limits, format)
  const store = context.stores.features(source.store)
  const hasAllGeometries = parameters.has('bbox') && !(await mayLackGeometry(store, source, collection.edits ?? 0, signal))
  const selected = hasAllGeometries ? withAllGeometries(source) : source
  const { find: plainly, cursor } = findOf(request, collection, selected, parameters, wanted, format.crs ?? crs.crs.code)
  const find: FindFeatures = { ...plainly, ...profiles.references }
  const address = `${baseUrl}/collections/${encodeURIComponent(collection.id)}`
  const options = writeOptions(request, parameters, format, crs.isFlipped, profiles.names)
  const writer = context.writer ?? { write: (one: FeatureJob, signal?: AbortSignal) => writeFeatures(one, context.stores, signal) }
  /** `holdsAll`: the page is taken for all there is, so that nothing has to be counted, nor put in order for pages that follow. */
  const begin = async (holdsAll: boolean) => {
    const counted: FeatureCount =
      wanted.kind === 'all'
        ? await countUpTo(format.mostFeatures, find, source, context, signal)
        : holdsAll
          ? {}
          : await countOf(find, collection, source, context, count, cursor, signal)
    const page = wanted.kind === 'all' ? undefined : pageJob(address, parameters, profiles, wanted, counted, { find, options, holdsAll })
    const told = !page && counted.matched !== undefined ? { ...find, count: counted.matched } : find
    const job: FeatureJob = { find: holdsAll ? inAnyOrder(find) : told, format: format.names[0], options, ...(page && { page }) }
    // some files are made whole before their first byte
    if (!page) prolong(view.atlas.limits.exportSeconds)
    const written = await writer.write(job, signal)
    return { counted, page, written, buffered: await bufferPage(written.pieces, page ? pageBufferBytes : fileBufferBytes) }
  }
  const guess = `${collection.id}?${parameters}`
  if (wrongGuesses.size > mostWrongGuesses) wrongGuesses.clear()
  const holdsAll = wanted.kind === 'page' && !wrongGuesses.has(guess) && (await isOnePage(find, source, context, signal))
  const begun = await begin(holdsAll).catch(error => {
    if (!(error instanceof Problem) || error.locator !== overfullPage) throw error
    wrongGuesses.add(guess)
    return begin(false)
  })
  const { counted, page, written, buffered } = begun
  const head = {
    'content-crs': `<${format.crs === undefined ? crs.text : crsUri(format.crs)}>`,
    vary: 'Accept, Accept-Language',
    ...disposition(collection, format),
  }
  const previous = [...profileLinks(profiles.names), ...(page?.links ?? []).filter(({ rel }) => rel === 'prev')]
  if (buffered.kind === 'whole') {
    const end = written.end()
    const matched = counted.matched ?? end?.matched
    const links = [...previous, ...(end?.next ? [end.next] : [])]
    return {
      status: 200,
      mediaType,
      body: buffered.bytes,
      headers: {
        ...head,
        ...numberHeaders({ ...counted, ...(matched !== undefined && { matched }) }),
        ...(page && end && { 'ogc-numberreturned': String(end.count) }),
        ...(links.length > 0 && { link: linkHeader(links) }),
      },
    }
  }
  if (page) prolong(view.atlas.limits.exportSeconds)
  // the head goes out before the last feature is seen
  const next = page?.next ? await nextOf(page, find, source, context, signal) : undefined
  const links = [...previous, ...(next ? [next] : [])]
  return {
    status: 200,
    mediaType,
    body: '',
    stream: page?.holdsAll === undefined ? buffered.pieces : noted(buffered.pieces, () => void wrongGuesses.add(guess)),
    headers: {
      ...head,
      ...numberHeaders(counted),
      ...(links.length > 0 && { link: linkHeader(links) }),
    },
    cacheSeconds: 0,
  }
}

/** An exact number, or an estimate, or neither. */
const numberHeaders = ({ matched, estimated }: FeatureCount): Readonly<Record<string, string>> =>
  matched !== undefined
    ? { 'ogc-numbermatched': String(matched) }
    : estimated !== undefined
      ? { 'ogc-numberestimated': String(estimated) }
      : {}

/** The source, its geometry never null: for conditions that would speak of nulls. */
const withAllGeometries = (source: FeatureSource): FeatureSource => ({
  ...source,
  geometries: source.geometries.map(one => (one.name === source.geometry ? { ...one, isNullable: false } : one)),
})

/** What to find for a request, and the place that its cursor says. */
export function findOf(
  { languages }: ServiceRequest,
  collection: Collection,
  source: FeatureSource,
  parameters: URLSearchParams,
  wanted: PageRequest,
  crs: string,
): { readonly find: FindFeatures; readonly cursor?: PageCursor } {
  const filter = selectionOf(parameters, collection, source)
  const search = searchOf(parameters, collection, source)
  const sort = sortParameter(parameters.get('sortby'), collection)
  const columns = propertiesParameter(parameters, source)
  const simplify = simplifyParameter(parameters, collection, crs)
  const selection = { ...(filter && { filter }), ...(search && { search }), ...(sort && { sort }) }
  const text = wanted.kind === 'page' ? parameters.get('cursor') : null
  const cursor = text ? decodeCursor(text, { collection: collection.id, ...selection }) : undefined
  const find: FindFeatures = {
    collection,
    languages,
    ...selection,
    ...(columns && { columns }),
    ...(simplify !== undefined && { simplify }),
    ...(isWithoutGeometry(parameters, source) && { withoutGeometry: true }),
    ...(source.geometry !== undefined && { crs }),
    ...(wanted.kind === 'page' && {
      pageSize: wanted.limit,
      ...(cursor ? { after: cursor.after } : wanted.offset > 0 && { offset: wanted.offset }),
    }),
  }
  return { find, ...(cursor && { cursor }) }
}

const mostWrongGuesses = 1000

/**
 * Tells when a stream breaks because there were more features than its page can hold. Not a generator: one that was never begun, as for a HEAD, would not
 * tell the stream that nobody wants it.
 */
function noted(pieces: AsyncIterable<Uint8Array>, note: () => void): AsyncIterable<Uint8Array> {
  const rest = pieces[Symbol.asyncIterator]()
  const iterator: AsyncIterator<Uint8Array> = {
    next: () =>
      rest.next().catch(error => {
        if (error instanceof Problem && error.locator === overfullPage) note()
        throw error
      }),
    return: async () => {
      await rest.return?.()
      return { done: true, value: undefined }
    },
  }
  return { [Symbol.asyncIterator]: () => iterator }
}

function pageJob(
  address: string,
  parameters: URLSearchParams,
  { format, mediaType: type, names, elsewhere }: Profiles,
  { limit, offset }: Extract<PageRequest, { kind: 'page' }>,
  { matched, estimated }: FeatureCount,
  { find, options, holdsAll }: Pick<FeatureJob, 'find' | 'options'> & { readonly holdsAll: boolean },
): PageJob {
  const itemsAddress = `${address}/items`
  const at = (changed: Readonly<Record<string, string>>) => addressWith(itemsAddress, parameters, changed)
  const before = offset > 0 ? String(Math.max(0, offset - limit)) : undefined
  return {
    ...(matched !== undefined && { numberMatched: matched }),
    ...(estimated !== undefined && { numberEstimated: estimated }),
    ...(holdsAll && { holdsAll: limit }),
    timeStamp: new Date().toISOString(),
    itemsAddress,
    links: [
      link(at({}), 'self', type, 'This document'),
      ...alternates(format, find, options, f => at({ f, profile: elsewhere })),
      ...profileLinks(names),
      link(address, 'collection', 'application/json', 'The collection'),
      ...(before !== undefined ? [link(at({ offset: before, cursor: '' }), 'prev', type, 'Previous page')] : []),
    ],
    ...(limit > 0 && !holdsAll && { next: link(at({ offset: '', cursor: '' }), 'next', type, 'Next page') }),
  }
}

/** The next page of one that is not all written yet: where its last feature is, and whether there is one behind it. */
async function nextOf(
  page: PageJob,
  find: FindFeatures,
  source: FeatureSource,
  { stores }: ServiceContext,
  signal: AbortSignal,
): Promise<Link | undefined> {
  const { filter, search, sort, after, offset = 0, pageSize = 0 } = find
  const query = {
    source,
    columns: [],
    key: true,
    offset: offset + pageSize - 1,
    ...(filter && { filter }),
    ...(search && { search }),
    ...(sort && { sort }),
    ...(after && { after }),
  }
  const last = await findPage(stores.features(source.store), query, 1, signal)
  for await (const _ of last.batches);
  const place = last.next()
  return place && page.next && nextLink(page.next, find, place, page.numberMatched !== undefined)
}

/** What a format is told about a request. */
export function writeOptions(
  { view, languages, baseUrl }: ServiceRequest,
  parameters: URLSearchParams,
  format: CollectionFormat,
  isFlipped: boolean,
  profiles: readonly string[] = [],
): FeatureJob['options'] {
  return {
    languages: [...languages, ...view.atlas.service.languages],
    isFlipped: format.crs === undefined && isFlipped,
    parameters: new Map([...[...parameters].map(([name, value]) => [name.toLowerCase(), value] as const), ['profile', profiles.join(',')]]),
    temporaryFolder: tmpdir(),
    namespaces: view.atlas.namespaces,
    namespace: `${baseUrl}/ns`,
  }
}

const isWithoutGeometry = (parameters: URLSearchParams, { geometry }: FeatureSource) =>
  // ogc-client, and with it the datahub, writes it as pygeoapi does
  ['skip-geometry', 'skipGeometry'].some(name => /^(true|1)$/i.test(parameters.get(name) ?? '')) ||
  (geometry !== undefined && (parameters.get('exclude-properties') ?? '').split(',').includes(geometry))

/** Files are saved under the name of their collection. */
export const disposition = ({ id }: Collection, { isDocument, extension }: CollectionFormat): Readonly<Record<string, string>> =>
  isDocument ? {} : { 'content-disposition': `attachment; filename="${id.replace(/[^\w.-]+/g, '_')}.${extension}"` }
