import type { RasterFile } from '#core/atlas.js'
import { isJoined, type JoinedFile } from '#core/joined-file.js'
import type { Pixels, PixelWindow, RasterStore, SampleArray } from '#core/ports.js'
import type { RasterFault } from '#core/queries.js'
import { blendOver } from '#render/raster-blend.js'
import { isFileFault } from '#stores/cog/replaced.js'

/**
 * `store` for the layers of many files: joined files are read as one, holes of the upper show the lower. A file at fault is told to `onFault`
 * and is as if it were not there, a replaced one until the next reload; a store that does not answer (`unavailable`) is thrown.
 */
export function readingMosaic(store: RasterStore, onFault: (fault: RasterFault) => void): RasterStore {
  const orNothing = async <T>(file: RasterFile, work: Promise<T>): Promise<T | undefined> => {
    try {
      return await work
    } catch (error) {
      if (!isFileFault(error)) throw error
      onFault({ store: store.id, path: file.path, version: file.version, message: error.message })
      return undefined
    }
  }
  const read = async (file: RasterFile, level: number, window: PixelWindow, signal?: AbortSignal) =>
    (await orNothing(file, store.read(file, level, window, signal))) ?? nothing
  const { readColors } = store
  const colors = async (file: RasterFile, level: number, window: PixelWindow, into: Uint8Array, signal?: AbortSignal) => {
    const isRead = await orNothing(file, readColors!(file, level, window, into, signal))
    if (isRead === undefined) into.fill(0)
    return isRead ?? true
  }
  return {
    ...store,
    read: (file, level, window, signal) =>
      isJoined(file) ? readJoined(file, level, window, (...part) => read(...part, signal)) : read(file, level, window, signal),
    ...(readColors && {
      readColors: (file, level, window, into, signal) =>
        isJoined(file)
          ? joinColors(file, level, window, into, (...part) => colors(...part, signal))
          : colors(file, level, window, into, signal),
    }),
  }
}

const nothing: Pixels = { width: 0, height: 0, bands: [] }

/** The part of a window that a member covers: in pixels of its level, and where it goes in the window. */
interface Part {
  readonly file: RasterFile
  readonly window: PixelWindow
  readonly left: number
  readonly top: number
}

function partsOf({ members, levels, width }: JoinedFile, level: number, window: PixelWindow): readonly Part[] {
  // widths of the whole are rounded up, those of its members are not
  const factor = Math.round(width / levels[level].width)
  return members.flatMap(({ file, left, top }) => {
    const own = file.levels.findIndex(candidate => candidate.width * factor === file.width)
    if (own !== level) return []
    const [x, y] = [left / factor - window.left, top / factor - window.top]
    const [x0, y0] = [Math.max(0, x), Math.max(0, y)]
    const x1 = Math.min(window.width, x + file.levels[own].width)
    const y1 = Math.min(window.height, y + file.levels[own].height)
    return x1 > x0 && y1 > y0 ? [{ file, left: x0, top: y0, window: { left: x0 - x, top: y0 - y, width: x1 - x0, height: y1 - y0 } }] : []
  })
}

const fills = ({ window }: Part, { width, height }: PixelWindow) => window.width === width && window.height === height

async function readJoined(
  file: JoinedFile,
  level: number,
  window: PixelWindow,
  read: (file: RasterFile, level: number, window: PixelWindow) => Promise<Pixels>,
): Promise<Pixels> {
  const parts = partsOf(file, level, window)
  if (parts.length === 1 && fills(parts[0], window)) return read(parts[0].file, level, parts[0].window)
  const { width, height } = window
  let bands: SampleArray[] = []
  let palette: Uint32Array | undefined
  const mask = new Uint8Array(width * height)
  for (const part of parts) {
    const pixels = await read(part.file, level, part.window)
    if (pixels.width === 0) continue
    if (bands.length === 0) bands = pixels.bands.map(band => new (band.constructor as new (length: number) => Uint8Array)(width * height))
    palette ??= pixels.palette
    lay(part, pixels, bands, mask, width)
  }
  if (bands.length === 0) return nothing
  return { width, height, bands, ...(mask.includes(0) && { mask }), ...(palette && { palette }) }
}

/** Rows that hold something everywhere are copied whole. Hot. */
function lay(part: Part, pixels: Pixels, bands: readonly SampleArray[], mask: Uint8Array, width: number) {
  for (let y = 0; y < pixels.height; y++) {
    const [from, to] = [y * pixels.width, (part.top + y) * width + part.left]
    if (!pixels.mask) {
      for (const [b, band] of bands.entries()) band.set(pixels.bands[b].subarray(from, from + pixels.width) as Uint8Array, to)
      mask.fill(255, to, to + pixels.width)
      continue
    }
    for (let x = 0; x < pixels.width; x++) {
      if (pixels.mask[from + x] === 0) continue
      mask[to + x] = 255
      for (let b = 0; b < bands.length; b++) bands[b][to + x] = pixels.bands[b][from + x]
    }
  }
}

async function joinColors(
  file: JoinedFile,
  level: number,
  window: PixelWindow,
  into: Uint8Array,
  read: (file: RasterFile, level: number, window: PixelWindow, into: Uint8Array) => Promise<boolean>,
): Promise<boolean> {
  const parts = partsOf(file, level, window)
  if (parts.length === 1 && fills(parts[0], window)) return read(parts[0].file, level, parts[0].window, into)
  const images: Uint32Array[] = []
  for (const part of parts) {
    const image = new Uint8Array(part.window.width * part.window.height * 4)
    if (!(await read(part.file, level, part.window, image))) return false
    images.push(new Uint32Array(image.buffer))
  }
  into.fill(0)
  for (const [i, { left, top, window: box }] of parts.entries())
    blendOver(into, window.width, images[i], { left, top, width: box.width, height: box.height })
  return true
}
