import assert from 'node:assert/strict'
import type { Entry } from '../suite.js'
import { all, refuses, selects } from './trials.js'
import { type FeaturesWorld, page } from './world.js'
import { entries, towns, zones } from './world-data.js'

/** Towns of days in a range, both ends in it, and those without a day. */
const seen = (from: string, to: string) => towns.filter(({ seen }) => seen === null || (seen >= from && seen <= to)).map(({ id }) => id)
const begun = (from: string, to: string) => zones.filter(({ begun }) => begun >= from && begun <= to).map(({ id }) => id)

/** What the standard asks of datetime; the official suite looks for times where drafts of the standard had them, and so tries nothing. */
export const extraTime: readonly Entry<FeaturesWorld>[] = [
  {
    id: 'extra: datetime selects days',
    clause: 'OGC 17-069r4, requirement 26; abstract test 19',
    asserts: 'Exactly the features of the day, of the interval with its ends, of the interval that is open; and those that have no time.',
    trials: world => [
      selects(world, 'towns', { datetime: '2020-01-05' }, seen('2020-01-05', '2020-01-05')),
      selects(world, 'towns', { datetime: '2020-01-05T12:00:00Z' }, seen('2020-01-05', '2020-01-05')),
      selects(world, 'towns', { datetime: '2020-01-06' }, [16]),
      selects(world, 'towns', { datetime: '2020-01-05/2020-01-09' }, seen('2020-01-05', '2020-01-09')),
      selects(world, 'towns', { datetime: '2020-01-06/2020-01-10' }, seen('2020-01-06', '2020-01-10')),
      selects(world, 'towns', { datetime: '2020-01-25/..' }, seen('2020-01-25', '9999')),
      selects(world, 'towns', { datetime: '2020-01-25/' }, seen('2020-01-25', '9999')),
      selects(world, 'towns', { datetime: '../2020-01-05' }, seen('0000', '2020-01-05')),
      selects(world, 'towns', { datetime: '/2020-01-05' }, seen('0000', '2020-01-05')),
    ],
  },
  {
    id: 'extra: datetime selects moments',
    clause: 'OGC 17-069r4, requirements 25 and 26',
    asserts: 'Moments with zone and fractions; intervals have both ends in them; a day is all of its moments.',
    trials: world => [
      selects(world, 'zones', { datetime: '2012-06-15T12:00:00Z' }, begun('2012-06-15', '2012-06-16')),
      selects(world, 'zones', { datetime: '2012-06-15T14:00:00+02:00' }, begun('2012-06-15', '2012-06-16')),
      selects(world, 'zones', { datetime: '2012-06-15T12:00:00.000Z' }, begun('2012-06-15', '2012-06-16')),
      selects(world, 'zones', { datetime: '2012-06-15T12:00:01Z' }, []),
      selects(world, 'zones', { datetime: '2012-06-15' }, begun('2012-06-15', '2012-06-16')),
      selects(world, 'zones', { datetime: '2012-06-15T12:00:00Z/2014-06-15T12:00:00Z' }, begun('2012', '2014-06-16')),
      selects(world, 'zones', { datetime: '2012-06-15T12:00:00.001Z/2014-06-15T11:59:59Z' }, begun('2013', '2014')),
      selects(world, 'zones', { datetime: '2030-01-01T00:00:00Z/..' }, begun('2030', '9999')),
    ],
  },
  {
    id: 'extra: datetime as clients write it',
    clause: 'clients, QGIS and GDAL',
    asserts: 'QGIS fills open ends with the years 0000 and 9999, GDAL leaves a T behind days.',
    trials: world => [
      selects(world, 'zones', { datetime: '0000-01-01T00:00:00Z/2012-06-15T12:00:00Z' }, begun('0000', '2012-06-16')),
      selects(world, 'zones', { datetime: '2030-01-01T00:00:00.000Z/9999-12-31T00:00:00Z' }, begun('2030', '9999')),
      selects(world, 'towns', { datetime: '2020-01-05T' }, seen('2020-01-05', '2020-01-05')),
      selects(world, 'towns', { datetime: '2020-01-05T/2020-01-09T' }, seen('2020-01-05', '2020-01-09')),
    ],
  },
  {
    id: 'extra: datetime without times',
    clause: 'OGC 17-069r4, requirement 26 C',
    asserts: 'In a collection without times every feature is of every time.',
    trials: world => ({
      asks: [all(world, 'woods', { datetime: '1999-01-01' })],
      judge: ([answer]) => assert.equal(page(answer).numberMatched, towns.length),
    }),
  },
  {
    id: 'extra: datetime of the only date there is',
    clause: 'OGC 17-069r4, recommendation 13',
    asserts: 'Where nobody said what the time of a collection is, its only date is, and then the extent should say so.',
    trials: world => {
      const july = entries.filter(({ entered }) => entered === '2021-07-01').map(({ number }) => number)
      const { extent } = world.byId.get('register') ?? {}
      return selects(world, 'register', { datetime: '2021-07-01' }, extent?.temporal ? july : entries.map(({ number }) => number))
    },
  },
  {
    id: 'extra: datetime that is none',
    clause: 'OGC 17-069r4, requirement 9',
    asserts: 'It is refused: words, days that do not exist, three ends, no end at all, the wrong way round.',
    trials: world =>
      [
        'yesterday',
        '2020-02-30',
        '2020-13-01',
        '2020-01-01/2020-01-02/2020-01-03',
        '../..',
        '/',
        '2020-01-02/2020-01-01',
        '2020-01-01T25:00:00Z',
        '2020-01-01/P',
      ].map(datetime => refuses(all(world, 'towns', { datetime }))),
  },
]
