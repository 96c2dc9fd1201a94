import type { Stores } from '#core/ports.js'
import type { FeatureLayerJob, MapJob } from '#core/queries.js'
import { bufferBbox } from '#geo/bbox.js'
import type { Canvas } from '#render/canvas.js'
import type { Locate } from '#render/kernels/draw-kernel.js'
import { locateBy } from '#render/label-anchors.js'
import type { MapFrame } from '#render/place-source.js'
import type { StyleRun } from '#render/plan-style.js'
import { cloudPhase } from '#render/transformations/cloud-phase.js'
import { heatPainter } from '#render/transformations/heat-painter.js'
import { inversePolygons } from '#render/transformations/inverse.js'
import { rowTransformer } from '#render/transformations/transform-rows.js'
import { inMapPixels } from '#render/transformations/transformation-reach.js'
import type { RowBatch } from '#rows/batch.js'
import type { Heatmap } from '#styles/style.js'
import { type FeatureBudget, findRows, rowCompiler } from './find-rows.js'
import { layerViews, type View } from './layer-views.js'
import type { Stop } from './stop.js'

interface Tools {
  readonly stores: Stores
  readonly budget: FeatureBudget
  readonly stop: Stop
}

/** The transformed rows of a layer on a frame: what was made for its marks serves its texts, too. */
export type SharedClouds = (frame: MapFrame, make: () => Promise<RowBatch | undefined>, run: StyleRun) => Promise<RowBatch | undefined>

/** Keeps what was made while one map is drawn. */
export function shareClouds(): SharedClouds {
  const made = new Map<string, Promise<RowBatch | undefined>>()
  return ({ crs, bbox, width, height }, make, { transformation, passes }) => {
    const key = JSON.stringify([crs, bbox, width, height, transformation, passes[0].sort])
    const known = made.get(key) ?? make()
    made.set(key, known)
    return known
  }
}

/** What the transformation of `run`, clusters or bins, makes of the rows around `frame`, in pixels of it; undefined where there are none. */
export async function cloudRows(
  frame: MapFrame,
  job: MapJob,
  layer: FeatureLayerJob,
  run: StyleRun,
  tools: Tools,
): Promise<RowBatch | undefined> {
  const { transformation, passes } = run
  if (!transformation || transformation.kind === 'heatmap') return undefined
  if (transformation.kind === 'inverse') return inverseRow(frame, job, layer, run, tools)
  const [{ sort }] = passes
  const transformer = rowTransformer({
    transformation: inMapPixels(transformation, job),
    frame,
    phase: cloudPhase(frame, job.tile),
    geometry: layer.geometry.name,
    compilerFor: rowCompiler(job),
    ...(sort && { sort }),
  })
  await gather(frame, job, layer, run, tools, transformer.take)
  return transformer.finish()
}

/** What is outside of the polygons around `frame`, as one row. */
async function inverseRow(frame: MapFrame, job: MapJob, layer: FeatureLayerJob, run: StyleRun, tools: Tools): Promise<RowBatch> {
  const inverse = inversePolygons({ geometry: layer.geometry.name, columns: run.columns }, [frame.width, frame.height], run.reach)
  const views = layerViews(frame, layer.geometry.crs ?? job.crs, run.reach)
  for (const view of views) {
    const locate = locateBy(view.placement)
    const [minX, minY, maxX, maxY] = view.box
    // where there are several, each has what lies in it; alone, far enough for borders not to show
    const box = views.length > 1 ? view.box : bufferBbox(view.box, Math.max(maxX - minX, maxY - minY))
    for await (const batch of findRows(job, layer, { run, view }, tools)) inverse.take(batch, locate, box, view.unitsPerPixel / 8)
  }
  return inverse.finish()
}

/** Draws the density of the rows around a map. */
export async function drawHeatmap(
  canvas: Canvas,
  job: MapJob,
  { layer, run, transformation }: { readonly layer: FeatureLayerJob; readonly run: StyleRun; readonly transformation: Heatmap },
  context: { readonly stores: Stores },
  budget: FeatureBudget,
  stop: Stop,
): Promise<void> {
  const painter = heatPainter(canvas, {
    passes: run.passes,
    transformation: inMapPixels(transformation, job),
    phase: cloudPhase(job, job.tile),
    geometry: layer.geometry.name,
    compilerFor: rowCompiler(job),
    scale: job,
    check: stop.check,
  })
  await gather(job, job, layer, run, { stores: context.stores, budget, stop }, painter.take)
  painter.finish()
}

async function gather(
  frame: MapFrame,
  job: MapJob,
  layer: FeatureLayerJob,
  run: StyleRun,
  tools: Tools,
  take: (batch: RowBatch, locate: Locate) => void,
): Promise<void> {
  const views = layerViews(frame, layer.geometry.crs ?? job.crs, run.reach)
  for (const [i, view] of views.entries()) {
    const locate = locateOnce(view, views.slice(0, i))
    for await (const batch of findRows(job, layer, { run, view }, tools)) take(batch, locate)
  }
}

/** Places points that lie in a view, exactly; those that one of the views before has put on the same pixel count there. */
function locateOnce({ placement, box: [minX, minY, maxX, maxY] }: View, before: readonly View[]): Locate {
  const locate = locateBy(placement)
  const others = before.map(({ box, placement }) => ({ box, locate: locateBy(placement) }))
  return (x, y) => {
    if (!(x >= minX && x <= maxX && y >= minY && y <= maxY)) return undefined
    const at = locate(x, y)
    if (!at || !Number.isFinite(at[0] + at[1])) return undefined
    const isTaken = others.some(({ box, locate }) => {
      if (x < box[0] || x > box[2] || y < box[1] || y > box[3]) return false
      const other = locate(x, y)
      return other && Math.hypot(other[0] - at[0], other[1] - at[1]) < 1
    })
    return isTaken ? undefined : at
  }
}
