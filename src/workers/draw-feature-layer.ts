import type { FeatureStore } from '#core/ports.js'
import { Problem } from '#core/problem.js'
import type { FeatureLayerJob, MapJob } from '#core/queries.js'
import { compileExpression, compileFilter } from '#filters/compile-filter.js'
import type { Filter } from '#filters/filter.js'
import { foldFilter } from '#filters/fold-constants.js'
import { prepareFilter } from '#filters/prepare-filter.js'
import { type Bbox, bufferBbox, intersectBbox } from '#geo/bbox.js'
import { transformBboxes, transformBetween } from '#geo/transform.js'
import { openIconBook } from '#render/brushes/icon-book.js'
import type { Canvas } from '#render/canvas.js'
import { type LayerPainter, paintLayer } from '#render/draw-features.js'
import { environmentOf } from '#render/map-scale.js'
import { placeInMapCrs, placeOtherCrs } from '#render/place-source.js'
import { movedUp, type Placement } from '#render/placement.js'
import { planStyle, type StyleRun } from '#render/plan-style.js'
import type { RowCompiler } from '#render/row-compiler.js'
import type { RowSchema } from '#rows/batch.js'
import type { DrawContext } from './draw-context.js'
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
  { stores, icons, spareKernel }: DrawContext,
  budget: FeatureBudget,
  stop: Stop,
): Promise<void> {
  const store = stores.features(layer.source.store)
  const plan = planStyle(layer.style, job)
  const { crs, bbox, width, height } = job
  const views = wrappedFrames({ crs, bbox, width, height }).flatMap(frame =>
    viewsOf(frame, layer.geometry.crs ?? crs, plan.reach, job.band),
  )
  if (views.length === 0) return
  const environment = environmentOf(job)
  const compilerFor = (schema: RowSchema): RowCompiler => ({
    filter: filter => compileFilter(filter, schema, environment),
    expression: expression => compileExpression(expression, schema, environment),
  })
  const book = openIconBook(icons)
  for (const run of plan.runs) {
    await Promise.all(run.passes.flatMap(({ rules }) => rules.map(({ filter }) => filter && prepareFilter(filter))))
    const painter = paintLayer(canvas, {
      passes: run.passes,
      scale: job,
      geometry: layer.geometry.name,
      compilerFor,
      icons: book,
      spareKernel,
      phase: phaseOf(job),
      tolerance: views[0].unitsPerPixel / 8,
      check: stop.check,
    })
    for (const view of views) await drawView(painter, job, layer, run, store, view, budget, stop)
    painter.finish()
  }
}

/** Absolute position of what is drawn, in whole pixels of the map's scale, y down. */
function phaseOf({ bbox: [minX, minY, maxX, maxY], width, height, band }: MapJob): readonly [number, number] {
  return [Math.round((minX * width) / (maxX - minX)), Math.round((-maxY * height) / (maxY - minY)) + (band?.top ?? 0)]
}

interface View {
  readonly placement: Placement
  /** What shows, in the CRS of the source, with the margin that symbols reach over. */
  readonly box: Bbox
  readonly unitsPerPixel: number
}

/** Rows of the map that are drawn, where not all are. */
type Band = Pick<NonNullable<MapJob['band']>, 'top' | 'height'>

/**
 * One view, or several where the box of the map falls apart in the CRS of the source: at the antimeridian. A band is placed by what places the whole
 * map, so that it is the same.
 */
function viewsOf(frame: WrappedFrame, sourceCrs: string, reach: number, band: Band = { top: 0, height: frame.height }): readonly View[] {
  const { crs, bbox, width, height, world } = frame
  const [minX, minY, maxX, maxY] = bbox
  const [perColumn, perRow] = [(maxX - minX) / width, (maxY - minY) / height]
  const boxOf = ({ top, height }: Band) =>
    bufferBbox([minX, maxY - (top + height) * perRow, maxX, maxY - top * perRow], reach * perColumn, reach * perRow)
  if (transformBetween(sourceCrs, crs).isIdentity)
    return [{ placement: movedUp(placeInMapCrs(frame), band.top), box: boxOf(band), unitsPerPixel: pixelSize(bbox, width, height) }]
  // what lies beyond one world is drawn by the frame of the next
  const inWorld = (box: Bbox) => (world && intersectBbox(box, [world[0], box[1], world[1], box[3]])) ?? box
  // to the sides a hair more, which covers what the transform of boxes may be off
  const grown = (piece: Bbox) => bufferBbox(piece, (piece[2] - piece[0]) * boxSlack, (piece[3] - piece[1]) * boxSlack)
  const drawn = transformBboxes(inWorld(boxOf(band)), crs, sourceCrs).map(grown)
  return transformBboxes(inWorld(boxOf({ top: 0, height })), crs, sourceCrs).flatMap(piece => {
    const whole = grown(piece)
    const placement = movedUp(placeOtherCrs(frame, sourceCrs, whole), band.top)
    const boxes = drawn.length === 1 ? [intersectBbox(drawn[0], whole)] : [whole]
    return boxes.flatMap(box => (box ? [{ placement, box, unitsPerPixel: pixelSize(piece, width, height) }] : []))
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
  const environment = environmentOf(job)
  const isWorthSimplifying = job.scaleDenominator >= simplifyFrom && !geometry.type.endsWith('POINT')
  const { batches } = await store.find(
    {
      source,
      columns: [geometry.name, ...run.columns.filter(name => name !== geometry.name)],
      key: false,
      filter: filter ? { kind: 'and', all: [inBox, filter] } : inBox,
      ...(run.filter && { narrow: foldFilter(run.filter, environment) }),
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
    await painter.prepare(batch)
    painter.draw(batch)
  }
}
