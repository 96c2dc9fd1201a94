import type { Page } from 'playwright-core'
import t from 'tap'
import { imageDistance } from '../support/golden-image.js'
import { clear, readPicture } from '../support/picture.js'
import { startChromium, watchedPage, withoutChromium } from './support/chromium.js'
import { servePage } from './support/page-server.js'
import { sharedWorld } from './support/run-world.js'

// 512 m, about the village centre; the church stands at 616448, 6257887
const box = [616192, 6257631, 616704, 6258143]
const church = [616448, 6257887]
const mapOf = (layer: string, version = '1.3.0') => ({
  LAYERS: layer,
  VERSION: version,
  FORMAT: 'image/png',
  TRANSPARENT: true,
  STYLES: '',
})

t.test('OpenLayers in a browser, at another origin', { skip: withoutChromium }, async t => {
  const server = await sharedWorld()
  t.teardown(() => server.stop())
  const portal = await servePage('<script src="/ol/ol.js"></script><script type="module" src="/pages/openlayers.js"></script>', {
    '/ol/': 'node_modules/ol/dist/',
    '/pages/': 'test/clients/pages/',
  })
  t.teardown(() => portal.close())
  const browser = await startChromium()
  t.teardown(() => browser.close())
  const { page, faults } = await watchedPage(browser, [portal.address, server.address])
  await page.goto(`${portal.address}/`)
  await page.waitForSelector('body[data-ready="true"]')
  const wms = `${server.address}/wms`
  const own = async (query: string) =>
    Buffer.from(await (await fetch(`${wms}?SERVICE=WMS&REQUEST=GetMap&VERSION=1.3.0&STYLES=&${query}`)).arrayBuffer())
  const plain = 'FORMAT=image/png&TRANSPARENT=true&CRS=EPSG:3857'

  for (const layer of ['ws:parcelles', 'ORTHOIMAGERY.ORTHOPHOTOS'])
    for (const version of ['1.1.1', '1.3.0'])
      await t.test(`${layer} in one picture and in tiles, ${version} (M1, M2, T-4, T-24)`, async t => {
        const whole = await own(`${plain}&LAYERS=${layer}&BBOX=${box}&WIDTH=512&HEIGHT=512`)
        t.ok(clear(await readPicture(whole)) < 0.9, 'something is drawn')
        for (const kind of ['image', 'tiles']) {
          const drawn = await drawnBy(page, { wms, kind, params: mapOf(layer, version), box })
          const { visible } = await imageDistance(drawn, whole)
          t.ok(visible < (kind === 'image' ? 0.0001 : 0.01), `${kind}: ${visible} of the pixels differ from the server's own picture`)
        }
      })

  for (const version of ['1.1.1', '1.3.0'])
    await t.test(`what the browser reprojects from EPSG:4326 lies where the server draws it, ${version} (T-4)`, async t => {
      const params = mapOf('ORTHOIMAGERY.ORTHOPHOTOS', version)
      const drawn = await drawnBy(page, { wms, kind: 'image', source: 'EPSG:4326', params, box })
      const { mean } = await imageDistance(drawn, await own(`${plain}&LAYERS=ORTHOIMAGERY.ORTHOPHOTOS&BBOX=${box}&WIDTH=512&HEIGHT=512`))
      const [west, south, east, north] = box
      const aside = await own(
        `${plain}&LAYERS=ORTHOIMAGERY.ORTHOPHOTOS&BBOX=${west + 3},${south},${east + 3},${north}&WIDTH=512&HEIGHT=512`,
      )
      const { mean: elsewhere } = await imageDistance(drawn, aside)
      t.ok(mean < 0.6 * elsewhere, `a mean difference of ${mean}, and of ${elsewhere} three pixels aside`)
    })

  await t.test('an address with a query is as good (T-29)', async t => {
    const drawn = await drawnBy(page, { wms: `${wms}?VERSION=1.1.1&`, kind: 'image', params: mapOf('ws:batiments'), box })
    const { visible } = await imageDistance(drawn, await own(`${plain}&LAYERS=ws:batiments&BBOX=${box}&WIDTH=512&HEIGHT=512`))
    t.ok(visible < 0.0001)
  })

  await t.test('reads the capabilities', async t => {
    const seen = await evaluate<Capabilities>(page, 'capabilities', `${wms}?SERVICE=WMS&REQUEST=GetCapabilities`)
    t.equal(seen.version, '1.3.0')
    t.ok(seen.formats.includes('image/png'))
    const parcels = seen.layers.find(({ name }) => name === 'ws:parcelles')!
    for (const code of ['EPSG:2154', 'EPSG:3857', 'EPSG:4326', 'EPSG:3948', 'CRS:84']) t.ok(parcels.crs.includes(code), code)
    t.same(parcels.boxes.find(({ crs }) => crs === 'EPSG:2154')?.extent, [885240, 6869115, 886685.125, 6870295])
    t.match(parcels.legend, /GetLegendGraphic/)
  })

  for (const format of ['application/vnd.ogc.gml', 'application/json'])
    await t.test(`asks what is at a place, and reads ${format} (M6, T-34)`, async t => {
      const query = { INFO_FORMAT: format, FEATURE_COUNT: 5, QUERY_LAYERS: 'ws:batiments' }
      const found = await evaluate(page, 'identify', { wms, params: mapOf('ws:batiments'), place: church, resolution: 1, query })
      t.same(found, [{ names: 'Église Saint-Évrault', holds: true }])
    })

  await t.test('shows the legend (M7)', async t => {
    const [width, height] = await evaluate<number[]>(page, 'legend', { wms, params: mapOf('ws:parcelles'), resolution: 1 })
    t.ok(width > 40 && height > 100, `${width} x ${height}: rules below each other, and their titles`)
  })

  t.same(faults, [], 'the console is clean, and nothing left the machine')
  faults.length = 0
  await t.test('reads from another origin why a map was refused (T-24, T-25)', async t => {
    const refused = `${wms}?SERVICE=WMS&REQUEST=GetMap&VERSION=1.3.0&LAYERS=disparue`
    const authorized = { headers: { Authorization: 'Basic bm9ib2R5Om5vYm9keQ==' } }
    for (const init of [{}, authorized]) {
      const { status, text } = await page.evaluate(([address, init]) => globalThis.ask(address, init), [refused, init] as const)
      t.equal(status, 400)
      t.match(text, 'LayerNotDefined')
    }
    t.notMatch(faults.join(), /CORS/)
  })
})

interface Capabilities {
  readonly version: string
  readonly formats: readonly string[]
  readonly layers: readonly {
    readonly name: string
    readonly crs: readonly string[]
    readonly boxes: readonly { readonly crs: string; readonly extent: readonly number[] }[]
    readonly legend?: string
  }[]
}

declare global {
  /** Of the page, test/clients/pages/openlayers.js. */
  var ask: (address: string, init: object) => Promise<{ status: number; text: string }>
}

const evaluate = <T>(page: Page, name: string, argument: unknown) => page.evaluate(`${name}(${JSON.stringify(argument)})`) as Promise<T>

async function drawnBy(page: Page, argument: object): Promise<Buffer> {
  const url = await evaluate<string>(page, 'draw', argument)
  return Buffer.from(url.slice(url.indexOf(',') + 1), 'base64')
}
