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
import { startReduction } from '#render/raster-reduce.js'
import { planWarp, type WarpPiece } from '#render/warp.js'
import { type SampleMethod, warpSamples } from '#render/warp-samples.js'
import { placeRaster } from '#workers/raster-place.js'
import { openSpool } from './block-spool.js'

/** One file to be made by a writer. */
export interface CogWork {
  readonly file: RasterFile
  /** Of the file. */
  readonly bands: readonly RasterBand[]
  readonly plan: CogPlan
  readonly content: CogContent
  readonly compression: 'jpeg' | 'webp' | 'deflate'
  /** A folder of its own, on the disk of the result. */
  readonly folder: string
  /** `share` from 0 to 1. */
  readonly onProgress: (share: number) => void
  readonly signal: AbortSignal
}

/** Bytes of a block without compression: four and their parents are in memory at once. */
const mostBlockBytes = 64e6
/** Source pixels read at once before they are reduced. */
const stripPixels = 4 << 20

/**
 * Writes the file at `path` by our own reader, warp and writer. Blocks are made from the finest up, four by four, so that memory holds a few blocks of each
 * level however large the file is; encoded they wait in a file beside until the order of a COG, smallest image first, can be written.
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
  const encode = blockEncoder({ ...spec, hasMask: false })
  const saysItself = bands.some(({ nodata, meaning }) => nodata !== undefined || meaning === 'alpha')
  const total = counts[0].columns * counts[0].rows
  let [hasHoles, done] = [false, 0]

  /** Makes and keeps one block and all that lie below it; undefined where nothing is. */
  async function make(level: number, column: number, row: number): Promise<ValuePlane | undefined> {
    signal.throwIfAborted()
    const { columns, rows } = counts[level]
    const { width, height } = sizes[level]
    if (column >= columns || row >= rows) return undefined
    const plane = level === 0 ? await readBlock(store, work, column, row) : await joinBlocks(level, column, row)
    if (level === 0) onProgress(++done / total)
    const [inX, inY] = [Math.min(side, width - column * side), Math.min(side, height - row * side)]
    const holes = plane ? hasHole(plane, inX, inY) : true
    hasHoles ||= level === 0 && holes
    if (!plane) return undefined
    const mask = holes && !saysItself ? plane.mask : undefined
    const image = await encode({ bands: plane.bands, mask: plane.mask })
    await spool.put(level, row * columns + column, { image, ...(mask && { mask: await encodeMask(mask, side) }) })
    return plane
  }

  async function joinBlocks(level: number, column: number, row: number): Promise<ValuePlane | undefined> {
    let whole: ValuePlane | undefined
    for (const [i, j] of [
      [0, 0],
      [1, 0],
      [0, 1],
      [1, 1],
    ]) {
      const part = await make(level - 1, 2 * column + i, 2 * row + j)
      if (!part) continue
      whole ??= valuePlane(plan.crs, plan.bbox, 2 * side, 2 * side, bands)
      for (let y = 0; y < side; y++) {
        const [from, to] = [y * side, (j * side + y) * 2 * side + i * side]
        whole.mask.set(part.mask.subarray(from, from + side), to)
        for (const [b, band] of whole.bands.entries()) band.set(part.bands[b].subarray(from, from + side) as never, to)
      }
    }
    return whole && halved(whole, bands, content.isClassified)
  }

  try {
    const last = counts.length - 1
    for (let row = 0; row < counts[last].rows; row++)
      for (let column = 0; column < counts[last].columns; column++) await make(last, column, row)
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
      const pixels = await readPiece(store, file, piece, isClassified, signal)
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

/** The pixels of a piece, reduced by its factor strip by strip. */
async function readPiece(
  store: RasterStore,
  file: RasterFile,
  { level, window, factor }: WarpPiece,
  isClassified: boolean,
  signal: AbortSignal,
): Promise<Pixels> {
  if (factor === 1) return store.read(file, level, window, signal)
  const reduction = startReduction(window.width, window.height, factor, isClassified)
  const step = Math.max(1, Math.floor(stripPixels / (window.width * factor))) * factor
  for (let top = 0; top < window.height; top += step) {
    const strip = await store.read(file, level, { ...window, top: window.top + top, height: Math.min(step, window.height - top) }, signal)
    if (strip.width > 0) reduction.add(strip, top)
  }
  return reduction.finish()
}

function hasHole({ mask, width }: ValuePlane, inX: number, inY: number): boolean {
  for (let y = 0; y < inY; y++) if (mask.subarray(y * width, y * width + inX).includes(0)) return true
  return false
}
