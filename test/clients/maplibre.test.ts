import t from 'tap'
import { imageDistance } from '../support/golden-image.js'
import { clear, readPicture } from '../support/picture.js'
import { startChromium, watchedPage, withoutChromium } from './support/chromium.js'
import { servePage } from './support/page-server.js'
import { sharedWorld } from './support/run-world.js'

// Tiles of zoom 17 in WebMercatorQuad that meet at this corner, near the church; four of them fill a map of 512 pixels.
const zoom = 17
const [column, row] = [67552, 45069]
const half = 20037508.342789244
const side = (2 * half) / 2 ** zoom
const corner = [-half + column * side, half - row * side]
const lonLat = [(corner[0] / half) * 180, (Math.atan(Math.sinh((corner[1] / half) * Math.PI)) * 180) / Math.PI]
const box = [corner[0] - side, corner[1] - side, corner[0] + side, corner[1] + side]

t.test('MapLibre in a browser, at another origin', { skip: withoutChromium }, async t => {
  const server = await sharedWorld()
  t.teardown(() => server.stop())
  const portal = await servePage('<script type="module" src="/pages/maplibre.js"></script>', {
    '/maplibre/': 'node_modules/maplibre-gl/dist/',
    '/pages/': 'test/clients/pages/',
  })
  t.teardown(() => portal.close())
  const browser = await startChromium({ webgl: true })
  t.teardown(() => browser.close())
  const { page, faults, asked } = await watchedPage(browser, [portal.address, server.address])
  await page.goto(`${portal.address}/`)
  await page.waitForSelector('body[data-ready="true"]')

  for (const [layer, version] of [
    ['ORTHOIMAGERY.ORTHOPHOTOS', '1.1.1'],
    ['ws:parcelles', '1.3.0'],
  ])
    await t.test(`${layer} as tiles of {bbox-epsg-3857}, ${version} (T-4, T-24)`, async t => {
      const query = `service=WMS&request=GetMap&version=${version}&layers=${layer}&styles=&format=image/png&transparent=false`
      const tiles = `${server.address}/wms?${query}&crs=EPSG:3857&srs=EPSG:3857&width=256&height=256&bbox={bbox-epsg-3857}`
      const seen = await page.evaluate(`draw(${JSON.stringify({ tiles, center: lonLat, zoom: zoom - 1 })})`)
      const { picture, faults } = seen as { picture: string; faults: string[] }
      t.same(faults, [])
      const drawn = Buffer.from(picture.slice(picture.indexOf(',') + 1), 'base64')
      const own = await fetch(`${server.address}/wms?${query}&crs=EPSG:3857&srs=EPSG:3857&width=512&height=512&bbox=${box}`)
      const { visible } = await imageDistance(drawn, Buffer.from(await own.arrayBuffer()))
      t.ok(visible < 0.02, `${visible} of the pixels differ from the server's own picture`)
    })

  await t.test('tiles with nothing in them leave the map as it is (T-22)', async t => {
    const tiles = `${server.address}/wms?service=WMS&request=GetMap&version=1.1.1&layers=ws:parcelles&styles=&format=image/png&transparent=true&srs=EPSG:3857&width=256&height=256&bbox={bbox-epsg-3857}`
    const seen = await page.evaluate(`draw(${JSON.stringify({ tiles, center: [0, 0], zoom: 10 })})`)
    const { picture, faults } = seen as { picture: string; faults: string[] }
    t.same(faults, [])
    t.equal(clear(await readPicture(Buffer.from(picture.slice(picture.indexOf(',') + 1), 'base64'))), 1)
  })

  t.ok(asked.filter(address => address.includes('GetMap')).length >= 12, 'it asked for tiles')
  t.same(faults, [], 'the console is clean, and nothing left the machine')
})
