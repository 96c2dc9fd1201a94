import type { Samples } from './raster-pixels.js'
import type { GroundCell } from './raster-shade.js'

/** Heights of a grid. */
export interface HeightPlane {
  readonly width: number
  readonly height: number
  readonly heights: Samples
  /** 0 where there is no height. */
  readonly mask?: Uint8Array
}

const degree = Math.PI / 180

/**
 * Slope in degrees, aspect in degrees clockwise from north (NaN on level ground) or hillshade from 1 to 255 of every pixel, by Horn's method as gdaldem
 * computes it; `numbers` are azimuth and height of the light in degrees and the exaggeration. Neighbours without a height count as level.
 */
export function surfaceOf(
  kind: 'slope' | 'aspect' | 'hillshade',
  plane: HeightPlane,
  cell: GroundCell,
  numbers: readonly number[],
): Float32Array {
  const [azimuth = 315, altitude = 45, exaggeration = 1] = numbers
  const [sin, cos] = [Math.sin(altitude * degree), Math.cos(altitude * degree) * exaggeration]
  const [east, north] = [Math.sin(azimuth * degree), Math.cos(azimuth * degree)]
  const out = new Float32Array(plane.width * plane.height)
  // `dx` rises to the east, `dy` to the north
  eachGradient(plane, cell, (i, dx, dy) => {
    if (kind === 'slope') out[i] = Math.atan(Math.hypot(dx, dy)) / degree
    else if (kind === 'aspect') out[i] = dx === 0 && dy === 0 ? Number.NaN : (Math.atan2(-dx, -dy) / degree + 360) % 360
    else {
      const light = (sin - cos * (dx * east + dy * north)) / Math.sqrt(1 + exaggeration * exaggeration * (dx * dx + dy * dy))
      out[i] = 1 + 254 * Math.max(0, light)
    }
  })
  return out
}

/** Calls `use` with the index of every pixel and how much the ground rises there per metre, to the east and to the north. Hot. */
function eachGradient(
  { width, height, heights, mask }: HeightPlane,
  cell: GroundCell,
  use: (index: number, dx: number, dy: number) => void,
) {
  const [perX, perY] = [1 / (8 * (cell.x || 1)), 1 / (8 * (cell.y || 1))]
  for (let y = 0; y < height; y++) {
    const [above, here, below] = [Math.max(0, y - 1) * width, y * width, Math.min(height - 1, y + 1) * width]
    for (let x = 0; x < width; x++) {
      const [left, right] = [Math.max(0, x - 1), Math.min(width - 1, x + 1)]
      const middle = heights[here + x]
      const at = (index: number) => ((mask && mask[index] === 0) || !Number.isFinite(heights[index]) ? middle : heights[index])
      const [a, b, c] = [at(above + left), at(above + x), at(above + right)]
      const [d, f] = [at(here + left), at(here + right)]
      const [g, h, i] = [at(below + left), at(below + x), at(below + right)]
      use(here + x, (c + 2 * f + i - a - 2 * d - g) * perX, (g + 2 * h + i - a - 2 * b - c) * perY)
    }
  }
}
