import type { Collection } from '#core/atlas.js'
import { findCollection } from '#core/atlas-view.js'
import { type EditCondition, editFeatures, requireEditing } from '#core/edit-features.js'
import type { EditKind } from '#core/edit-rights.js'
import { timeOf } from '#core/feature-time.js'
import { matchedVersions } from '#core/feature-version.js'
import type { EditedFeature } from '#core/ports.js'
import { Problem, toProblem } from '#core/problem.js'
import { type BodyOptions, readFeatures, readMergePatch } from '#formats/features/bodies/read-feature-body.js'
import { problemAnswer } from '#protocols/http/problem-json.js'
import type { Service, ServiceAnswer, ServiceContext, ServiceRequest } from '#protocols/http/service.js'
import { knownParameters } from '../common/known-parameters.js'
import { allowedMethods } from './allowed-methods.js'
import { featureTypes, patchType } from './edit-types.js'
import { referencesAsKeys } from './given-references.js'

/**
 * Changes features (OGC API Features Part 4, draft OGC 20-002r1): POST to the items of a collection, PUT, PATCH (JSON Merge Patch) and DELETE of one, and
 * OPTIONS of both, whose `Allow` is what this caller may do.
 */
export function editItems(context: ServiceContext): {
  readonly create: Service
  readonly replace: Service
  readonly update: Service
  readonly remove: Service
  readonly itemsOptions: Service
  readonly itemOptions: Service
} {
  const edited =
    (kind: EditKind, work: (request: ServiceRequest, collection: Collection) => Promise<ServiceAnswer>): Service =>
    async request => {
      try {
        const collection = collectionOf(request)
        requireEditing(collection, kind, { atlas: request.view.atlas, caller: request.caller })
        // a parameter that is passed over, such as crs, would let the client believe that it counts (OGC 17-069r4, requirement 9)
        knownParameters(request.query, ['f', 'lang'])
        return await work(request, collection)
      } catch (error) {
        return faultAnswer(request, kind, error, context)
      }
    }
  const inContext = ({ view, caller }: ServiceRequest) => ({
    atlas: view.atlas,
    caller,
    stores: context.stores,
    renderer: context.renderer,
    edited: context.edited,
  })

  return {
    create: edited('create', async (request, collection) => {
      const { isCollection, features: given } = readFeatures(bodyOf(request, featureTypes), bodyOptions(request, collection))
      const features = given.map(referencesAsKeys(request, collection))
      if (features.length === 0) throw new Problem('unprocessable', 'The FeatureCollection has no features.')
      const made = await editFeatures(collection, { kind: 'create', features }, inContext(request), request.signal)
      return isCollection
        ? madeAnswer(made)
        : { ...empty(201, made[0].version), headers: { ...tag(made[0].version), ...location(request, made[0]) } }
    }),
    replace: edited('replace', async (request, collection) => {
      const { isCollection, features } = readFeatures(bodyOf(request, featureTypes), bodyOptions(request, collection))
      if (isCollection) throw new Problem('unprocessable', 'One feature is replaced by one Feature, not by a FeatureCollection.')
      const feature = referencesAsKeys(request, collection)(features[0])
      const change = { kind: 'replace', id: request.path.feature, feature, ...precondition(request) } as const
      const [now] = await editFeatures(collection, change, inContext(request), request.signal)
      return empty(204, now.version)
    }),
    update: edited('update', async (request, collection) => {
      const feature = referencesAsKeys(request, collection)(readMergePatch(bodyOf(request, [patchType]), bodyOptions(request, collection)))
      const id = request.path.feature
      if (feature.id !== undefined && feature.id !== id)
        throw new Problem('unprocessable', `The feature is “${id}”, and its id cannot be changed.`, { locator: 'id' })
      const [now] = await editFeatures(
        collection,
        { kind: 'update', id, feature, ...precondition(request) },
        inContext(request),
        request.signal,
      )
      return empty(204, now.version)
    }),
    remove: edited('remove', async (request, collection) => {
      await editFeatures(
        collection,
        { kind: 'remove', id: request.path.feature, ...precondition(request) },
        inContext(request),
        request.signal,
      )
      return empty(204)
    }),
    itemsOptions: optionsOf('items'),
    itemOptions: optionsOf('item'),
  }
}

const optionsOf =
  (of: 'items' | 'item'): Service =>
  async request => {
    try {
      return { ...empty(200), headers: optionHeaders(request, collectionOf(request), of) }
    } catch (error) {
      return problemAnswer(toProblem(error))
    }
  }

function optionHeaders({ view, caller }: ServiceRequest, collection: Collection, of: 'items' | 'item'): Record<string, string> {
  const methods = allowedMethods(view.atlas, caller, collection)[of]
  return {
    allow: methods.join(', '),
    vary: 'Authorization, X-API-Key',
    ...(methods.includes('POST') && { 'accept-post': featureTypes.join(', ') }),
    ...(methods.includes('PATCH') && { 'accept-patch': patchType }),
  }
}

function collectionOf({ view, path }: ServiceRequest): Collection {
  const collection = findCollection(view, path.collection)
  if (collection) return collection
  throw new Problem('unknown-collection', 'There is no collection of that name here.')
}

/** Throws where there is no body, or none that is read. Without a type it might be anything (Part 4, /req/create-replace-delete/content-type). */
function bodyOf({ body, contentType, headers }: ServiceRequest, types: readonly string[]): Buffer {
  const coding = headers['content-encoding']?.trim().toLowerCase()
  if (coding && coding !== 'identity')
    throw new Problem('unsupported-media-type', `Bodies in the coding ${coding.slice(0, 40)} are not read here; send it as it is.`)
  const type = contentType?.split(';', 1)[0].trim().toLowerCase()
  if (!type) throw new Problem('malformed', `Say what the body is: Content-Type ${types.join(' or ')}.`)
  if (!types.includes(type))
    throw new Problem('unsupported-media-type', `Bodies of type ${type.slice(0, 80)} are not read here; ${types.join(' or ')} is.`)
  if (!body || body.length === 0) throw new Problem('malformed', 'The body is empty.')
  return body
}

function bodyOptions({ headers }: ServiceRequest, collection: Collection): BodyOptions {
  const contentCrs = headers['content-crs']
  const carrier = timeOf(collection)
  const time = carrier?.kind === 'column' ? [carrier.column] : carrier?.kind === 'columns' ? [carrier.start, carrier.end] : undefined
  return { crs: collection.crs, ...(contentCrs !== undefined && { contentCrs }), ...(time && { time }) }
}

/**
 * What If-Match and If-None-Match ask (RFC 9110, 13.2.2). Without a date of the last change, which no table is bound to have, a condition on it is taken for
 * failed: what it guards is not lost.
 */
function precondition({ headers }: ServiceRequest): EditCondition {
  const [expected, unwanted] = [matchedVersions(headers['if-match']), matchedVersions(headers['if-none-match'])]
  if (expected !== undefined || headers['if-unmodified-since'] === undefined)
    return { ...(expected !== undefined && { expected }), ...(unwanted !== undefined && { unwanted }) }
  throw new Problem('precondition-failed', 'When features were last changed is not known here; send the ETag of the feature in If-Match.')
}

const tag = (version: string | undefined): Record<string, string> => (version === undefined ? {} : { etag: `"${version}"` })

const empty = (status: number, version?: string): ServiceAnswer => ({
  status,
  mediaType: 'text/plain; charset=utf-8',
  body: '',
  cacheSeconds: 0,
  headers: tag(version),
})

function location({ baseUrl, path }: ServiceRequest, { id }: EditedFeature): Record<string, string> {
  if (id === undefined) return {}
  return { location: `${baseUrl}/collections/${encodeURIComponent(path.collection)}/items/${encodeURIComponent(id)}` }
}

const madeAnswer = (made: readonly EditedFeature[]): ServiceAnswer => ({
  status: 201,
  mediaType: 'application/json',
  body: JSON.stringify({ numberCreated: made.length, ids: made.map(({ id }) => id ?? null) }),
  cacheSeconds: 0,
})

function faultAnswer(request: ServiceRequest, kind: EditKind, error: unknown, { log }: ServiceContext): ServiceAnswer {
  const problem = toProblem(error)
  const answer = problemAnswer(problem)
  if (answer.status === 500) log.error({ err: error }, 'features could not be changed')
  const collection = findCollection(request.view, request.path.collection)
  if (!collection) return answer
  const { allow, 'accept-post': post, 'accept-patch': patch } = optionHeaders(request, collection, kind === 'create' ? 'items' : 'item')
  const more: Record<string, string | undefined> =
    problem.kind === 'method-not-allowed'
      ? { allow }
      : problem.kind === 'unsupported-media-type'
        ? { 'accept-post': post, 'accept-patch': patch }
        : {}
  const known = Object.entries(more).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))
  return { ...answer, headers: { ...answer.headers, ...Object.fromEntries(known) } }
}
