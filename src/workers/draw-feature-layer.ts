import type { FeatureLayerJob, MapJob } from '#core/queries.js'
import { type IconBook, openIconBook } from '#render/brushes/icon-book.js'
import type { Canvas } from '#render/canvas.js'
import { type LayerOptions, type LayerPainter, paintLayer } from '#render/draw-features.js'
import type { StylePlan } from '#render/plan-style.js'
import type { DrawContext } from './draw-context.js'
import { type FeatureBudget, findRows, prepareRun, rowCompiler } from './find-rows.js'
import { layerViews, type View } from './layer-views.js'
import type { Stop } from './stop.js'

/**
 * Draws one layer of features, without its texts: fetches the geometries that show, in the CRS they are stored in, and draws them as they come.
 * Throws `too-large` when there are more than the map may have.
 */
export async function drawFeatureLayer(
  canvas: () => Canvas,
  job: MapJob,
  { layer, plan }: { readonly layer: FeatureLayerJob; readonly plan: StylePlan },
  context: DrawContext,
  budget: FeatureBudget,
  stop: Stop,
): Promise<void> {
  if (plan.runs.length === 0) return
  const views = layerViews(job, layer.geometry.crs ?? job.crs, plan.reach, job.band)
  if (views.length === 0) return
  await drawRows({ job, layer, plan, views }, context, budget, stop, openIconBook(context.icons), options => paintLayer(canvas(), options))
}

export interface LayerRows {
  readonly job: MapJob
  readonly layer: FeatureLayerJob
  readonly plan: StylePlan
  /** None: nothing is drawn. */
  readonly views: readonly View[]
}

/** Draws the rows of a layer with the painter that `paint` opens for each run of its plan. */
export async function drawRows(
  { job, layer, plan, views }: LayerRows,
  { stores, spareKernel, glyphs }: DrawContext,
  budget: FeatureBudget,
  stop: Stop,
  icons: IconBook,
  paint: (options: LayerOptions) => LayerPainter,
): Promise<void> {
  if (views.length === 0) return
  const compilerFor = rowCompiler(job)
  for (const run of plan.runs) {
    await prepareRun(run)
    const glyph = run.hasGlyphs ? await glyphs() : undefined
    const painter = paint({
      passes: run.passes,
      scale: job,
      geometry: layer.geometry.name,
      compilerFor,
      icons,
      spareKernel,
      ...(glyph && { glyph }),
      phase: phaseOf(job),
      tolerance: views[0].unitsPerPixel / 8,
      check: stop.check,
    })
    for (const view of views) {
      painter.place(view.placement)
      for await (const batch of findRows(job, layer, { run, view }, { stores, budget, stop })) {
        await painter.prepare(batch)
        painter.draw(batch)
      }
    }
    painter.finish()
  }
}

/** Absolute position of what is drawn, in whole pixels of the map's scale, y down. */
export function phaseOf({ bbox: [minX, minY, maxX, maxY], width, height, band }: MapJob): readonly [number, number] {
  return [Math.round((minX * width) / (maxX - minX)), Math.round((-maxY * height) / (maxY - minY)) + (band?.top ?? 0)]
}
