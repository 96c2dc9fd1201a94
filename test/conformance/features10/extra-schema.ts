import assert from 'node:assert/strict'
import { ask } from '../ask.js'
import type { Answer, Entry, Trial } from '../suite.js'
import { all, collectionOf, refuses } from './trials.js'
import { type FeaturesWorld, featureCollections, idsOf, itemsAsk, json, page, pagesFrom } from './world.js'
import { type Town, towns } from './world-data.js'

interface Schema {
  readonly $id: string
  readonly type: string
  readonly properties: Readonly<
    Record<string, { readonly type?: string; readonly format?: string; readonly $ref?: string; readonly 'x-ogc-role'?: string }>
  >
}

const part5 = (name: string) => `http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/${name}`
const rel = (name: string) => `http://www.opengis.net/def/rel/ogc/1.0/${name}`

/** The schema that each collection links to by that relation. */
const schemas = (
  world: FeaturesWorld,
  name: 'schema' | 'queryables' | 'sortables',
  judge: (schema: Schema, id: string, answers: readonly Answer[]) => void | Promise<void>,
): readonly Trial[] =>
  featureCollections(world).map(({ id }) => {
    const link = collectionOf(world, id).links.find(link => link.rel === rel(name) && link.type === 'application/schema+json')
    return {
      of: id,
      asks: link ? [{ url: link.href, headers: { Accept: 'application/schema+json' } }, itemsAsk(collectionOf(world, id))] : [],
      judge: async answers => {
        assert.ok(link, `there is no link ${rel(name)}`)
        assert.equal(answers[0].mediaType, 'application/schema+json')
        const schema = json<Schema>(answers[0])
        assert.equal(schema.type, 'object')
        assert.equal(schema.$id, link.href.replace(/\?.*/, ''), '$id')
        await judge(schema, id, answers)
      },
    }
  })

const claimed =
  (uri: string, trials: (world: FeaturesWorld) => readonly Trial[]): Entry<FeaturesWorld>['trials'] =>
  world =>
    world.conformsTo.includes(uri) ? trials(world) : `${uri} is not claimed`

/** The kinds of JSON values that a type of a schema allows. */
const isOfType = (value: unknown, type: string | undefined) =>
  value === null || (type === 'integer' ? Number.isInteger(value) : type === undefined || type === 'object' ? true : typeof value === type)

const sorted = (by: (a: Town, b: Town) => number) => towns.toSorted((a, b) => by(a, b) || a.id - b.id).map(({ id }) => id)
const byText = (a: string | null, b: string | null) => (a === b ? 0 : a === null ? 1 : b === null ? -1 : a < b ? -1 : 1)

const sorts = (world: FeaturesWorld, sortby: string, ids: readonly number[]): Trial => ({
  of: `sortby=${sortby}`,
  asks: [itemsAsk(collectionOf(world, 'towns'), { limit: 5, sortby })],
  judge: async ([first]) => assert.deepEqual((await pagesFrom(first)).flatMap(idsOf).map(Number), ids),
})

/** Schemas, queryables, sortables and sorting (OGC API Features, Parts 3, 5 and 8), as far as they are claimed. */
export const extraSchema: readonly Entry<FeaturesWorld>[] = [
  {
    id: 'extra: schema',
    clause: 'OGC 23-058, schemas and core-roles-features',
    asserts: 'It names each property that features have, with a type that the values have; the id and the geometry by their roles.',
    trials: claimed(part5('schemas'), world =>
      schemas(world, 'schema', ({ properties }, id, [, answer]) => {
        for (const feature of page(answer).features)
          for (const [name, value] of Object.entries(feature.properties)) {
            assert.ok(name in properties, `${name} is not in it`)
            assert.ok(isOfType(value, properties[name].type), `${name}: ${JSON.stringify(value)} is no ${properties[name].type}`)
          }
        const roles = Object.values(properties).map(property => property['x-ogc-role'])
        assert.equal(roles.filter(role => role === 'id').length, 1)
        assert.equal(roles.includes('primary-geometry'), id !== 'register')
      }),
    ),
  },
  {
    id: 'extra: geometry in schemas',
    clause: 'OGC 23-058, requirement on spatial properties; clients, QGIS',
    asserts: 'The main geometry has a format that names its kind, and no type.',
    trials: claimed(part5('schemas'), world =>
      schemas(world, 'schema', ({ properties }, id) => {
        const geometry = Object.values(properties).find(property => property['x-ogc-role'] === 'primary-geometry')
        const format = { towns: 'geometry-point', zones: 'geometry-polygon', woods: 'geometry-polygon' }[id]
        assert.deepEqual([geometry?.format, geometry?.type], [format, undefined])
      }),
    ),
  },
  {
    id: 'extra: queryables',
    clause: 'OGC 19-079r2, queryables',
    asserts: 'Each of them may be named in a filter.',
    trials: claimed('http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables', world =>
      schemas(world, 'queryables', async ({ properties }, id) => {
        for (const name of Object.keys(properties)) {
          const { status } = await ask(itemsAsk(collectionOf(world, id), { limit: 1, filter: `"${name}" IS NOT NULL` }))
          assert.equal(status, 200, name)
        }
      }),
    ),
  },
  {
    id: 'extra: queryables as QGIS reads them',
    clause: 'clients, T-41: QGIS',
    asserts: 'The geometry is a reference to a schema at geojson.org, and has no type: else QGIS does not send boxes with its filters.',
    trials: claimed('http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables', world =>
      schemas(world, 'queryables', ({ properties }, id) => {
        const found = Object.values(properties).filter(
          ({ $ref, type }) => type === undefined && $ref?.startsWith('https://geojson.org/schema/'),
        )
        assert.equal(found.length, id === 'register' ? 0 : 1)
      }),
    ),
  },
  {
    id: 'extra: conformance as QGIS reads it',
    clause: 'clients, T-41 and T-42: QGIS',
    asserts: 'If filters are claimed, then by all the names that QGIS compares, the old one of spatial operators among them.',
    trials: ({ conformsTo }) => {
      if (!conformsTo.includes('http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/filter')) return 'filters are not claimed'
      const names = ['cql2-text', 'basic-cql2', 'advanced-comparison-operators', 'case-insensitive-comparison', 'basic-spatial-operators']
      const wanted = [
        ...names.map(name => `http://www.opengis.net/spec/cql2/1.0/conf/${name}`),
        'http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/features-filter',
        part5('schemas'),
        'http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs',
      ]
      return {
        asks: [],
        judge: () =>
          assert.deepEqual(
            wanted.filter(uri => !conformsTo.includes(uri)),
            [],
          ),
      }
    },
  },
  {
    id: 'extra: sorting',
    clause: 'OGC API Features, Part 8, sorting and features-sorting',
    asserts: 'Features come in the order asked for, on all pages; what is equal in the order of the ids; no feature twice.',
    trials: claimed('http://www.opengis.net/spec/ogcapi-features-8/1.0/conf/features-sorting', world => [
      sorts(
        world,
        'rank',
        sorted((a, b) => b.id - a.id),
      ),
      sorts(
        world,
        '+rank',
        sorted((a, b) => b.id - a.id),
      ),
      sorts(
        world,
        '-rank',
        sorted((a, b) => a.id - b.id),
      ),
      sorts(
        world,
        '-first,rank',
        sorted((a, b) => Number(b.id <= 3) - Number(a.id <= 3) || b.id - a.id),
      ),
      sorts(
        world,
        'seen',
        sorted((a, b) => byText(a.seen, b.seen)),
      ),
      refuses(all(world, 'towns', { sortby: 'nobody' })),
      refuses(all(world, 'towns', { sortby: '+' })),
    ]),
  },
  {
    id: 'extra: sortables',
    clause: 'OGC 23-058, sortables',
    asserts: 'Each of them is taken by sortby, and what is not among them is not.',
    trials: claimed(part5('sortables'), world =>
      schemas(world, 'sortables', async ({ properties }, id) => {
        const taken = async (sortby: string) => (await ask(itemsAsk(collectionOf(world, id), { limit: 1, sortby }))).status
        assert.ok(Object.keys(properties).length > 0)
        for (const name of Object.keys(properties)) assert.equal(await taken(name), 200, name)
        assert.equal(await taken('geom'), 400)
      }),
    ),
  },
  {
    id: 'extra: what may be done',
    clause: 'OGC 20-002r1, requirement on OPTIONS; RFC 9110, 10.2.1',
    asserts: 'OPTIONS says which methods are allowed: where nobody may write, those of reading.',
    trials: world =>
      featureCollections(world)
        .flatMap(collection => [itemsAsk(collection).url.replace(/\?.*/, ''), `${itemsAsk(collection).url.replace(/\?.*/, '')}/1`])
        .map(url => ({
          of: url,
          asks: [{ url, method: 'OPTIONS' as const }],
          judge: ([{ headers }]) => {
            const allow = headers
              .find(([name]) => name.toLowerCase() === 'allow')?.[1]
              .split(/\s*,\s*/)
              .toSorted()
            assert.deepEqual(allow, ['GET', 'HEAD', 'OPTIONS'])
          },
        })),
  },
]
