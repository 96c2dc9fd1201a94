import assert from 'node:assert/strict'
import type { Entry, Trial } from '../suite.js'
import { all, collectionOf, refuses, selects } from './trials.js'
import { type FeaturesWorld, idsOf, itemsAsk, pagesFrom } from './world.js'
import { type Town, towns, zones } from './world-data.js'

const part3 = (name: string) => `http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/${name}`
const cql2 = (name: string) => `http://www.opengis.net/spec/cql2/1.0/conf/${name}`

/** Trials where a class is claimed. */
const where =
  (uris: readonly string[], trials: (world: FeaturesWorld) => readonly Trial[]): Entry<FeaturesWorld>['trials'] =>
  world => {
    const missing = uris.filter(uri => !world.conformsTo.includes(uri))
    return missing.length > 0 ? `${missing.join(', ')} is not claimed` : trials(world)
  }

const filterable = [part3('filter'), part3('features-filter'), cql2('basic-cql2'), cql2('cql2-text')]

/** Numbers the towns have: 16 less one each. */
const rank = ({ id }: Town) => 17 - id
const townsWhere = (test: (town: Town) => boolean) => towns.filter(test).map(({ id }) => id)

/** A filter in both languages, and the towns for which it is true. */
interface Case {
  readonly text: string
  readonly json?: object
  readonly ids: readonly number[]
}

const tried = (world: FeaturesWorld, cases: readonly Case[], more: Readonly<Record<string, string>> = {}): readonly Trial[] =>
  cases.flatMap(({ text, json, ids }) => [
    selects(world, 'towns', { filter: text, ...more }, ids),
    ...(json && world.conformsTo.includes(cql2('cql2-json'))
      ? [selects(world, 'towns', { filter: JSON.stringify(json), 'filter-lang': 'cql2-json', ...more }, ids)]
      : []),
  ])

const property = (name: string) => ({ property: name })
const op = (name: string, ...args: readonly unknown[]) => ({ op: name, args })

const basic: readonly Case[] = [
  { text: "name = 'Metz'", json: op('=', property('name'), 'Metz'), ids: [12] },
  { text: "name = 'metz'", json: op('=', property('name'), 'metz'), ids: [] },
  { text: "name <> 'Metz'", json: op('<>', property('name'), 'Metz'), ids: townsWhere(({ name }) => name !== 'Metz') },
  { text: 'rank > 10', json: op('>', property('rank'), 10), ids: townsWhere(town => rank(town) > 10) },
  { text: 'rank <= 2.5', json: op('<=', property('rank'), 2.5), ids: townsWhere(town => rank(town) <= 2.5) },
  { text: 'first = TRUE', json: op('=', property('first'), true), ids: [1, 2, 3] },
  { text: 'seen IS NULL', json: op('isNull', property('seen')), ids: [16] },
  { text: 'seen IS NOT NULL', json: op('not', op('isNull', property('seen'))), ids: townsWhere(({ seen }) => seen !== null) },
  {
    text: "rank > 10 AND NOT (name = 'Paris' OR name = 'Lyon')",
    json: op(
      'and',
      op('>', property('rank'), 10),
      op('not', op('or', op('=', property('name'), 'Paris'), op('=', property('name'), 'Lyon'))),
    ),
    ids: townsWhere(town => rank(town) > 10 && !['Paris', 'Lyon'].includes(town.name)),
  },
  {
    text: "seen >= DATE('2020-01-25')",
    json: op('>=', property('seen'), { date: '2020-01-25' }),
    ids: townsWhere(({ seen }) => seen !== null && seen >= '2020-01-25'),
  },
  // what is null is neither equal nor different
  {
    text: "seen <> DATE('2020-01-01')",
    json: op('<>', property('seen'), { date: '2020-01-01' }),
    ids: townsWhere(({ id }) => id > 1 && id < 16),
  },
]

const advanced: readonly Case[] = [
  { text: "name LIKE 'B%'", json: op('like', property('name'), 'B%'), ids: townsWhere(({ name }) => name.startsWith('B')) },
  { text: "name LIKE '_e%'", json: op('like', property('name'), '_e%'), ids: townsWhere(({ name }) => name[1] === 'e') },
  {
    text: 'rank BETWEEN 3 AND 5',
    json: op('between', property('rank'), 3, 5),
    ids: townsWhere(town => rank(town) >= 3 && rank(town) <= 5),
  },
  { text: 'rank NOT BETWEEN 3 AND 16', ids: [15, 16] },
  { text: "name IN ('Metz', 'Nice')", json: op('in', property('name'), ['Metz', 'Nice']), ids: [5, 12] },
  { text: 'rank NOT IN (1, 2)', json: op('not', op('in', property('rank'), [1, 2])), ids: townsWhere(town => rank(town) > 2) },
]

/** The embedded store calls the geometry of a file geom. */
const spatial: readonly Case[] = [
  {
    text: 'S_INTERSECTS(geom, POLYGON((0 42, 6 42, 6 47, 0 47, 0 42)))',
    json: op('s_intersects', property('geom'), { type: 'Polygon', coordinates: [[[0, 42], [6, 42], [6, 47], [0, 47], [0, 42]]] }),
    ids: townsWhere(({ lonLat: [x, y] }) => x >= 0 && x <= 6 && y >= 42 && y <= 47),
  },
  {
    text: 'S_INTERSECTS(geom, BBOX(0, 42, 6, 47))',
    json: op('s_intersects', property('geom'), { bbox: [0, 42, 6, 47] }),
    ids: townsWhere(({ lonLat: [x, y] }) => x >= 0 && x <= 6 && y >= 42 && y <= 47),
  },
] // biome-ignore format: one ring, one line

/** Part 3 and CQL2, as far as they are claimed (OGC 19-079r2, 21-065r2), by truth tables over the towns. */
export const extraFilter: readonly Entry<FeaturesWorld>[] = [
  {
    id: 'extra: properties as parameters',
    clause: 'OGC 17-069r4, recommendation 14; OGC 19-079r2, queryables-query-parameters',
    asserts: 'A property as a parameter selects the features that have the value.',
    trials: world => [
      selects(world, 'towns', { name: 'Besançon' }, [14]),
      selects(world, 'towns', { rank: '5' }, [12]),
      selects(world, 'towns', { first: 'true', bbox: '0,42,6,47' }, [2, 3]),
      selects(world, 'towns', { name: 'nobody' }, []),
      refuses(all(world, 'towns', { rank: 'five' })),
    ],
  },
  {
    id: 'extra: filters, basic',
    clause: 'OGC 21-065r2, basic-cql2',
    asserts: 'Comparisons, null, and, or, not select exactly the features for which they are true.',
    trials: where(filterable, world => tried(world, basic)),
  },
  {
    id: 'extra: filters, advanced comparisons',
    clause: 'OGC 21-065r2, advanced-comparison-operators',
    asserts: 'LIKE, BETWEEN and IN do.',
    trials: where([...filterable, cql2('advanced-comparison-operators')], world => tried(world, advanced)),
  },
  {
    id: 'extra: filters without case and accents',
    clause: 'OGC 21-065r2, case-insensitive-comparison and accent-insensitive-comparison',
    asserts: 'CASEI and ACCENTI do.',
    trials: where([...filterable, cql2('case-insensitive-comparison'), cql2('accent-insensitive-comparison')], world =>
      tried(world, [
        { text: "CASEI(name) = CASEI('METZ')", ids: [12] },
        { text: "ACCENTI(name) = ACCENTI('Besancon')", ids: [14] },
        { text: "CASEI(ACCENTI(name)) LIKE CASEI(ACCENTI('besAN%'))", ids: [14] },
      ]),
    ),
  },
  {
    id: 'extra: filters, in space',
    clause: 'OGC 21-065r2, basic-spatial-functions; OGC 19-079r2, filter-crs',
    asserts: 'S_INTERSECTS with a polygon and a box does, in CRS84 and in the system of filter-crs with its axis order.',
    trials: where([...filterable, cql2('basic-spatial-functions')], world => [
      ...tried(world, spatial),
      selects(
        world,
        'towns',
        {
          filter: 'S_INTERSECTS(geom, BBOX(42, 0, 47, 6))',
          'filter-crs': 'http://www.opengis.net/def/crs/EPSG/0/4326',
        },
        spatial[0].ids,
      ),
    ]),
  },
  {
    id: 'extra: filters, in time',
    clause: 'OGC 21-065r2, temporal-functions',
    asserts: 'T_AFTER, T_BEFORE, T_INTERSECTS and T_DURING do.',
    trials: where([...filterable, cql2('temporal-functions')], world => [
      selects(
        world,
        'zones',
        { filter: "T_AFTER(begun, TIMESTAMP('2030-06-15T12:00:00Z'))" },
        zones.filter(({ begun }) => begun > '2030-06-15T12:00:00Z').map(({ id }) => id),
      ),
      selects(
        world,
        'zones',
        { filter: "T_BEFORE(begun, TIMESTAMP('2012-06-15T12:00:00Z'))" },
        zones.filter(({ begun }) => begun < '2012-06-15T12:00:00Z').map(({ id }) => id),
      ),
      selects(world, 'zones', { filter: "T_INTERSECTS(begun, INTERVAL('2012-06-15T11:00:00Z', '2013-01-01T00:00:00Z'))" }, [3]),
      selects(
        world,
        'zones',
        { filter: "T_DURING(INTERVAL(begun, begun), INTERVAL('2012-06-15T11:00:00Z', '2013-01-01T00:00:00Z'))" },
        [3],
      ),
      // T_DURING is of two intervals
      refuses(all(world, 'zones', { filter: "T_DURING(begun, INTERVAL('2012-06-15T11:00:00Z', '2013-01-01T00:00:00Z'))" })),
    ]),
  },
  {
    id: 'extra: filters, arithmetic and properties',
    clause: 'OGC 21-065r2, arithmetic and property-property',
    asserts: 'Numbers are reckoned with, and properties compared with each other.',
    trials: where([...filterable, cql2('arithmetic'), cql2('property-property')], world =>
      tried(world, [
        { text: 'rank * 2 + 1 = 11', ids: [12] },
        { text: 'rank = id + 1', ids: [8] },
        { text: 'rank > id', ids: [1, 2, 3, 4, 5, 6, 7, 8] },
      ]),
    ),
  },
  {
    id: 'extra: filters go with everything else',
    clause: 'OGC 19-079r2, features-filter',
    asserts: 'A filter, a box, a time and a property hold together, and on every page.',
    trials: where(filterable, world => [
      selects(
        world,
        'towns',
        { filter: 'rank > 5', bbox: '0,42,6,50', datetime: '2020-01-02/..' },
        townsWhere(({ id, lonLat: [x, y] }) => 17 - id > 5 && id > 1 && x >= 0 && x <= 6 && y >= 42 && y <= 50),
      ),
      {
        asks: [itemsAsk(collectionOf(world, 'zones'), { limit: 2, filter: 'id > 20' })],
        judge: async ([answer]) => assert.deepEqual((await pagesFrom(answer)).flatMap(idsOf).map(Number), [21, 22, 23, 24, 25]),
      },
    ]),
  },
  {
    id: 'extra: filters that are none',
    clause: 'OGC 19-079r2, filter; OGC 21-065r2',
    asserts:
      'They are refused: broken text, properties and functions that do not exist, values that do not fit, languages and systems that are not known.',
    trials: where(filterable, world => [
      ...["name = 'Metz", 'name =', 'nobody = 1', 'nothing(name) = 1', 'name', "rank > 'ten'", 'S_INTERSECTS(name, POINT(0 0))'].map(
        filter => refuses(all(world, 'towns', { filter })),
      ),
      refuses(all(world, 'towns', { filter: '{"op":"="}', 'filter-lang': 'cql2-json' })),
      refuses(all(world, 'towns', { filter: "name = 'Metz'", 'filter-lang': 'sql' })),
      refuses(all(world, 'towns', { filter: 'rank > 1', 'filter-crs': 'http://www.opengis.net/def/crs/0/unsupported' })),
    ]),
  },
]
