import assert from 'node:assert/strict'
import { ask, headerOf } from '../ask.js'
import type { Answer, Ask, Entry, Trial } from '../suite.js'
import {
  type CollectionDocument,
  crs84,
  expectProblem,
  type FeaturesWorld,
  featureAsk,
  featureCollections,
  geojson,
  idsOf,
  itemsAsk,
  page,
  pagesFrom,
} from './world.js'
import { entries, towns, zones } from './world-data.js'

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

const townsIn = (west: number, south: number, east: number, north: number) =>
  towns.filter(({ lonLat: [x, y] }) => x >= west && x <= east && y >= south && y <= north).map(({ id }) => id)
const nowhere = zones.filter(({ box }) => box === null).map(({ id }) => id)
const zonesNamed = (pattern: RegExp) => zones.filter(({ name, box }) => box === null || pattern.test(name)).map(({ id }) => id)
const every = (collection: readonly { readonly id: number }[]) => collection.map(({ id }) => id)

/** What the standard asks of boxes, pages and errors, and the official suite does not try. */
export const extraCore: readonly Entry<FeaturesWorld>[] = [
  {
    id: 'extra: bbox selects what meets it, and what has no geometry',
    clause: 'OGC 17-069r4, requirement 24; abstract test 15, methods 1 and 2',
    asserts: 'Exactly the features that meet the box are answered, and those that lie nowhere.',
    trials: world => [
      selects(world, 'zones', { bbox: '-1.5,50,1.5,53' }, zonesNamed(/Greenwich/)),
      selects(world, 'zones', { bbox: '-80,-5,-70,5' }, zonesNamed(/Quito/)),
      selects(world, 'zones', { bbox: '177,65,-177,70' }, zonesNamed(/Chukotka/)),
      selects(world, 'zones', { bbox: '-180,85,180,90' }, zonesNamed(/^Arctic/)),
      selects(world, 'zones', { bbox: '-180,-90,180,-85' }, zonesNamed(/Antarctic/)),
      // touched at a side
      selects(world, 'zones', { bbox: '0.5,52,0.6,53' }, zonesNamed(/Greenwich/)),
      selects(world, 'zones', { bbox: '100,0,101,1' }, nowhere),
      selects(world, 'towns', { bbox: '0,42,6,47' }, townsIn(0, 42, 6, 47)),
      selects(world, 'towns', { bbox: '7,48,8,49' }, townsIn(7, 48, 8, 49)),
      selects(world, 'towns', { bbox: '100,0,101,1' }, []),
      selects(
        world,
        'register',
        { bbox: '100,0,101,1' },
        entries.map(({ number }) => number),
      ),
    ],
  },
  {
    id: 'extra: bbox of half the world and more',
    clause: 'OGC 17-069r4, requirement 24',
    asserts: 'A box far beyond where the system of the data makes sense selects what meets it all the same.',
    trials: world => [
      ...['towns', 'woods'].map(id => selects(world, id, { bbox: '-180,-90,180,90' }, every(towns))),
      ...['towns', 'woods'].map(id => selects(world, id, { bbox: '-180,-90,180,-85' }, [])),
      selects(world, 'towns', { bbox: '-66.58,45.75,71.39,53.85' }, townsIn(-66.58, 45.75, 71.39, 53.85)),
      selects(world, 'towns', { bbox: '-79.47,40.25,94.28,45.75' }, townsIn(-79.47, 40.25, 94.28, 45.75)),
      selects(world, 'towns', { bbox: '-170,-80,170,46' }, townsIn(-170, -80, 170, 46)),
      selects(world, 'towns', { bbox: '3,-90,180,90' }, townsIn(3, -90, 180, 90)),
      // from the far side of the antimeridian to the fourth meridian
      selects(world, 'towns', { bbox: '170,-80,4,80' }, townsIn(-180, -80, 4, 80)),
    ],
  },
  {
    id: 'extra: bbox with heights',
    clause: 'OGC 17-069r4, requirement 23',
    asserts: 'Six numbers are a box with heights; of data without heights it selects by the other four.',
    trials: world => selects(world, 'towns', { bbox: '0,42,-100,6,47,9000' }, townsIn(0, 42, 6, 47)),
  },
  {
    id: 'extra: bbox that is none',
    clause: 'OGC 17-069r4, requirement 9',
    asserts: 'It is refused: other numbers of numbers, words, south above north.',
    trials: world =>
      ['1,2,3', '1,2,3,4,5', '1,2,3,4,5,6,7', 'a,b,c,d', '0,50,1,49', '1,2,,4', 'NaN,0,1,1'].map(bbox =>
        refuses(all(world, 'zones', { bbox })),
      ),
  },
  {
    id: 'extra: limit that is none',
    clause: 'OGC 17-069r4, requirements 9 and 20',
    asserts: 'It is refused: words, fractions, below the least.',
    trials: world => ['ten', '1.5', '0', '-5', '0x10'].map(limit => refuses(all(world, 'zones', { limit }))),
  },
  {
    id: 'extra: limit above the greatest',
    clause: 'OGC 17-069r4, requirement 20 D (permission: the greatest takes its place)',
    asserts: 'It is answered.',
    trials: world => ({
      asks: [all(world, 'zones', { limit: 999_999_999 })],
      judge: ([answer]) => assert.equal(page(answer).features.length, zones.length),
    }),
  },
  {
    id: 'extra: pages follow from each other',
    clause: 'OGC 17-069r4, 7.15.7',
    asserts:
      'By next every feature comes once and in the same order as on one page; pages are full but the last; the last has no next, also where it is full.',
    trials: world =>
      featureCollections(world).flatMap(collection =>
        [1, 4, 5, 7].map(limit => ({
          of: `${collection.id}, limit ${limit}`,
          asks: [itemsAsk(collection, { limit }), itemsAsk(collection, { limit: 1000 })],
          judge: async ([first, whole]) => {
            const pages = await pagesFrom(first)
            const ids = idsOf(page(whole))
            assert.deepEqual(pages.flatMap(idsOf), ids)
            assert.equal(pages.length, Math.ceil(ids.length / limit))
            for (const one of pages.slice(0, -1)) assert.equal(one.features.length, limit)
          },
        })),
      ),
  },
  {
    id: 'extra: pages keep the conditions',
    clause: 'OGC 17-069r4, 7.15.7',
    asserts: 'Box, time and reference system hold on every page.',
    trials: world => ({
      asks: [
        itemsAsk(collectionOf(world, 'towns'), {
          limit: 2,
          bbox: '0,42,6,50',
          datetime: '2020-01-02/..',
          crs: 'http://www.opengis.net/def/crs/EPSG/0/2154',
        }),
      ],
      judge: async ([first]) => {
        const wanted = townsIn(0, 42, 6, 50).filter(id => id > 1)
        const pages = await pagesFrom(first)
        assert.deepEqual(pages.flatMap(idsOf).map(Number), wanted)
        for (const { features } of pages)
          for (const { id, geometry } of features) assert.deepEqual(geometry?.coordinates, towns[Number(id) - 1].x2154, `town ${id}`)
      },
    }),
  },
  {
    id: 'extra: what is not there',
    clause: 'OGC 17-069r4, 7.5.1; requirement 33',
    asserts: 'Collections and features that do not exist are 404.',
    trials: ({ address }) =>
      [
        '/collections/dUmmYColLection',
        '/collections/dUmmYColLection/items',
        '/collections/towns/items/4711',
        '/collections/towns/items/Paris',
        '/collections/towns/nothing',
      ].map(path => ({
        of: path,
        asks: [{ url: address + path, headers: { Accept: 'application/json, application/geo+json;q=0.9' } }],
        judge: ([{ status }]) => assert.equal(status, 404),
      })),
  },
  {
    id: 'extra: unknown parameters everywhere',
    clause: 'OGC 17-069r4, requirement 8',
    asserts: 'They are refused for every resource, not only for features.',
    trials: world =>
      ['/', '/conformance', '/collections', '/collections/towns', '/collections/towns/items/1'].map(path =>
        refuses({ url: `${world.address}${path}?notAParameter=1`, headers: { Accept: 'application/json, application/geo+json;q=0.9' } }),
      ),
  },
  {
    id: 'extra: links lead somewhere',
    clause: 'OGC 17-069r4, requirements 2, 13, 15, 28, 34',
    asserts:
      'Every link to this server, of the landing page, of collections, of pages and of features, is answered, as the type it states.',
    trials: world => linksOf(world),
  },
  {
    id: 'extra: HEAD',
    clause: 'RFC 9110, 9.3.2; OGC 17-069r4, requirement 7',
    asserts: 'HEAD is answered as GET is, without the body.',
    trials: world =>
      [`${world.address}/collections`, all(world, 'towns').url, featureAsk(collectionOf(world, 'towns'), 1).url].map(url => ({
        of: url,
        asks: [
          { url, method: 'HEAD', headers: { Accept: `${geojson}, application/json` } },
          { url, headers: { Accept: `${geojson}, application/json` } },
        ],
        judge: ([head, get]) => {
          assert.deepEqual([head.status, head.mediaType, head.bytes.length], [get.status, get.mediaType, 0])
          assert.equal(headerOf(head, 'Content-Crs'), headerOf(get, 'Content-Crs'))
        },
      })),
  },
  {
    id: 'extra: forms by Accept and by f',
    clause: 'OGC 17-069r4, 7.10 and 7.11; RFC 9110, 12.5.1',
    asserts: 'Accept decides, with its weights; f wins; what is not there is 406, and 400 by f.',
    trials: world => {
      const url = all(world, 'towns').url
      const by = (accept: string, type: string, more = ''): Trial => ({
        of: `${accept} ${more}`,
        asks: [{ url: url + more, headers: { Accept: accept } }],
        judge: ([{ status, mediaType }]) => assert.deepEqual([status, mediaType], [200, type]),
      })
      return [
        by('*/*', geojson),
        by('application/*;q=0.5, text/csv', 'text/csv'),
        by('text/csv;q=0.1, application/geo+json;q=0.9', geojson),
        by('text/csv', geojson, '&f=geojson'),
        { asks: [{ url, headers: { Accept: 'video/mp4' } }], judge: ([{ status }]) => assert.equal(status, 406) },
        refuses({ url: `${url}&f=nothing` }),
      ]
    },
  },
  {
    id: 'extra: links and numbers in headers',
    clause: 'OGC 17-069r4, recommendation 8 (link-header); contract, Headers',
    asserts: 'next is in a Link header too, and OGC-NumberMatched and OGC-NumberReturned say what the body does.',
    trials: world => ({
      asks: [itemsAsk(collectionOf(world, 'towns'), { limit: 3 })],
      judge: ([answer]) => {
        const { links, numberMatched, numberReturned } = page(answer)
        const next = links.find(({ rel }) => rel === 'next')?.href
        assert.ok(headerOf(answer, 'Link')?.includes(`<${next}>; rel="next"`), headerOf(answer, 'Link'))
        assert.deepEqual(
          [headerOf(answer, 'OGC-NumberMatched'), headerOf(answer, 'OGC-NumberReturned')],
          [String(numberMatched), String(numberReturned)],
        )
        assert.equal(headerOf(answer, 'Content-Crs'), `<${crs84}>`)
      },
    }),
  },
]

const asType = (url: string, type: string | undefined): Ask => ({ url, ...(type !== undefined && { headers: { Accept: type } }) })

function linksOf(world: FeaturesWorld): readonly Trial[] {
  const own = ({ href }: { href: string }) => href.startsWith(world.address)
  const documents = [world.landing, world.collections, ...world.byId.values()]
  const fixed = documents.flatMap(({ links }) => links).filter(own)
  const follow = (answer: Answer, type: string | undefined) => {
    assert.equal(answer.status, 200, answer.bytes.toString('utf8', 0, 200))
    if (type !== undefined) assert.equal(answer.mediaType, type.split(';')[0].toLowerCase(), 'its type')
  }
  const first = featureCollections(world).flatMap(collection => [itemsAsk(collection, { limit: 2 }), featureAsk(collection, 1)])
  return [
    ...[...new Map(fixed.map(link => [`${link.href} ${link.type}`, link])).values()].map(({ href, type }) => ({
      of: href,
      asks: [asType(href, type)],
      judge: ([answer]: readonly Answer[]) => follow(answer, type),
    })),
    ...first.map(asked => ({
      of: asked.url,
      asks: [asked],
      judge: async ([answer]: readonly Answer[]) => {
        const faults: string[] = []
        for (const { href, type } of page(answer).links.filter(own)) {
          try {
            follow(await ask(asType(href, type)), type)
          } catch (error) {
            faults.push(`${href}: ${(error as Error).message}`)
          }
        }
        assert.deepEqual(faults, [])
      },
    })),
  ]
}
