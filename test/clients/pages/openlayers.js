// What a portal does with OpenLayers: reads capabilities, shows a WMS in one picture or in tiles, asks about a place, reads the answer.
const ol = globalThis.ol

/** Draws one WMS layer on a map of 512 pixels whose view is `box` (EPSG:3857, a square), asked for in `source`, and gives the canvas back as a PNG. */
globalThis.draw = async ({ wms, kind, params, box, source = 'EPSG:3857' }) => {
  const options = { url: wms, params, crossOrigin: 'anonymous' }
  const projection = 'EPSG:3857'
  const layer =
    kind === 'image'
      ? new ol.layer.Image({ source: new ol.source.ImageWMS({ ...options, ratio: 1, projection: source }) })
      : new ol.layer.Tile({
          source: new ol.source.TileWMS({
            ...options,
            projection,
            transition: 0,
            tileGrid: new ol.tilegrid.TileGrid({ extent: box, resolutions: [(box[2] - box[0]) / 512], tileSize: 256 }),
          }),
        })
  const target = document.getElementById('map')
  target.replaceChildren()
  const map = new ol.Map({
    target,
    layers: [layer],
    controls: [],
    interactions: [],
    pixelRatio: 1,
    view: new ol.View({ projection, center: ol.extent.getCenter(box), resolution: (box[2] - box[0]) / 512, constrainResolution: false }),
  })
  await new Promise(resolve => map.once('rendercomplete', resolve))
  const canvas = target.querySelector('canvas')
  const picture = canvas.toDataURL('image/png')
  map.setTarget(null)
  return picture
}

/** Layers with their boxes and CRS, as OpenLayers reads them. */
globalThis.capabilities = async address => {
  const text = await (await fetch(address)).text()
  const { version, Capability } = new ol.format.WMSCapabilities().read(text)
  const layers = []
  const walk = layer => {
    if (layer.Name)
      layers.push({
        name: layer.Name,
        crs: layer.CRS,
        boxes: layer.BoundingBox,
        legend: layer.Style?.at(-1)?.LegendURL?.[0].OnlineResource,
      })
    for (const child of layer.Layer ?? []) walk(child)
  }
  walk(Capability.Layer)
  return { version, formats: Capability.Request.GetMap.Format, layers }
}

/** What is at `place`, asked for by the address OpenLayers makes and read by its own reader of GML. */
globalThis.identify = async ({ wms, params, place, resolution, query }) => {
  const source = new ol.source.ImageWMS({ url: wms, params, projection: 'EPSG:3857' })
  const address = source.getFeatureInfoUrl(place, resolution, 'EPSG:3857', query)
  const response = await fetch(address)
  const text = await response.text()
  const features = query.INFO_FORMAT.includes('json')
    ? new ol.format.GeoJSON().readFeatures(text)
    : new ol.format.WMSGetFeatureInfo().readFeatures(text)
  return features.map(feature => ({
    names: feature.get('nom'),
    holds: feature.getGeometry().intersectsCoordinate(place),
  }))
}

/** The legend, by the address OpenLayers makes. */
globalThis.legend = async ({ wms, params, resolution }) => {
  const source = new ol.source.ImageWMS({ url: wms, params, projection: 'EPSG:3857' })
  const image = new Image()
  image.crossOrigin = 'anonymous'
  image.src = source.getLegendUrl(resolution, { LAYER: params.LAYERS })
  await image.decode()
  return [image.naturalWidth, image.naturalHeight]
}

/** Status and beginning of an answer that another origin may only read where CORS lets it. */
globalThis.ask = async (address, init) => {
  const response = await fetch(address, init)
  return { status: response.status, text: (await response.text()).slice(0, 2000) }
}
document.body.dataset.ready = 'true'
