import { type RasterPixels, type Samples, samplesLike } from './raster-pixels.js'

/** A window being reduced: filled strip by strip, so that the full window never is in memory. */
export interface Reduction {
  /** Adds rows; `top` is a multiple of the factor, and so is the height of every strip but the last. Rows that are never added hold nothing. */
  add(strip: RasterPixels, top: number): void
  finish(): RasterPixels
}

/**
 * Shrinks a window by a whole factor: each pixel becomes the mean of the valid samples below it, its mask their share. Classes
 * (palette, codes) are not averaged: the middle sample stands for all.
 */
export function startReduction(width: number, height: number, factor: number, isClassified: boolean): Reduction {
  const outWidth = Math.ceil(width / factor)
  const outHeight = Math.ceil(height / factor)
  let bands: Samples[] | undefined
  const mask = new Uint8Array(outWidth * outHeight)
  let [isMasked, added] = [false, 0]
  let palette: Uint32Array | undefined
  return {
    add(strip, top) {
      bands ??= strip.bands.map(band => samplesLike(band, outWidth * outHeight))
      palette ??= strip.palette
      const [from, rows] = [(top / factor) * outWidth, Math.ceil(strip.height / factor)]
      added += rows
      for (let b = 0; b < bands.length; b++) {
        if (isClassified) pickMiddles(strip.bands[b], strip, factor, bands[b], from, outWidth)
        else averageBand(strip.bands[b], strip, factor, bands[b], from, outWidth)
      }
      if (strip.mask) {
        isMasked = true
        averageBand(strip.mask, { ...strip, mask: undefined }, factor, mask, from, outWidth)
      } else mask.fill(255, from, from + rows * outWidth)
    },
    finish() {
      if (!bands) return { width: 0, height: 0, bands: [] }
      const hasMask = isMasked || added < outHeight
      return { width: outWidth, height: outHeight, bands, ...(hasMask && { mask }), ...(palette && { palette }) }
    },
  }
}

/** Hot. */
function averageBand(
  samples: Samples,
  { width, height, mask }: { width: number; height: number; mask?: Uint8Array | undefined },
  factor: number,
  out: Samples,
  at: number,
  outWidth: number,
) {
  const isWhole = !(out instanceof Float32Array || out instanceof Float64Array)
  const sums = new Float64Array(outWidth)
  const counts = new Float64Array(outWidth)
  for (let top = 0, to = at; top < height; top += factor, to += outWidth) {
    sums.fill(0)
    counts.fill(0)
    const bottom = Math.min(height, top + factor)
    for (let y = top; y < bottom; y++) {
      const row = y * width
      for (let x = 0, column = 0, left = factor; x < width; x++) {
        if (left === 0) {
          column++
          left = factor
        }
        left--
        const value = samples[row + x]
        if ((mask && mask[row + x] === 0) || Number.isNaN(value)) continue
        const weight = mask ? mask[row + x] : 255
        sums[column] += value * weight
        counts[column] += weight
      }
    }
    for (let column = 0; column < outWidth; column++) {
      const mean = sums[column] / counts[column]
      out[to + column] = isWhole ? Math.round(mean) : mean
    }
  }
}

function pickMiddles(
  samples: Samples,
  { width, height }: { width: number; height: number },
  factor: number,
  out: Samples,
  at: number,
  outWidth: number,
) {
  for (let top = 0, to = at; top < height; top += factor, to += outWidth) {
    const row = Math.min(height - 1, top + (factor >> 1)) * width
    for (let column = 0; column < outWidth; column++) out[to + column] = samples[row + Math.min(width - 1, column * factor + (factor >> 1))]
  }
}
