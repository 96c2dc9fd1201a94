import type { IncomingMessage } from 'node:http'
import t from 'tap'
import type { LegacyServer } from '#core/atlas.js'
import { createViewFinder, findCollection } from '#core/atlas-view.js'
import { buildAtlas } from '#core/build-atlas.js'
import { viewRewriter } from '#protocols/http/views.js'
import { atlasPlan, tablePublication } from '../support/publications.js'
import { smallServer } from '../support/small-server.js'

const spaces = new Map([['eau', { id: 'eau', title: 'Eau', collections: ['rivers'] }]])
const atlasOf = (...legacy: LegacyServer[]) =>
  buildAtlas({
    ...atlasPlan(
      ['places', 'rivers', 'region:epci', 'region:communes', 'été:x'].map(table => tablePublication({ table })),
      { spaces },
    ),
    legacy: new Set(legacy),
  })

/** Where an address leads: the path, and the key of the view. */
function led(atlas: ReturnType<typeof atlasOf>, url: string): string {
  const views = viewRewriter(() => atlas)
  const request = { url } as IncomingMessage
  const path = views.rewrite(request)
  return `${views.keyOf(request)} ${path}`
}

const all = atlasOf('geoserver', 'geowebcache', 'mapcache')
const table: Readonly<Record<string, string>> = {
  '/geoserver/wms?service=WMS': ' /wms?service=WMS',
  '/geoserver/ows': ' /ows',
  '/geoserver/WMS?': ' /wms?',
  '/geoserver/wms/?a=b': ' /wms?a=b',
  '/geoserver/eau/wms?layers=rivers': 'eau /wms?layers=rivers',
  '/geoserver/eau/rivers/wms?x': 'datasets/rivers /wms?x',
  '/geoserver/region/ows?x': 'geoserver/region /ows?x',
  '/geoserver/region/epci/wms': 'datasets/region:epci /wms',
  '/geoserver/%C3%A9t%C3%A9/wms': 'geoserver/été /wms',
  '/geoserver/ogc/features/v1/': ' /',
  '/geoserver/ogc/features/v1?f=json': ' /?f=json',
  '/geoserver/ogc/features/v1/collections/region:epci/items?&f=application/json': ' /collections/region%3Aepci/items?&f=application/json',
  '/geoserver/eau/ogc/features/v1/collections/rivers/items/a%2Fb': 'eau /collections/rivers/items/a%2Fb',
  '/geoserver/eau/rivers/ogc/features/v1/collections': 'datasets/rivers /collections',
  '/geoserver/region/ogc/features/v1/collections/epci/items?filter=a=1':
    'geoserver/region /collections/epci/items?filter=a=1&filter-lang=cql-text',
  '/geoserver/region/ogc/features/v1/collections/epci/items?filter-lang=cql2-text&filter=a=1':
    'geoserver/region /collections/epci/items?filter-lang=cql2-text&filter=a=1',
  '/geoserver/region/collections/epci': 'geoserver/region /collections/epci',
  '/geoserver/region/?f=json': 'geoserver/region /?f=json',
  '/geoserver/region/wms?filter=a': 'geoserver/region /wms?filter=a',
  '/gwc/service/wms?x': ' /wms?x',
  '/geoserver/gwc/service/wms?x': ' /wms?x',
  '/mapcache?service=WMS': ' /ows?service=WMS',
  '/mapcache/?service=WMS': ' /ows?service=WMS',
  '/mapcache/wms': ' /wms',
}

t.test('old addresses of GeoServer, GeoWebCache and MapCache lead to the new ones', async t => {
  for (const [old, now] of Object.entries(table)) t.equal(led(all, old), now, old)
})

t.test('what is no old address stays what it is', async t => {
  for (const url of [
    '/geoserver/web/',
    '/geoserver/nobody/wms',
    '/geoserver/eau/epci/wms',
    '/geoserver/eau/places/wms',
    '/geoserver/eau/rivers/more/wms',
    '/geoserver/eau/rivers/more/ogc/features/v1/',
    '/geoserver/nobody/ogc/features/v1/',
    '/geoserver/ogc/features/v2/collections',
    '/geoserver/region',
    '/geoserver/region/web/',
    '/geoserver/__proto__/wms',
    '/geoserver/%ff/wms',
    '/geoserver',
    '/geoserver/',
    '/gwc/service/seed',
    '/gwc/service/wms/more',
    '/mapcache/seed',
    '//geoserver/wms',
  ])
    t.equal(led(all, url), ` ${url}`)
})

t.test('only what is switched on is answered', async t => {
  for (const old of Object.keys(table)) t.equal(led(atlasOf(), old), ` ${old}`)
  t.equal(led(atlasOf('mapcache'), '/geoserver/wms'), ' /geoserver/wms')
  t.equal(led(atlasOf('geoserver'), '/geoserver/gwc/service/wms'), ' /geoserver/gwc/service/wms')
  t.equal(createViewFinder()(atlasOf(), 'geoserver/region'), undefined)
})

t.test('a workspace shows its layers, which may be asked for without its name', async t => {
  const view = createViewFinder()(all, 'geoserver/region')!
  t.same([...view.collections.keys()], ['region:epci', 'region:communes'])
  for (const name of ['epci', 'region:epci']) t.equal(findCollection(view, name)?.id, 'region:epci')
  for (const name of ['places', 'x', '']) t.equal(findCollection(view, name), undefined, name)
})

t.test('capabilities at an old address lead on to addresses that answer', async t => {
  const server = await smallServer({ legacy: new Set(['geoserver', 'mapcache'] as const) })
  t.teardown(() => server.close())
  for (const old of ['/geoserver/wms', '/geoserver/parcs/wms', '/geoserver/parcs/arbres/ows', '/mapcache']) {
    const capabilities = await fetch(`${server.address}${old}?service=WMS&version=1.3.0&request=GetCapabilities`)
    t.equal(capabilities.status, 200, old)
    const [, href] = /<OnlineResource[^>]*xlink:href="([^"]*wms[^"]*)"/.exec(await capabilities.text()) ?? []
    t.ok(href?.startsWith(server.address), `${old}: ${href}`)
    const map = await fetch(
      `${href.replace(/\?$/, '')}?service=WMS&version=1.3.0&request=GetMap&layers=arbres&styles=&crs=EPSG:2154&bbox=770000,6279000,770200,6279200&width=10&height=10&format=image/png`,
    )
    await map.arrayBuffer()
    t.match([map.status, map.headers.get('content-type')], [200, 'image/png'], href)
  }
})
