import { eachPlace } from './each-place.js'
import type { RasterPixels } from './raster-pixels.js'
import type { WarpPiece } from './warp.js'

/**
 * The values of one band where the pixels of a piece lie, bilinear between the four around, row by row over its box; NaN where there is none. For values
 * that must not be mixed as colours. Where one of the four is missing the nearest counts.
 */
export function warpValues(piece: WarpPiece, { width, height, bands, mask }: RasterPixels, band: number): Float32Array {
  const { box } = piece
  const out = new Float32Array(box.width * box.height).fill(Number.NaN)
  const samples = bands[band]
  const valueAt = (x: number, y: number): number => {
    const [column, row] = [Math.min(width - 1, Math.max(0, x)), Math.min(height - 1, Math.max(0, y))]
    const i = row * width + column
    return mask && mask[i] === 0 ? Number.NaN : samples[i]
  }
  eachPlace(piece, 0, (i, j, x, y) => {
    const [column, row] = [Math.floor(x - 0.5), Math.floor(y - 0.5)]
    const [s, t] = [x - 0.5 - column, y - 0.5 - row]
    const upper = valueAt(column, row) * (1 - s) + valueAt(column + 1, row) * s
    const lower = valueAt(column, row + 1) * (1 - s) + valueAt(column + 1, row + 1) * s
    const smooth = upper * (1 - t) + lower * t
    out[j * box.width + i] = Number.isFinite(smooth) ? smooth : valueAt(Math.floor(x), Math.floor(y))
  })
  return out
}
