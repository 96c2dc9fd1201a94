import { steadyNow } from '#core/clock.js'
import type { MapJob } from '#core/queries.js'

/** A map in Web Mercator, a metre a pixel, with nothing on it, as PNG. */
export const blankJob = (width: number, height: number, more: Partial<MapJob> = {}): MapJob => ({
  width,
  height,
  crs: 'EPSG:3857',
  bbox: [0, 0, width, height],
  background: { color: 0x336699, isTransparent: false },
  mediaType: 'image/png',
  scaleDenominator: 1000,
  pixelRatio: 1,
  layers: [],
  maxFeatures: 10,
  deadline: steadyNow() + 900_000,
  ...more,
})
