import type { RasterFile } from './atlas.js'
import type { Pixels, PixelWindow, RasterStore } from './ports.js'

/** Files that are looked into: spread over the mosaic, they tell enough. */
const mostFiles = 8
/** Windows each way in a level, and pixels of their sides; a level that is not larger than all of them is read whole. */
const [windows, side] = [4, 256]

/** Pixels of the smallest levels of a few files, from all over them: at most 8 times 1024 x 1024. */
export async function* sampleFiles(files: readonly RasterFile[], store: RasterStore, signal?: AbortSignal): AsyncGenerator<Pixels> {
  const step = Math.max(1, files.length / mostFiles)
  const chosen = Array.from({ length: Math.min(mostFiles, files.length) }, (_, i) => files[Math.floor(i * step)])
  for (const file of chosen) {
    const level = file.levels.length - 1
    for (const window of windowsOf(file.levels[level])) yield await store.read(file, level, window, signal)
  }
}

function windowsOf({ width, height }: Pick<PixelWindow, 'width' | 'height'>): readonly PixelWindow[] {
  if (width <= windows * side && height <= windows * side) return [{ left: 0, top: 0, width, height }]
  const starts = (length: number) =>
    length <= windows * side
      ? Array.from({ length: Math.ceil(length / side) }, (_, i) => i * side)
      : Array.from({ length: windows }, (_, i) => Math.floor((i * (length - side)) / (windows - 1)))
  return starts(height).flatMap(top => starts(width).map(left => ({ left, top, width: side, height: side })))
}
