import assert from 'node:assert/strict'
import type { Entry, Trial } from '../suite.js'
import { type CollectionDocument, crs84, type FeaturesWorld, featureCollections } from './world.js'

const crs84h = 'http://www.opengis.net/def/crs/OGC/0/CRS84h'

/** A URI of the OGC: authority, version, code; each of characters that a path of RFC 3986 may have. */
const part = "(?:[A-Za-z0-9\\-._~!$&'()*+,;=@]|%[0-9A-F]{2})+"
const ogcUri = new RegExp(`^(?:http://www\\.opengis\\.net/def/crs/${part}/${part}/${part}|urn:ogc:def:crs:${part}:(?:${part})?:${part})$`)

const identifiers = (uris: readonly (string | undefined)[], isGlobal = false) => {
  for (const uri of uris)
    assert.ok(uri !== undefined && (ogcUri.test(uri) || (isGlobal && uri === '#/crs')), `${uri} names no reference system`)
}

/** Each collection, as the list has it. */
const listed = (world: FeaturesWorld, judge: (collection: CollectionDocument) => void): readonly Trial[] =>
  featureCollections(world).map(collection => ({ of: collection.id, asks: [], judge: () => judge(collection) }))

/** Each collection, as its own address has it. */
const own = (world: FeaturesWorld, judge: (collection: CollectionDocument) => void): readonly Trial[] =>
  featureCollections(world).map(({ id }) => ({ of: id, asks: [], judge: () => judge(world.byId.get(id) as CollectionDocument) }))

const uris = 'OGC 18-058r1, requirements 1, 2 and 4'
const isGlobal = (world: FeaturesWorld) => world.collections.crs !== undefined

const hasDefault = ({ crs = [], extent }: CollectionDocument, { collections }: FeaturesWorld) => {
  const all = crs.includes('#/crs') ? [...crs, ...(collections.crs ?? [])] : crs
  assert.ok(!extent?.spatial || all.includes(crs84) || all.includes(crs84h), 'CRS84 is not in the list')
}

const storage = (world: FeaturesWorld, collections: readonly CollectionDocument[]): readonly Trial[] | string => {
  const stored = collections.filter(({ storageCrs }) => storageCrs !== undefined)
  if (stored.length === 0) return 'no collection has a storageCrs'
  return stored.map(({ id, storageCrs = '', crs = [] }) => ({
    of: id,
    asks: [],
    judge: () => assert.ok([...crs, ...(crs.includes('#/crs') ? (world.collections.crs ?? []) : [])].includes(storageCrs), storageCrs),
  }))
}

/** What collections say of reference systems. */
export const crsDiscovery: readonly Entry<FeaturesWorld>[] = [
  {
    id: 'DiscoveryCollectionsCrsUri.verifyCollectionsCrsIdentifierOfCrsProperty',
    clause: uris,
    asserts: 'The list of systems for all collections, where there is one, is of URIs.',
    trials: ({ collections }) => ({ asks: [], judge: () => identifiers(collections.crs ?? []) }),
  },
  {
    id: 'DiscoveryCollectionsCrsUri.verifyCollectionsCrsIdentifierOfStorageCrs',
    clause: uris,
    asserts: 'The same of a storageCrs beside it.',
    trials: ({ collections }) => ({
      asks: [],
      judge: () => identifiers([(collections as { storageCrs?: string }).storageCrs].filter(uri => uri !== undefined)),
    }),
  },
  {
    id: 'DiscoveryCollectionsCrsUri.verifyCollectionsCollectionCrsIdentifierOfCrsProperty',
    clause: uris,
    asserts: 'Each collection of the list names its systems by URIs, or by #/crs.',
    trials: world => listed(world, ({ crs = [] }) => identifiers(crs, isGlobal(world))),
  },
  {
    id: 'DiscoveryCollectionsCrsUri.verifyCollectionsCollectionCrsIdentifierOfStorageCrs',
    clause: uris,
    asserts: 'And the one it is stored in.',
    trials: world => listed(world, ({ storageCrs }) => storageCrs !== undefined && identifiers([storageCrs], isGlobal(world))),
  },
  {
    id: 'DiscoveryCollectionsDefaultCrs.verifyCollectionsPathCollectionCrsPropertyContainsDefaultCrs',
    clause: 'OGC 18-058r1, requirement 2 B',
    asserts: 'CRS84 is among the systems of each collection with a spatial extent.',
    trials: world => listed(world, collection => hasDefault(collection, world)),
  },
  {
    id: 'DiscoveryCollectionsStorageCrs.verifyCollectionsPathCollectionCrsPropertyContainsStorageCrs',
    clause: 'OGC 18-058r1, requirement 5',
    asserts: 'What it is stored in is one of its systems.',
    trials: world => storage(world, featureCollections(world)),
  },
  {
    id: 'DiscoveryCollectionCrsUri.verifyCollectionCrsIdentifierOfCrsProperty',
    clause: uris,
    // the official suite fails a collection without the property
    asserts: 'Each collection, at its own address, names its systems by URIs, one at least: also where it has no geometry.',
    trials: world =>
      own(world, ({ crs = [] }) => {
        assert.ok(crs.length > 0, 'it names none')
        identifiers(crs)
      }),
  },
  {
    id: 'DiscoveryCollectionCrsUri.verifyCollectionCrsIdentifierOfStorageCrsProperty',
    clause: uris,
    asserts: 'And the one it is stored in.',
    trials: world => own(world, ({ storageCrs }) => storageCrs !== undefined && identifiers([storageCrs])),
  },
  {
    id: 'DiscoveryCollectionDefaultCrs.verifyCollectionCrsIdentifierOfCrsProperty',
    clause: 'OGC 18-058r1, requirement 2 B',
    asserts: 'CRS84 is among the systems of each collection with a spatial extent, at its own address.',
    trials: world => own(world, collection => hasDefault(collection, world)),
  },
  {
    id: 'DiscoveryCollectionStorageCrs.verifyCollectionCrsIdentifierOfCrsProperty',
    clause: 'OGC 18-058r1, requirement 5',
    asserts: 'What it is stored in is one of its systems, at its own address.',
    trials: world => storage(world, [...world.byId.values()]),
  },
]
