// What a portal does with OpenLayers and OGC API Features: loads vectors in the CRS of the data or in degrees, and vector tiles.
const ol = globalThis.ol
const proj4 = globalThis.proj4
const view = 'EPSG:3857'

proj4.defs(
  'EPSG:2154',
  '+proj=lcc +lat_0=46.5 +lon_0=3 +lat_1=49 +lat_2=44 +x_0=700000 +y_0=6600000 +ellps=GRS80 +towgs84=0,0,0,0,0,0,0 +units=m +no_defs',
)
ol.proj.proj4.register(proj4)

/** How many features there are, and the names of those at `place` (EPSG:3857). */
const summary = (features, place) => ({
  count: features.length,
  ids: new Set(features.map(feature => feature.getId())).size,
  names: features.filter(feature => feature.getGeometry()?.intersectsCoordinate(place)).map(feature => feature.get('nom')),
})

/** A vector source on a map about `box`, which asks `address` for all, or, with `inBox`, for what the map shows. The reader is told no CRS. */
globalThis.load = async ({ address, box, place, inBox }) => {
  const source = new ol.source.Vector({
    format: new ol.format.GeoJSON(),
    url: inBox ? extent => `${address}&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/3857&bbox=${extent.join(',')}` : address,
    ...(inBox && { strategy: ol.loadingstrategy.bbox }),
  })
  const target = document.getElementById('map')
  const map = new ol.Map({ target, layers: [new ol.layer.Vector({ source })], controls: [], view: new ol.View({ projection: view }) })
  map.getView().fit(box)
  await new Promise((resolve, reject) => {
    source.once('featuresloadend', resolve)
    source.once('featuresloaderror', () => reject(new Error(`${address} was not read`)))
  })
  map.setTarget(null)
  return summary(source.getFeatures(), place)
}

/** As mviewer adds what is found at the address of collections: each link to GeoJSON is a layer (M12). */
globalThis.layersOf = async collections => {
  const { collections: all } = await (await fetch(collections)).json()
  return all.map(({ id, links }) => [id, links.filter(({ type }) => type === 'application/geo+json').map(({ href }) => href)])
}

/** As mviewer shows what an address finds: the CRS is what the crs member says, if it is there (M13). */
globalThis.found = async ({ address, place }) => {
  const data = await (await fetch(address)).json()
  const code = data.crs?.properties?.name?.split(':').pop()
  const format = new ol.format.GeoJSON({ ...(code && { dataProjection: `EPSG:${code}` }), featureProjection: view })
  return { code, matched: data.numberMatched, ...summary(format.readFeatures(data), place) }
}

/** A vector tile that holds `place`. */
globalThis.tile = async ({ address, zoom, place }) => {
  const source = new ol.source.VectorTile({ format: new ol.format.MVT({ idProperty: 'id' }), url: address, maxZoom: zoom, minZoom: zoom })
  const [z, x, y] = source.getTileGrid().getTileCoordForCoordAndZ(place, zoom)
  const url = source.getTileUrlFunction()([z, x, y], 1, ol.proj.get(view))
  const bytes = await (await fetch(url)).arrayBuffer()
  const extent = source.getTileGrid().getTileCoordExtent([z, x, y])
  const features = new ol.format.MVT({ featureClass: ol.Feature }).readFeatures(bytes, { extent, featureProjection: view })
  return summary(features, place)
}
document.body.dataset.ready = 'true'
