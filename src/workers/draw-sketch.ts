import type { MapJob, SketchLayerJob } from '#core/queries.js'
import { openIconBook } from '#render/brushes/icon-book.js'
import type { Canvas } from '#render/canvas.js'
import { labelCollector } from '#render/collect-labels.js'
import { type LayerOptions, type LayerPainter, paintLayer } from '#render/draw-features.js'
import type { LabelEngine } from '#render/labels/label-engine.js'
import type { LabelRequest } from '#render/labels/label-request.js'
import type { PlacedLabel } from '#render/labels/placed-label.js'
import type { Placement } from '#render/placement.js'
import { oidOfKind } from '#rows/pg-types.js'
import { RowBuilder } from '#rows/row-builder.js'
import type { StylePass } from '#styles/style.js'
import type { DrawContext } from './draw-context.js'
import { rowCompiler } from './find-rows.js'
import type { Stop } from './stop.js'

const geometry = 'geometry'
const schema = { columns: [{ name: geometry, kind: 'geometry', oid: oidOfKind.geometry }] } as const
/** Texts of sketches are where they are put, whether they fit or not. */
const room = [-1e5, -1e5, 1e5, 1e5] as const

/** What a sketch is drawn on. */
export interface SketchTarget {
  paint(options: LayerOptions): LayerPainter
  write(labels: readonly PlacedLabel[], engine: LabelEngine): void
}

/** Sketches as pixels. */
export const sketchOnCanvas = (canvas: Canvas): SketchTarget => ({
  paint: options => paintLayer(canvas, options),
  write: (labels, engine) => engine.draw(canvas, labels),
})

/** Draws what is given with the job, in pixels of 0.28 mm from the upper left corner. */
export async function drawSketch(
  target: SketchTarget,
  job: Pick<MapJob, 'pixelRatio' | 'scaleDenominator'>,
  { items }: Pick<SketchLayerJob, 'items'>,
  context: DrawContext,
  stop: Stop,
): Promise<void> {
  const { icons, spareKernel } = context
  const book = openIconBook(icons)
  const compilerFor = rowCompiler(job)
  const placement: Placement = { kind: 'affine', originX: 0, originY: 0, pixelsPerX: job.pixelRatio, pixelsPerY: job.pixelRatio }
  const requests: LabelRequest[] = []
  for (const [order, { geometry: ewkb, symbolizers }] of items.entries()) {
    stop.check()
    const passes: readonly StylePass[] = [{ rules: [{ name: '', symbolizers }] }]
    const builder = new RowBuilder(schema)
    builder.row([ewkb])
    const batch = builder.take()
    const layer = { passes, geometry, tolerance: 0.1 }
    const painter = target.paint({ ...layer, scale: job, compilerFor, icons: book, spareKernel })
    painter.place(placement)
    await painter.prepare(batch)
    painter.draw(batch)
    painter.finish()
    if (!symbolizers.some(({ kind }) => kind === 'text')) continue
    const tools = { scale: job, compiler: compilerFor(batch.schema), icons: book, spareKernel }
    labelCollector({ ...layer, layer: order, tools, placement }, request => void requests.push(request))(batch)
  }
  if (requests.length === 0) return
  const engine = await context.labels()
  target.write(engine.place(requests, { room }), engine)
}
