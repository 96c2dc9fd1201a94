import assert from 'node:assert/strict'
import { ask, headerOf } from '../ask.js'
import type { Answer, Ask } from '../suite.js'

export interface Link {
  readonly href: string
  readonly rel: string
  readonly type?: string
}

export interface CollectionDocument {
  readonly id: string
  readonly title?: string
  readonly description?: string
  readonly itemType?: string
  readonly extent?: {
    readonly spatial?: { readonly bbox: readonly (readonly number[])[]; readonly crs?: string }
    readonly temporal?: { readonly interval: readonly (readonly (string | null)[])[] }
  }
  readonly crs?: readonly string[]
  readonly storageCrs?: string
  readonly links: readonly Link[]
}

export interface Feature {
  readonly type: 'Feature'
  readonly id: string | number
  readonly geometry: { readonly type: string; readonly coordinates: unknown } | null
  readonly properties: Readonly<Record<string, unknown>>
}

export interface FeaturePage {
  readonly type: string
  readonly features: readonly Feature[]
  readonly links: readonly Link[]
  readonly numberMatched?: number
  readonly numberReturned?: number
  readonly timeStamp?: string
}

/** A parameter of an OpenAPI document, references resolved. */
export interface Parameter {
  readonly name: string
  readonly in: string
  readonly required?: boolean
  readonly style?: string
  readonly explode?: boolean
  readonly schema: Readonly<Record<string, unknown>>
}

/** What entries look at: the documents that say what there is. */
export interface FeaturesWorld {
  readonly address: string
  readonly landing: { readonly links: readonly Link[] }
  readonly api: ApiDocument
  readonly conformsTo: readonly string[]
  readonly collections: {
    readonly links: readonly Link[]
    readonly collections: readonly CollectionDocument[]
    readonly crs?: readonly string[]
  }
  /** As `/collections/{id}` describes them, by id. */
  readonly byId: ReadonlyMap<string, CollectionDocument>
}

export interface ApiDocument {
  readonly paths: Readonly<Record<string, { readonly get?: { readonly parameters?: readonly unknown[] } }>>
  readonly components?: unknown
}

export const crs84 = 'http://www.opengis.net/def/crs/OGC/1.3/CRS84'
export const geojson = 'application/geo+json'
export const jsonAccept = 'application/json, application/javascript, text/javascript, text/json'
export const openApiType = 'application/vnd.oai.openapi+json;version=3.0'

/** Reads the documents. Throws where one is missing. */
export async function readWorld(address: string): Promise<FeaturesWorld> {
  const get = async <T>(url: string): Promise<T> => json<T>(await ask({ url, headers: { Accept: jsonAccept } }))
  const landing = await get<FeaturesWorld['landing']>(`${address}/`)
  const api = landing.links.find(({ rel, type }) => rel === 'service-desc' && type === openApiType)
  assert.ok(api, `the landing page has no link service-desc of type ${openApiType}`)
  const collections = await get<FeaturesWorld['collections']>(`${address}/collections`)
  const documents = await Promise.all(
    collections.collections.map(({ id }) => get<CollectionDocument>(`${address}/collections/${encodeURIComponent(id)}`)),
  )
  return {
    address,
    landing,
    api: json(await ask({ url: api.href, headers: { Accept: openApiType } })),
    conformsTo: (await get<{ conformsTo: readonly string[] }>(`${address}/conformance`)).conformsTo,
    collections,
    byId: new Map(documents.map(document => [document.id, document])),
  }
}

export function json<T>(answer: Answer): T {
  assert.equal(answer.status, 200, `${answer.url} is ${answer.status}: ${answer.bytes.toString('utf8', 0, 300)}`)
  return JSON.parse(answer.bytes.toString()) as T
}

export const page = (answer: Answer) => json<FeaturePage>(answer)
export const idsOf = ({ features }: FeaturePage): readonly (string | number)[] => features.map(({ id }) => id)

/** Collections with features, in the order they are listed. */
export const featureCollections = ({ collections }: FeaturesWorld): readonly CollectionDocument[] =>
  collections.collections.filter(({ itemType = 'feature', links }) => itemType === 'feature' && links.some(({ rel }) => rel === 'items'))
export const spatialCollections = (world: FeaturesWorld) => featureCollections(world).filter(({ extent }) => extent?.spatial)
/** Those whose times begin and end at known moments. */
export const temporalCollections = (world: FeaturesWorld) =>
  featureCollections(world).filter(({ extent }) => extent?.temporal?.interval[0].every(end => end !== null))

/** Where the features of a collection are, by its link of type GeoJSON. Throws where there is none. */
export function itemsAddress({ id, links }: CollectionDocument): string {
  const found = links.find(({ rel, type }) => rel === 'items' && type === geojson)
  assert.ok(found, `${id} has no link items of type ${geojson}`)
  return found.href
}

/** A request for features of a collection as GeoJSON; ten, as the official suite asks, where nothing else is said. */
export function itemsAsk(collection: CollectionDocument, parameters: Readonly<Record<string, string | number>> = {}): Ask {
  const query = new URLSearchParams(
    Object.entries({ limit: 10, ...parameters }).map(([name, value]): [string, string] => [name, String(value)]),
  )
  return { url: `${itemsAddress(collection).replace(/\?.*/, '')}?${query}`, headers: { Accept: geojson } }
}

export const featureAsk = (collection: CollectionDocument, id: string | number, parameters: Readonly<Record<string, string>> = {}): Ask => {
  const query = new URLSearchParams(parameters)
  return { url: `${itemsAddress(collection).replace(/\?.*/, '')}/${id}${query.size ? `?${query}` : ''}`, headers: { Accept: geojson } }
}

/** The parameters that the API document declares for a path, references resolved. */
export function parametersOf({ api }: FeaturesWorld, path: string): readonly Parameter[] {
  const resolve = (one: unknown): Parameter => {
    const { $ref } = one as { $ref?: string }
    if ($ref === undefined) return one as Parameter
    return $ref
      .slice(2)
      .split('/')
      .reduce((at: unknown, key) => (at as Record<string, unknown>)[key], api) as Parameter
  }
  return (api.paths[path]?.get?.parameters ?? []).map(resolve)
}

/** Paths of the API document under which features of some collection are. */
export const itemsPaths = ({ api }: FeaturesWorld): readonly string[] =>
  Object.keys(api.paths).filter(path => /^\/collections\/[^/]+\/items$/.test(path))

/** All pages that follow from one, itself the first; at most fifty. */
export async function pagesFrom(first: Answer): Promise<readonly FeaturePage[]> {
  const pages = [page(first)]
  while (pages.length < 50) {
    const next = pages[pages.length - 1].links.find(({ rel }) => rel === 'next')
    if (!next) return pages
    pages.push(page(await ask({ url: next.href, headers: { Accept: geojson } })))
  }
  throw new Error('there is no end of pages')
}

/** Fails unless it is an answer, and says so of its coordinates. */
export function expectContentCrs(answer: Answer, uri: string): void {
  json(answer)
  assert.equal(headerOf(answer, 'Content-Crs'), `<${uri}>`, `Content-Crs of ${answer.url}`)
}

/** Fails unless the answer is a problem with that status. */
export function expectProblem(answer: Answer, status: number): void {
  assert.equal(answer.status, status, `the status of ${answer.url}`)
  assert.equal(answer.mediaType, 'application/problem+json', `the type of ${answer.url}`)
}

/** All positions of a geometry, x and y. */
export function positionsOf(geometry: Feature['geometry']): readonly (readonly [number, number])[] {
  const walk = (value: unknown): readonly (readonly [number, number])[] => {
    if (!Array.isArray(value)) return []
    return typeof value[0] === 'number' ? [[value[0], value[1] as number]] : value.flatMap(walk)
  }
  return geometry === null ? [] : walk(geometry.coordinates)
}
