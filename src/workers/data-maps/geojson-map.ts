import { Problem } from '#core/problem.js'
import { beginFeatures, endFeatures, putFeatures } from '#formats/features/geojson.js'
import { srsOf } from '#formats/features/srs.js'
import { TextSink } from '#formats/text-sink.js'
import { mostBytes } from '#formats/vector/vector-format.js'
import type { DataMap } from './data-map.js'
import { mapFeatures } from './map-features.js'

/**
 * The features on a map as GeoJSON, cut to its box: x,y in the CRS of the map, which a `crs` member names where it is not CRS84; layers in the order of
 * the map, rasters left out. The type is that of GeoServer's vector tiles.
 */
export const geoJsonMap: DataMap = {
  mediaType: 'application/json;type=geojson',
  async write(job, { context }, stop) {
    const sink = new TextSink()
    const budget = { left: job.maxFeatures }
    let count = 0
    beginFeatures(sink, srsOf(job.crs))
    for (const layer of job.layers) {
      if (layer.kind !== 'features') continue
      const collection = { id: layer.name?.id ?? layer.source.table }
      for await (const batch of mapFeatures(job, layer, { stores: context.stores, budget, stop })) {
        count += putFeatures(sink, { collection, batches: [batch], geometry: layer.geometry.name, crs: job.crs }, count, false)
        if (sink.length > mostBytes)
          throw new Problem('too-large', 'The features on this map are more than one answer holds; ask for a smaller area.')
      }
    }
    endFeatures(sink, count)
    return sink.take()
  },
}
