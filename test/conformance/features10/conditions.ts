import assert from 'node:assert/strict'
import type { Entry, Trial } from '../suite.js'
import { meetsBox, officialBoxes } from './boxes.js'
import { pageEntries } from './pages.js'
import {
  type CollectionDocument,
  type FeaturesWorld,
  featureCollections,
  itemsAsk,
  itemsPaths,
  type Parameter,
  page,
  parametersOf,
  spatialCollections,
  temporalCollections,
} from './world.js'

/** The parameter as every path of features has to declare it. */
const declared = (world: FeaturesWorld, name: string, judge: (parameter: Parameter) => void): Trial => ({
  asks: [],
  judge: () => {
    const paths = itemsPaths(world)
    assert.ok(paths.length > 0, 'there is no path of features')
    for (const path of paths) {
      const parameter = parametersOf(world, path).find(parameter => parameter.name === name)
      assert.ok(parameter, `${path} has no parameter ${name}`)
      const { in: place, required = false, style, explode = false } = parameter
      assert.deepEqual({ place, required, style, explode }, { place: 'query', required: false, style: 'form', explode: false }, path)
      judge(parameter)
    }
  },
})

const limitOf = (world: FeaturesWorld, { id }: CollectionDocument): { minimum: number; maximum: number } => {
  const paths = [`/collections/${id}/items`, '/collections/{collectionId}/items']
  const limit = paths.flatMap(path => parametersOf(world, path)).find(({ name }) => name === 'limit')
  return limit?.schema as { minimum: number; maximum: number }
}

const withLimits = (world: FeaturesWorld) =>
  featureCollections(world).flatMap(collection => {
    const { minimum, maximum } = limitOf(world, collection)
    return [minimum, Math.min(100, Math.floor((minimum + maximum) / 2))].map(limit => ({
      of: `${collection.id}, limit ${limit}`,
      limit,
      ask: itemsAsk(collection, { limit }),
    }))
  })

const withBoxes = (world: FeaturesWorld) =>
  spatialCollections(world).flatMap(collection =>
    officialBoxes(collection).map(box => ({
      of: `${collection.id} in ${box.join(',')}`,
      box,
      ask: itemsAsk(collection, { bbox: box.map(number => number.toFixed(7)).join(',') }),
    })),
  )

/** An instant, an interval of moments, and one of days, a quarter into the extent. */
const withTimes = (world: FeaturesWorld) =>
  temporalCollections(world).flatMap(collection => {
    const [begin, end] = (collection.extent?.temporal?.interval[0] ?? []).map(text => Date.parse(text ?? ''))
    const moment = (share: number) => new Date(begin + share * (end - begin)).toISOString()
    return [
      moment(0),
      `${moment(0.25)}/${moment(0.5)}`,
      `${moment(0.25).slice(0, 10)}/${new Date(begin + 0.25 * (end - begin) + 2 * 864e5).toISOString().slice(0, 10)}`,
    ].map(datetime => ({ of: `${collection.id} at ${datetime}`, ask: itemsAsk(collection, { datetime }) }))
  })

/** Features by limit, box and time. */
export const conditions: readonly Entry<FeaturesWorld>[] = [
  {
    id: 'FeaturesLimit.limitParameterDefinition',
    clause: 'OGC 17-069r4, requirement 20',
    asserts: 'limit is declared: a whole number with a least and a usual value.',
    trials: world =>
      declared(world, 'limit', ({ schema }) => {
        assert.equal(schema.type, 'integer')
        for (const key of ['minimum', 'default']) assert.ok(Number.isInteger(schema[key]) && Number(schema[key]) >= 0, key)
      }),
  },
  ...pageEntries(
    {
      operation: 'FeaturesLimit.validateFeaturesWithLimitOperation',
      crs84: 'FeaturesLimit.validateFeaturesWithLimitResponse_GeometryInCRS84',
      type: 'FeaturesLimit.validateFeaturesWithLimitResponse_TypeProperty',
      features: 'FeaturesLimit.validateFeaturesWithLimitResponse_FeaturesProperty',
      links: 'FeaturesLimit.validateFeaturesWithLimitResponse_Links',
      timeStamp: 'FeaturesLimit.validateFeaturesWithLimitResponse_TimeStamp',
      numberMatched: 'FeaturesLimit.validateFeaturesWithLimitResponse_NumberMatched',
      numberReturned: 'FeaturesLimit.validateFeaturesResponse_NumberReturned',
    },
    withLimits,
  ),
  {
    id: 'FeaturesLimit.validateFeaturesWithLimitResponse',
    clause: 'OGC 17-069r4, requirement 21',
    asserts: 'There are not more features than the limit; fewer only where there are no more.',
    trials: world =>
      withLimits(world).map(({ of, limit, ask }) => ({
        of,
        asks: [ask],
        judge: ([answer]) => {
          const { features, numberMatched = Infinity } = page(answer)
          assert.equal(features.length, Math.min(limit, numberMatched))
        },
      })),
  },
  {
    id: 'FeaturesBBox.boundingBoxParameterDefinition',
    clause: 'OGC 17-069r4, requirement 23',
    asserts: 'bbox is declared: four to six numbers.',
    trials: world =>
      declared(world, 'bbox', ({ schema }) => {
        const { type, minItems, maxItems, items } = schema
        assert.deepEqual(
          { type, minItems, maxItems, of: (items as { type: string }).type },
          { type: 'array', minItems: 4, maxItems: 6, of: 'number' },
        )
      }),
  },
  ...pageEntries(
    {
      operation: 'FeaturesBBox.validateFeaturesWithBoundingBoxOperation',
      crs84: 'FeaturesBBox.validateFeaturesResponse_GeometryInCRS84',
      type: 'FeaturesBBox.validateFeaturesWithBoundingBoxResponse_TypeProperty',
      features: 'FeaturesBBox.validateFeaturesWithBoundingBoxResponse_FeaturesProperty',
      links: 'FeaturesBBox.validateFeaturesWithBoundingBoxResponse_Links',
      timeStamp: 'FeaturesBBox.validateFeaturesWithBoundingBoxResponse_TimeStamp',
      numberMatched: 'FeaturesBBox.validateFeaturesWithBoundingBoxResponse_NumberMatched',
      numberReturned: 'FeaturesBBox.validateFeaturesResponse_NumberReturned',
    },
    withBoxes,
  ),
  {
    id: 'FeaturesBBox.validateFeaturesWithBoundingBoxResponse',
    clause: 'OGC 17-069r4, requirement 24',
    asserts: 'Features that are answered meet the box, or have no geometry.',
    trials: world =>
      withBoxes(world).map(({ of, box, ask }) => ({
        of,
        asks: [ask],
        judge: ([answer]) => {
          for (const { id, geometry } of page(answer).features) assert.ok(meetsBox(geometry, box), `feature ${id} does not meet the box`)
        },
      })),
  },
  {
    id: 'FeaturesTime.timeParameterDefinition',
    clause: 'OGC 17-069r4, requirement 25',
    asserts: 'datetime is declared for every collection, also for those without times: a text.',
    trials: world => declared(world, 'datetime', ({ schema }) => assert.equal(schema.type, 'string')),
  },
  ...pageEntries(
    {
      operation: 'FeaturesTime.validateFeaturesWithDateTimeOperation',
      crs84: 'FeaturesTime.validateFeaturesWithDateTimeResponse_GeometryInCRS84',
      type: 'FeaturesTime.validateFeaturesWithDateTimeResponse_TypeProperty',
      features: 'FeaturesTime.validateFeaturesWithDateTimeResponse_FeaturesProperty',
      links: 'FeaturesTime.validateFeaturesWithDateTimeResponse_Links',
      timeStamp: 'FeaturesTime.validateFeaturesWithDateTimeResponse_TimeStamp',
      numberMatched: 'FeaturesTime.validateFeaturesWithDateTimeResponse_NumberMatched',
      numberReturned: 'FeaturesTime.validateFeaturesResponse_NumberReturned',
    },
    withTimes,
  ),
]
