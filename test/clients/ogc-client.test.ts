import { WmsEndpoint } from '@camptocamp/ogc-client'
import t from 'tap'
import { readPicture, varied } from '../support/picture.js'
import { sharedWorld } from './support/run-world.js'

t.test('ogc-client, which geonetwork-ui and the geOrchestra datahub stand on', async t => {
  const server = await sharedWorld()
  t.teardown(() => server.stop())

  for (const version of ['1.1.1', '1.3.0'])
    await t.test(`reads capabilities ${version}`, async t => {
      const endpoint = await new WmsEndpoint(`${server.address}/wms?VERSION=${version}`).isReady()
      t.equal(endpoint.getVersion(), version)
      t.match(endpoint.getServiceInfo(), {
        title: 'Essai des clients',
        abstract: 'Ce que voient QGIS, GDAL & <les autres>',
        keywords: ['essai', 'cadastre'],
        outputFormats: ['image/png', 'image/png; mode=8bit', 'image/jpeg'],
        infoFormats: /application\/json/,
        provider: { contact: { organization: 'Mairie de Saint-Évrault-sur-Meuse' } },
      })
      const [root] = endpoint.getLayers()
      t.same(
        root.children?.map(({ title }) => title),
        ['Images', 'Foncier', 'Routes', 'Arbres', 'Forêt', 'Une couche sans objet', 'Une seule borne', 'Pays', 'Limite communale'],
        'themes and layers, as a tree',
      )
      const parcels = endpoint.getLayerByName('ws:parcelles')
      t.match(parcels, {
        title: 'Parcelles',
        queryable: true,
        keywords: ['cadastre', 'Parcelles cadastrales'],
        attribution: {
          title: 'Direction générale des finances publiques',
          url: 'https://example.org/dgfip',
          logoUrl: 'https://example.org/dgfip.png',
        },
        metadata: [{ url: 'https://catalogue.example.org/parcelles.xml', format: 'application/xml' }],
      })
      for (const code of ['EPSG:2154', 'EPSG:3857', 'EPSG:4326', 'EPSG:3948'])
        t.ok((parcels.availableCrs as string[]).includes(code), `a layer is available in ${code}, its own or inherited`)
      t.same(parcels.boundingBoxes['EPSG:2154'].map(Number), [885240, 6869115, 886685.125, 6870295])
      t.same(
        parcels.boundingBoxes['EPSG:4326'].map(Number),
        [5.526919799, 48.894946901, 5.547138671, 48.905970465],
        'west, south, east, north, whatever the axis order of the version (T-4)',
      )
      const trees = endpoint.getLayerByName('arbres')
      if (version === '1.3.0') t.equal(Number(trees.maxScaleDenominator), 15000)
      for (const { name } of endpoint.getFlattenedLayers() as { name: string }[]) {
        if (!name) continue
        const layer = endpoint.getLayerByName(name)
        for (const [code, box] of Object.entries(layer.boundingBoxes)) {
          const [west, south, east, north] = box.map(Number)
          t.ok(west < east && south < north && Number.isFinite(east - west + north - south), `${name}: the box in ${code} is one (T-26)`)
        }
        for (const { legendUrl } of layer.styles) {
          const response = await fetch(String(legendUrl))
          t.equal(response.headers.get('content-type'), 'image/png', `${name}: a legend`)
        }
      }
    })

  await t.test('its addresses of maps are answered', async t => {
    const endpoint = await new WmsEndpoint(`${server.address}/wms?`).isReady()
    const address = endpoint.getMapUrl(['ws:parcelles'], {
      widthPx: 300,
      heightPx: 300,
      crs: 'EPSG:2154',
      extent: [885800, 6869500, 886200, 6869900],
      outputFormat: 'image/png',
      styles: ['default'],
    })
    const response = await fetch(address)
    t.equal(response.status, 200)
    const picture = await readPicture(Buffer.from(await response.arrayBuffer()))
    t.equal(picture.size, '300x300')
    t.ok(varied(picture) > 0.1)
  })

  await t.test('one dataset is one layer', async t => {
    const endpoint = await new WmsEndpoint(`${server.address}/datasets/routes/wms`).isReady()
    t.equal(endpoint.getSingleLayerName(), 'routes')
  })
})
