import type { RasterPixels } from './raster-pixels.js'
import type { WarpPiece } from './warp.js'

/**
 * The values of one band where the pixels of a piece lie, bilinear between the four around, row by row over its box; NaN where there is none. For values
 * that must not be mixed as colours. Where one of the four is missing the nearest counts.
 */
export function warpValues({ box, cells, extent }: WarpPiece, { width, height, bands, mask }: RasterPixels, band: number): Float32Array {
  const out = new Float32Array(box.width * box.height).fill(Number.NaN)
  const samples = bands[band]
  const valueAt = (x: number, y: number): number => {
    const [column, row] = [Math.min(width - 1, Math.max(0, x)), Math.min(height - 1, Math.max(0, y))]
    const i = row * width + column
    return mask && mask[i] === 0 ? Number.NaN : samples[i]
  }
  const [minX, minY, maxX, maxY] = extent
  for (const { left, top, width: w, height: h, corners } of cells) {
    const [ax, ay, bx, by, cx, cy, dx, dy] = corners
    for (let j = 0; j < h; j++) {
      const v = (j + 0.5) / h
      const [x0, y0, x1, y1] = [ax + (cx - ax) * v, ay + (cy - ay) * v, bx + (dx - bx) * v, by + (dy - by) * v]
      for (let i = 0; i < w; i++) {
        const u = (i + 0.5) / w
        const [x, y] = [x0 + (x1 - x0) * u, y0 + (y1 - y0) * u]
        if (!(x >= minX && x < maxX && y >= minY && y < maxY)) continue
        const [column, row] = [Math.floor(x - 0.5), Math.floor(y - 0.5)]
        const [s, t] = [x - 0.5 - column, y - 0.5 - row]
        const upper = valueAt(column, row) * (1 - s) + valueAt(column + 1, row) * s
        const lower = valueAt(column, row + 1) * (1 - s) + valueAt(column + 1, row + 1) * s
        const smooth = upper * (1 - t) + lower * t
        out[(top + j) * box.width + left + i] = Number.isFinite(smooth) ? smooth : valueAt(Math.floor(x), Math.floor(y))
      }
    }
  }
  return out
}
