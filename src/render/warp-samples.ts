import { eachPlace } from './each-place.js'
import type { RasterPixels, Samples } from './raster-pixels.js'
import type { WarpPiece } from './warp.js'

/** Where warped samples go: row by row, as wide as `width`. */
export interface SampleTarget {
  readonly width: number
  readonly bands: readonly Samples[]
  /** 255 where something has been put. */
  readonly mask: Uint8Array
}

export type SampleMethod = 'nearest' | 'bilinear' | 'cubic'

const taps: Readonly<Record<SampleMethod, number>> = { nearest: 1, bilinear: 2, cubic: 4 }

/** Least and greatest value of whole samples. */
const limitsOf = (samples: Samples): readonly [number, number] => {
  if (samples instanceof Float32Array || samples instanceof Float64Array) return [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
  const bits = samples.BYTES_PER_ELEMENT * 8
  const isSigned = samples instanceof Int8Array || samples instanceof Int16Array || samples instanceof Int32Array
  return isSigned ? [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1] : [0, 2 ** bits - 1]
}

/**
 * Stored values of the bands of `target`, the first of the source, where the pixels of a piece lie, put into its box of `target`. Where the pixel below a place is masked nothing is put; of its
 * neighbours only those count that hold something. For files to be written: maps are drawn by the kernel. Hot.
 */
export function warpSamples(
  piece: WarpPiece,
  { width, height, bands, mask }: RasterPixels,
  method: SampleMethod,
  target: SampleTarget,
): void {
  const { box } = piece
  const count = taps[method]
  const [across, down] = [new Float64Array(4), new Float64Array(4)]
  const bandCount = target.bands.length
  const limits = target.bands.map(limitsOf)
  const isWhole = target.bands.map(band => !(band instanceof Float32Array || band instanceof Float64Array))
  const sums = new Float64Array(bandCount)
  // a hair to the right and below: places on an edge are computed to a few digits less than it
  eachPlace(piece, 1e-6, (i, j, x, y) => {
    const [nearX, nearY] = [Math.floor(x), Math.floor(y)]
    if (!(nearX >= 0 && nearY >= 0 && nearX < width && nearY < height)) return
    const near = nearY * width + nearX
    if (mask && mask[near] === 0) return
    const to = (box.top + j) * target.width + box.left + i
    target.mask[to] = 255
    if (count === 1) {
      for (let b = 0; b < bandCount; b++) target.bands[b][to] = bands[b][near]
      return
    }
    const firstX = Math.floor(x - 0.5) - (count === 4 ? 1 : 0)
    const firstY = Math.floor(y - 0.5) - (count === 4 ? 1 : 0)
    weigh(x - 0.5 - Math.floor(x - 0.5), count, across)
    weigh(y - 0.5 - Math.floor(y - 0.5), count, down)
    sums.fill(0)
    let whole = 0
    for (let k = 0; k < count; k++) {
      const row = firstY + k
      if (row < 0 || row >= height) continue
      for (let l = 0; l < count; l++) {
        const column = firstX + l
        if (column < 0 || column >= width) continue
        const from = row * width + column
        if (mask && mask[from] === 0) continue
        const weight = down[k] * across[l]
        whole += weight
        for (let b = 0; b < bandCount; b++) sums[b] += weight * bands[b][from]
      }
    }
    for (let b = 0; b < bandCount; b++) {
      const value = sums[b] / whole
      // beside holes the weights of cubic may cancel out, and a band may be NaN where another is not
      if (whole < 0.1 || !Number.isFinite(value)) target.bands[b][to] = bands[b][near]
      else if (isWhole[b]) target.bands[b][to] = Math.min(limits[b][1], Math.max(limits[b][0], Math.round(value)))
      else target.bands[b][to] = value
    }
  })
}

/** Weights of `count` neighbours for a place `t` after the middle one: linear, or Catmull and Rom's cubic as GDAL has it. */
function weigh(t: number, count: number, out: Float64Array): void {
  if (count === 2) {
    out[0] = 1 - t
    out[1] = t
    return
  }
  const [t2, t3] = [t * t, t * t * t]
  out[0] = (-t3 + 2 * t2 - t) / 2
  out[1] = (3 * t3 - 5 * t2 + 2) / 2
  out[2] = (-3 * t3 + 4 * t2 + t) / 2
  out[3] = (t3 - t2) / 2
}
