import assert from 'node:assert/strict'
import { headerOf } from '../ask.js'
import type { Entry } from '../suite.js'
import { all, collectionOf, refuses, townsIn } from './trials.js'
import { crs84, type FeaturesWorld, featureCollections, idsOf, itemsAsk, page, pagesFrom } from './world.js'
import { towns, zones } from './world-data.js'

/** What the standard asks of pages. */
export const extraPages: readonly Entry<FeaturesWorld>[] = [
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
