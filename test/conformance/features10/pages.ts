import assert from 'node:assert/strict'
import type { Answer, Ask, Entry, Trial } from '../suite.js'
import { alternatesOf, expectLink } from './links.js'
import { type FeaturesWorld, idsOf, page, pagesFrom, positionsOf } from './world.js'

/** A request for a page of features, and what it is called. */
export interface PageAsk {
  readonly of: string
  readonly ask: Ask
}

/** Checks of a page that the official suite makes for each way of asking; `ids` are its names of them, in this order. */
export function pageEntries(
  ids: Readonly<Record<keyof typeof checks, string>>,
  asks: (world: FeaturesWorld) => readonly PageAsk[] | string,
): readonly Entry<FeaturesWorld>[] {
  return (Object.keys(checks) as (keyof typeof checks)[]).map(key => {
    const { clause, asserts, judge } = checks[key]
    return {
      id: ids[key],
      clause,
      asserts,
      trials: world => {
        const all = asks(world)
        if (typeof all === 'string') return all
        return all.map(({ of, ask }): Trial => ({ of, asks: [ask], judge: ([answer]) => judge(answer, world) }))
      },
    }
  })
}

const fcResponse = 'OGC 17-069r4, requirement 27'

const checks = {
  operation: {
    clause: 'OGC 17-069r4, requirement 19',
    asserts: 'The features are answered.',
    judge: (answer: Answer) => void page(answer),
  },
  crs84: {
    clause: 'OGC 17-069r4, requirement 10',
    asserts: 'Coordinates are longitude and latitude where nothing else is asked.',
    judge: (answer: Answer) => {
      for (const { id, geometry } of page(answer).features)
        for (const [x, y] of positionsOf(geometry))
          assert.ok(Math.abs(x) <= 180 && Math.abs(y) <= 90, `feature ${id} has the position ${x}, ${y}`)
    },
  },
  type: {
    clause: fcResponse,
    asserts: 'They are a FeatureCollection.',
    judge: (answer: Answer) => assert.equal(page(answer).type, 'FeatureCollection'),
  },
  features: {
    clause: fcResponse,
    asserts: 'It has a list of features.',
    judge: (answer: Answer) => assert.ok(page(answer).features.every(({ type }) => type === 'Feature')),
  },
  links: {
    clause: 'OGC 17-069r4, requirements 28 and 29',
    asserts: 'It links to itself and to itself in every other form that is claimed; all links have rel and type.',
    judge: (answer: Answer, world: FeaturesWorld) => {
      const { links } = page(answer)
      const self = expectLink(links, 'self')
      for (const type of alternatesOf(world, self.type, 'features')) expectLink(links, 'alternate', type)
      for (const { rel, type, href } of links) assert.ok(rel && type, `a link has no rel or no type: ${href}`)
    },
  },
  timeStamp: {
    clause: 'OGC 17-069r4, requirement 30',
    asserts: 'It says when it was made: now.',
    judge: (answer: Answer) => {
      const made = Date.parse(page(answer).timeStamp ?? '')
      assert.ok(Math.abs(Date.now() - made) < 60_000, `timeStamp is ${page(answer).timeStamp}`)
    },
  },
  numberMatched: {
    clause: 'OGC 17-069r4, requirement 31',
    asserts: 'numberMatched is how many features all pages have together, none of them twice.',
    judge: async (answer: Answer) => {
      const pages = await pagesFrom(answer)
      const ids = pages.flatMap(idsOf)
      assert.equal(new Set(ids).size, ids.length, 'a feature is there twice')
      for (const { numberMatched } of pages) assert.equal(numberMatched, ids.length)
    },
  },
  numberReturned: {
    clause: 'OGC 17-069r4, requirement 32',
    asserts: 'numberReturned is how many features this page has.',
    judge: (answer: Answer) => assert.equal(page(answer).numberReturned, page(answer).features.length),
  },
} as const satisfies Record<string, { clause: string; asserts: string; judge(answer: Answer, world: FeaturesWorld): void | Promise<void> }>
