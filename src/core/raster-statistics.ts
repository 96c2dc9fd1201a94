import type { Geometry } from '#geo/geometry.js'
import { ringsOf, spansOfRow } from '#geo/polygon-spans.js'
import { mapPositions } from '#geo/reproject.js'
import { transformBetween } from '#geo/transform.js'
import type { RasterFile, RasterSource } from './atlas.js'
import type { Pixels, RasterStore } from './ports.js'
import { Problem } from './problem.js'
import { pixelAt } from './raster-grid.js'
import { held } from './sample-raster.js'
import { selectFiles } from './select-files.js'

/** What the values of one band are like in an area. All but `count` are absent where it is 0. */
export interface BandStatistics {
  readonly band: string
  /** Pixels with a value whose centres lie inside. */
  readonly count: number
  readonly least?: number
  readonly greatest?: number
  readonly sum?: number
  readonly mean?: number
  /** Of the population. */
  readonly deviation?: number
  /** Numbers of values in equal steps from the first to the last of `range`, the last included. */
  readonly histogram?: { readonly range: readonly [number, number]; readonly counts: readonly number[] }
}

export interface AreaStatistics {
  readonly bands: readonly BandStatistics[]
  /** False where the area is so large that a coarser level stood for the full resolution. */
  readonly isExact: boolean
}

export interface StatisticsOptions {
  /** Steps of the histograms; 0 for none. */
  readonly bins?: number
  /** Pixels read at most of one band; beyond them a coarser level is taken. */
  readonly maxPixels?: number
  readonly signal?: AbortSignal
}

const mostBins = 1024
/** Pixels in memory at once. */
const stripPixels = 1 << 20

interface Sums {
  count: number
  least: number
  greatest: number
  sum: number
  squares: number
}

/**
 * Statistics of every band inside of polygons in `crs`. A pixel counts when its centre is inside and it has a value; where files overlap, the topmost
 * value counts. Throws `invalid-parameter` where there is no polygon or it cannot be placed.
 */
export async function rasterStatistics(
  store: RasterStore,
  { mosaic, bands }: Pick<RasterSource, 'mosaic' | 'bands'>,
  area: { readonly crs: string; readonly geometry: Geometry },
  { bins = 0, maxPixels = 64e6, signal }: StatisticsOptions = {},
): Promise<AreaStatistics> {
  const rings = ringsOf(area.geometry)
  if (rings.length === 0) throw new Problem('invalid-parameter', 'Statistics need a polygon.')
  if (!(bins >= 0 && bins <= mostBins))
    throw new Problem('invalid-parameter', `A histogram has at most ${mostBins} steps; ${bins} were asked.`)
  const bbox = boxOf(rings)
  const files = selectFiles(mosaic, { crs: area.crs, bbox, width: 1e6, height: 1e6 }).toReversed()
  const plan = planAreas(files, area, maxPixels)
  const visit = (use: (band: number, value: number) => void) =>
    eachValue(
      store,
      plan,
      bands.map(({ nodata }) => nodata),
      use,
      signal,
    )

  const sums = bands.map(
    (): Sums => ({ count: 0, least: Number.POSITIVE_INFINITY, greatest: Number.NEGATIVE_INFINITY, sum: 0, squares: 0 }),
  )
  await visit((band, value) => {
    const of = sums[band]
    of.count++
    if (value < of.least) of.least = value
    if (value > of.greatest) of.greatest = value
    of.sum += value
    of.squares += value * value
  })
  const counts = bands.map(() => new Array<number>(bins).fill(0))
  if (bins > 0)
    await visit((band, value) => {
      const { least, greatest } = sums[band]
      counts[band][greatest > least ? Math.min(bins - 1, Math.floor(((value - least) / (greatest - least)) * bins)) : 0]++
    })
  return {
    isExact: plan.every(({ level }) => level === 0),
    bands: bands.map(({ name }, i) => {
      const { count, least, greatest, sum, squares } = sums[i]
      if (count === 0) return { band: name, count }
      const mean = sum / count
      const deviation = Math.sqrt(Math.max(0, squares / count - mean * mean))
      const histogram = bins > 0 && { histogram: { range: [least, greatest] as const, counts: counts[i] } }
      return { band: name, count, least, greatest, sum, mean, deviation, ...histogram }
    }),
  }
}

/** The area on the pixels of one level of one file. */
interface FileArea {
  readonly file: RasterFile
  readonly level: number
  readonly rings: readonly Float64Array[]
  readonly top: number
  readonly bottom: number
}

/** Topmost first. Every file is read at the finest level at which all together stay within the bound. */
function planAreas(
  files: readonly RasterFile[],
  { crs, geometry }: { crs: string; geometry: Geometry },
  maxPixels: number,
): readonly FileArea[] {
  const placed = files.flatMap(file => {
    const { point } = transformBetween(crs, file.crs)
    const toPixel = pixelAt(file)
    const pixels = mapPositions(geometry, (x, y) => {
      const at = point(x, y)
      return at && toPixel(at[0], at[1])
    })
    if (!pixels) throw new Problem('invalid-parameter', `The polygon does not lie where ${file.crs} is defined.`)
    return { file, rings: ringsOf(pixels) }
  })
  const pixelsIn = ({ file, rings }: (typeof placed)[number]) => {
    const [left, top, right, bottom] = boxOf(rings)
    return Math.max(0, Math.min(file.width, right) - Math.max(0, left)) * Math.max(0, Math.min(file.height, bottom) - Math.max(0, top))
  }
  const most = placed.reduce((sum, part) => sum + pixelsIn(part), 0)
  const coarser = Math.max(1, most / maxPixels)
  return placed.map(({ file, rings }) => {
    const level = Math.max(
      0,
      file.levels.findLastIndex(
        ({ width, height }) => (file.width * file.height) / (width * height) <= coarser * 1.5 || width === file.width,
      ),
    )
    const [scaleX, scaleY] = [file.levels[level].width / file.width, file.levels[level].height / file.height]
    const scaled = rings.map(ring => ring.map((value, i) => value * (i % 2 === 0 ? scaleX : scaleY)))
    const [, top, , bottom] = boxOf(scaled)
    return { file, level, rings: scaled, top: Math.max(0, Math.floor(top)), bottom: Math.min(file.levels[level].height, Math.ceil(bottom)) }
  })
}

/** Calls `use` with every value inside, strip by strip. */
async function eachValue(
  store: RasterStore,
  plan: readonly FileArea[],
  nodata: readonly (number | undefined)[],
  use: (band: number, value: number) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (const [i, { file, level, rings, top, bottom }] of plan.entries()) {
    const [left, , right] = boxOf(rings)
    const [from, to] = [Math.max(0, Math.floor(left)), Math.min(file.levels[level].width, Math.ceil(right))]
    if (to <= from) continue
    const isHidden = hiddenBy(store, plan.slice(0, i), file, level, signal)
    const rows = Math.max(1, Math.floor(stripPixels / (to - from)))
    for (let y = top; y < bottom; y += rows) {
      signal?.throwIfAborted()
      const window = { left: from, top: y, width: to - from, height: Math.min(rows, bottom - y) }
      const pixels = await store.read(file, level, window, signal)
      const limits = pixels.bands.map((samples, b) => (nodata[b] === undefined ? undefined : held(nodata[b], samples)))
      for (let row = 0; row < window.height; row++) {
        const spans = spansOfRow(rings, y + row)
        for (let s = 0; s + 1 < spans.length; s += 2)
          for (let x = Math.max(from, spans[s]); x < Math.min(to, spans[s + 1]); x++) {
            if (isHidden && (await isHidden(x, y + row))) continue
            usePixel(pixels, row * window.width + x - from, limits, use)
          }
      }
    }
  }
}

function usePixel(
  { bands, mask }: Pixels,
  index: number,
  nodata: readonly (number | undefined)[],
  use: (band: number, value: number) => void,
) {
  if (mask?.[index] === 0) return
  for (let b = 0; b < bands.length; b++) {
    const value = bands[b][index]
    if (Number.isFinite(value) && value !== nodata[b]) use(b, value)
  }
}

/** Whether a pixel lies under a value of a file above; undefined where no file above touches the file at all. */
function hiddenBy(store: RasterStore, above: readonly FileArea[], file: RasterFile, level: number, signal: AbortSignal | undefined) {
  const [x0, a, b, y0, d, e] = file.transform
  const [scaleX, scaleY] = [file.width / file.levels[level].width, file.height / file.levels[level].height]
  const touching = above.flatMap(({ file: upper, level: upperLevel }) => {
    const { point } = transformBetween(file.crs, upper.crs)
    const toPixel = pixelAt(upper)
    const [upperX, upperY] = [upper.levels[upperLevel].width / upper.width, upper.levels[upperLevel].height / upper.height]
    const sameCrs = upper.crs === file.crs
    const apart =
      sameCrs &&
      (upper.bbox[2] <= file.bbox[0] || upper.bbox[0] >= file.bbox[2] || upper.bbox[3] <= file.bbox[1] || upper.bbox[1] >= file.bbox[3])
    return apart
      ? []
      : [
          {
            upper,
            upperLevel,
            place: (x: number, y: number) => {
              const at = point(x, y)
              const pixel = at && toPixel(at[0], at[1])
              return pixel && ([Math.floor(pixel[0] * upperX), Math.floor(pixel[1] * upperY)] as const)
            },
          },
        ]
  })
  if (touching.length === 0) return undefined
  return async (column: number, row: number): Promise<boolean> => {
    const [px, py] = [(column + 0.5) * scaleX, (row + 0.5) * scaleY]
    const [x, y] = [x0 + px * a + py * b, y0 + px * d + py * e]
    for (const { upper, upperLevel, place } of touching) {
      const at = place(x, y)
      if (!at || at[0] < 0 || at[1] < 0 || at[0] >= upper.levels[upperLevel].width || at[1] >= upper.levels[upperLevel].height) continue
      const { mask } = await store.read(upper, upperLevel, { left: at[0], top: at[1], width: 1, height: 1 }, signal)
      if (mask?.[0] !== 0) return true
    }
    return false
  }
}

function boxOf(rings: readonly Float64Array[]): readonly [number, number, number, number] {
  const box: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const ring of rings)
    for (let i = 0; i < ring.length; i += 2) {
      box[0] = Math.min(box[0], ring[i])
      box[1] = Math.min(box[1], ring[i + 1])
      box[2] = Math.max(box[2], ring[i])
      box[3] = Math.max(box[3], ring[i + 1])
    }
  return box
}
