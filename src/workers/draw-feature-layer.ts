import type { FeatureLayerJob, MapJob } from '#core/queries.js'
import { type IconBook, openIconBook } from '#render/brushes/icon-book.js'
import type { Canvas } from '#render/canvas.js'
import type { LayerOptions, LayerPainter } from '#render/draw-features.js'
import type { SharedRun, StylePlan, StyleRun } from '#render/plan-style.js'
import { pixelPlacement } from '#render/transformations/transform-rows.js'
import type { RowBatch } from '#rows/batch.js'
import { cloudRows, drawHeatmap, type SharedClouds } from './cloud-rows.js'
import type { DrawContext } from './draw-context.js'
import type { BatchReader } from './draw-map-labels.js'
import { type FeatureBudget, findRows, prepareRun, rowCompiler } from './find-rows.js'
import { layerViews, type View } from './layer-views.js'
import type { Stop } from './stop.js'

/** What the rows of a layer are drawn on: a map of pixels, or a document. */
export interface FeatureSurface {
  paint(options: LayerOptions): LayerPainter
  /** Has something drawn that is made of pixels. */
  drawPixels(draw: (canvas: Canvas) => Promise<void>): Promise<void>
}

/**
 * Draws one layer of features, without its texts: fetches the geometries that show, in the CRS they are stored in, and draws them as they come.
 * Throws `too-large` when there are more than the map may have. Whether `listener` has heard of the rows.
 */
export async function drawFeatureLayer(
  surface: FeatureSurface,
  job: MapJob,
  { layer, plan, shared, listener }: DrawnLayer,
  context: DrawContext,
  budget: FeatureBudget,
  stop: Stop,
): Promise<boolean> {
  let isHeard = false
  const book = openIconBook(context.icons)
  for (const run of plan.runs) {
    await prepareRun(run)
    const { transformation } = run
    if (transformation?.kind === 'heatmap')
      await surface.drawPixels(canvas => drawHeatmap(canvas, job, { layer, run, transformation }, context, budget, stop))
    else {
      const heard = listener?.drawn === run && { listener }
      isHeard = (await drawRun(surface, job, { layer, run, shared, book, ...heard }, context, budget, stop)) || isHeard
    }
  }
  return isHeard
}

interface DrawnLayer {
  readonly layer: FeatureLayerJob
  readonly plan: StylePlan
  readonly shared: SharedClouds
  /** Wants to see the rows of one of the runs, with their ids. */
  readonly listener?: RowListener
}

type RowListener = Pick<SharedRun, 'drawn' | 'columns'> & { readonly hear: BatchReader }

interface DrawnRun {
  readonly layer: FeatureLayerJob
  readonly run: StyleRun
  readonly shared: SharedClouds
  readonly book: IconBook
  readonly listener?: RowListener
}

async function drawRun(
  { paint }: FeatureSurface,
  job: MapJob,
  { layer, run, shared, book, listener }: DrawnRun,
  { stores, spareKernel, glyphs }: DrawContext,
  budget: FeatureBudget,
  stop: Stop,
): Promise<boolean> {
  const { transformation, passes } = run
  const views = layerViews(job, layer.geometry.crs ?? job.crs, Math.max(run.reach, job.buffer ?? 0), job.band).map(steady)
  if (views.length === 0) return listener !== undefined
  // elsewhere the margin that is drawn in bears on where things are placed, by a hair
  const heard = views.every(({ placement }) => placement.kind === 'affine') ? listener : undefined
  const glyph = run.hasGlyphs ? await glyphs() : undefined
  const painter = paint({
    passes,
    scale: job,
    geometry: layer.geometry.name,
    compilerFor: rowCompiler(job),
    icons: book,
    spareKernel,
    ...(glyph && { glyph }),
    phase: phaseOf(job),
    tolerance: transformation ? 1 / 8 : views[0].unitsPerPixel / 8,
    check: stop.check,
  })
  const draw = async (batch: RowBatch) => {
    await painter.prepare(batch)
    painter.draw(batch)
  }
  if (transformation) {
    painter.place(pixelPlacement)
    const rows = await shared(job, () => cloudRows(job, job, layer, run, { stores, budget, stop }), run)
    if (rows) await draw(rows)
  } else
    for (const view of views) {
      painter.place(view.placement)
      const rows = heard ? { run: { ...run, columns: heard.columns }, hasIds: true } : { run }
      const wanted = { ...rows, view, isFleeting: true }
      for await (const batch of findRows(job, layer, wanted, { stores, budget, stop })) {
        await draw(batch)
        await heard?.hear(batch, view.placement, view.unitsPerPixel / 8)
      }
    }
  painter.finish()
  return heard !== undefined
}

/** Where sizes of pixels differ from place to place, by a power of two: what is simplified is so on all maps of this scale, about here. */
const steady = (view: View): View =>
  view.placement.kind === 'affine' ? view : { ...view, unitsPerPixel: 2 ** Math.floor(Math.log2(view.unitsPerPixel)) }

/** Absolute position of what is drawn, in whole pixels of the map's scale, y down. */
export function phaseOf({ bbox: [minX, minY, maxX, maxY], width, height, band }: MapJob): readonly [number, number] {
  return [Math.round((minX * width) / (maxX - minX)), Math.round((-maxY * height) / (maxY - minY)) + (band?.top ?? 0)]
}
