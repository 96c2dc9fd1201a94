import type { RasterBand, RasterFile } from './atlas.js'
import type { RasterStore } from './ports.js'

/** Value of one band at a place; null where there is nothing. */
export interface BandValue {
  readonly band: string
  readonly value: number | null
}

/**
 * Values of all bands at `x, y` in the file's CRS, of the pixel that covers the place, at full resolution; undefined outside the file
 * and where it is masked. Bands whose value is nodata are null there.
 */
export async function sampleAt(
  store: RasterStore,
  file: RasterFile,
  bands: readonly RasterBand[],
  x: number,
  y: number,
  signal?: AbortSignal,
): Promise<readonly BandValue[] | undefined> {
  const [t0, a, b, t3, d, e] = file.transform
  const determinant = a * e - b * d
  const column = Math.floor((e * (x - t0) - b * (y - t3)) / determinant)
  const row = Math.floor((a * (y - t3) - d * (x - t0)) / determinant)
  if (!(column >= 0 && row >= 0 && column < file.width && row < file.height)) return undefined
  const { bands: samples, mask } = await store.read(file, 0, { left: column, top: row, width: 1, height: 1 }, signal)
  if (mask?.[0] === 0) return undefined
  return bands.map(({ name, nodata }, i) => {
    const value = samples[i]?.[0]
    const isNothing = !Number.isFinite(value) || (nodata !== undefined && value === held(nodata, samples[i]))
    return { band: name, value: isNothing ? null : value }
  })
}

/** A nodata value as samples of this kind hold it. */
function held(nodata: number, samples: object): number {
  return samples instanceof Float32Array ? Math.fround(nodata) : nodata
}
