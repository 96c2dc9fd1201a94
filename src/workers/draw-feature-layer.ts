import type { FeatureStore } from '#core/ports.js'
import { Problem } from '#core/problem.js'
import type { FeatureLayerJob, MapJob } from '#core/queries.js'
import type { Filter } from '#filters/filter.js'
import { type Bbox, bufferBbox, intersectBbox } from '#geo/bbox.js'
import { transformBboxes, transformBetween } from '#geo/transform.js'
import type { Canvas } from '#render/canvas.js'
import { type LayerPainter, paintLayer } from '#render/draw-features.js'
import { placeInMapCrs, placeOtherCrs } from '#render/place-source.js'
import type { Placement } from '#render/placement.js'
import { planStyle, type StyleRun } from '#render/plan-style.js'
import type { Stop } from './stop.js'
import { type WrappedFrame, wrappedFrames } from './wrapped-frames.js'

/** What is left of the features that a map may have; shared by its layers. */
export interface FeatureBudget {
  left: number
}

/** Below this scale denominator vertices of real data lie pixels apart, and simplifying them in the database costs more than it saves. */
const simplifyFrom = 10_000
/** Vertices move by an eighth of a pixel at most. */
const simplifyPixels = 0.25
/** Share of its size that a transformed box may be too small. */
const boxSlack = 0.001

/**
 * Draws one layer of features: fetches the geometries that show, in the CRS they are stored in, and draws them as they come. Throws `too-large`
 * when there are more than the map may have.
 */
export async function drawFeatureLayer(
  canvas: Canvas,
  job: MapJob,
  layer: FeatureLayerJob,
  store: FeatureStore,
  budget: FeatureBudget,
  stop: Stop,
): Promise<void> {
  const plan = planStyle(layer.style, job)
  const { crs, bbox, width, height } = job
  const views = wrappedFrames({ crs, bbox, width, height }).flatMap(frame => viewsOf(frame, layer.geometry.crs ?? crs, plan.reach))
  if (views.length === 0) return
  for (const run of plan.runs) {
    const painter = paintLayer(canvas, {
      passes: run.passes,
      scale: job,
      geometry: layer.geometry.name,
      compilerFor: noCompiler,
      tolerance: views[0].unitsPerPixel / 8,
      check: stop.check,
    })
    for (const view of views) await drawView(painter, job, layer, run, store, view, budget, stop)
    painter.finish()
  }
}

interface View {
  readonly placement: Placement
  /** What shows, in the CRS of the source, with the margin that symbols reach over. */
  readonly box: Bbox
  readonly unitsPerPixel: number
}

/** One view, or several where the box of the map falls apart in the CRS of the source: at the antimeridian. */
function viewsOf(frame: WrappedFrame, sourceCrs: string, reach: number): readonly View[] {
  const { crs, bbox, width, height, world } = frame
  const box = bufferBbox(bbox, (reach * (bbox[2] - bbox[0])) / width, (reach * (bbox[3] - bbox[1])) / height)
  if (transformBetween(sourceCrs, crs).isIdentity)
    return [{ placement: placeInMapCrs(frame), box, unitsPerPixel: pixelSize(bbox, width, height) }]
  // what lies beyond one world is drawn by the frame of the next
  const within = world ? intersectBbox(box, [world[0], box[1], world[1], box[3]]) : box
  return transformBboxes(within ?? box, crs, sourceCrs).map(piece => {
    // to the sides a hair more, which covers what the transform of boxes may be off
    const grown = bufferBbox(piece, (piece[2] - piece[0]) * boxSlack, (piece[3] - piece[1]) * boxSlack)
    return { placement: placeOtherCrs(frame, sourceCrs, grown), box: grown, unitsPerPixel: pixelSize(piece, width, height) }
  })
}

const pixelSize = (box: Bbox, width: number, height: number) => Math.min((box[2] - box[0]) / width, (box[3] - box[1]) / height)

async function drawView(
  painter: LayerPainter,
  job: MapJob,
  { source, geometry, filter }: FeatureLayerJob,
  run: StyleRun,
  store: FeatureStore,
  { placement, box, unitsPerPixel }: View,
  budget: FeatureBudget,
  stop: Stop,
): Promise<void> {
  painter.place(placement)
  const inBox: Filter = { kind: 'bbox', property: geometry.name, bbox: box }
  const filters = [inBox, filter, run.filter].filter(each => each !== undefined)
  const isWorthSimplifying = job.scaleDenominator >= simplifyFrom && !geometry.type.endsWith('POINT')
  const { batches } = await store.find(
    {
      source,
      columns: [geometry.name, ...run.columns.filter(name => name !== geometry.name)],
      key: false,
      filter: filters.length > 1 ? { kind: 'and', all: filters } : inBox,
      ...(run.sort && { sort: run.sort.map(({ property, descending }) => ({ column: property, descending })) }),
      limit: budget.left + 1,
      ...(isWorthSimplifying && { simplify: unitsPerPixel * simplifyPixels }),
    },
    stop.signal,
  )
  for await (const batch of batches) {
    stop.check()
    budget.left -= batch.count
    if (budget.left < 0) {
      throw new Problem(
        'too-large',
        `The map shows more than ${job.maxFeatures} features, which is the most this server draws; ask for a smaller area or a larger scale.`,
      )
    }
    painter.draw(batch)
  }
}

// TODO(merge): replaced by filters/evaluate
const noCompiler = () => ({
  filter: () => () => true,
  expression: () => () => null,
})
