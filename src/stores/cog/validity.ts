import type { RasterBand } from '#core/atlas.js'
import type { SampleArray } from '#core/ports.js'

/**
 * Which pixels count, 0 to 255, from a stored mask, an alpha band, nodata and NaN, together; undefined when all do. A pixel is nodata
 * when every band that has a nodata value holds it.
 */
export function maskOf(samples: readonly SampleArray[], bands: readonly RasterBand[], stored?: SampleArray): Uint8Array | undefined {
  const count = samples[0]?.length ?? 0
  const mask = new Uint8Array(count).fill(255)
  let isNeeded = false
  if (stored) {
    isNeeded = true
    for (let i = 0; i < count; i++) if (stored[i] === 0) mask[i] = 0
  }
  const alpha = bands.findIndex(band => band.meaning === 'alpha')
  if (alpha >= 0) {
    isNeeded = true
    const scale = bands[alpha].sampleType === 'uint8' ? 1 : bands[alpha].sampleType === 'uint16' ? 1 / 257 : 0
    const values = samples[alpha]
    for (let i = 0; i < count; i++) mask[i] = Math.min(mask[i], scale ? Math.round(values[i] * scale) : values[i] > 0 ? 255 : 0)
  }
  const judged = samples.flatMap((values, b) => {
    const nodata = nodataIn(values, bands[b])
    return b === alpha || nodata === undefined ? [] : [{ values, nodata }]
  })
  if (judged.length > 0) {
    isNeeded = true
    hideNodata(mask, judged)
  }
  return isNeeded ? mask : undefined
}

interface JudgedBand {
  readonly values: SampleArray
  readonly nodata: number
}

/** Hides pixels where every judged band is nothing: the others are looked at only where the first one is. Hot. */
function hideNodata(mask: Uint8Array, [{ values, nodata }, ...others]: readonly JudgedBand[]) {
  for (let i = 0; i < mask.length; i++) {
    const value = values[i]
    if (value !== nodata && !Number.isNaN(value)) continue
    if (others.every(other => other.values[i] === other.nodata || Number.isNaN(other.values[i]))) mask[i] = 0
  }
}

/** The nodata value as the samples hold it. Floats always hide NaN; integers cannot hold what is out of their range. */
function nodataIn(values: SampleArray, { nodata }: RasterBand): number | undefined {
  if (values instanceof Float32Array || values instanceof Float64Array)
    return nodata === undefined ? Number.NaN : values instanceof Float32Array ? Math.fround(nodata) : nodata
  if (nodata === undefined || !Number.isInteger(nodata)) return undefined
  const Typed = values.constructor as new (length: number) => SampleArray
  const held = new Typed(1)
  held[0] = nodata
  return held[0] === nodata ? nodata : undefined
}
