import type { RasterBand } from '#core/atlas.js'
import type { Pixels, PixelWindow, SampleArray } from '#core/ports.js'
import { Problem } from '#core/problem.js'
import type { BlockCache } from './block-cache.js'
import { readBlock } from './block-position.js'
import { type ByteFile, openByteFile } from './byte-file.js'
import { type Block, decodeBlock } from './decode-block.js'
import type { Pyramid, PyramidImage } from './pyramid.js'
import { sampleArray } from './split-bands.js'
import { blockRowAt, blockRows, type TiffLayout } from './tiff-layout.js'
import { maskOf } from './validity.js'

/** Samples of one window beyond which a read is refused: nobody draws that many at once. */
const maxWindowSamples = 256e6
/** Blocks that are decoded at the same time. */
const parallelBlocks = 4

/** What reading needs besides the window. */
export interface WindowReader {
  readonly pyramid: Pyramid
  readonly bands: readonly RasterBand[]
  readonly palette?: Uint32Array
  /** Changes with the file: part of the key of every block. */
  readonly key: string
  readonly cache: BlockCache
}

/** The files one read has open, and the loads that still use them: others may be waiting for those, too. */
interface OpenFiles {
  readonly parts: Map<number, Promise<ByteFile>>
  readonly loads: Set<Promise<Block>>
}

function tracked(files: OpenFiles, load: Promise<Block>): Promise<Block> {
  files.loads.add(load)
  return load
}

async function closeFiles({ parts, loads }: OpenFiles): Promise<void> {
  await Promise.allSettled(loads)
  for (const opening of parts.values()) await opening.then(file => file.close()).catch(() => undefined)
}

/** `window` cut to the inside of `layout`; a window outside has no width or no height. */
export function clampWindow({ left, top, width, height }: PixelWindow, layout: { width: number; height: number }): PixelWindow {
  const x0 = Math.min(layout.width, Math.max(0, Math.floor(left)))
  const y0 = Math.min(layout.height, Math.max(0, Math.floor(top)))
  const x1 = Math.min(layout.width, Math.max(x0, Math.ceil(left + width)))
  const y1 = Math.min(layout.height, Math.max(y0, Math.ceil(top + height)))
  return { left: x0, top: y0, width: x1 - x0, height: y1 - y0 }
}

/** Pixels of a window of a level, all bands, with their mask. The window is clamped to the level. */
export async function readWindow(reader: WindowReader, level: number, window: PixelWindow, signal?: AbortSignal): Promise<Pixels> {
  const { image, mask } = reader.pyramid.levels[level]
  const inside = clampWindow(window, image.layout)
  const files: OpenFiles = { parts: new Map(), loads: new Set() }
  try {
    const bands = await readImage(reader, image, inside, files, signal)
    const stored = mask ? (await readImage(reader, mask, inside, files, signal))[0] : undefined
    const validity = maskOf(bands, reader.bands, stored)
    return {
      width: inside.width,
      height: inside.height,
      bands,
      ...(validity && { mask: validity }),
      ...(reader.palette && { palette: reader.palette }),
    }
  } finally {
    void closeFiles(files)
  }
}

async function readImage(
  reader: WindowReader,
  image: PyramidImage,
  window: PixelWindow,
  files: OpenFiles,
  signal: AbortSignal | undefined,
): Promise<SampleArray[]> {
  const { layout } = image
  if (window.width * window.height * layout.samples > maxWindowSamples)
    throw new Problem('too-large', `A window of ${window.width} x ${window.height} pixels is too large to be read at once.`)
  const bands = Array.from({ length: layout.samples }, () => sampleArray(layout.sampleType, window.width * window.height))
  const jobs = blocksIn(layout, window)
  let next = 0
  const work = async () => {
    while (next < jobs.length) {
      signal?.throwIfAborted()
      const { column, row, plane } = jobs[next++]
      const key = `${reader.key}/${image.number}/${plane}/${row}/${column}`
      const block = await reader.cache.get(key, () => tracked(files, loadBlock(reader, image, files, column, row, plane)))
      copyBlock(block, column * layout.blockWidth, blockRows(layout, row).top, window, bands, plane)
    }
  }
  await Promise.all(Array.from({ length: Math.min(parallelBlocks, jobs.length) }, work))
  return bands
}

function blocksIn(layout: TiffLayout, { left, top, width, height }: PixelWindow) {
  const jobs: { column: number; row: number; plane: number }[] = []
  if (width === 0 || height === 0) return jobs
  const lastRow = blockRowAt(layout, top + height - 1)
  const lastColumn = Math.floor((left + width - 1) / layout.blockWidth)
  for (let plane = 0; plane < layout.planes; plane++)
    for (let row = blockRowAt(layout, top); row <= lastRow; row++)
      for (let column = Math.floor(left / layout.blockWidth); column <= lastColumn; column++) jobs.push({ column, row, plane })
  return jobs
}

/** Loads one block. It is shared by everybody who waits for it, so nobody's leaving cancels it. */
async function loadBlock(
  { pyramid, bands }: WindowReader,
  { part, layout }: PyramidImage,
  files: OpenFiles,
  column: number,
  row: number,
  plane: number,
): Promise<Block> {
  let opening = files.parts.get(part)
  if (!opening) {
    opening = openPart(pyramid, part)
    files.parts.set(part, opening)
  }
  const file = await opening
  const height = layout.isTiled ? layout.blockHeight : blockRows(layout, row).height
  const bytes = await readBlock(file, layout, column, row, plane, reason => damaged(pyramid.name, reason))
  if (!bytes) return emptyBlock(layout, height, bands[0].nodata)
  try {
    return await decodeBlock(bytes, layout, height)
  } catch (error) {
    throw damaged(pyramid.name, error instanceof Problem ? error.message : 'a block cannot be decoded', error)
  }
}

async function openPart(pyramid: Pyramid, part: number): Promise<ByteFile> {
  const file = await openByteFile(pyramid.paths[part], pyramid.name)
  if (file.version === pyramid.versions[part]) return file
  await file.close()
  throw replaced(pyramid.name)
}

/** The Problem of a file that is not the one it was when it was published. */
export function replaced(name: string): Problem {
  return new Problem('unavailable', `"${name}" was replaced since it was published; it is served again after the next reload.`, {
    retryAfter: 10,
  })
}

function damaged(name: string, reason: string, cause?: unknown): Problem {
  return new Problem('invalid-data', `"${name}" is damaged: ${reason}.`, { cause })
}

/** A block that was never written: nodata, or zero. */
function emptyBlock(layout: TiffLayout, height: number, nodata: number | undefined): Block {
  const bands = Array.from({ length: layout.samples / layout.planes }, () => sampleArray(layout.sampleType, layout.blockWidth * height))
  if (nodata !== undefined) for (const band of bands) band.fill(nodata)
  return { width: layout.blockWidth, height, bands }
}

/** Copies the part of a block that lies in the window, row by row. Hot. */
function copyBlock(block: Block, blockLeft: number, blockTop: number, window: PixelWindow, bands: SampleArray[], plane: number) {
  const x0 = Math.max(window.left, blockLeft)
  const x1 = Math.min(window.left + window.width, blockLeft + block.width)
  const y0 = Math.max(window.top, blockTop)
  const y1 = Math.min(window.top + window.height, blockTop + block.height)
  for (let b = 0; b < block.bands.length; b++) {
    const [from, to] = [block.bands[b], bands[plane + b]]
    for (let y = y0; y < y1; y++) {
      const start = (y - blockTop) * block.width + x0 - blockLeft
      to.set(from.subarray(start, start + x1 - x0), (y - window.top) * window.width + x0 - window.left)
    }
  }
}
