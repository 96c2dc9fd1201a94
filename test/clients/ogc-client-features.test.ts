import { OgcApiEndpoint } from '@camptocamp/ogc-client'
import t from 'tap'
import { recorderOf, refusals } from './support/recorder.js'
import { sharedWorld } from './support/run-world.js'

t.test('ogc-client reads OGC API Features', async t => {
  const server = await sharedWorld()
  t.teardown(() => server.stop())
  const recorder = await recorderOf(server.address)
  t.teardown(() => recorder.close())
  const { address } = recorder
  const endpoint = new OgcApiEndpoint(`${address}/`)

  await t.test('information and collections (T-45, T-46)', async t => {
    t.match(await endpoint.info, { title: 'Essai des clients', attribution: 'Mairie de Saint-Évrault-sur-Meuse' })
    t.ok(await endpoint.hasFeatures)
    const names = ['ws:parcelles', 'ws:batiments', 'routes', 'arbres', 'forêt', 'vide', 'borne', 'pays', 'population', 'limite_communale']
    t.same(await endpoint.featureCollections, names, 'rasters are not among them')
    t.ok((await endpoint.mapTileCollections).includes('ORTHOIMAGERY.ORTHOPHOTOS'))
    t.ok((await endpoint.tileMatrixSets).includes('WebMercatorQuad'))
  })

  await t.test('a collection: extent, CRS, queryables, sortables, formats and downloads (T-44, T-45, T-53)', async t => {
    const info = await endpoint.getCollectionInfo('ws:parcelles')
    t.match(info, { id: 'ws:parcelles', title: 'Parcelles', itemType: 'feature', crs: /OGC\/1\.3\/CRS84/, storageCrs: /EPSG/ })
    const { bulkDownloadLinks, queryables, sortables, itemFormats } = info
    const typeOf = (name: string) => queryables.find(property => property.name === name)?.type
    t.equal(typeOf('section'), 'string')
    t.equal(typeOf('contenance'), 'integer')
    t.ok(sortables.some(({ name }) => name === 'contenance'))
    t.notOk(
      sortables.some(({ name }) => name === 'geom'),
      'nothing is sorted by its geometry',
    )
    t.ok(itemFormats.includes('application/geo+json'))
    const types = Object.keys(bulkDownloadLinks)
    for (const type of [
      'application/flatgeobuf',
      'application/geopackage+sqlite3',
      'application/vnd.apache.parquet',
      'application/x-shapefile',
    ])
      t.ok(types.includes(type), type)
    // the datahub takes `limit` away from what it opens: what remains has to be all of it
    for (const [type, link] of Object.entries(bulkDownloadLinks)) {
      const url = new URL(link)
      url.searchParams.delete('limit')
      const answer = await fetch(url, { method: /\/files\//.test(link) ? 'HEAD' : 'GET' })
      t.match(answer.status, 200, `${type}: ${url.pathname}`)
      if (/\/files\//.test(link)) t.ok(Number(answer.headers.get('content-length')) > 10_000, 'whole, and of known size')
      await answer.arrayBuffer()
    }
    const csv = await (await fetch(`${address}/files/exports/ws%3Aparcelles.csv`)).text()
    t.equal(csv.trim().split('\n').length, 1 + 424, 'a file has every feature')
  })

  await t.test('its addresses of items are answered as it means them', async t => {
    const extent = [885800, 6869500, 886200, 6869900] as [number, number, number, number]
    const lambert = { outputCrs: 'EPSG:2154' as const, extent, extentCrs: 'EPSG:2154' as const }
    for (const options of [
      { limit: 5, offset: 10, sortBy: ['-contenance'], properties: ['idu', 'contenance'], ...lambert },
      { outputFormat: 'application/geo+json', limit: 5, sortBy: ['contenance'], ...lambert },
      { limit: 5, query: 'q=saules' },
      { limit: 5, skipGeometry: true },
      { limit: 5, dateTime: { start: new Date('2019-01-01T00:00:00Z'), end: new Date('2019-12-31T00:00:00Z') } },
      { limit: 5, dateTime: { start: new Date('2019-01-01T00:00:00Z') } },
    ]) {
      const url = await endpoint.getCollectionItemsUrl('ws:parcelles', { asJson: !('outputFormat' in options), ...options })
      const answer = await fetch(url)
      const { features } = (await answer.json()) as { features: { properties: { contenance: number } }[] }
      t.equal(features?.length, 5, url)
      if ('outputCrs' in options) {
        t.match(answer.headers.get('content-crs'), /2154/)
        const sizes = features.map(({ properties }) => properties.contenance)
        const sorted = sizes.toSorted((a, b) => (options.sortBy[0].startsWith('-') ? b - a : a - b))
        t.same(sizes, sorted)
      }
    }
    t.equal((await endpoint.getCollectionItems('ws:parcelles', 10000)).length, 424)
    t.match(await endpoint.getCollectionItem('ws:parcelles', '55999000AA0001'), { properties: { lieu_dit: 'Les Saules' } })
  })

  await t.test('one dataset is an API of one collection, which the datahub takes first (T-52)', async t => {
    const dataset = `${address}/datasets/ws:parcelles`
    for (const url of [
      `${dataset}/`,
      `${dataset}/collections`,
      `${dataset}/collections/ws:parcelles`,
      `${dataset}/collections/ws:parcelles/items`,
    ]) {
      const [first, ...others] = await new OgcApiEndpoint(url).allCollections
      t.match([first.name, others.length], ['ws:parcelles', 0], url)
    }
    const one = await new OgcApiEndpoint(`${address}/collections/ws:batiments/items`).allCollections
    t.same(
      one.map(({ name }) => name),
      ['ws:batiments'],
      'from an address of items it finds the way up',
    )
  })
  t.same(refusals(recorder), [], 'nothing it asks is refused')
})
