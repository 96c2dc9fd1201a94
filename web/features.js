// The table and the map of a page of features: what is chosen in one is shown in the other. The page works without it.
const { wms, layer: layerName, features: featuresUrl, bbox, coarsest, see } = document.body.dataset
const form = document.querySelector('#filter')

// what is empty is no condition: it need not be in the address
form?.addEventListener('submit', () => {
  for (const field of form.elements) if (field.name && field.value === '') field.disabled = true
})
window.addEventListener('pageshow', () => {
  for (const field of form?.elements ?? []) field.disabled = false
})

if (document.querySelector('#map')) startMap()
else document.body.dataset.ready = 'true'

async function startMap() {
  const { Map: OlMap, View } = ol
  const style = (fill, stroke, width) => {
    const [inner, outer] = [new ol.style.Fill({ color: fill }), new ol.style.Stroke({ color: stroke, width })]
    return new ol.style.Style({
      fill: inner,
      stroke: outer,
      image: new ol.style.Circle({ radius: 4 + width / 2, fill: inner, stroke: outer }),
    })
  }
  const usual = style('#0b6e6e40', '#0b6e6e', 1.5)
  const chosen = style('#d9480f66', '#d9480f', 3)
  const shown = new ol.source.Vector()
  const above = new ol.layer.Vector({ source: shown, style: usual })
  const below = new ol.layer.Image({
    source: new ol.source.ImageWMS({ url: wms, params: { LAYERS: layerName, VERSION: '1.3.0' }, ratio: 1.1, hidpi: true }),
    opacity: 0.5,
  })
  const map = new OlMap({
    target: 'map',
    layers: [above],
    view: new View({ center: [0, 0], zoom: 2, maxZoom: 21 }),
    controls: ol.control.defaults.defaults().extend([new ol.control.ScaleLine()]),
  })
  const view = map.getView()
  const inMap = ([west, south, east, north]) =>
    ol.proj.transformExtent([west, Math.max(south, -85), east, Math.min(north, 85)], 'EPSG:4326', 'EPSG:3857')
  const goTo = (extent, options) => {
    const grown = ol.extent.buffer(extent, Math.max(1, 0.02 * Math.max(ol.extent.getWidth(extent), ol.extent.getHeight(extent))))
    view.fit(grown, { padding: [24, 24, 24, 24], maxZoom: 18, ...options })
  }
  if (bbox) goTo(inMap(bbox.split(',').map(Number)))
  if (coarsest && view.getResolution() > Number(coarsest)) view.setResolution(Number(coarsest))

  const rowsById = new Map([...document.querySelectorAll('#features tbody tr')].map((row, i) => [row.dataset.id ?? `#${i}`, row]))
  const rows = [...rowsById.values()]
  const rowOf = new Map()
  const featureOf = new Map()
  let current

  function choose(feature) {
    if (current) {
      current.setStyle(undefined)
      rowOf.get(current)?.removeAttribute('aria-selected')
    }
    current = feature
    feature?.setStyle(chosen)
    rowOf.get(feature)?.setAttribute('aria-selected', 'true')
  }

  const isAt = element => element.closest('a, summary, details[open]') !== null
  for (const row of rows) {
    row.addEventListener('click', event => {
      const feature = featureOf.get(row)
      if (!feature || isAt(event.target) || String(getSelection()) !== '') return
      choose(feature)
      goTo(feature.getGeometry().getExtent(), { duration: 250 })
    })
  }
  /** The feature at a place, or within 8 pixels of it. */
  function featureAt(pixel) {
    const place = map.getCoordinateFromPixel(pixel)
    const feature = shown.getClosestFeatureToCoordinate(place)
    const [x, y] = feature ? map.getPixelFromCoordinate(feature.getGeometry().getClosestPoint(place)) : []
    return feature && Math.hypot(x - pixel[0], y - pixel[1]) <= 8 ? feature : undefined
  }
  map.on('singleclick', event => {
    const feature = featureAt(event.pixel)
    choose(feature)
    rowOf.get(feature)?.scrollIntoView({ block: 'center', behavior: 'smooth' })
  })

  const here = document.querySelector('#here')
  if (here) {
    here.hidden = false
    here.addEventListener('click', () => {
      const [west, south, east, north] = ol.proj.transformExtent(view.calculateExtent(map.getSize()), 'EPSG:3857', 'EPSG:4326')
      const within = [Math.max(west, -180), Math.max(south, -90), Math.min(east, 180), Math.min(north, 90)]
      form.elements.bbox.value = within.map(value => value.toFixed(6)).join(',')
      // the box of the map is in longitude and latitude
      const crs = form.elements['bbox-crs']
      if (crs) crs.value = ''
      form.requestSubmit()
    })
  }

  const answer = await fetch(featuresUrl)
  if (answer.ok) {
    const json = await answer.json()
    const all = json.type === 'FeatureCollection' ? json.features : [json]
    const format = new ol.format.GeoJSON({ dataProjection: 'EPSG:4326', featureProjection: 'EPSG:3857' })
    for (const [i, one] of all.entries()) {
      if (!one.geometry) continue
      const feature = format.readFeature({ type: 'Feature', geometry: one.geometry })
      if (ol.extent.isEmpty(feature.getGeometry().getExtent())) continue
      const row = rowsById.get(String(one.id)) ?? (one.id === undefined ? rows[i] : undefined)
      shown.addFeature(feature)
      if (!row) continue
      rowOf.set(feature, row)
      featureOf.set(row, feature)
      addButton(row, feature)
    }
    if (shown.getFeatures().length > 0) goTo(shown.getExtent())
  }
  // not before it is known where to look
  map.getLayers().insertAt(0, below)
  // For whoever takes pictures of it.
  map.once('rendercomplete', () => {
    document.body.dataset.ready = 'true'
  })

  /** For the keyboard: what a click on the row does. */
  function addButton(row, feature) {
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'see'
    button.title = see
    button.setAttribute('aria-label', `${see}: ${row.dataset.id ?? ''}`)
    button.addEventListener('click', event => {
      event.stopPropagation()
      choose(feature)
      goTo(feature.getGeometry().getExtent(), { duration: 250 })
    })
    row.cells[0].prepend(button, ' ')
  }
}
