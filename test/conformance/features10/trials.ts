import assert from 'node:assert/strict'
import type { Ask, Trial } from '../suite.js'
import { type CollectionDocument, expectProblem, type FeaturesWorld, idsOf, itemsAsk, page } from './world.js'
import { towns } from './world-data.js'

export const collectionOf = (world: FeaturesWorld, id: string): CollectionDocument => {
  const found = world.byId.get(id)
  assert.ok(found, `there is no collection ${id}`)
  return found
}

/** A request for all features of a collection that a condition leaves. */
export const all = (world: FeaturesWorld, id: string, parameters: Readonly<Record<string, string | number>> = {}): Ask =>
  itemsAsk(collectionOf(world, id), { limit: 1000, ...parameters })

/** Exactly these features are answered, by ascending id. */
export const selects = (world: FeaturesWorld, id: string, parameters: Readonly<Record<string, string>>, ids: readonly number[]): Trial => ({
  of: `${id} ${new URLSearchParams(parameters)}`,
  asks: [all(world, id, parameters)],
  judge: ([answer]) => assert.deepEqual(idsOf(page(answer)).map(Number), ids),
})

export const refuses = (ask: Ask, status = 400): Trial => ({ of: ask.url, asks: [ask], judge: ([answer]) => expectProblem(answer, status) })

/** Ids of the towns in a box, in degrees. */
export const townsIn = (west: number, south: number, east: number, north: number): readonly number[] =>
  towns.filter(({ lonLat: [x, y] }) => x >= west && x <= east && y >= south && y <= north).map(({ id }) => id)
