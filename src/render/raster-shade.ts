import type { RasterPixels } from './raster-pixels.js'
import { surfaceOf } from './raster-surface.js'

/** Cell size in metres on the ground along columns and rows; rows that go south have a negative `y`. */
export interface GroundCell {
  readonly x: number
  readonly y: number
}

/**
 * Brightness of every pixel of a surface under light from the north-west, 0 (dark) to 1; a plane has `Math.SQRT1_2`. Pixels without value count
 * as level ground. Heights are exaggerated gently where cells are large, because relief fades with the scale.
 */
export function shadeRelief({ width, height, bands, mask }: RasterPixels, band: number, cell: GroundCell): Float32Array {
  const exaggeration = Math.max(1, (Math.hypot(cell.x, cell.y) / 30) ** 0.3)
  const shade = surfaceOf('hillshade', { width, height, heights: bands[band], ...(mask && { mask }) }, cell, [315, 45, exaggeration])
  for (let i = 0; i < shade.length; i++) shade[i] = (shade[i] - 1) / 254
  return shade
}
