import type { RasterFile } from '#core/atlas.js'
import type { Pixels, PixelWindow, RasterStore } from '#core/ports.js'
import { pixelAt } from '#core/raster-grid.js'
import type { Bbox } from '#geo/bbox.js'
import { transformBbox, transformBetween } from '#geo/transform.js'
import { type RasterPixels, samplesLike } from '#render/raster-pixels.js'
import type { WarpPiece } from '#render/warp.js'

/** Pixels of a piece inside of a frame of one pixel on the sides where its file ends. */
export interface FramedPixels extends RasterPixels {
  /** Where the piece begins: 0 or 1. */
  readonly left: number
  readonly top: number
}

/** Pixels of another file that are read at most for one square of edges. */
const mostPixels = 1 << 20

/**
 * `pixels` of a piece with the values that other files have right beside its own, the last of `others` first: so that slopes go on across files of
 * different grids. Undefined where others have nothing there.
 */
export async function readAround(
  store: RasterStore,
  file: RasterFile,
  { level, window, factor }: Pick<WarpPiece, 'level' | 'window' | 'factor'>,
  pixels: RasterPixels,
  others: readonly RasterFile[],
  signal?: AbortSignal,
): Promise<FramedPixels | undefined> {
  const { width: levelWidth, height: levelHeight } = file.levels[level]
  const [left, top] = [window.left === 0 ? 1 : 0, window.top === 0 ? 1 : 0]
  const right = window.left + window.width === levelWidth ? 1 : 0
  const bottom = window.top + window.height === levelHeight ? 1 : 0
  const [width, height] = [left + pixels.width + right, top + pixels.height + bottom]
  const framed = frame(pixels, { left, top, width, height })
  // from the frame to full resolution pixels, and on to the ground
  const [stepX, stepY] = [(factor * file.width) / levelWidth, (factor * file.height) / levelHeight]
  const [x0, a, b, y0, d, e] = file.transform
  const groundOf = (i: number): readonly [number, number] => {
    const column = ((i % width) - left + 0.5 + window.left / factor) * stepX
    const row = (Math.floor(i / width) - top + 0.5 + window.top / factor) * stepY
    return [x0 + column * a + row * b, y0 + column * d + row * e]
  }
  const near = besides(file, others, 2 * Math.max(stepX, stepY)).toReversed()
  let isFound = false
  for (const edge of near.length > 0 ? edgesOf(framed) : [])
    for (const other of near) {
      const open = edge.filter(i => framed.mask[i] === 0)
      if (open.length > 0 && (await fill(store, file, other, open.map(groundOf), open, Math.max(stepX, stepY), framed, signal)))
        isFound = true
    }
  return isFound ? { ...framed, left, top } : undefined
}

/** Side of the squares by which edges are looked at: what is read for one is not much larger. */
const square = 64

/** Pixels without a value beside one that has any, square by square. */
function edgesOf({ width, height, mask }: Frame): readonly (readonly number[])[] {
  const squares = new Map<number, number[]>()
  const across = Math.ceil(width / square)
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++, i++) {
      if (mask[i] !== 0 || !hasNeighbour(mask, x, y, width, height)) continue
      const key = Math.floor(y / square) * across + Math.floor(x / square)
      const list = squares.get(key)
      if (list) list.push(i)
      else squares.set(key, [i])
    }
  return [...squares.values()]
}

function hasNeighbour(mask: Uint8Array, x: number, y: number, width: number, height: number): boolean {
  for (let row = Math.max(0, y - 1); row <= Math.min(height - 1, y + 1); row++)
    for (let column = Math.max(0, x - 1); column <= Math.min(width - 1, x + 1); column++) if (mask[row * width + column] !== 0) return true
  return false
}

/** Those of `others` that come near a file: `reach` of its pixels. */
function besides(file: RasterFile, others: readonly RasterFile[], reach: number): readonly RasterFile[] {
  const { bbox, crs, transform } = file
  const by = reach * Math.max(...[1, 2, 4, 5].map(i => Math.abs(transform[i])))
  const grown: Bbox = [bbox[0] - by, bbox[1] - by, bbox[2] + by, bbox[3] + by]
  const boxes = new Map<string, Bbox | undefined>([[crs, grown]])
  return others.filter(other => {
    if (!boxes.has(other.crs)) boxes.set(other.crs, transformBbox(grown, crs, other.crs))
    const box = boxes.get(other.crs)
    return box && box[0] < other.bbox[2] && box[2] > other.bbox[0] && box[1] < other.bbox[3] && box[3] > other.bbox[1]
  })
}

type Frame = RasterPixels & { readonly mask: Uint8Array }

function frame({ width, height, bands, mask }: RasterPixels, box: PixelWindow): Frame {
  const count = box.width * box.height
  const out = { width: box.width, height: box.height, bands: bands.map(band => samplesLike(band, count)), mask: new Uint8Array(count) }
  for (let y = 0; y < height; y++) {
    const [from, to] = [y * width, (box.top + y) * box.width + box.left]
    for (const [b, band] of bands.entries()) out.bands[b].set(band.subarray(from, from + width) as Uint8Array, to)
    if (mask) out.mask.set(mask.subarray(from, from + width), to)
    else out.mask.fill(255, to, to + width)
  }
  return out
}

/** Puts the values of `other` at places, in the CRS of `file`, into pixels of the frame; false where it has none there. */
async function fill(
  store: RasterStore,
  file: RasterFile,
  other: RasterFile,
  places: readonly (readonly [number, number])[],
  indexes: readonly number[],
  step: number,
  into: Frame,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const { point } = transformBetween(file.crs, other.crs)
  const toPixel = pixelAt(other)
  const at = places.map(([x, y]) => {
    const place = point(x, y)
    return place && toPixel(place[0], place[1])
  })
  const reached = at.filter(place => place && place[0] >= 0 && place[1] >= 0 && place[0] < other.width && place[1] < other.height)
  if (reached.length === 0) return false
  const level = levelOf(file, other, step)
  const { width, height } = other.levels[level]
  const [scaleX, scaleY] = [width / other.width, height / other.height]
  const columns = reached.map(place => place![0] * scaleX)
  const rows = reached.map(place => place![1] * scaleY)
  // with the neighbours that are mixed in
  const window = within(range(columns, width), range(rows, height))
  if (window.width * window.height > mostPixels) return false
  const pixels = await store.read(other, level, window, signal)
  let isFound = false
  for (const [k, place] of at.entries()) {
    if (!place) continue
    const isSet = mix(pixels, place[0] * scaleX - window.left, place[1] * scaleY - window.top, into, indexes[k])
    isFound ||= isSet
  }
  return isFound
}

/** The coarsest level whose pixels are no coarser than `step` pixels of `file`. */
function levelOf(file: RasterFile, other: RasterFile, step: number): number {
  if (file.crs !== other.crs) return 0
  const size = ({ transform: [, a, b, , d, e] }: RasterFile) => Math.sqrt(Math.abs(a * e - b * d))
  const wanted = (step * size(file) * 1.01) / size(other)
  return Math.max(
    0,
    other.levels.findLastIndex(({ width }) => other.width / width <= wanted),
  )
}

const range = (places: readonly number[], size: number): readonly [number, number] => [
  Math.max(0, Math.floor(Math.min(...places) - 0.5)),
  Math.min(size, Math.floor(Math.max(...places) - 0.5) + 2),
]

const within = ([left, right]: readonly [number, number], [top, bottom]: readonly [number, number]): PixelWindow => ({
  left,
  top,
  width: right - left,
  height: bottom - top,
})

/** The values between the centres of four pixels, those that are not there aside; false where the pixel at the place itself has none. */
function mix({ width, height, bands, mask }: Pixels, x: number, y: number, into: Frame, index: number): boolean {
  const [column, row] = [Math.floor(x), Math.floor(y)]
  if (column < 0 || row < 0 || column >= width || row >= height || mask?.[row * width + column] === 0) return false
  const [left, top] = [Math.floor(x - 0.5), Math.floor(y - 0.5)]
  const [u, v] = [x - 0.5 - left, y - 0.5 - top]
  const four = [
    [left, top, (1 - u) * (1 - v)],
    [left + 1, top, u * (1 - v)],
    [left, top + 1, (1 - u) * v],
    [left + 1, top + 1, u * v],
  ].filter(([c, r, weight]) => weight > 0 && c >= 0 && r >= 0 && c < width && r < height && mask?.[r * width + c] !== 0)
  const all = four.reduce((sum, [, , weight]) => sum + weight, 0)
  for (const [b, band] of bands.entries()) {
    const value = four.reduce((sum, [c, r, weight]) => sum + weight * band[r * width + c], 0) / all
    const target = into.bands[b]
    target[index] = target instanceof Float32Array || target instanceof Float64Array ? value : Math.round(value)
  }
  into.mask[index] = 255
  return true
}
