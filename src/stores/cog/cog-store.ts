import { statSync } from 'node:fs'
import { basename, isAbsolute, relative, resolve } from 'node:path'
import type { RasterBand, RasterFile } from '#core/atlas.js'
import { steadyNow } from '#core/clock.js'
import type { RasterStore } from '#core/ports.js'
import { Problem } from '#core/problem.js'
import { bandsOf, paletteOf } from './bands.js'
import { type BlockCache, createBlockCache } from './block-cache.js'
import { fileVersion } from './byte-file.js'
import { blockPassage } from './encoded-block.js'
import { replaced } from './fetch-blocks.js'
import { findingsOf } from './findings.js'
import { bboxOf, georeferenceOf } from './georeference.js'
import { startJpegToRgba } from './jpeg-to-rgba.js'
import { openPyramid, type Pyramid } from './pyramid.js'
import { sampleWindow } from './range-window.js'
import { readColors } from './read-colors.js'
import { readWindow } from './read-window.js'
import { needsRange, withRanges } from './statistics.js'
import type { WindowReader } from './window-blocks.js'

export interface CogStoreOptions {
  readonly id: string
  /** Folder that paths are relative to, and that none may leave; absent: any path. */
  readonly root?: string
  /** Decoded blocks, which stores may share. */
  readonly cache?: BlockCache
  /** Files whose headers are kept in memory. */
  readonly headers?: number
}

/** Seconds between two looks whether a file in use was replaced. */
const checkMilliseconds = 1000

interface OpenRaster extends WindowReader {
  checkedAt: number
}

/**
 * GeoTIFFs on local disks: any layout, Cloud-Optimized or not. Headers and decoded blocks are cached within bounds; files are opened
 * only while something is read from them. A file that was replaced is `unavailable` until it is described again.
 */
export function openCogStore({ id, root, cache = createBlockCache(256e6), headers = 512 }: CogStoreOptions): RasterStore {
  const jpegToRgba = startJpegToRgba()
  const rasters = new Map<string, Promise<OpenRaster>>()
  const encodedBlock = blockPassage()

  function locate(path: string): string {
    const full = resolve(root ?? '.', path)
    const inside = relative(resolve(root ?? '.'), full)
    if (root !== undefined && (inside.startsWith('..') || isAbsolute(inside)))
      throw new Problem('invalid-parameter', `"${basename(path)}" lies outside the folder of the store "${id}".`)
    return full
  }

  function remember(full: string, raster: Promise<OpenRaster>) {
    rasters.delete(full)
    rasters.set(full, raster)
    raster.catch(() => rasters.get(full) === raster && rasters.delete(full))
    for (const oldest of rasters.keys()) {
      if (rasters.size <= headers) break
      rasters.delete(oldest)
    }
    return raster
  }

  async function open(full: string): Promise<OpenRaster> {
    const pyramid = await openPyramid(full, basename(full))
    const palette = paletteOf(pyramid)
    return {
      pyramid,
      bands: bandsOf(pyramid),
      ...(palette && { palette }),
      key: `${full}@${pyramid.versions.join('+')}`,
      cache,
      jpegToRgba,
      checkedAt: steadyNow(),
    }
  }

  async function opened(file: RasterFile): Promise<OpenRaster> {
    const full = locate(file.path)
    let raster = await remember(full, rasters.get(full) ?? open(full))
    if (!isFresh(raster)) raster = await remember(full, open(full))
    if (raster.pyramid.versions.join('+') !== file.version) throw replaced(raster.pyramid.name)
    return raster
  }

  async function levelOf(file: RasterFile, level: number, signal: AbortSignal | undefined): Promise<OpenRaster> {
    signal?.throwIfAborted()
    const raster = await opened(file)
    if (!raster.pyramid.levels[level]) throw new Problem('internal', `"${raster.pyramid.name}" has no level ${level}.`)
    return raster
  }

  return {
    id,
    async describe(path, signal) {
      const full = locate(path)
      signal?.throwIfAborted()
      const raster = await remember(full, open(full))
      const { pyramid } = raster
      const place = georeferenceOf(pyramid.directory, pyramid, pyramid.name)
      const bands = await withKnownRanges(raster, signal)
      return { file: fileOf(pyramid, path, place), bands, notes: findingsOf(pyramid, bands, place) }
    },
    async read(file, level, window, signal) {
      return readWindow(await levelOf(file, level, signal), level, window, signal)
    },
    async readColors(file, level, window, into, signal) {
      return readColors(await levelOf(file, level, signal), level, window, into, signal)
    },
    async encodedBlock(file, { level, column, row }, signal) {
      signal?.throwIfAborted()
      return encodedBlock(await opened(file), level, column, row)
    },
    async close() {
      rasters.clear()
    },
  }
}

/** Ranges that no statistics give come from the smallest level, or from parts of it when it is large. */
async function withKnownRanges(raster: OpenRaster, signal: AbortSignal | undefined): Promise<readonly RasterBand[]> {
  if (!raster.bands.some(needsRange)) return raster.bands
  const level = raster.pyramid.levels.length - 1
  const pixels = await sampleWindow(raster, level, signal)
  return withRanges(raster.bands, pixels)
}

function fileOf(pyramid: Pyramid, path: string, { transform, crs }: ReturnType<typeof georeferenceOf>): RasterFile {
  const { width, height } = pyramid.levels[0].image.layout
  return {
    path,
    crs: crs ?? '',
    width,
    height,
    transform,
    bbox: bboxOf(transform, width, height),
    levels: pyramid.levels.map(({ image: { layout } }) => ({
      width: layout.width,
      height: layout.height,
      blockWidth: layout.blockWidth,
      blockHeight: layout.blockHeight,
    })),
    version: pyramid.versions.join('+'),
  }
}

/** Looks at most once a second; a `stat` in the page cache takes microseconds, which is less than handing it to another thread. */
function isFresh(raster: OpenRaster): boolean {
  const now = steadyNow()
  if (now - raster.checkedAt < checkMilliseconds) return true
  raster.checkedAt = now
  const { paths, versions } = raster.pyramid
  return paths.every((path, i) => {
    const stat = statSync(path, { throwIfNoEntry: false })
    return stat !== undefined && fileVersion(stat) === versions[i]
  })
}
