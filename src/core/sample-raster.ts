import { transformBetween } from '#geo/transform.js'
import type { RasterBand, RasterFile, RasterSource } from './atlas.js'
import type { Pixels, RasterStore } from './ports.js'
import { pixelAt } from './raster-grid.js'
import { type MosaicQuery, selectFiles } from './select-files.js'

/** Value of one band at a place; null where there is nothing. */
export interface BandValue {
  readonly band: string
  readonly value: number | null
  /** Name of the class that the value stands for. */
  readonly class?: string
}

/** `nearest`: the stored value of the pixel that covers the place. `bilinear`: between the centres of four pixels, nearest where one of them is missing. */
export type Sampling = 'nearest' | 'bilinear'

/** A place in some CRS, x before y. */
export interface SamplePlace {
  readonly crs: string
  readonly x: number
  readonly y: number
}

export interface SampleOptions extends Pick<MosaicQuery, 'times' | 'isChosen'> {
  readonly sampling?: Sampling
  readonly signal?: AbortSignal
}

/**
 * Values of all bands of a mosaic at a place, at full resolution: of the topmost file that has something there; undefined where none has.
 * Throws CrsError for a CRS that leads nowhere.
 */
export async function sampleMosaic(
  store: RasterStore,
  { mosaic, bands }: Pick<RasterSource, 'mosaic' | 'bands'>,
  { crs, x, y }: SamplePlace,
  { sampling = 'nearest', signal, ...chosen }: SampleOptions = {},
): Promise<readonly BandValue[] | undefined> {
  const here = { crs, bbox: [x, y, x, y] as const, width: 1, height: 1, ...chosen }
  for (const file of selectFiles(mosaic, here).toReversed()) {
    const position = transformBetween(crs, file.crs).point(x, y)
    const values = position && (await sampleAt(store, file, bands, position[0], position[1], sampling, signal))
    if (values) return values
  }
  return undefined
}

/**
 * Values of all bands at `x, y` in the file's CRS, at full resolution; undefined outside the file and where it is masked. Bands whose value is nodata
 * are null there.
 */
export async function sampleAt(
  store: RasterStore,
  file: RasterFile,
  bands: readonly RasterBand[],
  x: number,
  y: number,
  sampling: Sampling = 'nearest',
  signal?: AbortSignal,
): Promise<readonly BandValue[] | undefined> {
  const [column, row] = pixelAt(file)(x, y)
  if (!(column >= 0 && row >= 0 && column < file.width && row < file.height)) return undefined
  const smooth = sampling === 'bilinear' ? await between(store, file, bands, column - 0.5, row - 0.5, signal) : undefined
  if (smooth) return smooth
  const pixels = await store.read(file, 0, { left: Math.floor(column), top: Math.floor(row), width: 1, height: 1 }, signal)
  return valuesOf(pixels, bands, 0)
}

/** Between four pixels by the position of their centres; undefined where not all of them have a value of every band. */
async function between(
  store: RasterStore,
  file: RasterFile,
  bands: readonly RasterBand[],
  column: number,
  row: number,
  signal: AbortSignal | undefined,
): Promise<readonly BandValue[] | undefined> {
  const [left, top] = [Math.floor(column), Math.floor(row)]
  if (left < 0 || top < 0 || left + 1 >= file.width || top + 1 >= file.height) return undefined
  const pixels = await store.read(file, 0, { left, top, width: 2, height: 2 }, signal)
  const four = [0, 1, 2, 3].map(i => valuesOf(pixels, bands, i))
  const [u, v] = [column - left, row - top]
  const weights = [(1 - u) * (1 - v), u * (1 - v), (1 - u) * v, u * v]
  const sums = bands.map(({ name }, b) => ({
    band: name,
    value: four.reduce((sum, values, i) => sum + weights[i] * (values?.[b].value ?? Number.NaN), 0),
  }))
  return sums.every(({ value }) => Number.isFinite(value)) ? sums : undefined
}

/** The values of one pixel; undefined where it is masked. */
function valuesOf({ bands: samples, mask }: Pixels, bands: readonly RasterBand[], index: number): readonly BandValue[] | undefined {
  if (mask?.[index] === 0) return undefined
  return bands.map(({ name, nodata, classes }, i) => {
    const value = samples[i]?.[index]
    const isNothing = !Number.isFinite(value) || (nodata !== undefined && value === held(nodata, samples[i]))
    const known = isNothing ? undefined : classes?.find(each => each.value === value)?.name
    return { band: name, value: isNothing ? null : value, ...(known !== undefined && { class: known }) }
  })
}

/** A nodata value as samples of this kind hold it. */
export function held(nodata: number, samples: object): number {
  return samples instanceof Float32Array ? Math.fround(nodata) : nodata
}
