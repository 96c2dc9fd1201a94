import t from 'tap'
import { startChromium, watchedPage, withoutChromium } from './support/chromium.js'
import { servePage } from './support/page-server.js'
import { sharedWorld } from './support/run-world.js'

// 512 m about the village centre in EPSG:3857; the church stands at `church`
const box = [616192, 6257631, 616704, 6258143]
const church = [616448, 6257887]
const lambert = 'crs=http://www.opengis.net/def/crs/EPSG/0/2154'

interface Summary {
  readonly count: number
  readonly ids: number
  readonly names: readonly (string | null)[]
}

t.test('OpenLayers reads OGC API Features in a browser, at another origin', { skip: withoutChromium }, async t => {
  const server = await sharedWorld()
  t.teardown(() => server.stop())
  const scripts = ['/ol/ol.js', '/proj4/proj4.js'].map(src => `<script src="${src}"></script>`).join('')
  const portal = await servePage(`${scripts}<script type="module" src="/pages/openlayers-features.js"></script>`, {
    '/ol/': 'node_modules/ol/dist/',
    '/proj4/': 'node_modules/proj4/dist/',
    '/pages/': 'test/clients/pages/',
  })
  t.teardown(() => portal.close())
  const browser = await startChromium()
  t.teardown(() => browser.close())
  const { page, faults } = await watchedPage(browser, [portal.address, server.address])
  await page.goto(`${portal.address}/`)
  await page.waitForSelector('body[data-ready="true"]')
  const evaluate = <T = Summary>(name: string, argument: unknown) => page.evaluate(`${name}(${JSON.stringify(argument)})`) as Promise<T>
  const items = `${server.address}/collections/ws:batiments/items`
  const theChurch = ['Église Saint-Évrault']

  await t.test('GeoJSON in degrees and in EPSG:2154 lies at the same place (T-24, T-43)', async t => {
    t.same(await evaluate('load', { address: items, box, place: church }), { count: 318, ids: 318, names: theChurch })
    t.same(
      await evaluate('load', { address: `${items}?${lambert}`, box, place: church }),
      { count: 318, ids: 318, names: theChurch },
      'the crs member tells the reader',
    )
    const inBox = await evaluate('load', { address: `${items}?${lambert}`, box, place: church, inBox: true })
    t.match(inBox, { names: theChurch })
    t.ok(inBox.count > 20 && inBox.count < 318, `${inBox.count} in what the map shows`)
  })

  await t.test('mviewer: a layer for each link to GeoJSON (M12, T-53)', async t => {
    for (const address of ['/collections', '/datasets/ws:batiments/collections', '/geoserver/ws/ogc/features/v1/collections']) {
      const layers = await evaluate<[string, string[]][]>('layersOf', `${server.address}${address}`)
      const ids = layers.map(([id]) => id)
      t.ok(ids.includes('ws:batiments'), address)
      for (const [id, links] of layers) t.equal(links.length, id.startsWith('ORTHO') ? 0 : 1, `${id}: one layer`)
      const [, [link]] = layers.find(([id]) => id === 'ws:batiments')!
      t.same(await evaluate('load', { address: link, box, place: church }), { count: 318, ids: 318, names: theChurch }, link)
    }
  })

  await t.test('mviewer: a filter in the address, at the path of GeoServer (M13)', async t => {
    const path = `${server.address}/geoserver/ws/ogc/features/v1/collections/batiments/items?&f=application%2Fjson`
    t.match(await evaluate('found', { address: `${path}&filter=usage='Religieux'`, place: church }), {
      matched: 3,
      count: 3,
      names: theChurch,
    })
    t.match(await evaluate('found', { address: `${path}&filter=usage='Religieux'&${lambert}`, place: church }), {
      code: '2154',
      count: 3,
      names: theChurch,
    })
    for (const space of [' ', '%20', '+'])
      t.match(
        await evaluate('found', {
          address: `${path}&filter=HAUTEUR>10${space}AND${space}NOMBRE_ETAGES${space}>2&bbox=5.5347,48.8986,5.5404,48.9022`,
          place: church,
        }),
        { count: 66, code: undefined },
        `spaces as «${space}», names in capitals`,
      )
  })

  await t.test('a vector tile', async t => {
    const seen = await evaluate('tile', { address: `${items}?f=mvt&limit=1000&tile={z}/{x}/{y}`, zoom: 16, place: church })
    t.match(seen, { names: theChurch })
    t.ok(seen.count > 20 && seen.count < 318, `${seen.count} in the tile`)
  })

  t.same(faults, [], 'the console is clean, and nothing left the machine')
})
