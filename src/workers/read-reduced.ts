import type { RasterFile } from '#core/atlas.js'
import type { Pixels, RasterStore } from '#core/ports.js'
import { startReduction } from '#render/raster-reduce.js'
import type { WarpPiece } from '#render/warp.js'

/** Source pixels read at once before they are reduced. */
const stripPixels = 4 << 20

export interface ReadOptions {
  /** Values between two are none: the middle one of those below a pixel stands for all, not their mean. */
  readonly isClassified: boolean
  /** Reads one row of each `factor`, for maps of rasters without overviews. */
  readonly isSparse?: boolean
}

/** The source pixels of a piece, reduced by its factor strip by strip: memory holds one strip and the result. `signal` ends it between two. */
export async function readReduced(
  store: RasterStore,
  file: RasterFile,
  { level, window, factor }: WarpPiece,
  { isClassified, isSparse = false }: ReadOptions,
  signal?: AbortSignal,
): Promise<Pixels> {
  if (factor === 1) return store.read(file, level, window, signal)
  const reduction = startReduction(window.width, window.height, factor, isClassified)
  const step = isSparse ? factor : Math.max(1, Math.floor(stripPixels / (window.width * factor))) * factor
  for (let top = 0; top < window.height; top += step) {
    signal?.throwIfAborted()
    const height = Math.min(step, window.height - top)
    const rows = isSparse ? { top: window.top + top + (height >> 1), height: 1 } : { top: window.top + top, height }
    const strip = await store.read(file, level, { ...window, ...rows }, signal)
    if (strip.width > 0) reduction.add(strip, top)
  }
  return reduction.finish()
}
