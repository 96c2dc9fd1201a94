import { requireCrs } from '#geo/crs.js'
import type { MapScale } from '#render/map-scale.js'
import type { Collection } from './atlas.js'
import type { MapQuery } from './queries.js'

/** Side of the standardised rendering pixel in metres (OGC 06-042, 7.2.4.6.9). */
export const standardPixel = 0.00028
/** Dots per inch that make a pixel of 0.28 mm. */
export const standardDpi = 0.0254 / standardPixel

/** Scale denominator of a map along its width; degrees count as on the equator (OGC 06-042, 7.2.4.6.9). */
export function scaleOf({ bbox, width, crs, dpi }: Pick<MapQuery, 'bbox' | 'width' | 'crs' | 'dpi'>): number {
  const metresPerPixel = ((bbox[2] - bbox[0]) * requireCrs(crs).metresPerUnit) / width
  return metresPerPixel / (0.0254 / dpi)
}

/** What filters and styles may ask of a map. */
export function mapScaleOf(query: MapQuery): MapScale {
  const { width, height, dpi, variables } = query
  return { scaleDenominator: scaleOf(query), pixelRatio: dpi / standardDpi, width, height, ...(variables && { variables }) }
}

/** Whether a collection shows at a scale denominator. */
export function isVisible({ minScaleDenominator = 0, maxScaleDenominator = Infinity }: Collection, scale: number): boolean {
  return scale >= minScaleDenominator && scale < maxScaleDenominator
}
