// What a portal does with MapLibre: a WMS as raster tiles of {bbox-epsg-3857}.
import { Map as MapLibre } from '/maplibre/maplibre-gl.mjs'

/** Draws a WMS on a map of 512 pixels, and gives the canvas back as a PNG. */
globalThis.draw = async ({ tiles, center, zoom }) => {
  const target = document.getElementById('map')
  target.replaceChildren()
  const map = new MapLibre({
    container: target,
    center,
    zoom,
    interactive: false,
    attributionControl: false,
    fadeDuration: 0,
    pixelRatio: 1,
    canvasContextAttributes: { preserveDrawingBuffer: true, antialias: false },
    style: {
      version: 8,
      sources: { wms: { type: 'raster', tiles: [tiles], tileSize: 256 } },
      layers: [{ id: 'wms', type: 'raster', source: 'wms', paint: { 'raster-resampling': 'nearest', 'raster-fade-duration': 0 } }],
    },
  })
  const faults = []
  map.on('error', event => faults.push(String(event.error)))
  await new Promise(resolve => map.once('idle', resolve))
  const picture = map.getCanvas().toDataURL('image/png')
  map.remove()
  return { picture, faults }
}
document.body.dataset.ready = 'true'
