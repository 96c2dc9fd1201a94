import assert from 'node:assert/strict'
import { expectGeojson } from '../json/geojson.js'
import type { Answer, Ask, BoundEntry } from '../suite.js'
import { type Feature, type FeaturesWorld, featureAsk, featureCollections, itemsAsk, json, positionsOf } from './world.js'

const entry = (id: string, ask: Ask, judge: (answer: Answer) => void): BoundEntry => ({
  id,
  clause: 'RFC 7946',
  asserts: 'It is valid GeoJSON.',
  trials: () => ({ asks: [ask], judge: ([answer]: readonly Answer[]) => judge(answer) }),
})

/** Answers against the schema of GeoJSON, and outer rings the way round that RFC 7946, 3.1.6, wants. */
export const schemaEntries = (world: FeaturesWorld): readonly BoundEntry[] =>
  featureCollections(world).flatMap(collection => [
    entry(`features of ${collection.id}`, itemsAsk(collection, { limit: 100 }), answer => {
      const page = json<{ features: readonly Feature[] }>(answer)
      expectGeojson(page)
      assert.ok(page.features.length > 0)
      for (const { id, geometry } of page.features)
        if (geometry?.type === 'Polygon') assert.ok(areaOf(positionsOf(geometry)) > 0, `the ring of feature ${id} runs clockwise`)
    }),
    entry(`a feature of ${collection.id}`, featureAsk(collection, 1), answer => expectGeojson(json(answer))),
  ])

/** Twice the signed area of a ring; above zero where it runs counter-clockwise. */
const areaOf = (ring: readonly (readonly [number, number])[]) =>
  ring.slice(1).reduce((sum, [x, y], i) => sum + ring[i][0] * y - x * ring[i][1], 0)
