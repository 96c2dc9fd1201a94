import assert from 'node:assert/strict'
import type { Entry, Trial } from '../suite.js'
import { alternatesOf, expectLink } from './links.js'
import { pageEntries } from './pages.js'
import { type Feature, type FeaturesWorld, featureAsk, featureCollections, itemsAddress, itemsAsk, json, type Link } from './world.js'

const refused = (world: FeaturesWorld, parameters: Readonly<Record<string, string>>): readonly Trial[] =>
  featureCollections(world).map(collection => ({
    of: collection.id,
    asks: [itemsAsk(collection, parameters)],
    judge: ([{ status }]) => assert.equal(status, 400),
  }))

/** The first feature of each collection, whose ids are 1 in the test data. */
const first = (world: FeaturesWorld, judge: (feature: Feature & { links?: readonly Link[] }) => void): readonly Trial[] =>
  featureCollections(world).map(collection => ({
    of: collection.id,
    asks: [featureAsk(collection, 1)],
    judge: ([answer]) => judge(json(answer)),
  }))

/** Features without conditions, wrong conditions, and single features. */
export const features: readonly Entry<FeaturesWorld>[] = [
  ...pageEntries(
    {
      operation: 'Features.validateFeaturesOperation',
      crs84: 'Features.validateFeaturesResponse_GeometryInCRS84',
      type: 'Features.validateFeaturesResponse_TypeProperty',
      features: 'Features.validateFeaturesResponse_FeaturesProperty',
      links: 'Features.validateFeaturesResponse_Links',
      timeStamp: 'Features.validateFeaturesResponse_TimeStamp',
      numberMatched: 'Features.validateFeaturesResponse_NumberMatched',
      numberReturned: 'Features.validateFeaturesResponse_NumberReturned',
    },
    // without a limit of our own: the default page
    world =>
      featureCollections(world).map(collection => ({
        of: collection.id,
        ask: { url: itemsAddress(collection), headers: itemsAsk(collection).headers },
      })),
  ),
  {
    id: 'FeaturesErrorConditions.validateFeaturesOperation_QueryParamInvalid',
    clause: 'OGC 17-069r4, requirement 9',
    asserts: 'A value that a parameter cannot have is refused.',
    trials: world => refused(world, { limit: 'unlimited' }),
  },
  {
    id: 'FeaturesErrorConditions.validateFeaturesOperation_QueryParamUnknown',
    clause: 'OGC 17-069r4, requirement 8',
    asserts: 'A parameter that is not in the API document is refused.',
    trials: world => refused(world, { unknownQueryParameter12345: '1' }),
  },
  {
    id: 'Feature.featureOperation',
    clause: 'OGC 17-069r4, requirement 33',
    asserts: 'A feature is at its own address.',
    trials: world => first(world, ({ type, id }) => assert.deepEqual([type, String(id)], ['Feature', '1'])),
  },
  {
    id: 'Feature.validateFeatureResponse',
    clause: 'OGC 17-069r4, requirements 34 and 35',
    asserts: 'It links to itself, to itself in every other form that is claimed, and to its collection; these links have rel and type.',
    trials: world =>
      first(world, ({ links }) => {
        const self = expectLink(links, 'self')
        for (const type of alternatesOf(world, self.type, 'features')) expectLink(links, 'alternate', type)
        expectLink(links, 'collection')
      }),
  },
]
