import type { Affine } from '#geo/affine.js'
import { affineOfMap, invertAffine } from '#geo/affine.js'
import { type Bbox, intersectBbox } from '#geo/bbox.js'
import { transformBbox, transformBetween } from '#geo/transform.js'
import type { RasterBand, RasterFile } from './atlas.js'
import type { Pixels, RasterStore, SampleArray } from './ports.js'
import { sampleArray } from './sample-array.js'

/** A north-up rectangle of pixels to be filled with stored values. */
export interface ValuePlane {
  readonly crs: string
  readonly bbox: Bbox
  readonly width: number
  readonly height: number
  /** Row by row, one array a band. */
  readonly bands: readonly SampleArray[]
  /** 255 where something has been put. */
  readonly mask: Uint8Array
  /** Of the files, where they have one. */
  palette?: Uint32Array
}

/** Source pixels read at once. */
const mostPixels = 4 << 20
/** A level may be this much coarser than what is asked. */
const levelSlack = 1.05

/** An empty plane for samples of `bands`, filled with their nodata values. */
export function valuePlane(crs: string, bbox: Bbox, width: number, height: number, bands: readonly RasterBand[]): ValuePlane {
  const filled = bands.map(({ sampleType, nodata }) => sampleArray(sampleType, width * height).fill(nodata ?? 0))
  return { crs, bbox, width, height, bands: filled, mask: new Uint8Array(width * height) }
}

/** Puts a file's values over those of `plane`, as the mean of the pixels below each (classes: one of them); what is masked stays as it was. */
export async function composeRaster(
  plane: ValuePlane,
  file: RasterFile,
  bands: readonly RasterBand[],
  store: RasterStore,
  signal?: AbortSignal,
) {
  const reach = reachOf(plane, file)
  if (!reach) return
  const toFile = invertAffine(file.transform)
  if (!toFile) return
  const isClassified = areClasses(bands)
  const ratio = ratioOf(plane, file, toFile, reach)
  const level = file.levels.findLastIndex(({ width }) => file.width / width <= ratio * levelSlack)
  const { width, height } = file.levels[Math.max(0, level)]
  const [scaleX, scaleY] = [width / file.width, height / file.height]
  const across = isClassified ? 1 : Math.max(1, Math.round(ratio * scaleX))
  const locate = locatorOf(plane, file, toFile, scaleX, scaleY)
  const rows = Math.max(1, Math.floor(mostPixels / ((reach.right - reach.left) * Math.max(1, ratio * scaleX) ** 2)))
  for (let top = reach.top; top < reach.bottom; top += rows) {
    signal?.throwIfAborted()
    const part = { ...reach, top, bottom: Math.min(reach.bottom, top + rows) }
    const places = placesOf(part, locate)
    const window = windowOf(places, across, width, height)
    if (!window) continue
    const pixels = await store.read(file, Math.max(0, level), window, signal)
    if (pixels.palette) plane.palette = pixels.palette
    fill(plane, part, places, pixels, window, across)
  }
}

/** Between two values there is none. */
const areClasses = (bands: readonly RasterBand[]) => bands.some(({ meaning, classes }) => meaning === 'palette' || classes !== undefined)

interface Reach {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/** The pixels of the plane that the file may touch. */
function reachOf({ crs, bbox, width, height }: ValuePlane, file: RasterFile): Reach | undefined {
  const box = file.crs === crs ? file.bbox : transformBbox(file.bbox, file.crs, crs)
  const shared = box && intersectBbox(box, bbox)
  if (!shared) return undefined
  const [perX, perY] = [width / (bbox[2] - bbox[0]), height / (bbox[3] - bbox[1])]
  const more = file.crs === crs ? 0 : 1
  const [left, right] = [(shared[0] - bbox[0]) * perX, (shared[2] - bbox[0]) * perX]
  const [top, bottom] = [(bbox[3] - shared[3]) * perY, (bbox[3] - shared[1]) * perY]
  const reach = {
    left: Math.max(0, Math.floor(left + 1e-6) - more),
    top: Math.max(0, Math.floor(top + 1e-6) - more),
    right: Math.min(width, Math.ceil(right - 1e-6) + more),
    bottom: Math.min(height, Math.ceil(bottom - 1e-6) + more),
  }
  return reach.right > reach.left && reach.bottom > reach.top ? reach : undefined
}

/** Pixel positions of the plane to positions in a level of the file; NaN where nothing is. */
type Locate = (column: number, row: number, out: Float64Array, at: number) => void

function locatorOf({ crs, bbox, width, height }: ValuePlane, file: RasterFile, toFile: Affine, scaleX: number, scaleY: number): Locate {
  const [x0, dx, , y0, , dy] = affineOfMap(bbox, width, height)
  const { isIdentity, point } = transformBetween(crs, file.crs)
  return (column, row, out, at) => {
    let [x, y] = [x0 + column * dx, y0 + row * dy]
    if (!isIdentity) [x, y] = point(x, y) ?? [Number.NaN, Number.NaN]
    out[at] = (toFile[0] + x * toFile[1] + y * toFile[2]) * scaleX
    out[at + 1] = (toFile[3] + x * toFile[4] + y * toFile[5]) * scaleY
  }
}

/** Full resolution pixels of the file, in one direction, for each of the plane's. */
function ratioOf(plane: ValuePlane, file: RasterFile, toFile: Affine, { left, top, right, bottom }: Reach): number {
  const locate = locatorOf(plane, file, toFile, 1, 1)
  const [column, row] = [(left + right) / 2, (top + bottom) / 2]
  const out = new Float64Array(6)
  locate(column, row, out, 0)
  locate(column + 1, row, out, 2)
  locate(column, row + 1, out, 4)
  const area = Math.abs((out[2] - out[0]) * (out[5] - out[1]) - (out[4] - out[0]) * (out[3] - out[1]))
  return Number.isFinite(area) && area > 0 ? Math.sqrt(area) : 1
}

/** Centres of the pixels of `reach`, row by row, x then y. */
function placesOf({ left, top, right, bottom }: Reach, locate: Locate): Float64Array {
  const places = new Float64Array((right - left) * (bottom - top) * 2)
  let at = 0
  for (let row = top; row < bottom; row++)
    for (let column = left; column < right; column++, at += 2) locate(column + 0.5, row + 0.5, places, at)
  return places
}

function windowOf(places: Float64Array, across: number, width: number, height: number) {
  let [x0, y0, x1, y1] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (let i = 0; i < places.length; i += 2) {
    if (!(places[i] >= 0 && places[i] < width && places[i + 1] >= 0 && places[i + 1] < height)) continue
    x0 = Math.min(x0, places[i])
    x1 = Math.max(x1, places[i])
    y0 = Math.min(y0, places[i + 1])
    y1 = Math.max(y1, places[i + 1])
  }
  if (x0 > x1) return undefined
  const [left, top] = [Math.max(0, Math.floor(x0 - across / 2)), Math.max(0, Math.floor(y0 - across / 2))]
  return {
    left,
    top,
    width: Math.min(width, Math.ceil(x1 + across / 2) + 1) - left,
    height: Math.min(height, Math.ceil(y1 + across / 2) + 1) - top,
  }
}

/** The mean of `across` x `across` source pixels around each place. Hot. */
function fill(
  plane: ValuePlane,
  { left, top, right, bottom }: Reach,
  places: Float64Array,
  pixels: Pixels,
  window: Reach | { left: number; top: number },
  across: number,
) {
  const { width, height, mask } = pixels
  const count = plane.bands.length
  const isWhole = !(plane.bands[0] instanceof Float32Array || plane.bands[0] instanceof Float64Array)
  const sums = new Float64Array(count)
  let at = 0
  for (let row = top; row < bottom; row++)
    for (let column = left; column < right; column++, at += 2) {
      // the centre decides which of two neighbours a pixel belongs to
      const x = Math.floor(places[at] + 1e-6) - window.left
      const y = Math.floor(places[at + 1] + 1e-6) - window.top
      if (!(x >= 0 && y >= 0 && x < width && y < height)) continue
      if (across === 1) {
        const from = y * width + x
        if (mask !== undefined && mask[from] === 0) continue
        const to = row * plane.width + column
        for (let b = 0; b < count; b++) plane.bands[b][to] = pixels.bands[b][from]
        plane.mask[to] = 255
        continue
      }
      const x0 = Math.max(0, Math.round(places[at] - across / 2) - window.left)
      const y0 = Math.max(0, Math.round(places[at + 1] - across / 2) - window.top)
      const [x1, y1] = [Math.min(width, x0 + across), Math.min(height, y0 + across)]
      let found = 0
      sums.fill(0)
      for (let sy = y0; sy < y1; sy++)
        for (let i = sy * width + x0; i < sy * width + x1; i++) {
          if (mask !== undefined && mask[i] === 0) continue
          found++
          for (let b = 0; b < count; b++) sums[b] += pixels.bands[b][i]
        }
      if (found === 0) continue
      const to = row * plane.width + column
      for (let b = 0; b < count; b++) plane.bands[b][to] = isWhole ? Math.round(sums[b] / found) : sums[b] / found
      plane.mask[to] = 255
    }
}

/** The plane at half its width and height: the mean of the pixels that hold something (classes: the first of them). Hot. */
export function halved(plane: ValuePlane, bands: readonly RasterBand[], isClassified = areClasses(bands)): ValuePlane {
  const [width, height] = [plane.width >> 1, plane.height >> 1]
  const half = { ...valuePlane(plane.crs, plane.bbox, width, height, bands), ...(plane.palette && { palette: plane.palette }) }
  const isWhole = !(plane.bands[0] instanceof Float32Array || plane.bands[0] instanceof Float64Array)
  const row = plane.width
  for (let y = 0, to = 0; y < height; y++)
    for (let x = 0, from = 2 * y * row; x < width; x++, to++, from += 2) {
      const a = plane.mask[from] & 1
      const b = plane.mask[from + 1] & 1
      const c = plane.mask[from + row] & 1
      const d = plane.mask[from + row + 1] & 1
      const count = a + b + c + d
      if (count === 0) continue
      half.mask[to] = 255
      for (let i = 0; i < bands.length; i++) {
        const values = plane.bands[i]
        if (isClassified) {
          half.bands[i][to] = values[a ? from : b ? from + 1 : c ? from + row : from + row + 1]
          continue
        }
        // what is not there counts nothing, whatever stands in its place
        const sum = (a ? values[from] : 0) + (b ? values[from + 1] : 0) + (c ? values[from + row] : 0) + (d ? values[from + row + 1] : 0)
        half.bands[i][to] = isWhole ? Math.round(sum / count) : sum / count
      }
    }
  return half
}
