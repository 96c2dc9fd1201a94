import { steadyNow } from '#core/clock.js'
import { isJoined } from '#core/joined-file.js'
import type { RasterStore } from '#core/ports.js'
import type { EncodedImage, MapJob } from '#core/queries.js'
import type { ImageFormat } from '#formats/images/index.js'
import type { WarpKernel } from '#render/warp-kernel.js'
import { bytesOf, type RasterPlan } from './draw-raster-layer.js'

interface NowTools {
  readonly store: RasterStore
  readonly kernel: WarpKernel
  readonly formats: readonly ImageFormat[]
}

/**
 * Draws a map of one photograph that covers it all, and encodes it, where nothing has to be waited for: `drawMapJob` makes the same picture, in steps
 * that each can wait and be stopped, which take a quarter of the time of a small map. Undefined, and nothing lost but a little time, where that is needed.
 */
export function drawNow(job: MapJob, plan: RasterPlan, { store, kernel, formats }: NowTools): EncodedImage | undefined {
  const { width, height, mediaType, quality } = job
  const [part] = plan.parts
  const format = formats.find(format => format.mediaType === mediaType)
  if (plan.parts.length !== 1 || plan.opacity < 1 || plan.terrain || plan.shown || !plan.painter.isPhotograph) return undefined
  if (!format?.isPrompt || format.writtenAs || isJoined(part.file) || !store.colorsNow || steadyNow() > job.deadline) return undefined
  const started = performance.now()
  const { box, window, level, factor, cells, extent } = part.piece
  if (factor > 1 || box.width !== width || box.height !== height || !kernel.layOut(window, box)) return undefined
  if (!store.colorsNow(part.file, level, window, bytesOf(kernel.source()))) return undefined
  for (const cell of cells) kernel.warp(cell, extent, plan.resampling)
  if (!kernel.isOpaque()) return undefined
  const drawn = performance.now()
  const bytes = format.encode({ width, height, rgba: bytesOf(kernel.output()) }, quality === undefined ? {} : { quality })
  if (bytes instanceof Promise) return undefined
  return { mediaType: format.writtenType ?? mediaType, bytes, timings: { draw: drawn - started, encode: performance.now() - drawn } }
}
