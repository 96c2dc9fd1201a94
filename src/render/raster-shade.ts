import type { RasterPixels } from './raster-pixels.js'

/** Light from the north-west, 45 degrees above the horizon: what readers of relief maps expect. */
const [azimuth, altitude] = [(315 * Math.PI) / 180, (45 * Math.PI) / 180]

/** Cell size in metres on the ground along columns and rows; rows that go south have a negative `y`. */
export interface GroundCell {
  readonly x: number
  readonly y: number
}

/**
 * Brightness of every pixel of a surface, 0 (dark) to 1; a plane has `Math.SQRT1_2`. Slopes by Horn's method; pixels without value count
 * as level ground. Heights are exaggerated gently where cells are large, because relief fades with the scale.
 */
export function shadeRelief({ width, height, bands, mask }: RasterPixels, band: number, cell: GroundCell): Float32Array {
  const heights = bands[band]
  const out = new Float32Array(width * height)
  const exaggeration = Math.max(1, (Math.hypot(cell.x, cell.y) / 30) ** 0.3)
  const [perX, perY] = [exaggeration / (8 * (cell.x || 1)), exaggeration / (8 * (cell.y || 1))]
  const [lightX, lightY, lightZ] = [Math.sin(azimuth) * Math.cos(altitude), Math.cos(azimuth) * Math.cos(altitude), Math.sin(altitude)]
  for (let y = 0; y < height; y++) {
    const [above, here, below] = [Math.max(0, y - 1) * width, y * width, Math.min(height - 1, y + 1) * width]
    for (let x = 0; x < width; x++) {
      const [left, right] = [Math.max(0, x - 1), Math.min(width - 1, x + 1)]
      const middle = heights[here + x]
      const at = (index: number) => ((mask && mask[index] === 0) || !Number.isFinite(heights[index]) ? middle : heights[index])
      const [a, b, c] = [at(above + left), at(above + x), at(above + right)]
      const [d, f] = [at(here + left), at(here + right)]
      const [g, h, i] = [at(below + left), at(below + x), at(below + right)]
      const slopeX = (c + 2 * f + i - a - 2 * d - g) * perX
      const slopeY = (g + 2 * h + i - a - 2 * b - c) * perY
      const light = (lightZ - slopeX * lightX - slopeY * lightY) / Math.sqrt(1 + slopeX * slopeX + slopeY * slopeY)
      out[here + x] = Math.max(0, light)
    }
  }
  return out
}
