import { type Affine, invertAffine } from './affine.js'
import type { Crs } from './crs.js'
import { type ControlGrid, type Evaluate, refineGrid } from './node-grid.js'
import { transformBetween } from './point-transform.js'
import { turnLength } from './turn-length.js'

export type { ControlGrid }

export interface ControlGridOptions {
  /** Largest error allowed, in pixels of the target; 0.05 when absent. */
  readonly tolerance?: number
  /** Most nodes; 16384 when absent. */
  readonly maxNodes?: number
}

/** A rectangle of pixels, counted from the upper left corner of the map. */
export interface PixelRectangle {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/**
 * For warping rasters: from pixels of the target to coordinates of the source, or to its pixels when `sourcePixels` (the source's pixels to
 * `from`) is given. `targetPixels` takes the target's pixels to `to`. Undefined when the tolerance cannot be met, as around a pole: then
 * transform pixel by pixel. Throws CrsError as `transformBetween`.
 */
export function pixelToSourceGrid(
  { from, to, targetPixels, sourcePixels, rectangle }: PixelToSource,
  options: ControlGridOptions = {},
): ControlGrid | undefined {
  const back = transformBetween(to, from)
  const forth = transformBetween(from, to)
  const toPixel = invertAffine(targetPixels)
  const toSourcePixel = sourcePixels && invertAffine(sourcePixels)
  if (!toPixel || (sourcePixels && !toSourcePixel)) return undefined
  const [x0, a, b, y0, c, d] = targetPixels
  const evaluate: Evaluate = (column, row, out, at) => back.into(x0 + column * a + row * b, y0 + column * c + row * d, out, at)
  const pixel = new Float64Array(2)
  const turn = turnInPixels(forth.to, targetPixels, toPixel)
  const grid = refineGrid({
    ...rectangle,
    evaluate,
    period: turnLength(back.to),
    // What counts is where the interpolated place would have been drawn.
    errorOf(x, y, column, row) {
      if (!forth.into(x, y, pixel, 0)) return Infinity
      const [offColumn, offRow] = [
        toPixel[0] + pixel[0] * toPixel[1] + pixel[1] * toPixel[2] - column,
        toPixel[3] + pixel[0] * toPixel[4] + pixel[1] * toPixel[5] - row,
      ]
      return Math.hypot(withoutTurns(offColumn, turn), offRow)
    },
    ...limitsOf(options),
  })
  if (!grid) return undefined
  return toSourcePixel ? inPixels(grid, toSourcePixel) : grid
}

export interface PixelToSource {
  readonly from: string
  readonly to: string
  readonly targetPixels: Affine
  readonly sourcePixels?: Affine
  readonly rectangle: PixelRectangle
}

/** Hot path. The grid's answer at x,y of its domain into `out[at]`, `out[at + 1]`; outside, the nearest cell is continued. False (and NaN) in a hole. */
export function interpolate(grid: ControlGrid, x: number, y: number, out: Float64Array | Float32Array, at: number): boolean {
  const { columns, rows, nodes } = grid
  const u = (x - grid.x0) / grid.stepX
  const v = (y - grid.y0) / grid.stepY
  const i = u < 0 ? 0 : u >= columns ? columns - 1 : Math.floor(u)
  const j = v < 0 ? 0 : v >= rows ? rows - 1 : Math.floor(v)
  const s = u - i
  const t = v - j
  const upper = 2 * (j * (columns + 1) + i)
  const lower = upper + 2 * (columns + 1)
  const [p, q, r, w] = [(1 - s) * (1 - t), s * (1 - t), (1 - s) * t, s * t]
  const valueX = p * nodes[upper] + q * nodes[upper + 2] + r * nodes[lower] + w * nodes[lower + 2]
  const valueY = p * nodes[upper + 1] + q * nodes[upper + 3] + r * nodes[lower + 1] + w * nodes[lower + 3]
  out[at] = valueX
  out[at + 1] = valueY
  return !Number.isNaN(valueX) && !Number.isNaN(valueY)
}

const limitsOf = ({ tolerance = 0.05, maxNodes = 16_384 }: ControlGridOptions) => ({ tolerance, maxNodes })

/** Columns after which a map repeats; undefined when it does not, or not along its rows. */
function turnInPixels(crs: Crs, pixels: Affine, toPixel: Affine): number | undefined {
  const turn = turnLength(crs)
  return turn && pixels[2] === 0 && pixels[4] === 0 ? Math.abs(turn * toPixel[1]) : undefined
}

const withoutTurns = (off: number, period: number | undefined): number => (period ? off - period * Math.round(off / period) : off)

/** The same grid with its values as pixels of the source: interpolation between them is the same, since affines are linear. */
function inPixels(grid: ControlGrid, [x0, a, b, y0, c, d]: Affine): ControlGrid {
  const { nodes } = grid
  for (let at = 0; at < nodes.length; at += 2) {
    const [x, y] = [nodes[at], nodes[at + 1]]
    nodes[at] = x0 + x * a + y * b
    nodes[at + 1] = y0 + x * c + y * d
  }
  const { period, ...rest } = grid
  return period !== undefined && c === 0 ? { ...rest, period: Math.abs(period * a) } : rest
}
