import assert from 'node:assert/strict'
import type { Entry, Trial } from '../suite.js'
import { alternatesOf, expectLink } from './links.js'
import { type CollectionDocument, crs84, type FeaturesWorld, featureCollections, json, jsonAccept } from './world.js'

type Collections = FeaturesWorld['collections']

const collections = (world: FeaturesWorld, judge: (document: Collections) => void): Trial => ({
  asks: [{ url: `${world.address}/collections`, headers: { Accept: jsonAccept } }],
  judge: ([answer]) => judge(json(answer)),
})

const each = (world: FeaturesWorld, judge: (document: CollectionDocument, listed: CollectionDocument) => void): readonly Trial[] =>
  featureCollections(world).map(listed => ({
    of: listed.id,
    asks: [{ url: `${world.address}/collections/${encodeURIComponent(listed.id)}`, headers: { Accept: jsonAccept } }],
    judge: ([answer]) => judge(json(answer), listed),
  }))

/** The list of collections, and each of them. */
export const collectionEntries: readonly Entry<FeaturesWorld>[] = [
  {
    id: 'FeatureCollections.validateFeatureCollectionsMetadataOperation',
    clause: 'OGC 17-069r4, requirement 11',
    asserts: 'The list of collections is there.',
    trials: world => collections(world, () => {}),
  },
  {
    id: 'FeatureCollections.validateFeatureCollectionsMetadataOperationResponse_Links',
    clause: 'OGC 17-069r4, requirement 13',
    asserts: 'It links to itself and to itself in every other form that is claimed; these links have rel and type.',
    trials: world =>
      collections(world, ({ links }) => {
        const self = expectLink(links, 'self')
        for (const type of alternatesOf(world, self.type, 'documents')) expectLink(links, 'alternate', type)
      }),
  },
  {
    id: 'FeatureCollections.validateFeatureCollectionsMetadataOperationResponse_Items',
    clause: 'OGC 17-069r4, requirement 14',
    asserts: 'Every collection of the test data is in it.',
    trials: world =>
      collections(world, ({ collections }) => {
        assert.deepEqual(collections.map(({ id }) => id).toSorted(), ['register', 'towns', 'woods', 'zones'])
      }),
  },
  {
    id: 'FeatureCollections.validateFeatureCollectionsMetadataOperationResponse_CrsProperty',
    clause: 'OGC 17-069r4, requirement 10',
    asserts: 'Where it has a list of reference systems for all, CRS84 is the first.',
    trials: world => collections(world, ({ crs }) => assert.ok(crs === undefined || crs[0] === crs84)),
  },
  {
    id: 'FeatureCollections.validateFeatureCollectionsMetadataOperationResponse_Content',
    clause: 'OGC 17-069r4, requirement 12',
    asserts: 'It has links and collections.',
    trials: world => collections(world, ({ links, collections }) => assert.ok(links.length > 0 && collections.length > 0)),
  },
  {
    id: 'FeatureCollection.validateFeatureCollectionMetadataOperation',
    clause: 'OGC 17-069r4, requirement 17',
    asserts: 'Each collection is at its own address.',
    trials: world => each(world, () => {}),
  },
  {
    id: 'FeatureCollection.validateFeatureCollectionMetadataResponse',
    clause: 'OGC 17-069r4, requirement 18',
    asserts: 'It says the same there as in the list: id, title, description, extent.',
    trials: world =>
      each(world, (document, listed) => {
        for (const key of ['id', 'title', 'description', 'extent'] as const) assert.deepEqual(document[key], listed[key], key)
      }),
  },
]
