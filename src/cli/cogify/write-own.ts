import { join } from 'node:path'
import type { RasterBand, RasterFile } from '#core/atlas.js'
import type { CogPlan } from '#core/cog-plan.js'
import type { CogContent } from '#core/cog-profile.js'
import { halved, type ValuePlane, valuePlane } from '#core/compose-raster.js'
import type { Pixels, RasterStore } from '#core/ports.js'
import { Problem } from '#core/problem.js'
import { type CogSpec, imageSizes } from '#formats/coverages/cog-spec.js'
import { writeEncodedCog } from '#formats/coverages/cog-writer.js'
import { blockEncoder, encodeMask } from '#formats/coverages/encode-blocks.js'
import { crsOf } from '#geo/crs.js'
import { planWarp } from '#render/warp.js'
import { type SampleMethod, warpSamples } from '#render/warp-samples.js'
import { placeRaster } from '#workers/raster-place.js'
import { readReduced } from '#workers/read-reduced.js'
import { openSpool } from './block-spool.js'

/** One file to be made by a writer. */
export interface CogWork {
  readonly file: RasterFile
  /** Of the file. */
  readonly bands: readonly RasterBand[]
  readonly plan: CogPlan
  readonly content: CogContent
  readonly compression: 'jpeg' | 'webp' | 'deflate'
  /** The operator says where it lies, because the file does not. */
  readonly isCrsGiven: boolean
  /** A folder of its own, on the disk of the result. */
  readonly folder: string
  /** `share` from 0 to 1. */
  readonly onProgress: (share: number) => void
  readonly signal: AbortSignal
}

/** Bytes of a block without compression: a few of every level are in memory at once. */
const mostBlockBytes = 64e6

/**
 * Writes the file at `path` by our own reader, warp and writer. Every block of the full image is made once, and halved into the overviews above it at once:
 * memory holds a few blocks of each level (of striped sources, half a row) however large the file is. Encoded they wait in a file beside until the order of
 * a COG, smallest image first, can be written.
 */
export async function writeOwn(path: string, store: RasterStore, work: CogWork): Promise<void> {
  const { file, plan, content, compression, folder, onProgress, signal } = work
  const { bands } = content
  const palette = await paletteOf(store, file, signal)
  const spec: Omit<CogSpec, 'hasMask'> = {
    ...plan,
    bands,
    compression,
    ...(palette && { palette }),
    ...(file.time !== undefined && { time: file.time }),
  }
  refuse(spec)
  const sizes = imageSizes({ ...spec, hasMask: false })
  const side = plan.blockSide
  const counts = sizes.map(({ width, height }) => ({ columns: Math.ceil(width / side), rows: Math.ceil(height / side) }))
  const spool = await openSpool(
    join(folder, 'blocks'),
    counts.map(({ columns, rows }) => columns * rows),
  )
  const encode = blockEncoder(spec)
  const saysItself = bands.some(({ nodata, meaning }) => nodata !== undefined || meaning === 'alpha')
  const total = counts[0].columns * counts[0].rows
  let [hasHoles, done] = [false, 0]

  /** Blocks of which a part has been made, by their name; undefined planes hold nothing yet. */
  const waiting = new Map<string, { plane: ValuePlane | undefined; missing: number }>()

  /** Keeps a block that is whole, and its half in the block above, which may be whole then. */
  async function keep(level: number, column: number, row: number, plane: ValuePlane | undefined): Promise<void> {
    const { columns } = counts[level]
    const { width, height } = sizes[level]
    const holes = !plane || hasHole(plane, Math.min(side, width - column * side), Math.min(side, height - row * side))
    hasHoles ||= level === 0 && holes
    if (plane) {
      const image = await encode({ bands: plane.bands, mask: plane.mask })
      const mask = holes && !saysItself ? await encodeMask(plane.mask, side) : undefined
      await spool.put(level, row * columns + column, { image, ...(mask && { mask }) })
    }
    if (level + 1 === counts.length) return
    const above = { column: column >> 1, row: row >> 1 }
    const name = `${level + 1}/${above.column}/${above.row}`
    const parts = (all: number, first: number) => Math.min(2, all - 2 * first)
    const missing = parts(columns, above.column) * parts(counts[level].rows, above.row)
    const block = waiting.get(name) ?? { plane: undefined, missing }
    waiting.set(name, block)
    if (plane) {
      block.plane ??= valuePlane(plan.crs, plan.bbox, side, side, bands)
      putQuarter(block.plane, halved(plane, bands, content.isClassified), column & 1, row & 1)
    }
    if (--block.missing > 0) return
    waiting.delete(name)
    await keep(level + 1, above.column, above.row, block.plane)
  }

  try {
    const isStriped = file.levels[0].blockWidth >= file.width
    for (const [column, row] of isStriped ? rowByRow(counts[0]) : fourByFour(counts[0])) {
      signal.throwIfAborted()
      await keep(0, column, row, await readBlock(store, work, column, row))
      onProgress(++done / total)
    }
    const hasMask = hasHoles && !saysItself
    await writeEncodedCog(
      path,
      { ...spec, hasMask },
      (level, column, row) => spool.get(level, row * counts[level].columns + column),
      signal,
    )
  } finally {
    await spool.close()
  }
}

interface BlockCounts {
  readonly columns: number
  readonly rows: number
}

/** For sources that are stored in whole rows: each is read once, and half a row of every level waits in memory. */
function* rowByRow({ columns, rows }: BlockCounts): Generator<readonly [column: number, row: number]> {
  for (let row = 0; row < rows; row++) for (let column = 0; column < columns; column++) yield [column, row]
}

/** In squares of squares: neighbours share source blocks, and of every level one block waits in memory. */
function* fourByFour(
  counts: BlockCounts,
  side = 2 ** Math.ceil(Math.log2(Math.max(counts.columns, counts.rows))),
  column = 0,
  row = 0,
): Generator<readonly [column: number, row: number]> {
  if (column >= counts.columns || row >= counts.rows) return
  if (side === 1) return void (yield [column, row])
  const half = side / 2
  for (const [right, down] of [
    [0, 0],
    [half, 0],
    [0, half],
    [half, half],
  ])
    yield* fourByFour(counts, half, column + right, row + down)
}

function putQuarter(whole: ValuePlane, quarter: ValuePlane, right: number, down: number): void {
  const { width, height } = quarter
  for (let y = 0; y < height; y++) {
    const [from, to] = [y * width, (down * height + y) * whole.width + right * width]
    whole.mask.set(quarter.mask.subarray(from, from + width), to)
    for (const [b, band] of whole.bands.entries()) band.set(quarter.bands[b].subarray(from, from + width) as never, to)
  }
}

/** What GDAL could write and this cannot. Throws. */
function refuse({ crs, bands, blockSide = 0 }: Omit<CogSpec, 'hasMask'>): void {
  if (!/^EPSG:/.test(crsOf(crs)?.code ?? ''))
    throw new Problem(
      'unsupported',
      `${crs} has no number of EPSG, which a GeoTIFF needs. With GDAL installed (--writer gdal) it would work.`,
    )
  const bytes = bands.length * blockSide ** 2 * (Number(/\d+$/.exec(bands[0].sampleType)?.[0]) / 8)
  if (bytes > mostBlockBytes)
    throw new Problem(
      'too-large',
      `A block of ${bands.length} bands has ${Math.round(bytes / 1e6)} MB. With GDAL installed (--writer gdal) it would work.`,
    )
}

async function paletteOf(store: RasterStore, file: RasterFile, signal: AbortSignal): Promise<Uint32Array | undefined> {
  return (await store.read(file, file.levels.length - 1, { left: 0, top: 0, width: 1, height: 1 }, signal)).palette
}

/** One block at full resolution; undefined where nothing is. Beyond the picture its mask is 0. */
async function readBlock(
  store: RasterStore,
  { file, plan, content, signal }: CogWork,
  column: number,
  row: number,
): Promise<ValuePlane | undefined> {
  const { blockSide: side, width, height, grid } = plan
  const { bands, numbers, isClassified, profile } = content
  const plane = valuePlane(plan.crs, plan.bbox, side, side, bands)
  const only = (pixels: Pixels): Pixels => ({ ...pixels, bands: numbers.map(b => pixels.bands[b]) })
  if (!grid) {
    const window = {
      left: column * side,
      top: row * side,
      width: Math.min(side, width - column * side),
      height: Math.min(side, height - row * side),
    }
    copyInto(plane, only(await store.read(file, 0, window, signal)))
  } else {
    const method: SampleMethod = plan.isCopy || isClassified ? 'nearest' : profile === 'photo' ? 'cubic' : 'bilinear'
    const [left, top] = [plan.bbox[0] + column * side * grid.cellSize, plan.bbox[3] - row * side * grid.cellSize]
    const frame = {
      crs: plan.crs,
      bbox: [left, top - side * grid.cellSize, left + side * grid.cellSize, top] as const,
      width: side,
      height: side,
    }
    const { locate, isAffine } = placeRaster(frame, file)
    for (const piece of planWarp(file, frame, locate, isAffine, method)) {
      const pixels = await readReduced(store, file, piece, { isClassified }, signal)
      if (pixels.width > 0 && pixels.height > 0) warpSamples(piece, only(pixels), method, plane)
    }
  }
  return plane.mask.some(value => value !== 0) ? plane : undefined
}

/** What is masked keeps the fill of the plane. */
function copyInto(plane: ValuePlane, { width, height, bands, mask }: Pixels): void {
  for (let y = 0, from = 0; y < height; y++)
    for (let x = 0, to = y * plane.width; x < width; x++, from++, to++) {
      if (mask && mask[from] === 0) continue
      plane.mask[to] = 255
      for (let b = 0; b < plane.bands.length; b++) plane.bands[b][to] = bands[b][from]
    }
}

function hasHole({ mask, width }: ValuePlane, inX: number, inY: number): boolean {
  for (let y = 0; y < inY; y++) if (mask.subarray(y * width, y * width + inX).includes(0)) return true
  return false
}
