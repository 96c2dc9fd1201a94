import assert from 'node:assert/strict'
import type { Ask, Entry, Trial } from '../suite.js'
import { expectNear, placesOf, systems } from './places.js'
import {
  type CollectionDocument,
  crs84,
  expectContentCrs,
  type Feature,
  type FeaturesWorld,
  featureAsk,
  featureCollections,
  idsOf,
  itemsAsk,
  json,
  page,
  spatialCollections,
} from './world.js'

const unsupported = 'http://www.opengis.net/def/crs/0/unsupported'
const inBox = { bbox: '0,42,6,47', limit: 100 }

/** Each collection in each of its systems. */
const inEach = (world: FeaturesWorld, make: (collection: CollectionDocument, crs: string) => Trial): readonly Trial[] =>
  featureCollections(world).flatMap(collection => {
    const { crs: all = [] } = world.byId.get(collection.id) as CollectionDocument
    if (all.length === 0) return [{ of: collection.id, asks: [], judge: () => assert.fail('it names no system') }]
    return all.map(crs => ({ ...make(collection, crs), of: `${collection.id} in ${crs}` }))
  })

const each = (world: FeaturesWorld, ask: (collection: CollectionDocument) => Ask, judge: Trial['judge']): readonly Trial[] =>
  featureCollections(world).map(collection => ({ of: collection.id, asks: [ask(collection)], judge }))

/** Where features are, held against the places that PROJ gives them. */
const expectPlaces = (features: readonly Feature[], collection: string, crs: string) => {
  const places = placesOf(collection)
  for (const { id, geometry } of features)
    if (geometry && places) expectNear(places(Number(id), crs), geometry, crs, `feature ${id} of ${collection}`)
}

/** A box around the middle of a collection, in a system and in CRS84; both hold the same places and cut none. */
const boxesFor = (collection: string, crs: string): { readonly own: string; readonly lonLat: string } | undefined =>
  systems[crs]?.boxes[collection]

/** Reference systems in requests. */
export const crsQuery: readonly Entry<FeaturesWorld>[] = [
  {
    id: 'FeaturesCrsParameter.verifyFeaturesCrsParameter',
    clause: 'OGC 18-058r1, requirements 6, 7 B, 15 and 16',
    asserts: 'Features come in each system of their collection, and Content-Crs says which.',
    trials: world =>
      inEach(world, (collection, crs) => ({
        asks: [itemsAsk(collection, { crs })],
        judge: ([answer]) => expectContentCrs(answer, crs),
      })),
  },
  {
    id: 'FeatureCrsParameter.verifyFeatureCrsParameter',
    clause: 'OGC 18-058r1, requirements 6, 7 B, 15 and 16',
    asserts: 'So does a single feature.',
    trials: world =>
      inEach(world, (collection, crs) => ({
        asks: [featureAsk(collection, 1, { crs })],
        judge: ([answer]) => expectContentCrs(answer, crs),
      })),
  },
  {
    id: 'FeaturesCrsParameterInvalid.verifyFeaturesCrsParameterInvalid',
    clause: 'OGC 18-058r1, requirement 7',
    asserts: 'A system that is not one of theirs is refused.',
    trials: world =>
      each(
        world,
        collection => itemsAsk(collection, { crs: unsupported }),
        ([{ status }]) => assert.equal(status, 400),
      ),
  },
  {
    id: 'FeatureCrsParameterInvalid.verifyFeatureCrsParameterInvalid',
    clause: 'OGC 18-058r1, requirement 7',
    asserts: 'Also for a single feature.',
    trials: world =>
      each(
        world,
        collection => featureAsk(collection, 1, { crs: unsupported }),
        ([{ status }]) => assert.equal(status, 400),
      ),
  },
  {
    id: 'FeaturesCrsParameterDefault.verifyFeaturesCrsParameterDefault',
    clause: 'OGC 18-058r1, requirements 8 and 15',
    asserts: 'Where none is asked for, Content-Crs says CRS84.',
    trials: world =>
      each(
        world,
        collection => itemsAsk(collection),
        ([answer]) => expectContentCrs(answer, crs84),
      ),
  },
  {
    id: 'FeatureCrsParameterDefault.verifyFeatureCrsParameterDefault',
    clause: 'OGC 18-058r1, requirements 8 and 15',
    asserts: 'Also for a single feature.',
    trials: world =>
      each(
        world,
        collection => featureAsk(collection, 1),
        ([answer]) => expectContentCrs(answer, crs84),
      ),
  },
  {
    id: 'FeaturesCrsParameterTransform.verifyFeaturesCrsParameterTransformWithoutCrsParameter',
    clause: 'OGC 18-058r1, requirement 9',
    asserts: 'Without crs, coordinates are those that PROJ gives in CRS84.',
    trials: world =>
      featureCollections(world).map(collection => ({
        of: collection.id,
        asks: [itemsAsk(collection, { limit: 100 })],
        judge: ([answer]) => {
          expectContentCrs(answer, crs84)
          expectPlaces(page(answer).features, collection.id, crs84)
        },
      })),
  },
  {
    id: 'FeaturesCrsParameterTransform.verifyFeaturesCrsParameterTransformWithCrsParameter',
    clause: 'OGC 18-058r1, requirement 9',
    asserts: 'With crs, they are those that PROJ gives there, in the axis order of the authority.',
    trials: world =>
      inEach(world, (collection, crs) => ({
        asks: [itemsAsk(collection, { limit: 100, crs })],
        judge: ([answer]) => expectPlaces(page(answer).features, collection.id, crs),
      })),
  },
  {
    id: 'FeatureCrsParameterTransform.verifyFeatureCrsParameterTransformWithCrsParameter',
    clause: 'OGC 18-058r1, requirement 9',
    asserts: 'The same of single features, without crs.',
    trials: world =>
      featureCollections(world).map(collection => ({
        of: collection.id,
        asks: [featureAsk(collection, 5)],
        judge: ([answer]) => {
          expectContentCrs(answer, crs84)
          expectPlaces([json<Feature>(answer)], collection.id, crs84)
        },
      })),
  },
  {
    id: 'FeatureCrsParameterTransform.verifyFeatureCrsParameterTransformWithoutCrsParameter',
    clause: 'OGC 18-058r1, requirement 9',
    asserts: 'And with it.',
    trials: world =>
      inEach(world, (collection, crs) => ({
        asks: [featureAsk(collection, 5, { crs })],
        judge: ([answer]) => expectPlaces([json<Feature>(answer)], collection.id, crs),
      })),
  },
  {
    id: 'BBoxCrsParameter.verifyBboxCrsParameterWithDefaultCrs',
    clause: 'OGC 18-058r1, requirements 10 and 12',
    asserts: 'A box without bbox-crs is in CRS84: the extent of a collection holds all of it.',
    trials: world =>
      spatialCollections(world).map(collection => ({
        of: collection.id,
        asks: [
          itemsAsk(collection, { bbox: collection.extent?.spatial?.bbox[0].map(n => n.toFixed(7)).join(',') ?? '' }),
          itemsAsk(collection),
        ],
        judge: ([within, all]) => assert.equal(page(within).numberMatched, page(all).numberMatched),
      })),
  },
  {
    id: 'BBoxCrsParameter.verifyBboxCrsParameter',
    clause: 'OGC 18-058r1, requirements 10 and 12',
    asserts: 'A box in each system of a collection, in its axis order, selects what the same box in CRS84 does: some, and not all.',
    trials: world =>
      inEach(world, (collection, crs) => {
        const boxes = boxesFor(collection.id, crs)
        if (!boxes)
          return { asks: [], judge: () => assert.ok(!collection.extent?.spatial, `the test has no box for ${collection.id} in ${crs}`) }
        return {
          asks: [
            itemsAsk(collection, { limit: 100, bbox: boxes.own, 'bbox-crs': crs }),
            itemsAsk(collection, { limit: 100, bbox: boxes.lonLat }),
          ],
          judge: ([own, lonLat]) => {
            const ids = idsOf(page(own))
            assert.deepEqual(ids, idsOf(page(lonLat)))
            assert.ok(ids.length > 1 && ids.length < 16, `${ids.length} are in the box`)
          },
        }
      }),
  },
  {
    id: 'BBoxCrsParameterDefault.verifyBboxCrsParameterDefault',
    clause: 'OGC 18-058r1, requirement 11',
    asserts: 'bbox-crs with CRS84 changes nothing.',
    trials: world =>
      spatialCollections(world).map(collection => ({
        of: collection.id,
        asks: [itemsAsk(collection, inBox), itemsAsk(collection, { ...inBox, 'bbox-crs': crs84 })],
        judge: ([without, with84]) => assert.deepEqual(idsOf(page(with84)), idsOf(page(without))),
      })),
  },
  {
    id: 'BBoxCrsParameterInvalid.verifyBboxCrsParameterInvalid',
    clause: 'OGC 18-058r1, requirement 13',
    asserts: 'A bbox-crs that is not one of theirs is refused.',
    trials: world =>
      each(
        world,
        collection => itemsAsk(collection, { bbox: '5,49,6,50', 'bbox-crs': unsupported }),
        ([{ status }]) => assert.equal(status, 400),
      ),
  },
]
