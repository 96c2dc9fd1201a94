// The live map of the landing page: the checked collections as WMS layers, points over lines over areas over images.
const { Map: OlMap, View, Overlay } = ol
const service = document.body.dataset.wms
const cards = [...document.querySelectorAll('article[data-bbox]')]

const map = new OlMap({
  target: 'map',
  view: new View({ center: [0, 0], zoom: 2, maxZoom: 22 }),
  controls: ol.control.defaults.defaults().extend([new ol.control.ScaleLine()]),
})

/** The world is cut where the projection of the map ends. */
function extentOf(card) {
  const [west, south, east, north] = card.dataset.bbox.split(',').map(Number)
  return ol.proj.transformExtent([west, Math.max(south, -85), east, Math.min(north, 85)], 'EPSG:4326', 'EPSG:3857')
}

/** Shows all of a layer, or its middle where all of it is beyond its scale range. */
function goTo(card, options) {
  const extent = extentOf(card)
  const coarsest = Number(card.dataset.coarsest ?? Number.POSITIVE_INFINITY)
  const share = Math.min(1, coarsest / map.getView().getResolutionForExtent(extent))
  if (share < 1) ol.extent.scaleFromCenter(extent, 0.9 * share)
  map.getView().fit(extent, { padding: [30, 30, 30, 30], ...options })
}

cards.forEach((card, index) => {
  const toggle = card.querySelector('.toggle input')
  const source = new ol.source.ImageWMS({ url: service, params: { LAYERS: card.dataset.layer, VERSION: '1.3.0' }, ratio: 1.1, hidpi: true })
  const layer = new ol.layer.Image({ source, visible: toggle.checked, zIndex: 1000 * Number(card.dataset.rank) - index })
  card.olSource = source
  card.olLayer = layer
  map.addLayer(layer)
  toggle.addEventListener('change', () => {
    layer.setVisible(toggle.checked)
    const legend = card.querySelector('.legend')
    if (legend) legend.open = toggle.checked
    if (toggle.checked) goTo(card, { duration: 300 })
  })
})

const first = cards.find(card => card.querySelector('.toggle input').checked)
if (first) goTo(first)

const bubble = document.createElement('pre')
bubble.className = 'bubble'
const popup = new Overlay({ element: bubble, autoPan: true, offset: [8, 8] })
map.addOverlay(popup)
map.on('singleclick', async event => {
  const { resolution, projection } = { resolution: map.getView().getResolution(), projection: map.getView().getProjection() }
  popup.setPosition(undefined)
  for (const card of cards.filter(each => each.olLayer.getVisible()).sort((a, b) => b.dataset.rank - a.dataset.rank)) {
    const url = card.olSource.getFeatureInfoUrl(event.coordinate, resolution, projection, {
      INFO_FORMAT: 'application/json',
      FEATURE_COUNT: 3,
    })
    const { features = [] } = await fetch(url).then(answer => (answer.ok ? answer.json() : {}))
    if (features.length === 0) continue
    bubble.textContent = features
      .map(feature =>
        Object.entries(feature.properties ?? {})
          .slice(0, 15)
          .map(([name, value]) => `${name}: ${value ?? ''}`)
          .join('\n'),
      )
      .join('\n\n')
    popup.setPosition(event.coordinate)
    break
  }
})

// A map is ready when everything asked for is drawn: for whoever takes pictures of it.
map.once('rendercomplete', () => {
  document.body.dataset.ready = 'true'
})
