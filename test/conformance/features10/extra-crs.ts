import assert from 'node:assert/strict'
import type { Entry } from '../suite.js'
import { all, collectionOf, refuses, selects, townsIn } from './trials.js'
import { crs84, expectContentCrs, type FeaturesWorld, featureAsk, featureCollections, itemsAsk, page, positionsOf } from './world.js'
import { towns } from './world-data.js'

const epsg = (code: number) => `http://www.opengis.net/def/crs/EPSG/0/${code}`

/** What Part 2 asks and the official suite does not try. */
export const extraCrs: readonly Entry<FeaturesWorld>[] = [
  {
    id: 'extra: crs that is known but not of the collection',
    clause: 'OGC 18-058r1, requirements 7 and 13',
    asserts: 'It is refused as one that does not exist is: for features, a feature, and boxes.',
    trials: world => {
      const towns = collectionOf(world, 'towns')
      return [
        refuses(all(world, 'towns', { crs: epsg(27700) })),
        refuses(featureAsk(towns, 1, { crs: epsg(27700) })),
        refuses(all(world, 'towns', { bbox: '0,0,1,1', 'bbox-crs': epsg(27700) })),
      ]
    },
  },
  {
    id: 'extra: crs that is no name',
    clause: 'OGC 18-058r1, requirement 7',
    asserts: 'It is refused.',
    trials: world =>
      ['EPSG', epsg(999_999), 'http://example.org/crs', '2154; DROP TABLE towns'].map(crs => refuses(all(world, 'towns', { crs }))),
  },
  {
    id: 'extra: crs and bbox-crs are apart',
    clause: 'OGC 18-058r1, 7.2 and 7.3',
    asserts: 'A box in one system selects, coordinates come in another; each has the axis order of its own.',
    trials: world => ({
      asks: [all(world, 'towns', { bbox: '42,0,47,6', 'bbox-crs': epsg(4326), crs: epsg(3035) })],
      judge: ([answer]) => {
        expectContentCrs(answer, epsg(3035))
        const { features } = page(answer)
        assert.deepEqual(
          features.map(({ id }) => Number(id)),
          townsIn(0, 42, 6, 47),
        )
        for (const { id, geometry } of features) {
          const [[north, east]] = positionsOf(geometry)
          const [x, y] = towns[Number(id) - 1].x3035
          assert.ok(Math.abs(north - y) < 0.01 && Math.abs(east - x) < 0.01, `town ${id} is at ${north}, ${east}`)
        }
      },
    }),
  },
  {
    id: 'extra: bbox-crs without bbox',
    clause: 'OGC 18-058r1, requirement 10',
    asserts: 'It selects nothing away.',
    trials: world =>
      selects(
        world,
        'towns',
        { 'bbox-crs': epsg(2154) },
        towns.map(({ id }) => id),
      ),
  },
  {
    id: 'extra: storage system',
    clause: 'OGC 18-058r1, requirements 4 and 5',
    asserts: 'storageCrs is what the data are stored in; what has no geometry has none.',
    trials: world => ({
      asks: [],
      judge: () => {
        const stored = Object.fromEntries(featureCollections(world).map(({ id, storageCrs }) => [id, storageCrs]))
        assert.deepEqual(stored, { zones: epsg(4326), towns: epsg(2154), woods: epsg(3035), register: undefined })
      },
    }),
  },
  {
    id: 'extra: coordinates come as they are stored',
    clause: 'OGC 18-058r1, requirement 9; contract, Numbers',
    asserts: 'In the storage system they are the stored numbers, to the millimetre.',
    trials: world => ({
      asks: [all(world, 'towns', { crs: epsg(2154) })],
      judge: ([answer]) => {
        for (const { id, geometry } of page(answer).features) assert.deepEqual(geometry?.coordinates, towns[Number(id) - 1].x2154)
      },
    }),
  },
  {
    id: 'extra: crs of what has no geometry',
    clause: 'OGC 18-058r1, requirement 8',
    asserts: 'CRS84 is taken, and Content-Crs says it.',
    trials: world => ({
      asks: [itemsAsk(collectionOf(world, 'register'), { crs: crs84 })],
      judge: ([answer]) => expectContentCrs(answer, crs84),
    }),
  },
]
