import assert from 'node:assert/strict'
import { ask, headerOf } from '../ask.js'
import type { Answer, Ask, Entry, Trial } from '../suite.js'
import { all, collectionOf, refuses } from './trials.js'
import { type FeaturesWorld, featureAsk, featureCollections, geojson, itemsAsk, page } from './world.js'

/** What the standard asks of resources: links, forms, methods, and what is not there. */
export const extraResources: readonly Entry<FeaturesWorld>[] = [
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
