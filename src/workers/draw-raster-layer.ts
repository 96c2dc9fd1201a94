import type { RasterFile } from '#core/atlas.js'
import type { ShownValues } from '#core/dimension.js'
import { isJoined, joinFiles } from '#core/joined-file.js'
import type { RasterStore } from '#core/ports.js'
import { Problem } from '#core/problem.js'
import type { MapJob, RasterFault, RasterLayerJob } from '#core/queries.js'
import { bandValues } from '#render/band-values.js'
import { blendOver, eraseUnder } from '#render/raster-blend.js'
import type { RasterPixels } from '#render/raster-pixels.js'
import type { GroundCell } from '#render/raster-shade.js'
import { type RasterPainter, rasterPainter } from '#render/raster-style.js'
import { keepsValues, type Resampling } from '#render/resampling.js'
import { terrainColors } from '#render/terrain-colors.js'
import { planWarp, type WarpPiece } from '#render/warp.js'
import type { WarpKernel } from '#render/warp-kernel.js'
import { warpValues } from '#render/warp-values.js'
import type { BandExpression } from '#styles/band-expression.js'
import type { RasterSymbolizer } from '#styles/raster-symbolizer.js'
import { type Rule, rulesOf, type Style, type Symbolizer } from '#styles/style.js'
import { groundCell, placeRaster } from './raster-place.js'
import { type FramedPixels, readAround } from './read-around.js'
import { readingMosaic } from './read-mosaic.js'
import { readReduced } from './read-reduced.js'
import { readingShown } from './read-shown.js'

/** The map being drawn: RGBA with premultiplied alpha. `pixels` is asked for again after every pause. */
export interface RasterTarget {
  readonly width: number
  readonly height: number
  pixels(): Uint8Array
  /** Takes an opaque picture of the whole map as it is, in place of everything below. It is the last: its memory is not written to again. */
  keep?(pixels: Uint8Array): void
}

export interface RasterTools {
  readonly kernel: WarpKernel
  /** Source pixels that one layer may read for one map. */
  readonly maxSourcePixels?: number
  /** Told of files of a mosaic that could not be read. */
  readonly onFault?: (fault: RasterFault) => void
}

/** Some seconds of decoding: files that need more for one map lack overviews. */
const defaultSourcePixels = 150e6
/** Source pixels of one row of the map beyond which only one row of them is read. */
const mostRowPixels = 32 << 20

/** Parts of a map beyond which slopes end where files do: small as they are, nobody sees it. */
const mostFramed = 64

/** What of which files is read and warped for one layer of a map: pure data but for the painter. */
export interface RasterPlan {
  readonly painter: RasterPainter
  readonly opacity: number
  readonly resampling: Resampling
  /** In drawing order, the last on top. */
  readonly parts: readonly { readonly file: RasterFile; readonly piece: WarpPiece }[]
  /** Heights are wanted as numbers, not as a picture. */
  readonly terrain?: Terrain
  readonly hasManyFiles: boolean
  /** A file that cannot be read is left out. */
  readonly isMosaic: boolean
  /** Nothing is drawn over this layer. */
  readonly isLast: boolean
  /** Cells with other values are left out. */
  readonly shown?: ShownValues
}

interface Terrain {
  readonly encoding: 'mapbox' | 'terrarium'
  readonly value?: BandExpression
}

/** Plans a raster layer; undefined where its style leaves this scale out. */
export function planRasterLayer(job: MapJob, layer: RasterLayerJob): RasterPlan | undefined {
  const symbolizer = symbolizerFor(layer.style, job.scaleDenominator)
  if (symbolizer === 'hidden') return undefined
  const painter = rasterPainter(layer.bands, symbolizer)
  const wanted = layer.resampling ?? 'bilinear'
  // values between two classes are none, and what is shown by its value ends where a cell does
  const resampling = (painter.isClassified || layer.shown) && !keepsValues(wanted) ? 'nearest' : wanted
  const planned = (file: RasterFile) => {
    const { locate, isAffine } = placeRaster(job, file)
    return planWarp(file, job, locate, isAffine, resampling).map(piece => ({ file, piece }))
  }
  const parts = joinFiles(layer.files).flatMap(file => {
    const pieces = planned(file)
    // where the borders cut through pixels of the level that is wanted, each file is drawn for itself
    const lacksLevel = isJoined(file) && file.levels.length < file.members[0].file.levels.length
    return lacksLevel && pieces.some(({ piece }) => piece.factor > 1) ? file.members.flatMap(member => planned(member.file)) : pieces
  })
  return {
    painter,
    resampling,
    ...(symbolizer?.encoding && { terrain: { encoding: symbolizer.encoding, ...(symbolizer.value && { value: symbolizer.value }) } }),
    opacity: symbolizer?.opacity ?? 1,
    parts,
    hasManyFiles: layer.files.length > 1,
    isMosaic: layer.isMosaic ?? layer.files.length > 1,
    isLast: layer === job.layers.at(-1),
    ...(layer.shown && { shown: layer.shown }),
  }
}

/**
 * Draws a raster layer over the map, each file with its mask. Throws `too-large` when the map would need more source pixels than
 * `maxSourcePixels`, and what the store throws; the map may be half drawn then.
 */
export async function drawRasterLayer(
  target: RasterTarget,
  { painter, resampling, terrain, opacity, parts, hasManyFiles, isMosaic, isLast, shown }: RasterPlan,
  from: RasterStore,
  { kernel, maxSourcePixels = defaultSourcePixels, onFault = () => {} }: RasterTools,
  signal?: AbortSignal,
): Promise<void> {
  const whole = isMosaic ? readingMosaic(from, onFault) : from
  const store = shown ? readingShown(whole, shown) : whole
  if (terrain) return drawTerrain(target, { parts, terrain }, store, maxSourcePixels, signal)
  // With an opacity, or holes of cells not wanted, files that overlap must not shine through each other: they are put together first.
  const isApart = (opacity < 1 || shown !== undefined) && hasManyFiles
  const sheet = isApart ? new Uint8Array(target.width * target.height * 4) : undefined
  const budget = { pixels: maxSourcePixels }
  const again = { pixels: maxSourcePixels }
  const files = painter.looksAround && parts.length <= mostFramed ? [...new Set(parts.map(({ file }) => file))] : []
  for (const [i, { file, piece }] of parts.entries()) {
    signal?.throwIfAborted()
    const others = files.filter(other => other !== file)
    if (sheet && shown && i > 0 && (await fillSource(kernel, whole, file, piece, { painter, resampling, others }, again, signal))) {
      for (const cell of piece.cells) kernel.warp(cell, piece.extent, resampling)
      eraseUnder(sheet, target.width, kernel.output(), piece.box)
    }
    const isRead = await fillSource(kernel, store, file, piece, { painter, resampling, others }, budget, signal)
    if (!isRead) continue
    for (const cell of piece.cells) kernel.warp(cell, piece.extent, resampling)
    const isWhole = piece.box.width === target.width && piece.box.height === target.height
    const mayKeep = isLast && i === parts.length - 1 && isWhole && opacity === 1
    if (target.keep && mayKeep && kernel.isOpaque()) return target.keep(bytesOf(kernel.output()))
    blendOver(sheet ?? target.pixels(), target.width, kernel.output(), piece.box, isApart ? 1 : opacity)
  }
  if (sheet) {
    const box = { left: 0, top: 0, width: target.width, height: target.height }
    blendOver(target.pixels(), target.width, new Uint32Array(sheet.buffer), box, opacity)
  }
}

/** Heights as colours for programs: interpolated as heights, without opacity, 0 m where there are none. */
async function drawTerrain(
  target: RasterTarget,
  { parts, terrain: { encoding, value } }: { readonly parts: RasterPlan['parts']; readonly terrain: Terrain },
  store: RasterStore,
  maxSourcePixels: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const heights = new Float32Array(target.width * target.height).fill(Number.NaN)
  const budget = { pixels: maxSourcePixels }
  for (const { file, piece } of parts) {
    signal?.throwIfAborted()
    const pixels = await readPiece(store, file, piece, false, budget, signal)
    if (pixels.width === 0 || pixels.height === 0) continue
    const bands = value ? [bandValues(value, pixels, cellOf(file, piece))] : pixels.bands
    const { left, top, width, height } = piece.box
    const warped = warpValues(piece, { ...pixels, bands }, 0)
    for (let y = 0, from = 0; y < height; y++)
      for (let x = 0, to = (top + y) * target.width + left; x < width; x++, from++, to++)
        if (Number.isFinite(warped[from])) heights[to] = warped[from]
  }
  target.pixels().set(bytesOf(terrainColors(heights, encoding)))
}

/** Reads a piece and paints it into the kernel; false when there is nothing to lay over the map. */
async function fillSource(
  kernel: WarpKernel,
  store: RasterStore,
  file: RasterFile,
  piece: WarpPiece,
  { painter, resampling, others }: Pick<RasterPlan, 'painter' | 'resampling'> & { readonly others: readonly RasterFile[] },
  budget: { pixels: number },
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const { window, level, factor } = piece
  if (painter.isPhotograph && factor === 1 && store.readColors) {
    const cost = window.width * window.height
    spend(budget, cost)
    layOut(kernel, window, piece)
    if (await store.readColors(file, level, window, bytesOf(kernel.source()), signal)) return true
    budget.pixels += cost
  }
  const pixels = await readPiece(store, file, piece, painter.isClassified || keepsValues(resampling), budget, signal)
  if (pixels.width === 0 || pixels.height === 0) return false
  const framed = others.length > 0 ? await readAround(store, file, piece, pixels, others, signal) : undefined
  layOut(kernel, pixels, piece)
  if (framed) paintInside(framed, painter, cellOf(file, piece), kernel.source(), pixels)
  else painter.paint(pixels, cellOf(file, piece), kernel.source())
  return true
}

/** Paints all of the frame, and keeps what the piece itself has. */
function paintInside(
  framed: FramedPixels,
  painter: RasterPainter,
  cell: GroundCell,
  out: Uint32Array,
  { width, height, mask }: Pick<RasterPixels, 'width' | 'height' | 'mask'>,
) {
  const painted = new Uint32Array(framed.width * framed.height)
  painter.paint(framed, cell, painted)
  for (let y = 0; y < height; y++) {
    const from = (framed.top + y) * framed.width + framed.left
    out.set(painted.subarray(from, from + width), y * width)
  }
  if (mask) for (let i = 0; i < mask.length; i++) if (mask[i] === 0) out[i] = 0
}

export const bytesOf = ({ buffer, byteOffset, byteLength }: Uint32Array) => new Uint8Array(buffer, byteOffset, byteLength)

function layOut(kernel: WarpKernel, source: { width: number; height: number }, { box }: WarpPiece) {
  if (!kernel.layOut(source, box))
    throw new Problem('overloaded', 'The server has no memory left to draw this map; try again, or ask for a smaller one.', {
      retryAfter: 5,
    })
}

/** Reads a piece and reduces it by its factor. Where reading everything would cost too much, only every `factor`-th row is read. */
async function readPiece(
  store: RasterStore,
  file: RasterFile,
  piece: WarpPiece,
  isClassified: boolean,
  budget: { pixels: number },
  signal: AbortSignal | undefined,
): Promise<RasterPixels> {
  const { level, window, factor } = piece
  const cost = window.width * window.height
  const isSparse = factor > 1 && (cost > budget.pixels || window.width * factor > mostRowPixels)
  spend(budget, isSparse ? (cost / factor) * Math.min(factor, file.levels[level].blockHeight) : cost)
  return readReduced(store, file, piece, { isClassified, isSparse }, signal)
}

function spend(budget: { pixels: number }, pixels: number) {
  budget.pixels -= pixels
  if (budget.pixels < 0)
    throw new Problem(
      'too-large',
      'This map needs more source pixels than are read for one map, because the raster has no overviews for this scale. A larger scale would work, or, on the server: gdaladdo -r average FILE',
    )
}

function cellOf(file: RasterFile, { level, factor }: WarpPiece) {
  const { width, height } = file.levels[level]
  return groundCell(file, (file.width / width) * factor, (file.height / height) * factor)
}

/** The raster symbolizer in force at a scale; undefined where the style says nothing about rasters, `hidden` where it leaves this scale out. */
function symbolizerFor(style: Style, scaleDenominator: number): RasterSymbolizer | 'hidden' | undefined {
  const isRaster = ({ kind }: Symbolizer) => kind === 'raster'
  const isForLegends = ({ filter }: Rule) => filter?.kind === 'constant' && !filter.value
  const saying = rulesOf(style).filter(rule => rule.symbolizers.some(isRaster) && !isForLegends(rule))
  if (saying.length === 0) return undefined
  const inForce = saying.findLast(
    ({ minScaleDenominator: least = 0, maxScaleDenominator: most = Number.POSITIVE_INFINITY }) =>
      scaleDenominator >= least && scaleDenominator < most,
  )
  return (inForce?.symbolizers.findLast(isRaster) as RasterSymbolizer | undefined) ?? 'hidden'
}
