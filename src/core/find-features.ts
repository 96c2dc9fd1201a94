import type { Filter } from '#filters/filter.js'
import { CrsError } from '#geo/crs-error.js'
import { type Transform, transformBbox, transformBetween } from '#geo/transform.js'
import type { Collection, FeatureSource, GeometryColumn } from './atlas.js'
import { type FeatureReference, referenceColumn, tellReferences } from './feature-references.js'
import type { FeatureColumn, FeatureGeometry, FeatureHead, FeatureTable, FeatureTime } from './feature-table.js'
import { timeOf } from './feature-time.js'
import { findPage, type Page } from './find-page.js'
import type { RowStream, Stores } from './ports.js'
import { Problem } from './problem.js'
import type { FeatureQuery } from './queries.js'
import { reprojectedBatches } from './reproject-batches.js'
import { textIn } from './text.js'

/** Features of a collection as a client asks for them. */
export interface FindFeatures
  extends Pick<FeatureQuery, 'search' | 'sort' | 'limit' | 'offset' | 'after' | 'simplify' | 'isBulk'>,
    Pick<FeatureHead, 'count'> {
  readonly collection: FoundCollection
  /** Settled: see `settleFilter`. */
  readonly filter?: Filter
  /** Attributes wanted, in this order; absent: all. */
  readonly columns?: readonly string[]
  /** Columns of ids of other features that are told otherwise than as they are. */
  readonly references?: readonly FeatureReference[]
  readonly withoutGeometry?: boolean
  /** A page of so many features, in the order of `sort` and the key, instead of those of `limit`. */
  readonly pageSize?: number
  /** Of the coordinates that come; the storage CRS where absent. */
  readonly crs?: string
  /** For titles. */
  readonly languages: readonly string[]
}

/** What finding features takes of a collection. */
export type FoundCollection = Pick<Collection, 'id' | 'title' | 'source' | 'extent' | 'dimensions'>

/** What such features are like, before any is looked for. Throws `unknown-crs`, and `not-queryable` where the collection has no features. */
export function featureHead({ collection, columns, references, withoutGeometry, crs, languages, count }: FindFeatures): FeatureHead {
  const source = requireFeatures(collection)
  const geometry = withoutGeometry ? undefined : source.geometries.find(({ name }) => name === source.geometry)
  const wanted = columns ?? source.columns.map(({ name }) => name)
  const attributes = wanted.flatMap((name): FeatureColumn[] => {
    const column = source.columns.find(one => one.name === name)
    if (column) return [references ? referenceColumn(column, references) : column]
    const other = source.geometries.find(one => one.name === name && one !== geometry)
    return other ? [{ name, kind: 'geometry', nativeType: 'geometry', isNullable: other.isNullable }] : []
  })
  const time = timeAmong(collection, attributes)
  return {
    id: collection.id,
    title: textIn(collection.title, languages),
    columns: attributes,
    ...(time && { time }),
    hasNumericIds: hasNumericIds(source),
    ...(geometry && { geometry: writtenGeometry(collection, geometry, crs) }),
    ...(count !== undefined && { count }),
  }
}

/** When features are, where the columns that say so hold moments and are among those wanted. */
function timeAmong(collection: FoundCollection, columns: readonly FeatureColumn[]): FeatureTime | undefined {
  const carrier = timeOf(collection)
  const isMoment = (name: string) => columns.some(one => one.name === name && /^(date|timestamp|timestamptz)$/.test(one.kind))
  if (carrier?.kind === 'column') return isMoment(carrier.column) ? { kind: 'instant', column: carrier.column } : undefined
  if (carrier?.kind !== 'columns' || !isMoment(carrier.start) || !isMoment(carrier.end)) return undefined
  return { kind: 'interval', start: carrier.start, end: carrier.end }
}

function hasNumericIds({ key, columns }: FeatureSource): boolean {
  if (!('columns' in key) || key.columns.length !== 1) return false
  return columns.some(({ name, kind }) => name === key.columns[0] && (kind === 'integer' || kind === 'bigint'))
}

function writtenGeometry(
  collection: FoundCollection,
  { name, type, dimensions, crs: stored }: GeometryColumn,
  asked?: string,
): FeatureGeometry {
  const crs = asked ?? stored
  const box = stored && crs && collection.extent && transformBbox(collection.extent.storage, stored, crs)
  return { name, type, dimensions, ...(crs && { crs }), ...(box && { extent: box }) }
}

/** Finds features, their geometries in the CRS that is asked for. Resolves when the first of them, or their end, is there. Throws Problems. */
export async function findFeatures(query: FindFeatures, stores: Stores, signal?: AbortSignal): Promise<FeatureTable> {
  const { collection, filter, search, sort, limit, offset, after, pageSize, simplify, crs, isBulk, references } = query
  const source = requireFeatures(collection)
  const head = featureHead(query)
  const asked: FeatureQuery = {
    source,
    key: true,
    columns: [...head.columns.map(({ name }) => name), ...(head.geometry ? [head.geometry.name] : [])],
    isFleeting: true,
    ...((isBulk || (pageSize === undefined && limit === undefined)) && !sort && { isBulk: true }),
    ...(filter && { filter }),
    ...(search && { search }),
    ...(sort && { sort }),
    ...(after && { after }),
    ...(limit !== undefined && { limit }),
    ...(offset !== undefined && { offset }),
    ...(simplify !== undefined && { simplify }),
  }
  const store = stores.features(source.store)
  const found: RowStream & Partial<Pick<Page, 'next'>> =
    pageSize === undefined ? await store.find(asked, signal) : await findPage(store, asked, pageSize, signal)
  const { schema, batches } = references ? tellReferences(found.schema, found.batches, references) : found
  const transforms = schema.columns.map(({ name, kind }) => (kind === 'geometry' ? transformFor(source, name, crs) : undefined))
  return {
    ...head,
    schema,
    batches: transforms.some(Boolean) ? reprojectedBatches(batches, transforms, crs ?? '') : batches,
    ...(found.next && { next: found.next }),
  }
}

function transformFor(source: FeatureSource, name: string, crs: string | undefined): Transform | undefined {
  const stored = source.geometries.find(one => one.name === name)?.crs
  if (crs === undefined || stored === crs) return undefined
  if (!stored) throw new Problem('unknown-crs', `The geometry ${name} has no known reference system, so it cannot be brought into ${crs}.`)
  try {
    const transform = transformBetween(stored, crs)
    return transform.isIdentity ? undefined : transform
  } catch (error) {
    throw error instanceof CrsError ? new Problem('unknown-crs', error.message, { cause: error }) : error
  }
}

function requireFeatures({ id, source }: FoundCollection): FeatureSource {
  if (source.kind === 'features') return source
  throw new Problem('not-queryable', `The collection ${id} is a raster: it has no features.`)
}
