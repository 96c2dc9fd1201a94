import type { Collection } from '#core/atlas.js'
import { standardPixel } from '#core/draw-map.js'
import { type Html, html } from '#protocols/http/html.js'
import type { Words } from '../../pages/words.js'

/** What the script of the map is told: the maps of the collection to draw below, and where the features to draw above are (GeoJSON, CRS84). */
export function mapData(
  { id, extent, maxScaleDenominator }: Collection,
  baseUrl: string,
  features: string,
  words: Words,
): Readonly<Record<string, string>> {
  return {
    wms: `${baseUrl}/wms`,
    layer: id,
    features,
    see: words.see,
    ...(extent && { bbox: extent.crs84.map(value => value.toFixed(7)).join(',') }),
    // metres per pixel beyond which the collection is not drawn
    ...(maxScaleDenominator !== undefined && { coarsest: String(maxScaleDenominator * standardPixel) }),
  }
}

/** The place of the map on a page. */
export const mapSection = (words: Words): Html => html`<section id="map" class="below" tabindex="0" aria-label="${words.map}"></section>`
