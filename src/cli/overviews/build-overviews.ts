import { mkdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { RasterBand, RasterFile } from '#core/atlas.js'
import { composeRaster, halved, type ValuePlane, valuePlane } from '#core/compose-raster.js'
import { buildMosaic, type Mosaic } from '#core/mosaic.js'
import {
  filesOfTile,
  type OverviewTile,
  overviewGrid,
  overviewLevels,
  overviewName,
  overviewSide,
  overviewTiles,
} from '#core/overview-grid.js'
import type { RasterStore } from '#core/ports.js'
import { Problem } from '#core/problem.js'
import { blockSide, type CogBlock, type CogSpec } from '#formats/coverages/cog-spec.js'
import { writeCog } from '#formats/coverages/cog-writer.js'

/** What overviews are made of and where they go. */
export interface OverviewWork {
  readonly mosaic: Mosaic
  readonly bands: readonly RasterBand[]
  readonly store: RasterStore
  /** Reads what has been made, by names below `folder`. */
  readonly made: RasterStore
  readonly folder: string
  readonly onProgress?: (done: number, of: number) => void
  readonly signal?: AbortSignal
}

export interface OverviewsBuilt {
  /** Of all tiles there are to be; other files in the folder are outdated. */
  readonly names: readonly string[]
  readonly built: number
  readonly kept: number
  /** Files that could not be read: where they lie the overviews show what is below, or nothing. */
  readonly unread: readonly { readonly path: string; readonly reason: string }[]
}

/**
 * Makes the overview tiles that are missing or made of files that have changed, finest first. Each appears under its name when it is whole: what
 * was done before an interruption stays done.
 */
export async function buildOverviews(work: OverviewWork): Promise<OverviewsBuilt> {
  const { folder, made, onProgress, signal } = work
  const grid = overviewGrid(work.mosaic)
  const names = new Set<string>()
  const unread = new Map<string, string>()
  let [built, done, below, store] = [0, 0, work.mosaic, work.store]
  let tiles = overviewTiles(grid, below, 0)
  const expected = tiles.length * 1.05
  for (let generation = 0; tiles.length > 0; generation++) {
    const files: RasterFile[] = []
    for (const tile of tiles) {
      signal?.throwIfAborted()
      const parts = filesOfTile(grid, below, tile)
      const name = overviewName(grid, tile, parts)
      names.add(name)
      if (!(await isThere(join(folder, name)))) {
        await writeTile(join(folder, name), tile, grid.crs, parts, { ...work, store }, unread)
        built++
      }
      files.push({ ...(await made.describe(name, signal)).file, crs: grid.crs })
      done++
      onProgress?.(done, Math.max(done, Math.ceil(expected)))
    }
    below = buildMosaic(files)
    store = made
    tiles = overviewTiles(grid, below, generation + 1, files.length)
  }
  return { names: [...names], built, kept: done - built, unread: [...unread].map(([path, reason]) => ({ path, reason })) }
}

async function writeTile(
  path: string,
  tile: OverviewTile,
  crs: string,
  files: readonly RasterFile[],
  { bands, store, signal }: OverviewWork,
  unread: Map<string, string>,
): Promise<void> {
  const plane = valuePlane(crs, tile.bbox, overviewSide, overviewSide, bands)
  for (const file of files) {
    try {
      await composeRaster(plane, file, bands, store, signal)
    } catch (error) {
      signal?.throwIfAborted()
      if (!(error instanceof Problem) || error.kind === 'unavailable') throw error
      unread.set(file.path, error.message)
    }
  }
  const planes = [plane]
  while (planes.length <= overviewLevels) planes.push(halved(planes[planes.length - 1], bands))
  await mkdir(dirname(path), { recursive: true })
  const draft = `${path}.${process.pid}.part`
  try {
    await writeCog(draft, specOf(plane, bands), async (level, column, row) => blockOf(planes[level], column, row), signal)
    await rename(draft, path)
  } finally {
    await rm(draft, { force: true })
  }
}

function specOf({ bbox: [minX, , , maxY], width, height, crs, palette, bbox }: ValuePlane, bands: readonly RasterBand[]): CogSpec {
  const pixel = (bbox[2] - bbox[0]) / width
  const isPhoto =
    bands.length === 3 && bands[0].meaning === 'red' && bands.every(band => band.sampleType === 'uint8' && band.nodata === undefined)
  return {
    width,
    height,
    bands,
    crs,
    transform: [minX, pixel, 0, maxY, 0, -pixel],
    overviews: overviewLevels,
    // what nodata or alpha says needs no mask
    hasMask: bands.every(({ nodata, meaning }) => nodata === undefined && meaning !== 'alpha'),
    compression: isPhoto ? 'jpeg' : 'deflate',
    ...(palette && { palette }),
  }
}

/** Undefined where nothing is. */
function blockOf({ bands, mask, width }: ValuePlane, column: number, row: number): CogBlock | undefined {
  const cut = <T extends CogBlock['bands'][number]>(plane: T): T => {
    const out = new (plane.constructor as new (length: number) => T)(blockSide * blockSide)
    for (let y = 0; y < blockSide; y++) {
      const from = (row * blockSide + y) * width + column * blockSide
      out.set(plane.subarray(from, from + blockSide) as never, y * blockSide)
    }
    return out
  }
  const validity = cut(mask)
  if (validity.every(value => value === 0)) return undefined
  return { bands: bands.map(cut), ...(validity.includes(0) && { mask: validity }) }
}

const isThere = async (path: string) => (await stat(path).catch(() => undefined))?.isFile() ?? false
