import type { RasterBand } from '#core/atlas.js'
import type { Pixels } from '#core/ports.js'

/** Ranges for the bands that need one and have none: from the 2nd to the 98th percentile of the valid samples in `pixels`. */
export function withRanges(bands: readonly RasterBand[], pixels: Pixels): RasterBand[] {
  return bands.map((band, b) => {
    if (!needsRange(band)) return band
    const range = percentiles(pixels, b, band.nodata)
    return range ? { ...band, range } : band
  })
}

/** Bands whose samples are not shades already: all but 8-bit ones, palettes and alpha. */
export function needsRange({ sampleType, meaning, range }: RasterBand): boolean {
  return range === undefined && sampleType !== 'uint8' && meaning !== 'palette' && meaning !== 'alpha'
}

/** Where the shades of a single 8-bit band end for it to be numbers, classes most likely, and no picture. */
const leastOfPictures = 64

/** Whether a single band of 8 bits may be numbers instead of shades. */
export function mayBeNumbers(bands: readonly RasterBand[]): boolean {
  const [{ sampleType, meaning, range }] = bands
  return bands.length === 1 && sampleType === 'uint8' && range === undefined && (meaning === 'gray' || meaning === 'value')
}

/** The least and greatest value of numbers that look alike as shades, classes from 0 to 3 say; a picture stays as it is. */
export function withRangeOfNumbers([band]: readonly RasterBand[], { bands: [samples], mask }: Pixels): RasterBand[] {
  let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (let i = 0; i < samples.length; i++) {
    if (mask?.[i] === 0 || samples[i] === band.nodata) continue
    least = Math.min(least, samples[i])
    greatest = Math.max(greatest, samples[i])
  }
  return [least < greatest && greatest < leastOfPictures ? { ...band, range: [least, greatest] } : band]
}

/** So many samples, evenly spread, say as much of a percentile as all of them; sorting millions would take a second. */
const mostSorted = 1 << 18

function percentiles({ bands, mask }: Pixels, b: number, nodata: number | undefined): readonly [number, number] | undefined {
  const samples = bands[b]
  const step = Math.max(1, Math.floor(samples.length / mostSorted))
  const valid = new Float64Array(Math.ceil(samples.length / step))
  let count = 0
  for (let i = 0; i < samples.length; i += step)
    if (mask?.[i] !== 0 && Number.isFinite(samples[i]) && samples[i] !== nodata) valid[count++] = samples[i]
  if (count === 0) return undefined
  const sorted = valid.subarray(0, count).sort()
  const low = sorted[Math.floor((count - 1) * 0.02)]
  const high = sorted[Math.ceil((count - 1) * 0.98)]
  return low < high ? [low, high] : sorted[0] < sorted[count - 1] ? [sorted[0], sorted[count - 1]] : [low, low + 1]
}
