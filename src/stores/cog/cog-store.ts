import type { RasterBand, RasterFile } from '#core/atlas.js'
import { steadyNow } from '#core/clock.js'
import type { RasterStore } from '#core/ports.js'
import { Problem } from '#core/problem.js'
import type { DescribedRaster } from '#core/raster-mosaic.js'
import { timeOfTag } from '#core/raster-time.js'
import { bandsOf, paletteOf } from './bands.js'
import { type BlockCache, createBlockCache } from './block-cache.js'
import { withClasses } from './classes.js'
import { type Codec, codecOf } from './codecs.js'
import { cutOff } from './cut-off.js'
import { blockPassage } from './encoded-block.js'
import { findingsOf } from './findings.js'
import { bboxOf, georeferenceOf } from './georeference.js'
import { createHeaderCache } from './header-cache.js'
import { jpegPartToRgba } from './jpeg-part.js'
import { sharpJpegToRgba, startJpegToRgba } from './jpeg-to-rgba.js'
import { locate, nameOf } from './locations.js'
import { accuracyOfMetadata } from './pam.js'
import { type DescribedPyramid, openPyramid, sizeOf } from './pyramid.js'
import { sampleWindow } from './range-window.js'
import { colorsNow, readColors } from './read-colors.js'
import { readWindow } from './read-window.js'
import { isFileFault, Replaced, startOverWhenReplaced } from './replaced.js'
import { shareWork } from './shared-work.js'
import { openSources, type SourceOptions } from './sources/index.js'
import { mayBeNumbers, needsRange, withRangeOfNumbers, withRanges } from './statistics.js'
import type { WindowReader } from './window-blocks.js'

export interface CogStoreOptions extends SourceOptions {
  readonly id: string
  /** Folder, `s3://` or `http(s)://` address that paths are relative to, and that none may leave; absent: any path or address. */
  readonly root?: string
  /** Decoded blocks, which stores may share. */
  readonly cache?: BlockCache
  /** Bytes of headers kept in memory. */
  readonly headerBytes?: number
}

/** Grows when `describe` learns to say more of a file: what is remembered of those that have not changed is then found out anew. */
const edition = 2

/** Milliseconds between two looks at a header that is of another version than the one asked for. */
const checkMilliseconds = 1000

interface OpenRaster extends WindowReader {
  readonly openedAt: number
}

interface Opened {
  readonly raster: OpenRaster
  readonly described: DescribedPyramid
}

/**
 * GeoTIFFs on local disks, web servers and S3: any layout, Cloud-Optimized or not. Headers and decoded blocks are cached within bounds.
 * A file that was replaced is `unavailable` until it is described again.
 */
export function openCogStore({ id, root, cache = createBlockCache(256e6), headerBytes = 64e6, ...places }: CogStoreOptions): RasterStore {
  const sources = openSources(places)
  const jpegToRgba = startJpegToRgba()
  const passage = blockPassage()
  const rasters = createHeaderCache<OpenRaster>(
    headerBytes,
    ({ pyramid }) => sizeOf(pyramid),
    ({ pyramid }) => {
      for (const part of pyramid.parts) void part.close()
    },
  )
  const opening = shareWork<Opened>()

  async function open(full: string, signal: AbortSignal): Promise<Opened> {
    const source = sources.of(full)
    const described = await startOverWhenReplaced(() => openPyramid(source, full, nameOf(full), signal))
    const { name, parts, version, levels, pages } = described
    const palette = paletteOf(described)
    const key = `${id}:${full}@${version}`
    const raster = rasters.keep(full, {
      // what is said of a file is for whoever describes it, and no longer kept
      pyramid: { name, parts, version, levels, pages },
      bands: bandsOf(described),
      ...(palette && { palette }),
      key,
      cache,
      jpegToRgba,
      // what came over a network is worth keeping as a whole
      ...(jpegToRgba !== sharpJpegToRgba && !source.isRemote && { jpegPartToRgba }),
      openedAt: steadyNow(),
    })
    return { raster, described }
  }
  const readHead = (full: string, signal: AbortSignal | undefined) => opening.join(full, stop => open(full, stop), signal)

  /** A header that need not be read again. */
  function known(full: string, { version }: RasterFile): OpenRaster | undefined {
    const raster = rasters.get(full)
    return raster && isUsable(raster, version) ? rasters.keep(full, raster) : undefined
  }

  async function opened(file: RasterFile, signal: AbortSignal | undefined): Promise<OpenRaster> {
    const full = locate(root, file.path, id)
    const raster = known(full, file) ?? (await readHead(full, signal).catch(sincePublished(full))).raster
    if (raster.pyramid.version !== file.version) throw new Replaced(raster.pyramid.name)
    return raster
  }

  async function levelOf(file: RasterFile, level: number, signal: AbortSignal | undefined): Promise<OpenRaster> {
    signal?.throwIfAborted()
    const raster = await opened(file, signal)
    if (!raster.pyramid.levels[level]) throw new Problem('internal', `"${raster.pyramid.name}" has no level ${level}.`)
    return raster
  }

  return {
    id,
    async describe(path, signal) {
      signal?.throwIfAborted()
      const full = locate(root, path, id)
      return startOverWhenReplaced(async () => {
        const { raster, described } = await readHead(full, signal)
        const place = georeferenceOf(described.directory, described, described.name)
        // over a network it would cost a request
        const cut = sources.of(full).isRemote ? undefined : await cutOff(described)
        const bands = withClasses(described, await withKnownRanges(raster, sources.of(full).isRemote, signal))
        const notes = [...(cut ? [cut] : []), ...findingsOf(described, bands, place)]
        return { file: fileOf(described, path, place), bands, notes, ...contentsOf(described) }
      })
    },
    async list(folder, signal) {
      const source = sources.of(folder)
      if (source.list) return source.list(folder, signal)
      throw new Problem('unsupported', `"${nameOf(folder)}" cannot be listed: web servers have no listing. Naming each .tif would work.`)
    },
    async fingerprints(paths, signal) {
      const names = new Map(paths.map(path => [locate(root, path, id), path]))
      const found = new Map<string, string>()
      for (const [source, locations] of sources.bySource([...names.keys()]))
        for (const [full, state] of (await source.fingerprints?.(locations, signal)) ?? [])
          found.set(names.get(full)!, `${edition} ${state}`)
      return found
    },
    async read(file, level, window, signal) {
      return readWindow(await levelOf(file, level, signal), level, window, signal)
    },
    async readColors(file, level, window, into, signal) {
      return readColors(await levelOf(file, level, signal), level, window, into, signal)
    },
    colorsNow(file, level, window, into) {
      const raster = known(locate(root, file.path, id), file)
      const isThere = raster?.pyramid.version === file.version && raster.pyramid.levels[level] !== undefined
      return isThere && colorsNow(raster, level, window, into)
    },
    async encodedBlock(file, { level, column, row }, signal) {
      signal?.throwIfAborted()
      try {
        return await passage.encoded(await opened(file, signal), level, column, row, signal)
      } catch (error) {
        signal?.throwIfAborted()
        // drawing meets the same fault, draws what is beside the file, and tells of it
        if (isFileFault(error) || !(error instanceof Problem)) return undefined
        throw error
      }
    },
    blockNow(file, { level, column, row }) {
      const raster = rasters.get(locate(root, file.path, id))
      const isKnown = raster?.pyramid.version === file.version && raster.pyramid.levels[level] !== undefined
      return isKnown ? passage.now(raster, level, column, row) : undefined
    },
    async close() {
      rasters.clear()
      await cache.idle()
      await sources.close()
    },
  }
}

/** What was published could be read: if it no longer can, it is another file, or none. Throws. */
const sincePublished = (full: string) => (error: unknown) => {
  const isOther = error instanceof Problem && (error.kind === 'invalid-data' || error.kind === 'not-found')
  throw isOther ? new Replaced(nameOf(full)) : error
}

/** Whether a header need not be read again: its files are what they were, and what is asked for, or it has just been read. */
function isUsable({ pyramid, openedAt }: OpenRaster, version: string): boolean {
  return pyramid.parts.every(part => part.isCurrent()) && (pyramid.version === version || steadyNow() - openedAt < checkMilliseconds)
}

/** Ranges that no statistics give come from the smallest level, or from parts of it when it is large. */
async function withKnownRanges(raster: OpenRaster, isRemote: boolean, signal: AbortSignal | undefined): Promise<readonly RasterBand[]> {
  const { bands, pyramid } = raster
  const level = pyramid.levels.length - 1
  if (bands.some(needsRange)) return withRanges(bands, await sampleWindow(raster, level, signal))
  const codec = codecOf(pyramid.levels[level].image.layout.compression)
  // classes are kept exactly; and a request for what are mostly pictures is one too many
  if (isRemote || (codec && lossy.has(codec))) return bands
  if (!mayBeNumbers(bands)) return bands
  try {
    return withRangeOfNumbers(bands, await sampleWindow(raster, level, signal, fewPixels))
  } catch {
    // a damaged block hides what it covers, not the file
    signal?.throwIfAborted()
    return bands
  }
}

const lossy: ReadonlySet<Codec> = new Set(['jpeg', 'webp', 'jxl'])
/** A block or a few: thousands of files are looked at. */
const fewPixels = 1 << 16

/** Longer ETags are odd, and stand for nothing that anybody could compare. */
const longestEtag = 200

/** Size, checksum and accuracy class: what the index of footprints tells beside. */
function contentsOf({
  parts: [{ size, etag }],
  version,
  directory,
  pam,
}: DescribedPyramid): Pick<DescribedRaster, 'size' | 'checksum' | 'accuracy'> {
  const accuracy = pam?.accuracy ?? accuracyOfMetadata(directory.texts.get('gdalMetadata') ?? '')
  const checksum = etag && etag.length <= longestEtag ? `etag:${etag}` : `state:${version}`
  return { size, checksum, ...(accuracy !== undefined && { accuracy }) }
}

function fileOf(pyramid: DescribedPyramid, path: string, { transform, crs }: ReturnType<typeof georeferenceOf>): RasterFile {
  const { width, height } = pyramid.levels[0].image.layout
  const time = timeOfTag(pyramid.directory.texts.get('dateTime') ?? '')
  return {
    path,
    crs: crs ?? '',
    width,
    height,
    transform,
    bbox: bboxOf(transform, width, height, pyramid.name),
    levels: pyramid.levels.map(({ image: { layout } }) => ({
      width: layout.width,
      height: layout.height,
      blockWidth: layout.blockWidth,
      blockHeight: layout.blockHeight,
    })),
    version: pyramid.version,
    ...(time !== undefined && { time }),
  }
}
