import type { Pixels } from '#core/ports.js'
import { readWindow } from './read-window.js'
import type { WindowReader } from './window-blocks.js'

/** Pixels that are read at most to learn which values are common in a file without overviews. */
const maxPixels = 4e6
/** Width of the part that is read of a tiled file; strips are read whole anyway. */
const tiledWidth = 2048

/** The whole level when it has `most` pixels or fewer, else its middle. */
export function sampleWindow(reader: WindowReader, level: number, signal?: AbortSignal, most = maxPixels): Promise<Pixels> {
  const { width: w, height: h, isTiled } = reader.pyramid.levels[level].image.layout
  const isSmall = w * h <= most
  const width = isTiled && !isSmall ? Math.min(w, tiledWidth, most) : w
  const height = Math.min(h, Math.max(1, Math.floor(most / width)))
  return readWindow(reader, level, { left: (w - width) >> 1, top: (h - height) >> 1, width, height }, signal)
}
